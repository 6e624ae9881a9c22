"""Double entry: every movement of points and money."""

from core.kernel.call import Call
from core.kernel.feature import Feature
from core.ledger import store, verifying
from core.ledger.amounts import DECIMALS_MAX, read_amount, said, split, write_amount
from core.ledger.model import Asset, Book, Entry, Holder
from core.ledger.posting import NotEnough, UndoneBefore, asset_of, post, reverse
from core.ledger.store import (
    asset,
    asset_by_id,
    balance,
    balances_of,
    entries_of,
    entry,
    movements,
    undone_by,
)


def _forget(call: Call, member: int) -> None:
    store.erase_notes(call.tx, call.community.id, member)


FEATURE = Feature("ledger", forget=_forget, verify=verifying.verify, export=verifying.export)

__all__ = [
    "DECIMALS_MAX",
    "FEATURE",
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
    "entries_of",
    "entry",
    "movements",
    "post",
    "read_amount",
    "reverse",
    "said",
    "split",
    "undone_by",
    "write_amount",
]
