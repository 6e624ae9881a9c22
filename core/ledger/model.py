"""Books, entries and assets: whole numbers only, one row a movement."""

from dataclasses import dataclass
from enum import StrEnum


class Book(StrEnum):
    """What a book belongs to.

    `issue` makes points and `outside` is the world: both alone may be below zero, and have no
    kept balance. `member` is what the bot owes a member, or a member's points; `pool` is a
    purse's free balance, `reserved` what passed requests hold back from it. `payday` is what a
    payday has shared out and not handed out yet, its owner the journal's entry of that payday.
    """

    ISSUE = "issue"
    OUTSIDE = "outside"
    MEMBER = "member"
    POOL = "pool"
    RESERVED = "reserved"
    PAYDAY = "payday"


BOUNDLESS = frozenset({Book.ISSUE, Book.OUTSIDE})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose book: a kind and, but for the boundless ones, the owner's id."""

    book: Book
    owner: int = 0


@dataclass(frozen=True, slots=True)
class Asset:
    """Something that is counted: `decimals` places are kept, amounts are whole units of that."""

    id: int
    symbol: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement; `undoes` names the entry that it takes back or moves on."""

    number: int
    at_ms: int
    journal_seq: int
    giver: Holder
    taker: Holder
    asset: int
    amount: int
    purpose: str
    note: str
    by: int | None
    undoes: int | None
