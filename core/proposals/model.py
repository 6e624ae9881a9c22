"""Proposals and polls as facts; what state they are in follows from the facts and the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

FOR, AGAINST, ABSTAIN = 0, 1, 2
PROPOSAL_OPTIONS = ("for", "against", "abstain")

# The guard is a tenth of the original period, at most a day (MECHANISMS 1, extension).
GUARD_PART = 10
GUARD_MAX = timedelta(hours=24)
EXTENSIONS_MAX = 3

# Effects are kept as the bytes that were voted on: a JSON list of [path, version, arguments].
NO_EFFECTS = "[]"
# What passed but could not be carried out may be tried again for so long.
RETRY_FOR = timedelta(days=30)


class Sort(StrEnum):
    """What is decided: yes or no with two gates, or one of free options."""

    PROPOSAL = "proposal"
    POLL = "poll"


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    COUNTING = "counting"
    PASSED = "passed"
    FAILED = "failed"
    DECIDED = "decided"
    TIED = "tied"
    EMPTY = "empty"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why the end of a vote moved."""

    QUORUM = "quorum"
    LEADER = "leader"
    ADMIN = "admin"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Rule:
    """The decision rule as it was copied at the opening."""

    method: str
    quorum: int
    threshold: Fraction
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Extension:
    """One move of the end: when, by how much, why, and in whose words."""

    at_ms: int
    by_ms: int
    why: Why
    by: int | None = None
    reason: str = ""


class Running(NamedTuple):
    """The running tally: who took part, and the totals where they may be shown."""

    turnout: int
    totals: tuple[int, ...]
    leader: int | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When, by whom and why something was withdrawn."""

    at: datetime
    by: int
    reason: str


@dataclass(frozen=True)
class Proposal:
    """One thing to be decided.

    `effects` are the bytes that run when it passes; `carried` says when that was tried and what
    kept it from happening. `result` is the record of the count once it is made, `closed_seq` the
    journal's entry of it.
    An erased title is empty; erased options are empty texts.
    """

    id: int
    community: int
    number: int
    sort: Sort
    author: int
    title: str
    details: str
    options: tuple[str, ...]
    rule: Rule
    opened_at: datetime
    closes_at: datetime
    period: timedelta
    lot_key: bytes
    extensions: tuple[Extension, ...]
    withdrawal: Withdrawal | None
    closed_at: datetime | None
    closed_seq: int | None
    result: dict[str, Any] | None
    running: Running
    effects: str = NO_EFFECTS
    effects_digest: str | None = None
    carried: dict[str, Any] | None = None

    def after_ballot(self, running: Running) -> "Proposal":
        """Return it with another tally; `replace` would set all its fields, for each ballot."""
        after = object.__new__(Proposal)
        after.__dict__.update(self.__dict__, running=running)
        return after

    @cached_property
    def guard(self) -> timedelta:
        """The stretch before the end in which a turn moves the end."""
        return min(self.period / GUARD_PART, GUARD_MAX)

    @property
    def has_effects(self) -> bool:
        """Whether something runs when it passes."""
        return self.effects != NO_EFFECTS or self.effects_digest is not None

    @property
    def is_erased(self) -> bool:
        """Whether the author asked for the texts to be erased."""
        return not self.title


def state(proposal: Proposal, now: datetime) -> State:
    """Return where a proposal stands at an instant."""
    if proposal.withdrawal is not None:
        return State.WITHDRAWN
    if proposal.result is not None:
        return State(proposal.result["outcome"])
    return State.OPEN if now < proposal.closes_at else State.COUNTING


def is_open(proposal: Proposal, now: datetime) -> bool:
    """Whether ballots count at an instant."""
    return state(proposal, now) is State.OPEN
