"""This file is what a count finds: winners, places, totals, ties, rounds and matrices, as facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction

from core.voting.explain import explain
from core.voting.words import Sentence, Value

Number = int | Fraction
Figure = int | Fraction | Sequence[int] | Sequence[Sequence[int]]
Json = int | str | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class How(StrEnum):
    """What ordered options that the count itself left level."""

    RULE = "rule"
    LOT = "lot"
    OPEN = "open"  # counted without a lot: a running tally, where nothing is decided yet


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Options that stood level where it mattered, and how that was settled."""

    among: tuple[int, ...]
    stage: Sentence
    how: How
    order: tuple[tuple[int, ...], ...]  # the better first; level ones stay together
    rule: str = ""  # the tie-break's name, where `how` is a rule


@dataclass(frozen=True, kw_only=True)
class Round:
    """One step of a count in rounds: what each continuing option held, and what then moved."""

    totals: tuple[Number | None, ...]  # per option, at the start of the round; None: out of it
    elected: tuple[int, ...] = ()
    out: tuple[int, ...] = ()
    source: int | None = None  # whose votes moved
    moved: tuple[Number, ...] = ()  # per option, what it received
    exhausted: Number = 0  # what left the count: no further choice, or cut off by truncation


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of a count.

    Without a lot `winners` holds all that the rules leave level at the last seat; with one, as
    many as there are seats. `ties` always names the level ones. `order` is places from the best
    down: options in one place are level.
    """

    method: str
    decides: bool  # False: the totals are shown and nobody wins
    options: tuple[str, ...]
    seats: int
    winners: tuple[int, ...]
    order: tuple[tuple[int, ...], ...]
    totals: tuple[Number, ...]
    n_ballots: int
    weight: int
    blank: int = 0  # weight of ballots that say nothing
    invalid: int = 0  # stored ballots that cannot be read; they are not in n_ballots
    exhausted: Number = 0
    ties: tuple[Tie, ...] = ()
    rounds: tuple[Round, ...] = ()
    pairwise: tuple[tuple[int, ...], ...] | None = None
    condorcet_winner: int | None = None
    lot_seed: bytes | None = None
    limits: Mapping[str, Value | Sequence[int]] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)  # what only this method has
    story: tuple[Sentence, ...] = ()
    standing: str = "{option}: {total}"  # the template that says what a total is

    def facts(self) -> dict[str, "Json"]:
        """Return everything but the words as JSON values: whole numbers, fractions as "n/d"."""
        left_out = {"story", "standing"}
        return {
            part.name: _json(getattr(self, part.name))
            for part in fields(self)
            if part.name not in left_out
        }

    def to_json(self) -> str:
        """Return the one JSON text of this result: sorted keys, no spaces."""
        return json.dumps(self.facts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def sentences(self) -> tuple[Sentence, ...]:
        """Return the outcome in plain words, the winner first."""
        return tuple(explain(self))

    @property
    def is_tied(self) -> bool:
        """Whether a lot decided, or must still decide, who wins."""
        return any(tie.how is not How.RULE for tie in self.ties)


def _json(value: object) -> Json:
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return value.numerator if whole else f"{value.numerator}/{value.denominator}"
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Sentence):
        return {"template": value.template, "values": _json(value.values)}
    if is_dataclass(value):
        return {part.name: _json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_json(inner) for inner in value]
    raise TypeError(value)
