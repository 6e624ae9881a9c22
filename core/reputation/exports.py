"""Tips as a table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from core import ledger
from core.kernel.clock import from_ms
from core.kernel.feature import Sheet
from core.kernel.tx import Tx
from core.reputation import store


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return every tip, those that were taken back too."""
    header = ("entry", "at", "giver", "receiver", "points", "reason", "undone_by", "reversed_by")
    return (Sheet("tips", header, _tips(tx, community)),)


def _tips(tx: Tx, community: int) -> Iterator[list[Any]]:
    for one in store.tips(tx, community):
        entry = ledger.entry(tx, community, one.entry)
        reason = entry.note if entry else ""
        yield [
            one.entry, from_ms(one.at_ms), one.giver, one.receiver, one.points, reason,
            one.undone_by, one.reversed_by,
        ]  # fmt: skip
