"""Checking a journal: its chain of hashes, and what it sealed."""

from collections.abc import Iterator
from typing import Any

from core.kernel.canonical import decode
from core.kernel.feature import Checked, Fault
from core.kernel.journal import GENESIS, Entry, entry_from, hash_of, seal
from core.kernel.tx import Tx

PAGE = 5_000
HASH_DIGITS = 64

_PAGE = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? and seq > ? order by seq limit ?"""
_SEALED = """
select seq, field, salt, value from sealed
 where community = ? and seq > ? and seq <= ? order by seq, field"""
_HEADS = """
select community, seq, at_ms, hash from journal
 where hash >= ? and hash <= ? order by community, seq limit ?"""


def entries(tx: Tx, community: int) -> Iterator[Entry]:
    """Yield a community's journal from its beginning, a page at a time."""
    after = 0
    while rows := tx.all(_PAGE, (community, after, PAGE)):
        yield from (entry_from(row) for row in rows)
        after = rows[-1][0]


def secrets(
    tx: Tx, community: int, first: int, last: int
) -> dict[tuple[int, str], tuple[Any, Any]]:
    """Return sealed values by (entry, field) as (salt, value); both None where erased."""
    rows = tx.all(_SEALED, (community, first - 1, last))
    return {
        (seq, field): (None if salt is None else bytes(salt), value)
        for seq, field, salt, value in rows
    }


def find_heads(tx: Tx, start: str, limit: int = 2) -> list[tuple[int, int, int, bytes]]:
    """Return (community, entry, ms, hash) of entries whose hash starts with these hex digits."""
    least = bytes.fromhex(start.ljust(HASH_DIGITS, "0"))
    most = bytes.fromhex(start.ljust(HASH_DIGITS, "f"))
    return [
        (community, seq, at_ms, bytes(hashed))
        for community, seq, at_ms, hashed in tx.all(_HEADS, (least, most, limit))
    ]


def broken_at(tx: Tx, community: int, until: int) -> int | None:
    """Return the first entry up to `until` that does not follow from those before, or None."""
    before, expected = GENESIS, 1
    for entry in entries(tx, community):
        if entry.seq > until:
            break
        if entry.seq != expected or hash_of(before, community, entry) != entry.hash:
            return expected
        before, expected = entry.hash, expected + 1
    return None if expected > until else expected


def check_journal(tx: Tx, community: int) -> Checked:
    """Check that every entry follows from the one before, and that sealed values fit."""
    faults: list[Fault] = []
    before, expected, n = GENESIS, 1, 0
    page: list[Entry] = []
    for entry in entries(tx, community):
        n += 1
        where = f"community {community}, journal entry {entry.seq}"
        if entry.seq != expected:
            faults.append(Fault(where, f"entry {expected} is missing"))
        elif hash_of(before, community, entry) != entry.hash:
            faults.append(Fault(where, "it is not what was written (its hash differs)"))
        before, expected = entry.hash, entry.seq + 1
        page.append(entry)
        if len(page) == PAGE:
            faults += _check_sealed(tx, community, page)
            page = []
    if page:
        faults += _check_sealed(tx, community, page)
    return Checked("journal entries", n, tuple(faults))


def _check_sealed(tx: Tx, community: int, page: list[Entry]) -> list[Fault]:
    found = secrets(tx, community, page[0].seq, page[-1].seq)
    faults = []
    for entry in page:
        for name, digest in sealed_of(entry):
            where = f"community {community}, journal entry {entry.seq}, {name}"
            if (entry.seq, name) not in found:
                faults.append(Fault(where, "the sealed value is missing"))
                continue
            salt, value = found[entry.seq, name]
            if salt is not None and seal(salt, decode(value)) != digest:
                faults.append(Fault(where, "the sealed value is not what was sealed"))
    return faults


def sealed_of(entry: Entry) -> list[tuple[str, str]]:
    """Return (field, digest) of what an entry sealed."""
    return [
        (name, value["sealed"])
        for part in (entry.args, entry.facts)
        for name, value in part.items()
        if isinstance(value, dict) and value.keys() == {"sealed"}
    ]
