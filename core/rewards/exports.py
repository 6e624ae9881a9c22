"""Rewards as a table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.kernel.clock import from_ms
from core.kernel.feature import Sheet
from core.kernel.tx import Tx
from core.ledger import write_amount
from core.pools import pools
from core.reputation import MILLI
from core.rewards import store


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return a row a member and payday, and one where nobody got anything."""
    header = ("pool", "asset", "from", "to", "paid", "outcome", "budget", "by", "member",
              "points", "took_part", "amount", "journal")  # fmt: skip
    return (Sheet("rewards", header, _rows(tx, community)),)


def _rows(tx: Tx, community: int) -> Iterator[list[Any]]:
    known = {one.id: one for one in pools(tx, community)}
    for one in store.paydays(tx, community):
        if one.record is None or one.paid_ms is None:
            continue
        record, pool = one.record, known[one.pool]
        decimals = pool.asset.decimals
        tips, parts = dict(record["tips"]), set(record["parts"])
        whole = write_amount(record["amount"], decimals)
        head = [pool.name, pool.asset.symbol, from_ms(one.from_ms), from_ms(one.to_ms),
                from_ms(one.paid_ms), record["outcome"], whole, record["by"]]  # fmt: skip
        for who, part in record["shares"]:
            points = write_amount(tips.get(who, 0), len(str(MILLI)) - 1)
            yield [*head, who, points, who in parts, write_amount(part, decimals), one.seq]
        if not record["shares"]:
            yield [*head, None, None, None, None, one.seq]
