"""Re-adding the books: every balance from its entries, every entry against the journal."""

from collections import defaultdict
from collections.abc import Sequence

from core.kernel import audit
from core.kernel.feature import Checked, Fault, Sheet
from core.kernel.tx import Tx
from core.ledger import store
from core.ledger.amounts import write_amount
from core.ledger.model import BOUNDLESS, Entry, Holder


def verify(tx: Tx, community: int) -> Checked:
    """Re-add every book of a community, and hold every entry against the journal."""
    found = store.entries(tx, community)
    sums: dict[tuple[Holder, int], int] = defaultdict(int)
    for entry in found:
        sums[entry.giver, entry.asset] -= entry.amount
        sums[entry.taker, entry.asset] += entry.amount
    kept = store.balances(tx, community)
    problems = [
        f"book {holder.book} {holder.owner}, asset {asset}: entries give {sums[holder, asset]}, "
        f"{kept.get((holder, asset), 0)} is kept"
        for holder, asset in sorted(sums.keys() | kept.keys(), key=repr)
        if holder.book not in BOUNDLESS and sums[holder, asset] != kept.get((holder, asset), 0)
    ]
    problems += _against_journal(tx, community, found)
    where = f"community {community}, books"
    return Checked("book entries", len(found), tuple(Fault(where, what) for what in problems))


def _against_journal(tx: Tx, community: int, found: list[Entry]) -> list[str]:
    said = {
        line[0]: (one.seq, line)
        for one in audit.entries(tx, community)
        for line in one.facts.get("entries", ())
    }
    problems = []
    for entry in found:
        seq, line = said.pop(entry.number, (0, []))
        if (seq, line) != (entry.journal_seq, _line(entry)):
            problems.append(f"entry {entry.number} is not what the journal says")
    return problems + [f"entry {number} of the journal is missing" for number in sorted(said)]


def _line(entry: Entry) -> list[int | str]:
    giver, taker = entry.giver, entry.taker
    return [
        entry.number,
        giver.book.value,
        giver.owner,
        taker.book.value,
        taker.owner,
        entry.amount,
    ]


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return the books as a table that a bookkeeper can use: one row a movement."""
    assets = {one.id: one for one in store.assets(tx, community)}
    rows = [
        [
            entry.number,
            entry.at_ms,
            entry.journal_seq,
            entry.purpose,
            _name(entry.giver),
            _name(entry.taker),
            write_amount(entry.amount, assets[entry.asset].decimals),
            assets[entry.asset].symbol,
            entry.note,
            entry.by,
            entry.undoes,
        ]
        for entry in store.entries(tx, community)
    ]
    header = (
        "entry", "at_ms", "journal", "purpose", "from", "to", "amount", "asset", "note", "by",
        "undoes",
    )  # fmt: skip
    return (Sheet("books", header, rows),)


def _name(holder: Holder) -> str:
    return holder.book.value if holder.book in BOUNDLESS else f"{holder.book}:{holder.owner}"
