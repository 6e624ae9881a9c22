"""Pools and payments as tables for a spreadsheet."""

from collections.abc import Sequence

from core.kernel.clock import from_ms
from core.kernel.feature import Sheet
from core.kernel.tx import Tx
from core.ledger import balance, write_amount
from core.pools import onchain_exports, store


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return the pools with what they hold, and every payment, in the books and on a chain."""
    known = store.pools(tx, community)
    pools = {one.id: one for one in known if one.token is None}
    rows = [
        [
            one.id,
            one.name,
            one.asset.symbol,
            *(
                write_amount(balance(tx, community, book, one.asset.id), one.asset.decimals)
                for book in (one.free, one.held)
            ),
            from_ms(one.created_ms),
        ]
        for one in pools.values()
    ]
    paid = [
        [
            one.proposal,
            pools[one.pool].name,
            one.member,
            write_amount(one.amount, pools[one.pool].asset.decimals),
            pools[one.pool].asset.symbol,
            one.state.value,
            from_ms(one.reserved_ms),
            from_ms(one.pay_ms),
            None if one.paid_ms is None else from_ms(one.paid_ms),
            None if one.stopped_ms is None else from_ms(one.stopped_ms),
            one.stopped_by,
            one.stop_reason,
            one.entry,
            one.end_entry,
        ]
        for one in store.payments(tx, community)
    ]
    header = ("vote", "pool", "member", "amount", "asset", "state", "reserved", "due", "paid",
              "stopped", "stopped_by", "reason", "entry", "end_entry")  # fmt: skip
    return (
        Sheet("pools", ("pool", "name", "asset", "free", "reserved", "created"), rows),
        Sheet("payments", header, paid),
        *onchain_exports.sheets(tx, community, [one for one in known if one.token is not None]),
    )
