"""Moving points and money: the only way in the house."""

from collections.abc import Sequence

from core.kernel.call import Call
from core.kernel.errors import UserError
from core.ledger import store
from core.ledger.amounts import said
from core.ledger.model import Asset, Entry, Holder

# The purpose of entries that join the books of two members who are one person.
LINKED = "linked"


class NotEnough(UserError):
    """There are {have}, and this needs {need}. Choose a smaller amount, or add to it first."""


class UndoneBefore(UserError):
    """Entry {number} was taken back before, by entry {by}. There is nothing left to do."""


def post(  # noqa: PLR0913 - an entry has so many parts
    call: Call,
    giver: Holder,
    taker: Holder,
    asset: Asset,
    amount: int,
    purpose: str,
    *,
    note: str = "",
    undoes: int | None = None,
) -> Entry:
    """Move an amount from one book to another; raises NotEnough and leaves the books equal."""
    parts = [(taker, amount)]
    (entry,) = _post(call, giver, asset, parts, purpose, note=note, undoes=undoes)
    return entry


def post_each(
    call: Call, giver: Holder, asset: Asset, parts: Sequence[tuple[Holder, int]], purpose: str
) -> None:
    """Move a part from one book to each of some, by an entry each.

    Where there is not enough for all of them it raises NotEnough, and nobody gets anything.
    """
    _post(call, giver, asset, parts, purpose, note="", undoes=None)


def _post(
    call: Call,
    giver: Holder,
    asset: Asset,
    parts: Sequence[tuple[Holder, int]],
    purpose: str,
    *,
    note: str,
    undoes: int | None,
) -> list[Entry]:
    for taker, amount in parts:
        if amount <= 0 or giver == taker:
            raise ValueError((amount, giver, taker))
    community, whole = call.community.id, sum(amount for _, amount in parts)
    if not store.give(call.tx, community, giver, asset.id, whole):
        have = store.balance(call.tx, community, giver, asset.id)
        raise NotEnough(have=said(have, asset), need=said(whole, asset))
    store.take(call.tx, community, asset.id, parts)
    first, seq = store.next_number(call.tx, community), call.head().seq + 1
    by = call.visitor.id if call.visitor else None
    entries = [
        Entry(number, call.now_ms, seq, giver, taker, asset.id, amount, purpose, note, by, undoes)
        for number, (taker, amount) in enumerate(parts, first)
    ]
    store.add(call.tx, community, entries)
    call.facts.setdefault("entries", []).extend([*written(one), bool(note)] for one in entries)
    return entries


def written(entry: Entry) -> list[int | str | bool | None]:
    """Return an entry as the journal's line has it, but for its note, which can be erased.

    When it was made, in which line and by whom says the line itself; whether there was a note is
    added to this.
    """
    giver, taker = entry.giver, entry.taker
    return [
        entry.number,
        giver.book.value,
        giver.owner,
        taker.book.value,
        taker.owner,
        entry.asset,
        entry.amount,
        entry.purpose,
        entry.undoes,
    ]


def reverse(call: Call, entry: Entry, purpose: str, *, note: str = "") -> Entry:
    """Take an entry back by another one that names it, once; raises UndoneBefore, NotEnough."""
    by = store.undone_by(call.tx, call.community.id, entry.number)
    if by is not None:
        raise UndoneBefore(number=entry.number, by=by)
    asset = store.asset_by_id(call.tx, entry.asset)
    return post(
        call,
        entry.taker,
        entry.giver,
        asset,
        entry.amount,
        purpose,
        note=note,
        undoes=entry.number,
    )


def asset_of(call: Call, symbol: str, decimals: int) -> Asset:
    """Return a community's asset, added now if it is new; its decimals never change."""
    known = store.asset(call.tx, call.community.id, symbol)
    if known is not None:
        return known
    new = Asset(call.new_id("asset"), symbol, decimals)
    call.fact("asset", [new.id, symbol, decimals])
    store.add_asset(call.tx, call.community.id, new)
    return new
