"""This file is many ballots side by side: one block of marks and a list of weights."""

import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from core.voting.kinds.bounds import Bounds
from core.voting.profile import Exact, Profile

# Once imported, numpy is faster from some 250 ballots on. Its import (84 ms, once) only pays from
# here, where counting rankings in Python integers takes 10 to 25 ms.
FAST_FROM = 1_000

EXACT_IN_FLOAT = 2**53  # whole-number sums in float64 are exact below


@dataclass(frozen=True)
class Table:
    """Ballots as one block: `marks` is n x options bytes, row by row; `weights` has n entries.

    A database can hand out such a block at once (`group_concat`, `string_agg`), which is far
    sooner read than a row per ballot; it must see to it that every ballot has its full length.
    """

    marks: bytes
    weights: Sequence[int]
    n_options: int

    def __post_init__(self) -> None:
        if len(self.marks) != len(self.weights) * self.n_options:
            raise ValueError((len(self.marks), len(self.weights), self.n_options))

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        for at, weight in enumerate(self.weights):
            yield self.marks[at * self.n_options : (at + 1) * self.n_options], int(weight)

    def __len__(self) -> int:
        return len(self.weights)


def profile_of(
    rows: "Iterable[tuple[bytes, int]] | Table", n_options: int, bounds: Bounds
) -> Profile:
    """Return the profile of rows: with numpy where that pays and is exact, else in Python."""
    known = rows if isinstance(rows, Table) else list(rows)
    if len(known) < FAST_FROM:
        return Exact(known, n_options, bounds)
    try:
        fast = importlib.import_module("core.voting.fast")
    except ModuleNotFoundError:  # numpy is optional
        return Exact(known, n_options, bounds)
    return cast("Profile | None", fast.profile(known, n_options, bounds)) or Exact(
        known, n_options, bounds
    )


def table_of(rows: Sequence[tuple[bytes, int]], n_options: int) -> tuple[Table, int]:
    """Return rows of the right length as a table, and how many were of another length."""
    packed, weights = [row[0] for row in rows], [row[1] for row in rows]
    if set(map(len, packed)) == {n_options}:
        return Table(b"".join(packed), weights, n_options), 0
    sound = [row for row in rows if len(row[0]) == n_options]
    marks = b"".join(packed for packed, _ in sound)
    return Table(marks, [weight for _, weight in sound], n_options), len(rows) - len(sound)
