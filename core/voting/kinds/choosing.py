"""This file is ballots that choose options: one, or several."""

from dataclasses import dataclass

from core.voting.errors import Empty, TooMany, Twice
from core.voting.kinds.bounds import Bounds
from core.voting.kinds.kind import Ballot, Kind, Settled, number
from core.voting.limits import OPTIONS_MAX
from core.voting.reading import Names


@dataclass(frozen=True)
class Choice(Ballot):
    """Options that are chosen (1) or not (0)."""

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(i for i, mark in enumerate(self.marks) if mark)


@dataclass(frozen=True)
class Choosing(Kind):
    """Some of the options, at most `most` or the limit `max_options`."""

    most: int = OPTIONS_MAX

    @property
    def widest(self) -> Bounds:
        return Bounds(1, sum_most=self.most)

    def bounds(self, limits: Settled) -> Bounds:
        return Bounds(1, sum_most=number(limits, "max_options", self.most))

    def of(self, marks: tuple[int, ...]) -> Choice:
        return Choice(marks)

    def read(self, written: str, names: Names, bounds: Bounds) -> Choice:
        chosen: list[int] = []
        for option in names.several(written):
            if option in chosen:
                raise Twice(option=names.texts[option])
            chosen.append(option)
        if not chosen:
            raise Empty
        if bounds.sum_most is not None and len(chosen) > bounds.sum_most:
            raise TooMany(named=len(chosen), most=bounds.sum_most)
        return Choice(tuple(int(i in chosen) for i in range(len(names.texts))))

    def write(self, ballot: Ballot, names: Names) -> str:
        return " | ".join(names.name(i) for i, mark in enumerate(ballot.marks) if mark)
