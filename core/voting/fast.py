"""This file is the profile of many ballots with numpy: the same whole numbers, sooner.

Marks stand option by option, so that each comparison runs over one contiguous row of bytes.
Sums go through float64 only where the whole weight keeps them below 2^53, and are whole there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.voting.errors import BadWeight
from core.voting.fast_piles import FastPiles
from core.voting.kinds.bounds import Bounds
from core.voting.piles import ExactPiles, Piles
from core.voting.profile import Matrix, Paper, cells_of
from core.voting.table import EXACT_IN_FLOAT, Table, table_of

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

RANKS_MAX = 50  # the ranks of a ballot are checked as bits of one whole number
WORDS = ((np.uint16, 16), (np.uint32, 32), (np.uint64, 64))
RANK_TOP = np.uint8(128)
GROUPS_DIRECT = 4_096  # up to here a count per possible group costs less than sorting
CELLS_MAX = 60  # which winners a ballot approves of is one whole number as well


def profile(
    rows: "Sequence[tuple[bytes, int]] | Table", n_options: int, bounds: Bounds
) -> "Fast | None":
    """Return the profile, or None where only Python integers are exact or able."""
    table, misfits = rows, 0
    if not isinstance(table, Table):
        table, misfits = table_of(table, n_options)
    if bounds.is_ranking and n_options > RANKS_MAX:
        return None
    try:
        weights = np.array(table.weights, dtype=np.int64)
    except OverflowError:
        return None
    if weights.size and int(weights.min()) < 0:
        raise BadWeight(given=int(weights.min()))
    largest = int(weights.max(initial=0))
    if largest * len(table) * bounds.top >= EXACT_IN_FLOAT:
        return None
    rows_first = np.frombuffer(table.marks, dtype=np.uint8).reshape(len(table), n_options)
    marks = np.ascontiguousarray(rows_first.T)
    sound = _sound(marks, bounds)
    if not sound.all():
        misfits += int(np.count_nonzero(~sound))
        marks, weights = np.ascontiguousarray(marks[:, sound]), weights[sound]
    return Fast(marks, weights, bounds, misfits)


class Fast:
    """A profile in arrays: marks (options x ballots) and weights."""

    def __init__(self, marks: Bytes, weights: Whole, bounds: Bounds, invalid: int) -> None:
        self._marks = marks
        self._weights = weights
        self._bounds = bounds
        self._is_unit = bool((weights == 1).all())
        self.n_options, self.n_ballots = marks.shape
        self.weight = int(weights.sum())
        self.blank = int(weights[marks.max(axis=0, initial=0) == 0].sum())
        self.invalid = invalid

    def papers(self) -> Sequence[Paper]:
        together: dict[bytes, int] = {}
        block, size = self._marks.T.tobytes(), self.n_options
        for at, weight in enumerate(self._weights.tolist()):
            marks = block[at * size : (at + 1) * size]
            together[marks] = together.get(marks, 0) + weight
        return [(marks, weight) for marks, weight in together.items() if weight and any(marks)]

    def sums(self) -> list[int]:
        if self._is_unit:
            return [int(total) for total in self._marks.sum(axis=1, dtype=np.int64)]
        weights = self._weights.astype(np.float64)
        return [int(row.astype(np.float64) @ weights) for row in self._marks]

    def having(self, mark: int) -> list[int]:
        found = self._marks == mark
        if self._is_unit:
            return [int(np.count_nonzero(row)) for row in found]
        weights = self._weights.astype(np.float64)
        return [int(row.astype(np.float64) @ weights) for row in found]

    def pairwise(self) -> Matrix:
        worth = self._worth()
        weigh: Callable[[Mask], int] = np.count_nonzero
        if not self._is_unit:
            spare = -self.n_ballots % 64  # whole words of bits
            worth = np.pad(worth, ((0, 0), (0, spare)))
            weigh = Planes(np.pad(self._weights, (0, spare))).weigh
        matrix = [[0] * self.n_options for _ in range(self.n_options)]
        for a in range(self.n_options):
            for b in range(a):
                matrix[a][b] = int(weigh(worth[a] > worth[b]))
                matrix[b][a] = int(weigh(worth[b] > worth[a]))
        return matrix

    def sums_by_total(self) -> dict[int, list[int]]:
        totals = self._marks.sum(axis=0, dtype=np.int64)
        return self._apart(totals)

    def cells(self, elected: Sequence[int]) -> dict[int, list[int]]:
        if len(elected) > CELLS_MAX:
            return cells_of(self.papers(), self.n_options, elected)
        cell = np.zeros(self.n_ballots, dtype=np.int64)
        for bit, option in enumerate(elected):
            cell |= (self._marks[option] > 0).astype(np.int64) << bit
        return self._apart(cell)

    def piles(self, unit: int) -> Piles:
        if self.weight * unit >= EXACT_IN_FLOAT:
            return ExactPiles(self.papers(), self.n_options, unit)
        return FastPiles(self._worth(), self._weights, unit)

    def _worth(self) -> Bytes:
        """Return marks of which more is better: ranks turned over, unranked the least."""
        if not self._bounds.is_ranking:
            return self._marks
        worth: Bytes = np.subtract(RANK_TOP, self._marks) & np.uint8(RANK_TOP - 1)
        return worth

    def _apart(self, groups: Whole) -> dict[int, list[int]]:
        """Return the sum of weight times mark per option, apart for each group of ballots."""
        most = int(groups.max(initial=0))
        if most < GROUPS_DIRECT:
            values, member = np.arange(most + 1), groups
        else:
            values, member = np.unique(groups, return_inverse=True)
        columns = [
            np.bincount(member, self._weights * row, minlength=values.size) for row in self._marks
        ]
        sums = np.stack(columns, axis=1).astype(np.int64).tolist()
        return {value: own for value, own in zip(values.tolist(), sums, strict=True) if any(own)}


class Planes:
    """Weights as bits: plane k holds bit k of every weight, so that a sum is a count of bits.

    The number of ballots is a multiple of 64.
    """

    def __init__(self, weights: Whole) -> None:
        n_bits = int(weights.max(initial=0)).bit_length()
        planes = [np.packbits((weights >> k) & 1 == 1) for k in range(n_bits)]
        self._planes = np.array(planes, dtype=np.uint8).view(np.uint64)

    def weigh(self, chosen: Mask) -> int:
        """Return the sum of the weights of the chosen ballots, exact at any size."""
        words = np.packbits(chosen).view(np.uint64)
        counts = np.bitwise_count(self._planes & words).sum(axis=1, dtype=np.int64)
        return sum(count << k for k, count in enumerate(counts.tolist()))


def _sound(marks: Bytes, bounds: Bounds) -> Mask:
    """Tell of each ballot whether it keeps to the bounds."""
    n_options, n_ballots = marks.shape
    if bounds.is_ranking:
        return _sound_ranks(marks, min(bounds.top, n_options), may_tie=bounds.may_tie)
    sound = np.ones(n_ballots, dtype=np.bool_)
    if int(marks.max(initial=0)) > bounds.top:
        sound &= marks.max(axis=0) <= bounds.top
    if bounds.sum_most is not None:
        sound &= marks.sum(axis=0, dtype=np.int32) <= bounds.sum_most
    if bounds.squares_most is not None:
        wide = marks.astype(np.int32)
        sound &= (wide * wide).sum(axis=0) <= bounds.squares_most
    return sound


def _sound_ranks(marks: Bytes, top: int, *, may_tie: bool) -> Mask:
    """Tell of each ballot whether its ranks have no gap, and (strict) none is there twice.

    Each rank is a bit; without a gap the bits are 2^k - 1. In a strict ranking the sum of k powers
    of two is 2^k - 1 only if each of the first k is there once.
    """
    within: Mask = marks.max(axis=0, initial=0) <= top
    safe = marks if within.all() else np.where(within, marks, np.uint8(0))
    room = 1 if may_tie else 8  # bits above the top one, for the sums of a strict ranking
    wide = next(kind for kind, bits in WORDS if top + room <= bits)
    one: Any = wide(1)
    taken: NDArray[Any] = np.zeros(marks.shape[1], dtype=wide)
    for row in safe:
        bit = np.left_shift(one, row.astype(wide))  # rank 0, unranked, sets the lowest bit
        taken = taken | bit if may_tie else taken + (bit & ~one)
    if may_tie:
        taken = taken | one
        dense: Mask = (taken & (taken + one)) == 0
    else:
        ranked = (safe > 0).sum(axis=0, dtype=wide)
        dense = taken + one + one == np.left_shift(one, ranked + one)
    return within & dense
