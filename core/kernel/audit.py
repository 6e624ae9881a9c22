"""Checking a journal: its chain of hashes, and what it sealed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.kernel.canonical import decode, encode
from core.kernel.feature import Checked, Fault
from core.kernel.journal import GENESIS, Entry, Head, chain, entry_from, seal_encoded
from core.kernel.tx import Row, Tx, several

PAGE = 5_000
# So many entries are asked for their sealed values at once.
ASKED_MAX = 512
HASH_DIGITS = 64
SEQ_MAX = 2**62
# The command that erases what a member wrote; nothing else may.
FORGETTING = "forget me"
# The fact by which an entry says that one member turned out to be another: [from, into].
MERGED = "merged"

# Sealed values by (entry, field) as (salt, value).
Secrets = dict[tuple[int, str], tuple[bytes | None, str | None]]

_PAGE = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? and seq > ? order by seq limit ?"""
_SAYING = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? and seq > ? and ({}) order by seq limit ?"""
_AROUND = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? and seq >= ? order by seq limit 3"""
_SEALED = """
select seq, field, salt, value from sealed where community = ? and seq in ({places})"""
_ALL_SEALED = """
select seq, field, salt, value, member, is_text from sealed
 where community = ? and seq > ? and seq <= ? order by seq, field"""
_NEXT = "select community from journal where community > ? order by community limit 1"
_HEADS = """
select community, seq, at_ms, hash from journal
 where hash >= ? and hash <= ? order by community, seq limit ?"""


def journals(tx: Tx) -> Iterator[int]:
    """Yield the community of each journal, with one look each however long they are."""
    community = -SEQ_MAX
    while (row := tx.one(_NEXT, (community,))) is not None:
        community = row[0]
        yield community


def entries(tx: Tx, community: int) -> Iterator[Entry]:
    """Yield a community's journal from its beginning, a page at a time."""
    return (entry_from(row) for row in _rows(tx, community))


def saying(
    tx: Tx, community: int, facts: Sequence[str], commands: Sequence[str] = ()
) -> Iterator[Entry]:
    """Yield the entries that say one of some facts, and those of some commands, in order.

    Others may be among them. The database looks for the names in the texts as they stand, since
    reading all of them takes far longer; `check_journal` sees to it that a text has no second
    way to write a name.
    """
    where = ["facts like ?"] * len(facts)
    args: list[Any] = [f'%"{name}"%' for name in facts]
    if commands:
        places, wanted = several(commands)
        where.append(f"command in ({places})")
        args += wanted
    sql, after = _SAYING.format(" or ".join(where)), 0
    while rows := tx.all(sql, (community, after, *args, PAGE)):
        yield from map(entry_from, rows)
        after = rows[-1][0]


def _rows(tx: Tx, community: int) -> Iterator[Row]:
    return (row for page in _pages(tx, community) for row in page)


def _pages(tx: Tx, community: int) -> Iterator[list[Row]]:
    after = 0
    while rows := tx.all(_PAGE, (community, after, PAGE)):
        yield rows
        after = rows[-1][0]


def secrets(tx: Tx, community: int, seqs: Iterable[int]) -> Secrets:
    """Return what some entries sealed, by (entry, field) as (salt, value); None where erased."""
    wanted = sorted(set(seqs))
    found: Secrets = {}
    for at in range(0, len(wanted), ASKED_MAX):
        places, args = several(wanted[at : at + ASKED_MAX])
        rows = tx.all(_SEALED.format(places=places), (community, *args))
        for seq, field, salt, value in rows:
            found[seq, field] = (None if salt is None else bytes(salt), value)
    return found


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
    for row in _rows(tx, community):
        if row[0] > until:
            break
        if row[0] != expected or chain(before, community, row[:-1]) != row[-1]:
            return expected
        before, expected = row[-1], expected + 1
    return None if expected > until else expected


def sound_entry(tx: Tx, community: int, seq: int) -> Entry | None:
    """Return an entry that follows from the one before it, as the one after it does from it.

    None for any other. Two lines that were written anew pass; who signs by an entry lets `follow`
    go from it to the journal's end.
    """
    rows = tx.all(_AROUND, (community, max(1, seq - 1)))
    before = rows.pop(0)[-1] if seq > 1 and rows else GENESIS
    for row in rows[:2]:  # where one is missing, the hashes do not fit either
        if not isinstance(before, bytes) or chain(before, community, row[:-1]) != row[-1]:
            return None
        before = row[-1]
    return entry_from(rows[0]) if rows and rows[0][0] == seq else None


def follow(tx: Tx, community: int, since: Head) -> Head | None:
    """Follow the chain for a page; return where it stands then, `since` itself at its end.

    None where an entry does not follow from the one before. Who rewrites everything from an entry
    to the end is found by `verify` alone, or by a hash that somebody wrote down.
    """
    try:
        for row in tx.all(_PAGE, (community, since.seq, PAGE)):
            if row[0] != since.seq + 1 or chain(since.hash, community, row[:-1]) != row[-1]:
                return None
            since = Head(row[0], row[-1])
    except (TypeError, ValueError):  # bytes stand where a text should
        return None
    return since


