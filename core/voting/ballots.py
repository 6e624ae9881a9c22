"""This file is the kinds of ballot: a mark per option, and what each kind lets people write."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.voting.errors import Empty, Malformed, TooMany, Twice
from core.voting.reading import Names

MARK_MAX = 127  # a mark is stored as one signed byte

Settled = Mapping[str, "int | tuple[int, ...]"]


@dataclass(frozen=True)
class Ballot:
    """What one voter says: a mark for each option, in the options' order; 0 says nothing."""

    marks: tuple[int, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.marks)


class Choice(Ballot):
    """Options that are chosen (1) or not (0)."""

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(i for i, mark in enumerate(self.marks) if mark)


class Kind(ABC):
    """One way to fill in a ballot; the packed form is a byte per option, its mark."""

    @abstractmethod
    def read(self, written: str, names: Names, limits: Settled) -> Ballot:
        """Return what was written as a ballot, or say what is wrong with it."""

    @abstractmethod
    def write(self, ballot: Ballot, names: Names) -> str:
        """Return the one text for a ballot; reading it gives the ballot back."""

    @abstractmethod
    def of(self, marks: tuple[int, ...]) -> Ballot:
        """Return marks as a ballot of this kind."""

    @abstractmethod
    def fault(self, marks: Sequence[int], limits: Settled) -> str:
        """Return why marks are not a ballot of this kind, or nothing."""

    def preference(self, mark: int) -> int:
        """Return how much a mark says for its option: more is better, 0 is nothing."""
        return mark

    def unpack(self, packed: bytes, n_options: int, limits: Settled) -> Ballot:
        """Return a stored ballot; raises Malformed if it is not exactly one."""
        if len(packed) != n_options:
            raise Malformed(reason=f"{len(packed)} bytes for {n_options} options")
        if reason := self.fault(packed, limits):
            raise Malformed(reason=reason)
        return self.of(tuple(packed))


@dataclass(frozen=True)
class Choosing(Kind):
    """Some of the options, at most `most`."""

    most: int | None = None

    def of(self, marks: tuple[int, ...]) -> Ballot:
        return Choice(marks)

    def read(self, written: str, names: Names, limits: Settled) -> Ballot:
        chosen: list[int] = []
        for option in names.several(written):
            if option in chosen:
                raise Twice(option=names.texts[option])
            chosen.append(option)
        if not chosen:
            raise Empty
        most = self._most(limits)
        if most is not None and len(chosen) > most:
            raise TooMany(named=len(chosen), most=most)
        return Choice(tuple(int(i in chosen) for i in range(len(names.texts))))

    def write(self, ballot: Ballot, names: Names) -> str:
        return " | ".join(names.name(i) for i, mark in enumerate(ballot.marks) if mark)

    def fault(self, marks: Sequence[int], limits: Settled) -> str:
        if any(mark > 1 for mark in marks):
            return "a mark is neither 0 nor 1"
        most = self._most(limits)
        if most is not None and sum(marks) > most:
            return "more options are marked than may be chosen"
        return ""

    def _most(self, limits: Settled) -> int | None:
        most = limits.get("max_options", self.most)
        return most if isinstance(most, int) else None
