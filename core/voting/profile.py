"""This file is the ballots of one count and the sums that methods ask for, in exact integers."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from core.voting.errors import BadWeight
from core.voting.kinds.bounds import Bounds
from core.voting.piles import ExactPiles, Piles

Rows = Iterable[tuple[bytes, int]]
Paper = tuple[bytes, int]
Matrix = list[list[int]]


class Profile(Protocol):
    """The sums that methods decide on; every implementation gives the same whole numbers."""

    n_options: int
    n_ballots: int
    weight: int
    blank: int
    invalid: int

    def papers(self) -> Sequence[Paper]:
        """Return the different ballots that say something, each with its whole weight."""

    def sums(self) -> list[int]:
        """Return per option the sum of weight times mark."""

    def having(self, mark: int) -> list[int]:
        """Return per option the weight of the ballots that give it this mark."""

    def pairwise(self) -> Matrix:
        """Return for each pair the weight of the ballots that prefer the first to the second."""

    def sums_by_total(self) -> dict[int, list[int]]:
        """Return `sums` apart for each total that the marks of a ballot come to."""

    def cells(self, elected: Sequence[int]) -> dict[int, list[int]]:
        """Return `having(1)` apart for each way to approve of `elected` (bit i: the i-th)."""

    def piles(self, unit: int) -> Piles:
        """Return the ballots in piles by first choice, a ballot's value in units of its weight."""


class Exact:
    """A profile in Python integers of any size; equal ballots are counted together."""

    def __init__(self, rows: Rows, n_options: int, bounds: Bounds) -> None:
        self.n_options = n_options
        self.n_ballots = self.weight = self.blank = self.invalid = 0
        self._is_ranking = bounds.is_ranking
        self._papers: list[Paper] = []
        for packed, (ballots, weight) in _together(rows).items():
            if len(packed) != n_options or bounds.fault(packed):
                self.invalid += ballots
                continue
            self.n_ballots += ballots
            self.weight += weight
            if not any(packed):
                self.blank += weight
            elif weight:
                self._papers.append((packed, weight))

    def papers(self) -> Sequence[Paper]:
        return self._papers

    def sums(self) -> list[int]:
        return _add(self._papers, self.n_options)

    def having(self, mark: int) -> list[int]:
        totals = [0] * self.n_options
        for marks, weight in self._papers:
            for option, given in enumerate(marks):
                if given == mark:
                    totals[option] += weight
        return totals

    def pairwise(self) -> Matrix:
        size = range(self.n_options)
        matrix = [[0] * self.n_options for _ in size]
        for marks, weight in self._papers:
            worth = [_worth(mark) for mark in marks] if self._is_ranking else marks
            for a in size:
                row, mine = matrix[a], worth[a]
                for b in size:
                    if mine > worth[b]:
                        row[b] += weight
        return matrix

    def sums_by_total(self) -> dict[int, list[int]]:
        apart: dict[int, list[Paper]] = {}
        for paper in self._papers:
            apart.setdefault(sum(paper[0]), []).append(paper)
        return {total: _add(papers, self.n_options) for total, papers in apart.items()}

    def cells(self, elected: Sequence[int]) -> dict[int, list[int]]:
        return cells_of(self._papers, self.n_options, elected)

    def piles(self, unit: int) -> Piles:
        return ExactPiles(self._papers, self.n_options, unit)


def cells_of(
    papers: Sequence[Paper], n_options: int, elected: Sequence[int]
) -> dict[int, list[int]]:
    """Return the sums per option, apart for each set of winners that ballots approve of."""
    apart: dict[int, list[Paper]] = {}
    for paper in papers:
        cell = sum(1 << i for i, option in enumerate(elected) if paper[0][option])
        apart.setdefault(cell, []).append(paper)
    return {cell: _add(found, n_options) for cell, found in apart.items()}


def condorcet(matrix: Sequence[Sequence[int]], among: Collection[int] | None = None) -> int | None:
    """Return the option that beats every other head to head, or None."""
    options = range(len(matrix)) if among is None else sorted(among)
    for a in options:
        if all(matrix[a][b] > matrix[b][a] for b in options if b != a):
            return a
    return None


def _together(rows: Rows) -> dict[bytes, tuple[int, int]]:
    together: dict[bytes, tuple[int, int]] = {}
    for packed, weight in rows:
        if weight < 0:
            raise BadWeight(given=weight)
        ballots, heavy = together.get(packed, (0, 0))
        together[packed] = (ballots + 1, heavy + weight)
    return together


def _add(papers: Iterable[Paper], n_options: int) -> list[int]:
    totals = [0] * n_options
    for marks, weight in papers:
        for option, mark in enumerate(marks):
            if mark:
                totals[option] += weight * mark
    return totals


def _worth(rank: int) -> int:
    return -rank if rank else -256  # below every rank that a byte can hold