def merges(tx: Tx, community: int) -> dict[int, int]:
    """Return who turned out to be whom, as the journal says; each leads to who it is in the end."""
    found: dict[int, int] = {}
    for entry in saying(tx, community, (MERGED,)):
        if MERGED in entry.facts:
            gone, into = entry.facts[MERGED]
            found = {one: into if whom == gone else whom for one, whom in found.items()}
            found[gone] = into
    return found


def check_journal(tx: Tx, community: int) -> Checked:
    """Check that every entry follows from the one before, and that sealed values fit."""
    faults: list[Fault] = []
    before, expected, n = GENESIS, 1, 0
    seals = _Seals(tx, community)
    for row in _with_seals(tx, community, seals):
        seq, hashed = row[0], row[-1]
        where = f"community {community}, journal entry {seq}"
        if seq != expected:
            faults.append(Fault(where, f"entry {expected} is missing"))
        # The texts are hashed as they stand, so that not even a space may differ.
        elif chain(before, community, row[:-1]) != hashed:
            faults.append(Fault(where, "it is not what was written (its hash differs)"))
        else:
            entry = entry_from(row)
            seals.check(entry)
            if not _is_plain(entry, row):
                faults.append(Fault(where, "its texts are not written as they should be"))
        before, expected, n = hashed, seq + 1, n + 1
        if not isinstance(before, bytes):  # nothing can be told of what comes after it
            return Checked("journal entries", n, tuple(faults))
    return Checked("journal entries", n, (*faults, *seals.faults()))


def _with_seals(tx: Tx, community: int, seals: "_Seals") -> Iterator[Row]:
    for page in _pages(tx, community):
        seals.turn(page[-1][0])
        yield from page


def _is_plain(entry: Entry, row: Row) -> bool:
    """Whether each name in the texts stands there letter by letter, so that it can be found.

    Without a backslash it does; what has one must be written in the one canonical way.
    """
    *_, args, facts, _ = row
    return ("\\" not in args or encode(entry.args) == args) and (
        "\\" not in facts or encode(entry.facts) == facts
    )


class _Seals:
    """Sealed values held against the digests that stand for them in the journal."""

    def __init__(self, tx: Tx, community: int) -> None:
        self._tx = tx
        self._community = community
        # Of the page of the journal that is being checked.
        self._rows: dict[tuple[int, str], Row] = {}
        self._last = -SEQ_MAX
        self._erased: list[tuple[int, str, int | None]] = []
        self._forgotten: dict[int | None, int] = {}
        self._into: dict[int | None, int] = {}
        self._faults: list[Fault] = []

    def turn(self, last: int) -> None:
        """Go on to a page of the journal, by its last entry."""
        self._end_page()
        rows = self._tx.all(_ALL_SEALED, (self._community, self._last, last))
        self._rows = {(row[0], row[1]): row[2:] for row in rows}
        self._last = last

    def _end_page(self) -> None:
        for seq, name in self._rows:
            self._fault(seq, name, "no entry sealed this value")

    def check(self, entry: Entry) -> None:
        """Check what one entry sealed."""
        if entry.command == FORGETTING:
            self._forgotten[entry.member] = entry.seq
            # Whoever turned out to be this member before is forgotten too.
            gone = {one for one, into in self._into.items() if into == entry.member}
            self._forgotten |= dict.fromkeys(gone, entry.seq)
        if MERGED in entry.facts:
            one, into = entry.facts[MERGED]
            self._into = {who: into if of == one else of for who, of in self._into.items()}
            self._into[one] = into
        for name, digest in sealed_of(entry):
            row = self._rows.pop((entry.seq, name), None)
            if row is None:
                self._fault(entry.seq, name, "the sealed value is missing")
                continue
            salt, value, member, is_text = row
            if (member, is_text) != (entry.member, int(name in entry.args)):
                self._fault(entry.seq, name, "the sealed value is not marked as it was")
            if is_text and salt is None and value is None:
                self._erased.append((entry.seq, name, entry.member))
            elif not _fits(salt, value, digest):
                self._fault(entry.seq, name, "the sealed value is not what was sealed")

    def faults(self) -> list[Fault]:
        """Return what was found, once every entry was checked."""
        for seq, name, member in self._erased:
            if self._forgotten.get(member, 0) <= seq:
                self._fault(seq, name, "the sealed value was erased, and nobody asked for it")
        self.turn(SEQ_MAX)
        self._end_page()
        return self._faults

    def _fault(self, seq: int, name: str, what: str) -> None:
        where = f"community {self._community}, journal entry {seq}, {name}"
        self._faults.append(Fault(where, what))


def _fits(salt: bytes | None, value: str | None, digest: str) -> bool:
    if salt is None or value is None:
        return False
    try:
        found = decode(value)
    except (ValueError, TypeError):  # no JSON, or no text at all
        return False
    return encode(found) == value and seal_encoded(salt, value) == digest


def sealed_of(entry: Entry) -> list[tuple[str, str]]:
    """Return (field, digest) of what an entry sealed."""
    return [
        (name, value["sealed"])
        for part in (entry.args, entry.facts)
        for name, value in part.items()
        if isinstance(value, dict) and value.keys() == {"sealed"}
    ]
