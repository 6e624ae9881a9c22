"""Moving points and money: the only way in the house."""

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
    if amount <= 0 or giver == taker:
        raise ValueError((amount, giver, taker))
    community = call.community.id
    if not store.give(call.tx, community, giver, asset.id, amount):
        have = store.balance(call.tx, community, giver, asset.id)
        raise NotEnough(have=said(have, asset), need=said(amount, asset))
    store.take(call.tx, community, taker, asset.id, amount)
    entry = Entry(
        number=store.next_number(call.tx, community),
        at_ms=call.now_ms,
        journal_seq=call.head().seq + 1,
        giver=giver,
        taker=taker,
        asset=asset.id,
        amount=amount,
        purpose=purpose,
        note=note,
        by=call.visitor.id if call.visitor else None,
        undoes=undoes,
    )
    store.add(call.tx, community, entry)
    call.fact("entries", [*call.facts.get("entries", ()), [*written(entry), bool(note)]])
    return entry


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
