"""Rewards as facts: what was set, and one payday for each epoch."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from core.reputation import Every


class By(StrEnum):
    """What a budget is shared out by."""

    TIPS = "tips"
    PARTICIPATION = "participation"
    BOTH = "both"


class Outcome(StrEnum):
    """What a payday came to."""

    PAID = "paid"
    NOBODY = "nobody"
    OVER_LIMIT = "over limit"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Reward:
    """What an admin set, named by its journal entry.

    It serves the epochs that begin at `starts_ms` or later and are over by `ends_ms`.
    """

    seq: int
    pool: int
    amount: int
    every: Every
    by: By
    set_ms: int
    set_by: int
    starts_ms: int
    ends_ms: int | None = None

    @property
    def is_dropped(self) -> bool:
        """Whether it was replaced or stopped before it began."""
        return self.ends_ms is not None and self.ends_ms <= self.starts_ms


@dataclass(frozen=True, slots=True)
class Payday:
    """One epoch of a pool's reward: from its start, inclusive, to its end, exclusive.

    `reward` is the one in force, None where the epoch was called off before it began. The key of
    the lot is secret until `record` says how it was shared out, in journal entry `seq`.
    """

    pool: int
    from_ms: int
    to_ms: int
    reward: int | None
    lot_key: bytes
    paid_ms: int | None = None
    seq: int | None = None
    record: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.reward is not None and self.paid_ms is None


@dataclass(frozen=True, slots=True)
class Earned:
    """What counts in an epoch: milli-points by receiver, and who took part."""

    tips: dict[int, int]
    parts: tuple[int, ...]


class Share(NamedTuple):
    """A member's part of a budget, and what for: milli-points received, taking part."""

    member: int
    part: int
    milli: int
    took_part: bool
