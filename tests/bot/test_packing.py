"""Many rows in few statements: the same rows, in the same order, as one by one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.database.sqlite import PACKS, SqliteTx

ADD = "insert into shelf (name, n) values (?, ?)"
PUT = f"\n{ADD}\non conflict (name) do update\n   set n = shelf.n * 10 + excluded.n"
SIZES = sorted({0, 1, sum(PACKS) + 3, *(n + more for n in PACKS for more in (-1, 0, 1))})


class Shelf:
    """A table, and what was said to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.said: list[str] = []
        self.tx = SqliteTx(connection)
        self.tx.run("create table shelf (name text primary key, n integer, check (n < 1000))")
        connection.set_trace_callback(self.said.append)

    def rows(self) -> list[tuple[str, int]]:
        return self.tx.all("select name, n from shelf order by rowid")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield Shelf(connection)


@pytest.mark.parametrize("n", SIZES)
def test_every_row_is_there_once_and_in_order(shelf: Shelf, n: int) -> None:
    rows = [(f"{at:03}", at) for at in range(n)]
    shelf.tx.many(ADD, iter(rows))
    assert shelf.rows() == rows


def test_a_hundred_rows_take_few_statements(shelf: Shelf) -> None:
    shelf.tx.many(ADD, [(str(at), at) for at in range(100)])
    assert len(shelf.said) < 10


def test_rows_of_one_key_meet_in_their_order(shelf: Shelf) -> None:
    shelf.tx.many(PUT, [("a", 1), ("b", 5), ("a", 2), ("a", 3)])
    assert shelf.rows() == [("a", 123), ("b", 5)]


def test_what_is_no_insert_of_plain_values_goes_row_by_row(shelf: Shelf) -> None:
    shelf.tx.many(ADD, [(str(at), at) for at in range(5)])
    shelf.tx.many("update shelf set n = n + ? where name = ?", [(10, str(at)) for at in range(5)])
    shelf.tx.many(
        "insert into shelf (name, n) values (?, 0) on conflict (name) do update set n = n + 1",
        [(str(at),) for at in range(5)],
    )
    shelf.tx.many(
        "insert into shelf (name, n) values (?, ?) on conflict (name) do update set n = n * ?",
        [(str(at), 0, 2) for at in range(5)],
    )
    assert shelf.rows() == [(str(at), (at + 11) * 2) for at in range(5)]


def test_a_row_that_is_refused_takes_its_statement_along(shelf: Shelf) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        shelf.tx.many(ADD, [("a", 1), ("b", 2), ("c", 1_000), ("d", 4)])
    assert shelf.rows() == []
