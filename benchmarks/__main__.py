"""Measure: `python -m benchmarks` writes docs/performance.md, `python -m benchmarks NAME` one part.

The parts are those of `PARTS`; `counting` takes arguments of its own.
"""

import importlib
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Line, load

PARTS = (
    "votes", "postgres", "thanks", "fsync", "live", "agenda", "close", "payday", "standing",
    "evidence", "start", "discord", "telegram",
)  # fmt: skip
COUNTING = ("--sizes", "100000", "--options", "10")
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
HEADER = ("what", "measured: median (least..most)", "to reach", "met", "peer in the same run")

ABOUT = """\
# Performance

Written by `python -m benchmarks`; `python -m benchmarks NAME` measures one part. Every value is
the median of several rounds, with the least and the most. Where a peer is named, it did the same
work in the same run, in turns with ours, so that the two can be compared whatever else the machine
was doing; absolute numbers are worth as much as the machine was free. No test asserts a time.
"""


def main(argv: Sequence[str]) -> int:
    """Measure one part and print it, or all of them and write the page."""
    if argv and argv[0] == "counting":
        importlib.import_module("benchmarks.counting").main(argv[1:])
        return 0
    if argv and argv[0] not in PARTS:
        sys.stderr.write(f"there is no {argv[0]}; there are {', '.join((*PARTS, 'counting'))}\n")
        return 2
    sections = [_section(name) for name in argv[:1] or PARTS]
    if argv:
        sys.stdout.write("\n".join([_machine(), *sections]))
        return 0
    page = "\n".join([ABOUT, _machine(), *sections, _counting()])
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    return 0


def _section(name: str) -> str:
    """Measure a part; return its heading and table."""
    sys.stderr.write(f"measuring {name} ..\n")
    module = importlib.import_module(f"benchmarks.{name}")
    before = load()
    lines: list[Line] = module.lines()
    about = (module.__doc__ or "").strip().removeprefix("This file is ")
    wanted = f"{before:.1f} to {load():.1f} processes wanted a core meanwhile"
    rows = [HEADER, ("---",) * len(HEADER), *(line.cells for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    about = f"{about[0].upper()}{about[1:]}\n`python -m benchmarks {name}`; {wanted}."
    return f"## {name}\n\n{about}\n\n{table}\n"


def _counting() -> str:
    sys.stderr.write("measuring counting ..\n")
    counting = importlib.import_module("benchmarks.counting")
    rows = importlib.import_module("benchmarks.counting.rows")
    table = rows.table(counting.main(COUNTING))
    return f"## counting\n\n`python -m benchmarks counting {' '.join(COUNTING)}`\n\n{table}"


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
