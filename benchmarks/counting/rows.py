"""This file is one measurement and the table of many."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

REPEATS = 5
LONG_S = 1.0  # what takes longer is measured once, after the first run


class Row(NamedTuple):
    """The median time of one count, or why there is none."""

    what: str
    who: str
    ballots: int
    options: int
    ms: float | None
    note: str = ""

    def line(self) -> str:
        shown = "-" if self.ms is None else f"{self.ms:.2f}"
        cells = (self.what, self.who, self.ballots, self.options, shown, self.note)
        return f"| {' | '.join(map(str, cells))} |"


def median_ms(run: Callable[[], object]) -> float:
    """Return the median of some runs after a first one (imports, compilers)."""
    taken = list[float]()
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        run()
        taken.append((time.perf_counter() - started) * 1000)
        if len(taken) > 1 and taken[-1] > LONG_S * 1000:
            break
    return statistics.median(taken[1:])


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    head = ["| what | who | ballots | options | ms | note |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(row.line() for row in rows)]) + "\n"
