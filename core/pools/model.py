"""Pools and payments as facts; what state a payment is in follows from them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.ledger import Asset, Book, Holder

# More purses than anybody keeps apart by name.
POOLS_MAX = 50
NAME_MAX = 40
# What one admin asked for waits so long for another one.
ASK_FOR = timedelta(hours=24)
# The asker of a pause that the signer began; members are numbered from 1.
SIGNER = 0


class PaymentState(StrEnum):
    """Where a payment stands."""

    WAITING = "waiting"
    PAID = "paid"
    STOPPED = "stopped"


class Switch(StrEnum):
    """What two admins can do to all payments together."""

    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Pool:
    """A purse of a community in one asset; one of a treasury's token has no asset of the books."""

    id: int
    community: int
    name: str
    asset: Asset
    created_ms: int
    # The token of a treasury on a chain, whose pool this is; nothing of it is in the books.
    token: int | None = None

    @property
    def free(self) -> Holder:
        """The book of what can still be asked for."""
        return Holder(Book.POOL, self.id)

    @property
    def held(self) -> Holder:
        """The book of what passed requests hold back."""
        return Holder(Book.RESERVED, self.id)


@dataclass(frozen=True, slots=True)
class Payment:
    """A request that passed: reserved by `entry`, then paid or given back by `end_entry`."""

    proposal: int
    pool: int
    member: int
    amount: int
    reserved_ms: int
    pay_ms: int
    entry: int
    paid_ms: int | None = None
    stopped_ms: int | None = None
    stopped_by: int | None = None
    stop_reason: str | None = None
    end_entry: int | None = None

    @property
    def state(self) -> PaymentState:
        """Where it stands."""
        if self.paid_ms is not None:
            return PaymentState.PAID
        return PaymentState.WAITING if self.stopped_ms is None else PaymentState.STOPPED


@dataclass(frozen=True, slots=True)
class Asked:
    """What one admin asked for and, once another one confirmed it, when that was."""

    what: Switch
    asked_ms: int
    asked_by: int
    done_ms: int | None = None
    done_by: int | None = None


@dataclass(frozen=True, slots=True)
class PeriodLimit:
    """A share of a pool, in whole percent, that requests may take in a period."""

    percent: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a request as they were copied at its opening."""

    percent: int
    period: PeriodLimit


@dataclass(frozen=True, slots=True)
class Purse:
    """What a pool holds at an instant: its free balance, and what requests took lately."""

    free: int
    recent: int
