"""Double entry: every movement of points and money."""

from core.kernel.call import Call
from core.kernel.feature import Feature
from core.ledger import store, verifying
from core.ledger.amounts import DECIMALS_MAX, read_amount, said, split, write_amount
from core.ledger.model import Asset, Book, Entry, Holder
from core.ledger.posting import LINKED, NotEnough, UndoneBefore, asset_of, post, post_each, reverse
from core.ledger.store import (
    asset,
    asset_by_id,
    balance,
    balances_of,
    changed_since,
    entries,
    entries_held,
    entries_naming,
    entries_of,
    entry,
    movements,
    newest_ms,
    next_number,
    undone_by,
)


def _forget(call: Call, member: int) -> None:
    store.erase_notes(call.tx, call.community.id, member)


def _merged(call: Call, gone: int, into: int) -> None:
    """Move what is in the books of one member to another, each asset by one entry."""
    giver, taker = Holder(Book.MEMBER, gone), Holder(Book.MEMBER, into)
    for number, amount in store.balances_of(call.tx, call.community.id, giver):
        post(call, giver, taker, store.asset_by_id(call.tx, number), amount, LINKED)


FEATURE = Feature(
    "ledger",
    forget=_forget,
    verify=verifying.verify,
    export=verifying.export,
    merged=_merged,
)

__all__ = [
    "DECIMALS_MAX",
    "FEATURE",
    "LINKED",
    "Asset",
    "Book",
    "Entry",
    "Holder",
    "NotEnough",
    "UndoneBefore",
    "asset",
    "asset_by_id",
    "asset_of",
    "balance",
    "balances_of",
    "changed_since",
    "entries",
    "entries_held",
    "entries_naming",
    "entries_of",
    "entry",
    "movements",
    "newest_ms",
    "next_number",
    "post",
    "post_each",
    "read_amount",
    "reverse",
    "said",
    "split",
    "undone_by",
    "write_amount",
]
