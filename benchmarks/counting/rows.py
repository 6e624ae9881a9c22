"""This file is one measurement and the table of many."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

REPEATS = 5
LONG_S = 1.0  # what takes longer is measured once, after the first run


class Taken(NamedTuple):
    """How long runs took: on a shared machine the fastest says more, as others only add to it."""

    median_ms: float
    best_ms: float


class Row(NamedTuple):
    """The time of one count, or why there is none."""

    what: str
    who: str
    ballots: int
    options: int
    taken: Taken | None
    note: str = ""

    def line(self) -> str:
        times = [f"{ms:.2f}" for ms in self.taken] if self.taken else ["-", "-"]
        cells = (self.what, self.who, self.ballots, self.options, *times, self.note)
        return f"| {' | '.join(map(str, cells))} |"


def measure(run: Callable[[], object]) -> Taken:
    """Return the times of some runs after a first one (imports, compilers)."""
    taken = list[float]()
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        run()
        taken.append((time.perf_counter() - started) * 1000)
        if len(taken) > 1 and taken[-1] > LONG_S * 1000:
            break
    return Taken(statistics.median(taken[1:]), min(taken[1:]))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    head = [
        "| what | who | ballots | options | median ms | fastest ms | note |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(row.line() for row in rows)]) + "\n"
