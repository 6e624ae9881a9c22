"""Handing out what a payday shared out: with it, or in portions where there are very many.

It is never half paid: where there are portions, the payday moves the whole budget to a book of its
own first, from which nothing but these portions can take anything.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from core.community import persons, tell_each
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.view import View
from core.ledger import Book, Holder, balance, post, post_each
from core.pools import Pool, load_pool
from core.rewards import notices, rules, views
from core.rewards.model import Payday, Share

PURPOSE = "reward"
# So many are paid with the payday itself, which may hold the engine for a second.
AT_ONCE_MAX = 5_000
# Of more, so many at a time: what a member asks meanwhile waits no longer than for one portion.
PORTION = 300

# As `Share`, in a type that is read and written in no time.
Shares = list[tuple[int, int, int, bool]]


class HandOut(Command, name="rewards handout", may=May.CLOCK):
    """Hand out a portion of what a payday has set aside."""

    pool: int = Field(description="the number of the pool")
    from_ms: int = Field(description="when the epoch began")
    to_ms: int = Field(description="when the epoch ended")
    seq: int = Field(description="the journal's entry of the payday")
    first: int = Field(description="how many members come before this portion")
    shares: Shares = Field(description="who gets how much, and what for")

    def run(self, call: Call) -> View:
        """Pay a portion once; whoever turned out to be another member meanwhile is paid as that."""
        if not call.awaits(_key(self.seq, self.first)):
            return View()
        pool, aside = load_pool(call, self.pool), Holder(Book.PAYDAY, self.seq)
        epoch = (self.from_ms, self.to_ms)
        _give(call, aside, pool, epoch, [Share(*one) for one in self.shares])
        if not balance(call.tx, call.community.id, aside, pool.asset.id):
            call.refresh(views.payday, self.pool, self.from_ms)
        return notices.handed_out(call, self.pool, len(self.shares))


def hand_out(call: Call, pool: Pool, payday: Payday, record: dict[str, Any]) -> None:
    """Pay everybody, or set everybody's part aside; raises NotEnough and pays nobody."""
    shares = [share for share in rules.shares_of(record) if share.part]
    if len(shares) > AT_ONCE_MAX:
        _set_aside(call, pool, payday, shares)
    elif shares:
        _give(call, pool.free, pool, (payday.from_ms, payday.to_ms), shares)


def _set_aside(call: Call, pool: Pool, payday: Payday, shares: Sequence[Share]) -> None:
    seq = call.head().seq + 1
    aside = Holder(Book.PAYDAY, seq)
    post(call, pool.free, aside, pool.asset, sum(one.part for one in shares), PURPOSE)
    for first in range(0, len(shares), PORTION):
        portion = HandOut(
            pool=pool.id,
            from_ms=payday.from_ms,
            to_ms=payday.to_ms,
            seq=seq,
            first=first,
            shares=list[tuple[int, int, int, bool]](shares[first : first + PORTION]),
        )
        call.later(_key(seq, first), call.now, portion)


def _give(
    call: Call, giver: Holder, pool: Pool, epoch: tuple[int, int], shares: Sequence[Share]
) -> None:
    """Pay members and tell them; a notice says all by its ids, as the record may be very long."""
    members = persons(call, (one.member for one in shares))
    paid = list(zip(members, shares, strict=True))
    parts = [(Holder(Book.MEMBER, member), one.part) for member, one in paid]
    post_each(call, giver, pool.asset, parts, PURPOSE)
    told = [
        (member, (pool.id, *epoch, one.part, one.milli, int(one.took_part)))
        for member, one in paid
    ]  # fmt: skip
    tell_each(call, notices.received, told)


def _key(seq: int, first: int) -> str:
    return f"handout:{seq}:{first}"
