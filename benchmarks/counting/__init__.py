"""This file is the benchmark of counting: `python -m benchmarks counting`, or `main([...])`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product

from benchmarks.counting.ours import CASES, delegation, read_and_tally, tally
from benchmarks.counting.peers import PEERS, snapshot
from benchmarks.counting.rows import Row, table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
OPTIONS = (5, 10, 20)
READ_MOST = 100_000  # a million rows are read in the full run only


def rows(sizes: Sequence[int], options: Sequence[int], *, is_full: bool) -> Iterator[Row]:
    """Yield every measurement, ours and the peers', of one run."""
    for n_ballots, n_options in product(sizes, options):
        for case in CASES:
            for is_weighted in (False, True):
                yield tally(case, n_ballots, n_options, is_weighted=is_weighted)
            if n_ballots <= READ_MOST or is_full:
                yield from read_and_tally(case, n_ballots, n_options)
        for peer in PEERS:
            if n_ballots <= (peer.most if is_full else peer.most // 10):
                yield peer.time(n_ballots, n_options)
        if n_ballots <= READ_MOST:
            yield from snapshot(n_ballots, n_options)
    for n_members in sizes:
        if n_members >= 100_000:
            yield delegation(n_members)


def main(arguments: Sequence[str] = ()) -> list[Row]:
    """Measure, print a table, and return its rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks counting")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--options", type=int, nargs="+", default=list(OPTIONS))
    parser.add_argument("--full", action="store_true", help="slow peers at large sizes as well")
    chosen = parser.parse_args(arguments)
    measured = []
    for row in rows(chosen.sizes, chosen.options, is_full=chosen.full):
        measured.append(row)
        sys.stderr.write(f"{row.line()}\n")
    sys.stdout.write(table(measured))
    return measured
