"""The journal: every command that changed something, chained by hashes, texts sealed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from core.kernel.canonical import decode, encode, encode_text
from core.kernel.held import Held
from core.kernel.tx import Tx

SALT_BYTES = 16
GENESIS = bytes(32)

_ADD = """
insert into journal
  (community, seq, at_ms, command, version, kind, member, request, args, facts, hash)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ADD_SEALED = """
insert into sealed (community, seq, field, salt, value, member, is_text)
values (?, ?, ?, ?, ?, ?, ?)"""
_HEAD = "select seq, hash from journal where community = ? order by seq desc limit 1"
_LAST = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? order by seq desc limit ?"""
_ENTRY = """
select seq, at_ms, command, version, kind, member, request, args, facts, hash
  from journal where community = ? and seq = ?"""


class Head(NamedTuple):
    """Where a community's chain stands."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal; sealed arguments are `{"sealed": digest}`."""

    seq: int
    at_ms: int
    command: str
    version: int
    kind: str
    member: int | None
    request: str
    args: dict[str, Any]
    facts: dict[str, Any]
    hash: bytes


class Secret(NamedTuple):
    """A sealed value as it stands in the erasable table; `is_text` says that it may be erased."""

    field: str
    salt: bytes
    value: str
    is_text: bool


def seal(salt: bytes, value: Any) -> str:
    """Return the digest that stands for a sealed value: SHA-256 of [salt in hex, value]."""
    return seal_encoded(salt, encode(value))


def seal_encoded(salt: bytes, encoded: str) -> str:
    """Return `seal` of a value that is canonical JSON already."""
    return sha256(f'["{salt.hex()}",{encoded}]'.encode()).hexdigest()


def chain(previous: bytes, community: int, line: Iterable[Any]) -> bytes:
    """Return the hash of a line: SHA-256 over the previous hash, the community and the line.

    `line` is (seq, at_ms, command, version, kind, member, request, args, facts), the last two
    as the canonical JSON texts that are kept.
    """
    return sha256(encode([previous.hex(), community, *line]).encode()).digest()


def chained(previous: bytes, community: int, seq: int, line: tuple[Any, ...]) -> bytes:
    """Return `chain` of a line that is just being made: written out it takes half of the time.

    Whoever verifies goes by `chain` itself, which takes nothing for granted.
    """
    at_ms, command, version, kind, member, request, args, facts = line
    where = f'"{previous.hex()}",{community},{seq},{at_ms},{encode_text(command)},{version}'
    who = f"{encode_text(kind)},{'null' if member is None else member}"
    text = f"[{where},{who},{encode_text(request)},{encode_text(args)},{encode_text(facts)}]"
    return sha256(text.encode()).digest()


def hash_of(previous: bytes, community: int, entry: Entry) -> bytes:
    """Return what an entry's hash has to be after `previous`."""
    return chain(
        previous,
        community,
        (
            entry.seq,
            entry.at_ms,
            entry.command,
            entry.version,
            entry.kind,
            entry.member,
            entry.request,
            encode(entry.args),
            encode(entry.facts),
        ),
    )


def entry_from(row: tuple[Any, ...]) -> Entry:
    """Read a row of the columns (seq .. hash) in the order of the table."""
    *start, args, facts, hashed = row
    seq, at_ms, command, version, kind, member, request = start
    return Entry(
        seq, at_ms, command, version, kind, member, request, decode(args), decode(facts),
        bytes(hashed),
    )  # fmt: skip


def head(tx: Tx, community: int) -> Head:
    """Return the last entry's place and hash, or the beginning."""
    row = tx.one(_HEAD, (community,))
    return Head(row[0], bytes(row[1])) if row else Head(0, GENESIS)


def last(tx: Tx, community: int, n: int) -> list[Entry]:
    """Return the newest entries, newest first."""
    return [entry_from(row) for row in tx.all(_LAST, (community, n))]


def entry(tx: Tx, community: int, seq: int) -> Entry | None:
    """Return one entry."""
    row = tx.one(_ENTRY, (community, seq))
    return entry_from(row) if row else None


class Pages:
    """What one batch writes down, and where each chain stands meanwhile."""

    def __init__(self, tx: Held) -> None:
        """Start with nothing written."""
        self._tx = tx
        self._heads: dict[int, Head] = {}
        self._written: set[int] = set()

    def head(self, community: int) -> Head:
        """Return where the chain stands."""
        if community not in self._heads:
            # Where this batch has written nothing yet, nothing that waits can be the head.
            tx = self._tx if community in self._written else self._tx.apart
            self._heads[community] = head(tx, community)
        return self._heads[community]

    def forget(self) -> None:
        """Look again where the chains stand, because something was taken back."""
        self._heads.clear()

    def write(
        self,
        community: int,
        line: tuple[Any, ...],
        secrets: Sequence[Secret],
    ) -> Head:
        """Add a line (at_ms, command, version, kind, member, request, args, facts)."""
        before = self.head(community)
        seq = before.seq + 1
        member = line[4]
        now = Head(seq, chained(before.hash, community, seq, line))
        self._tx.hold(_ADD, (community, seq, *line, now.hash))
        for one in secrets:
            sealed = (community, seq, one.field, one.salt, one.value, member, int(one.is_text))
            self._tx.hold(_ADD_SEALED, sealed)
        self._heads[community] = now
        self._written.add(community)
        return now


def seal_texts(
    texts: Mapping[str, str], draw: Callable[[int], bytes]
) -> tuple[dict[str, str], list[Secret]]:
    """Return the digest of each text of a person (canonical JSON, by name), and what was sealed."""
    digests, secrets = {}, []
    for name, text in texts.items():
        salt = draw(SALT_BYTES)
        secrets.append(Secret(name, salt, text, is_text=True))
        digests[name] = seal_encoded(salt, text)
    return digests, secrets
