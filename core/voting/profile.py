"""This file is the ballots of one count and the sums that methods ask for, in exact integers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from core.voting.errors import BadWeight

Rows = Iterable[tuple[bytes, int]]


class Profile(Protocol):
    """The sums that methods decide on; every implementation gives the same whole numbers."""

    n_options: int
    n_ballots: int
    weight: int
    blank: int
    invalid: int

    def sums(self) -> list[int]:
        """Return per option the sum of weight times mark."""

    def having(self, mark: int) -> list[int]:
        """Return per option the weight of the ballots that give it this mark."""


class Exact:
    """A profile in Python integers of any size; equal ballots are counted together."""

    def __init__(self, rows: Rows, n_options: int, fault: Callable[[bytes], str]) -> None:
        self.n_options = n_options
        self.n_ballots = self.weight = self.blank = self.invalid = 0
        together: dict[bytes, list[int]] = {}
        for packed, weight in rows:
            if weight < 0:
                raise BadWeight(given=weight)
            found = together.setdefault(packed, [0, 0])
            found[0] += 1
            found[1] += weight
        self._papers: list[tuple[bytes, int]] = []
        for packed, (ballots, weight) in together.items():
            if len(packed) != n_options or fault(packed):
                self.invalid += ballots
                continue
            self.n_ballots += ballots
            self.weight += weight
            if not any(packed):
                self.blank += weight
            elif weight:
                self._papers.append((packed, weight))

    def papers(self) -> Iterator[tuple[bytes, int]]:
        """Yield the different ballots that say something, each with its whole weight."""
        yield from self._papers

    def sums(self) -> list[int]:
        totals = [0] * self.n_options
        for marks, weight in self._papers:
            for option, mark in enumerate(marks):
                if mark:
                    totals[option] += weight * mark
        return totals

    def having(self, mark: int) -> list[int]:
        totals = [0] * self.n_options
        for marks, weight in self._papers:
            for option, given in enumerate(marks):
                if given == mark:
                    totals[option] += weight
        return totals
