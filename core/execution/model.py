"""Chain operations as facts; what state one is in follows from them. This file is their shape."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# More places than these are not kept in a pool's amounts (MECHANISMS 3).
PLACES_MAX = 6
# What the journal's line and a warning may say of a cause.
DETAIL_MAX = 300
# The same warning is told at most once in this.
WARN_AGAIN = timedelta(hours=6)
# Payments of one token are held against its cap per day over this.
DAY = timedelta(hours=24)


class State(StrEnum):
    """Where an operation stands."""

    WAITING = "waiting"
    STOPPED = "stopped"
    ASKED = "asked"
    SCHEDULED = "scheduled"
    EXECUTED = "executed"
    PAID = "paid"
    VETOED = "vetoed"
    FAILED = "failed"


class Why(StrEnum):
    """Why the signer did not carry an operation out."""

    NOT_DELIVERED = "not_delivered"
    REVERTED = "reverted"
    DECIMALS_CHANGED = "decimals_changed"
    OVER_CAP = "over_cap"
    OVER_DAY_CAP = "over_day_cap"
    NOT_ENOUGH = "not_enough"
    DIGEST_DIFFERS = "digest_differs"
    FEE_CEILING = "fee_ceiling"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a token of a chain, no secret
    NOT_ALLOWED = "not_allowed"


# Here the chain has done all that it will do, and it was not what was decided.
FINAL_WHYS = frozenset({Why.NOT_DELIVERED})
# Here the signer refused before it signed anything, so nothing can come of it any more.
NOTHING_SENT = frozenset(
    {
        Why.DECIMALS_CHANGED,
        Why.OVER_CAP,
        Why.OVER_DAY_CAP,
        Why.NOT_ENOUGH,
        Why.DIGEST_DIFFERS,
        Why.UNKNOWN_TOKEN,
        Why.NOT_ALLOWED,
    }
)


class Alarm(StrEnum):
    """What an admin has to know of the signer."""

    LOW_GAS = "low_gas"
    WRONG_CHAIN = "wrong_chain"
    NODE_AWAY = "node_away"
    FEE_CEILING = "fee_ceiling"
    WOULD_REVERT = "would_revert"
    NOT_ALLOWED = "not_allowed"
    TREASURY_SHORT = "treasury_short"
    VETO_UNDONE = "veto_undone"
    UNPROVED = "unproved"
    UNKNOWN_COMMUNITY = "unknown_community"
    CONTRADICTION = "contradiction"
    NOT_AS_VOTED = "not_as_voted"


@dataclass(frozen=True, slots=True)
class Treasury:
    """A timelock that holds a community's assets; the operator's configuration says which.

    `guardian_note` says in a sentence who can veto, and how.
    """

    id: int
    community: int
    name: str
    chain_id: int
    timelock: str
    guardian_note: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a treasury; both caps are in base units. One that is not offered any more stays
    for what was paid in it."""

    id: int
    treasury: int
    symbol: str
    address: str
    decimals: int
    cap: int
    cap_per_day: int
    is_offered: bool = True

    @property
    def places(self) -> int:
        """How many places after the point amounts are kept with."""
        return min(PLACES_MAX, self.decimals)

    @property
    def unit(self) -> int:
        """How many base units one kept unit is."""
        return int(10 ** (self.decimals - self.places))


@dataclass(frozen=True, slots=True)
class Balance:
    """What a treasury held of a token at a block, in base units, and when that was read."""

    amount: int
    block: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Operation:
    """A payment on the chain that was decided, with what became of it; one a proposal.

    `amount` is in base units of the token; `salt` and `effects_digest` are what the signer holds
    its own reckoning against. Each `.._ms` is when we learned of it; blocks and transactions are
    the chain's.
    """

    community: int
    proposal: int
    token: int
    member: int
    treasury: str
    chain_id: int
    timelock: str
    address: str
    symbol: str
    decimals: int
    to: str
    amount: int
    salt: str
    effects_digest: str
    queued_ms: int
    due_ms: int
    stopped_ms: int | None = None
    stopped_by: int | None = None
    stop_reason: str | None = None
    asked_ms: int | None = None
    scheduled_ms: int | None = None
    scheduled_tx: str | None = None
    scheduled_block: int | None = None
    ready_ms: int | None = None
    executed_ms: int | None = None
    executed_tx: str | None = None
    executed_block: int | None = None
    paid_ms: int | None = None
    vetoed_ms: int | None = None
    vetoed_by: str | None = None
    vetoed_tx: str | None = None
    failed_ms: int | None = None
    failed_why: Why | None = None
    failed_detail: str | None = None
    failed_tx: str | None = None

    @property
    def state(self) -> State:
        """Where it stands: what is final comes first, then what is known last."""
        found = {
            State.PAID: self.paid_ms,
            State.VETOED: self.vetoed_ms,
            State.STOPPED: self.stopped_ms,
            State.FAILED: self.failed_ms,
            State.EXECUTED: self.executed_ms,
            State.SCHEDULED: self.scheduled_ms,
            State.ASKED: self.asked_ms,
        }
        return next((state for state, at_ms in found.items() if at_ms is not None), State.WAITING)

    @property
    def is_over(self) -> bool:
        """Whether nothing can come of it any more."""
        if self.state is State.FAILED:
            return self.failed_why in FINAL_WHYS
        return self.state in {State.PAID, State.VETOED, State.STOPPED}

    @property
    def is_with_signer(self) -> bool:
        """Whether the signer has it in hand."""
        return self.state in {State.ASKED, State.SCHEDULED, State.EXECUTED}

    @property
    def is_stoppable(self) -> bool:
        """Whether an admin can still stop it here: nothing of it was, or can have been, sent."""
        if self.state is State.WAITING:
            return True
        is_refused = self.state is State.FAILED and self.failed_why in NOTHING_SENT
        return is_refused and self.scheduled_ms is None
