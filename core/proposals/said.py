"""What the journal says of each vote: its opening, ballots, moves and end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.kernel import audit
from core.kernel.canonical import decode
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.proposals import store
from core.proposals.joining import is_later
from core.proposals.model import Extension, Why

_FACTS = (
    audit.MERGED, "rule", "ballot", "closes_ms", "result", "withdrawn", "moved", "carried",
)  # fmt: skip


class Seals:
    """Sealed values by entry and name; what was erased reads as None."""

    def __init__(self, tx: Tx, community: int, seqs: Iterable[int]) -> None:
        """Read what some entries sealed."""
        self._found = audit.secrets(tx, community, seqs)

    def value(self, seq: int, name: str) -> Any:
        """Return a value, or None where it was erased or never there."""
        _, value = self._found.get((seq, name), (None, None))
        return None if value is None else decode(value)


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot as the journal has it; a sealed one is `{"sealed": digest}`."""

    seq: int
    at_ms: int
    ballot: Any
    weight: int


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the end."""

    seq: int
    at_ms: int
    closes_ms: int
    why: Why
    by: int | None


@dataclass
class Said:
    """What the journal says of one vote."""

    opening: Entry | None = None
    author: int | None = None
    ballots: dict[int, Cast] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    withdrawal: Entry | None = None
    close: Entry | None = None
    carried: str | None = None

    def sealed(self) -> Iterator[int]:
        """Yield the entries of which a sealed value counts here."""
        for entry in (self.opening, self.withdrawal):
            if entry is not None:
                yield entry.seq
        yield from (move.seq for move in self.moves)
        yield from (cast.seq for cast in self.ballots.values() if isinstance(cast.ballot, dict))

    def extensions(self, seals: Seals) -> tuple[Extension, ...]:
        """Return the moves as the vote keeps them."""
        assert self.opening is not None
        found = []
        before = self.opening.facts["rule"]["closes_ms"]
        for move in self.moves:
            reason = seals.value(move.seq, "reason") if move.why is Why.ADMIN else None
            by_ms = move.closes_ms - before
            found.append(Extension(move.at_ms, by_ms, move.why, move.by, reason or ""))
            before = move.closes_ms
        return tuple(found)

    def closes_ms(self) -> int:
        """Return when it ends, after all moves."""
        assert self.opening is not None
        end: int = self.opening.facts["rule"]["closes_ms"]
        return self.moves[-1].closes_ms if self.moves else end

    def is_open(self, at_ms: int) -> bool:
        """Whether ballots counted at an instant."""
        is_over = self.withdrawal is not None or self.close is not None
        return self.opening is not None and not is_over and at_ms < self.closes_ms()

    def merge(self, gone: int, into: int) -> None:
        """Take the ballot and the authorship of one member over for another."""
        if self.author == gone:
            self.author = into
        moved = self.ballots.pop(gone, None)
        kept = self.ballots.get(into)
        if moved is not None and (kept is None or is_later(moved.at_ms, kept.at_ms)):
            self.ballots[into] = moved


def opening(tx: Tx, community: int, number: int) -> Entry | None:
    """Return the journal's entry of an opening; None where it is not there, or not sound."""
    seq = store.opened_seq(tx, community, number)
    entry = None if seq is None else audit.sound_entry(tx, community, seq)
    if entry is None or "rule" not in entry.facts or entry.facts.get("number") != number:
        return None
    return entry


def read(tx: Tx, community: int) -> tuple[dict[int, Said], Seals]:
    """Return what a community's journal says of each vote, and what it sealed."""
    found: dict[int, Said] = {}
    for entry in audit.saying(tx, community, _FACTS):
        if audit.MERGED in entry.facts:
            for one in found.values():
                if one.is_open(entry.at_ms):
                    one.merge(*entry.facts[audit.MERGED])
        _take(found, entry)
    return found, Seals(tx, community, (seq for one in found.values() for seq in one.sealed()))


def _take(found: dict[int, Said], entry: Entry) -> None:
    facts = entry.facts
    for number in facts.get("withdrawn", ()):
        found.setdefault(number, Said()).withdrawal = entry
    for number, closes_ms in facts.get("moved", ()):
        move = Move(entry.seq, entry.at_ms, closes_ms, Why.OUTAGE, None)
        found.setdefault(number, Said()).moves.append(move)
    if "carried" in facts:
        number, record = facts["carried"]
        found.setdefault(number, Said()).carried = record
    if "rule" in facts:
        one = found.setdefault(facts["number"], Said())
        one.opening, one.author = entry, entry.member
        return
    if "proposal" not in entry.args:
        return
    one = found.setdefault(entry.args["proposal"], Said())
    if "ballot" in facts and entry.member is not None:
        weight = facts.get("weight", 1)
        one.ballots[entry.member] = Cast(entry.seq, entry.at_ms, facts["ballot"], weight)
    if "closes_ms" in facts:
        why = Why(facts["why"])
        by = entry.member if why is Why.ADMIN else None
        one.moves.append(Move(entry.seq, entry.at_ms, facts["closes_ms"], why, by))
    if "result" in facts:
        one.close = entry
