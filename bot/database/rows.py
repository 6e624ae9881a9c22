"""Many rows of one table as few statements: `values ($1, $2), ($3, $4), ..`, in powers of two.

A statement for each row costs the server and the driver more than the row itself does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.database.dialect import STATEMENTS_MAX
from core.kernel.tx import Args

# As large as a batch; 64 rows of the widest table are far below the server's 65,535 places.
ROWS_MAX = 64

_INSERT = re.compile(
    r"(\s*insert into \w+\s*\(([\w, ]+)\)\s*values )\((\?(?:, \?)*)\)"
    r"\s*(on conflict \(([\w, ]+)\)[^?]*)?"
)


@dataclass(frozen=True, slots=True)
class Insert:
    """An insert of plain values: what stands before and behind them, and how wide a row is.

    `unique` are the places of the columns by which `on conflict .. do update` finds a row: one
    statement cannot update the same row twice.
    """

    head: str
    width: int
    tail: str
    unique: tuple[int, ...]


@lru_cache(STATEMENTS_MAX)
def insert_of(sql: str) -> Insert | None:
    """Return what an insert of plain values consists of, or None where it is something else."""
    found = _INSERT.fullmatch(sql)
    if found is None:
        return None
    head, columns, places, tail, of = found.groups(default="")
    names = columns.split(", ")
    unique = [names.index(name) for name in of.split(", ")] if "do update" in tail else ()
    return Insert(head, places.count("?"), tail, tuple(unique))


def in_few(insert: Insert, rows: Sequence[Args]) -> Iterator[tuple[str, list[Any]]] | None:
    """Yield statements that insert all rows in their order, with their arguments.

    None where the same row would be updated twice.
    """
    if insert.unique:
        keys = {tuple(row[at] for at in insert.unique) for row in rows}
        if len(keys) < len(rows):
            return None
    return _in_few(insert, rows)


def _in_few(insert: Insert, rows: Sequence[Args]) -> Iterator[tuple[str, list[Any]]]:
    at = 0
    while left := len(rows) - at:
        n = min(1 << (left.bit_length() - 1), ROWS_MAX)
        yield _statement(insert, n), [value for row in rows[at : at + n] for value in row]
        at += n


@lru_cache(STATEMENTS_MAX)
def _statement(insert: Insert, n: int) -> str:
    width = insert.width
    places = [
        f"({', '.join(f'${at + 1}' for at in range(row * width, (row + 1) * width))})"
        for row in range(n)
    ]
    return f"{insert.head}{', '.join(places)} {insert.tail}".strip()
