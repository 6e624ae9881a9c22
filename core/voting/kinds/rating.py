"""This file is ballots that give options numbers: scores, votes, dots or shares."""

import re
from dataclasses import dataclass
from math import isqrt

from core.voting.errors import Empty, NoNumber, OutOfRange, OverBudget, Twice
from core.voting.kinds.bounds import Bounds
from core.voting.kinds.kind import MARK_MAX, Ballot, Kind, Settled, number
from core.voting.reading import Names
from core.voting.words import key


class Ratings(Ballot):
    """A whole number for each option; an option that is not named has 0."""


@dataclass(frozen=True)
class Rating(Kind):
    """A number from 0 to `most` per option, where `budget` is set within what they may cost."""

    most: int = MARK_MAX
    budget: int | None = None  # the default of what the numbers may cost together
    named: str = "budget"  # the limit that sets it
    is_squared: bool = False  # n votes for an option cost n times n
    may_be_zero: bool = False  # all zeros are an opinion, not an empty ballot

    @property
    def widest(self) -> Bounds:
        return self.bounds({})

    def bounds(self, limits: Settled) -> Bounds:
        if self.budget is None:
            return Bounds(self.most)
        budget = number(limits, self.named, self.budget)
        if self.is_squared:
            return Bounds(min(self.most, isqrt(budget)), squares_most=budget)
        return Bounds(min(self.most, budget), sum_most=budget)

    def of(self, marks: tuple[int, ...]) -> Ratings:
        return Ratings(marks)

    def read(self, written: str, names: Names, bounds: Bounds) -> Ratings:
        given: dict[int, int] = {}
        for piece in names.pieces(written, has_numbers=True):
            option, value = self._pair(piece, names)
            if option in given:
                raise Twice(option=names.texts[option])
            if not 0 <= value <= bounds.top:
                shown = value if abs(value) < 10**12 else "a number out of all range"
                raise OutOfRange(option=names.texts[option], given=shown, least=0, most=bounds.top)
            given[option] = value
        marks = tuple(given.get(i, 0) for i in range(len(names.texts)))
        if not given or not (any(marks) or self.may_be_zero):
            raise Empty
        self._check_cost(marks, bounds)
        return Ratings(marks)

    def write(self, ballot: Ballot, names: Names) -> str:
        named = [(i, mark) for i, mark in enumerate(ballot.marks) if mark]
        if not named and ballot.marks:
            named = [(0, 0)]
        return " | ".join(self._write_pair(i, mark, names) for i, mark in named)

    def _pair(self, piece: str, names: Names) -> tuple[int, int]:
        found = re.fullmatch(r"\s*(.+?)(?:\s*[:=]\s*|\s+)([+-]?[0-9]{1,40})\s*", piece, re.DOTALL)
        if names.find(piece) is not None or not found:
            raise NoNumber(option=names.texts[names.one(piece)])
        return names.one(found[1]), int(found[2])

    def _write_pair(self, option: int, mark: int, names: Names) -> str:
        text = names.name(option)
        misleads = names.find(f"{text} {mark}") is not None or key(text)[-1:] in {":", "="}
        return f"#{option + 1} {mark}" if misleads else f"{text} {mark}"

    def _check_cost(self, marks: tuple[int, ...], bounds: Bounds) -> None:
        if bounds.sum_most is not None and sum(marks) > bounds.sum_most:
            raise OverBudget(cost=sum(marks), budget=bounds.sum_most)
        squares = sum(mark * mark for mark in marks)
        if bounds.squares_most is not None and squares > bounds.squares_most:
            raise OverBudget(cost=squares, budget=bounds.squares_most)
