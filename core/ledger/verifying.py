"""Re-adding the books: every balance from its entries, every entry against the journal."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from core.kernel import audit
from core.kernel.canonical import decode
from core.kernel.clock import from_ms
from core.kernel.feature import Checked, Fault, Sheet
from core.kernel.journal import Entry as Line
from core.kernel.tx import Tx
from core.ledger import store
from core.ledger.amounts import write_amount
from core.ledger.model import BOUNDLESS, Asset, Entry, Holder
from core.ledger.posting import written


def verify(tx: Tx, community: int) -> Checked:
    """Re-add every book of a community, and hold every entry against the journal."""
    found = store.entries(tx, community)
    sums: dict[tuple[Holder, int], int] = defaultdict(int)
    for entry in found:
        sums[entry.giver, entry.asset] -= entry.amount
        sums[entry.taker, entry.asset] += entry.amount
    summed = {key: sum_ for key, sum_ in sums.items() if key[0].book not in BOUNDLESS}
    kept = store.balances(tx, community)
    problems = [
        f"book {holder.book} {holder.owner}, asset {asset}: entries give "
        f"{summed.get((holder, asset), 'nothing')}, {kept.get((holder, asset), 'nothing')} is kept"
        for holder, asset in sorted(summed.keys() | kept.keys(), key=repr)
        if summed.get((holder, asset)) != kept.get((holder, asset))
    ]
    problems += _against_journal(tx, community, found)
    where = f"community {community}, books"
    return Checked("book entries", len(found), tuple(Fault(where, what) for what in problems))


def _against_journal(tx: Tx, community: int, found: list[Entry]) -> list[str]:
    lines = list(audit.saying(tx, community, ("entries", "asset")))
    said = {line[0]: (one, line) for one in lines for line in one.facts.get("entries", ())}
    seals = audit.secrets(tx, community, [one.seq for one, (*_, has_note) in said.values()
                                          if has_note])  # fmt: skip
    problems = []
    for entry in found:
        one, (*line, has_note) = said.pop(entry.number, (None, [False]))
        if one is None or line != written(entry) or _made(one) != _made_of(entry):
            problems.append(f"entry {entry.number} is not what the journal says")
        elif not _is_noted(entry.note, _texts(seals, one), has_note=has_note):
            problems.append(f"the note of entry {entry.number} is not what was sealed")
    problems += [f"entry {number} of the journal is missing" for number in sorted(said)]
    return problems + _assets_against(lines, store.assets(tx, community))


def _made(line: Line) -> tuple[int, int, int | None]:
    return line.seq, line.at_ms, line.member


def _made_of(entry: Entry) -> tuple[int, int, int | None]:
    return entry.journal_seq, entry.at_ms, entry.by


def _is_noted(note: str, texts: Sequence[Any], *, has_note: bool) -> bool:
    """Whether a note is one of its line's texts; where those were erased it is empty."""
    return note in texts if has_note and texts else note == ""


def _texts(seals: audit.Secrets, line: Line) -> list[Any]:
    """Return what a line of the journal sealed and nobody had erased."""
    found = [seals.get((line.seq, name), (None, None)) for name in line.args]
    return [decode(value) for _, value in found if value is not None]


def _assets_against(lines: Sequence[Line], found: Sequence[Asset]) -> list[str]:
    made = [tuple(one.facts["asset"]) for one in lines if "asset" in one.facts]
    kept = [(one.id, one.symbol, one.decimals) for one in found]
    if sorted(made) != sorted(kept):
        return ["the assets are not those that the journal says"]
    return []


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return the books as a table that a bookkeeper can use: one row a movement."""
    assets = {one.id: one for one in store.assets(tx, community)}
    rows = [
        [
            entry.number,
            from_ms(entry.at_ms),
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
        "entry", "at", "at_ms", "journal", "purpose", "from", "to", "amount", "asset", "note",
        "by", "undoes",
    )  # fmt: skip
    return (Sheet("books", header, rows),)


def _name(holder: Holder) -> str:
    return holder.book.value if holder.book in BOUNDLESS else f"{holder.book}:{holder.owner}"
