"""This file is our own counting under the clock."""

import sqlite3
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.counting.rows import Row, measure
from core.voting import METHODS
from core.voting.delegation import carry
from core.voting.table import Table

SEED = 7


class Case(NamedTuple):
    """A method, the kind of marks it counts, and the seats to fill."""

    method: str
    marks: str
    seats: int = 1


CASES = (
    Case("single", "one"),
    Case("approval", "some"),
    Case("score", "scores"),
    Case("star", "scores"),
    Case("instant-runoff", "ranks"),
    Case("schulze", "ranks"),
    Case("ranked-pairs", "ranks"),
    Case("copeland", "ranks"),
    Case("borda", "ranks"),
    Case("stv", "ranks", 3),
    Case("allocate", "scores"),
    Case("pav", "some", 3),
    Case("equal-shares", "some", 3),
)


@lru_cache(maxsize=8)
def marks(kind: str, n_ballots: int, n_options: int) -> Any:
    """Return random marks (ballots x options) in bytes: as bad as it gets, all ballots differ."""
    chance = np.random.default_rng(SEED)
    if kind == "ranks":
        order = np.argsort(chance.random((n_ballots, n_options)), axis=1)
        return (order + 1).astype(np.uint8)
    if kind == "one":
        return np.eye(n_options, dtype=np.uint8)[chance.integers(0, n_options, n_ballots)]
    top = 6 if kind == "scores" else 2
    return chance.integers(0, top, (n_ballots, n_options)).astype(np.uint8)


def weights(n_ballots: int, *, is_weighted: bool) -> Any:
    chance = np.random.default_rng(SEED)
    return chance.integers(1, 1000, n_ballots) if is_weighted else np.ones(n_ballots, np.int64)


def names(n_options: int) -> list[str]:
    return [f"Option {number}" for number in range(n_options)]


def tally(case: Case, n_ballots: int, n_options: int, *, is_weighted: bool) -> Row:
    """Measure a count of one block of bytes."""
    block = marks(case.marks, n_ballots, n_options).tobytes()
    ballots = Table(block, weights(n_ballots, is_weighted=is_weighted), n_options)
    method, options = METHODS[case.method], names(n_options)
    taken = measure(lambda: method.count(ballots, options, seats=case.seats))
    note = "weights 1 to 999" if is_weighted else "weights 1"
    return Row(f"{case.method}, tally", "folkmoot", n_ballots, n_options, taken, note)


ROWS = "select choice, weight from ballots where proposal = 1"
BLOCK = """
    select cast(group_concat(choice, '') as blob), group_concat(weight),
           count(*), min(length(choice)), max(length(choice))
    from ballots where proposal = 1
"""


def read_and_tally(case: Case, n_ballots: int, n_options: int) -> Iterator[Row]:
    """Measure reading ballots from SQLite, a row each or as one block, and counting them."""
    method, options = METHODS[case.method], names(n_options)
    given = marks(case.marks, n_ballots, n_options)
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "ballots.db")
        database.execute(
            "create table ballots (proposal integer, voter integer, choice blob, weight integer,"
            " primary key (proposal, voter)) without rowid"
        )
        database.executemany(
            "insert into ballots values (1, ?, ?, 1)",
            ((voter, row.tobytes()) for voter, row in enumerate(given)),
        )
        database.commit()

        def by_rows() -> object:
            found = database.execute(ROWS).fetchall()
            return method.count(found, options, seats=case.seats)

        def by_block() -> object:
            block, own, count, shortest, longest = database.execute(BLOCK).fetchone()
            assert shortest == longest == n_options
            ballots = Table(block, list(map(int, own.split(","))), n_options)
            assert len(ballots) == count
            return method.count(ballots, options, seats=case.seats)

        for close, how in ((by_rows, "SQLite, a row each"), (by_block, "SQLite, one block")):
            taken = measure(close)
            what = f"{case.method}, read and tally"
            yield Row(what, "folkmoot", n_ballots, n_options, taken, how)
        database.close()


def delegation(n_members: int) -> Row:
    """Measure delegation: two in five vote, half of the rest delegate to anybody."""
    chance = np.random.default_rng(SEED)
    delegates = chance.integers(0, n_members, n_members)
    delegates[chance.random(n_members) < 0.3] = -1
    ballots = np.flatnonzero(chance.random(n_members) < 0.4)
    own: Any = chance.integers(1, 100, n_members)
    given: Any = delegates
    taken = measure(lambda: carry(given, ballots=ballots, weights=own))
    return Row("delegation", "folkmoot", n_members, 0, taken, "members, not ballots")
