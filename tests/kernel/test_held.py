"""Rows that wait: whoever looks sees them, what fails takes only its own, and the order holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database.sqlite import SqliteTx
from core.kernel.held import Held, Spoiled

PUT = "insert into shelf (name, n) values (?, ?) on conflict (name) do update set n = excluded.n"
ADD = "update shelf set n = n + ? where name = 'a'"
LOOK = "select name, n from shelf order by name"

WHAT = ("hold", "run", "add", "open", "undo", "look", "shut")
STEPS = st.tuples(st.sampled_from(WHAT), st.sampled_from("bcd"), st.integers(1, 9))
COMMANDS = st.lists(st.tuples(st.lists(STEPS, max_size=12), st.booleans()), max_size=6)


@contextmanager
def shelf() -> Iterator[SqliteTx]:
    """Yield an open transaction over a table of one row."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table shelf (name primary key, n not null check (n < 100))")
    connection.execute("insert into shelf values ('a', 0)")
    tx = SqliteTx(connection)
    tx.begin()
    yield tx
    connection.close()


def look(tx: SqliteTx | Held) -> dict[str, int]:
    """Return what is on the shelf."""
    return dict(tx.all(LOOK))


class Plain:
    """What Held has to look like: each command a copy, nothing waits."""

    def __init__(self) -> None:
        """Start with one row."""
        self.now = {"a": 0}
        self.before: list[dict[str, int]] = []

    def start(self) -> None:
        """Begin a command."""
        self.before = [dict(self.now)]

    def drop(self) -> None:
        """Take all of it back."""
        self.now = self.before[0]


@given(COMMANDS)
def test_it_is_as_if_nothing_had_waited(
    commands: list[tuple[list[tuple[str, str, int]], bool]],
) -> None:
    plain = Plain()
    with shelf() as tx:
        held = Held(tx)
        for steps, is_kept in commands:
            held.start()
            plain.start()
            for step in steps:
                do(held, plain, *step)
            if is_kept:
                while len(plain.before) > 1:
                    do(held, plain, "shut", "", 0)
                held.keep()
            else:  # as a bug leaves it: with savepoints of its own still open
                held.drop()
                plain.drop()
        held.send()
        assert look(tx) == plain.now


def do(held: Held, plain: Plain, what: str, name: str, n: int) -> None:
    """Take one step in both."""
    match what:
        case "hold":
            held.hold(PUT, (name, n), key=name)
            plain.now[name] = n
        case "run":
            held.run(PUT, (name, n))
            plain.now[name] = n
        case "add":
            held.hold(ADD, (n,))
            plain.now["a"] += n
        case "look":
            assert look(held) == plain.now
        case "open":
            held.savepoint()
            plain.before.append(dict(plain.now))
        case "shut" if len(plain.before) > 1:
            held.release()
            plain.before.pop()
        case "undo" if len(plain.before) > 1:
            held.undo()
            plain.now = plain.before.pop()


def test_a_row_that_the_store_refuses_is_not_blamed_on_who_looks() -> None:
    with shelf() as tx:
        held = Held(tx)
        held.start()
        held.hold(PUT, ("b", 100))
        held.keep()
        held.start()
        with pytest.raises(Spoiled, match="CHECK"):
            held.all(LOOK)


def test_a_command_that_only_reads_has_written_nothing() -> None:
    with shelf() as tx:
        held = Held(tx)
        held.start()
        held.hold(PUT, ("b", 1))
        held.keep()
        before = held.writes
        held.start()
        assert look(held) == {"a": 0, "b": 1}
        assert held.writes == before
        held.one("insert into shelf values ('c', 2) returning n")
        assert held.writes == before + 1


def test_of_rows_with_one_key_the_last_is_sent() -> None:
    with shelf() as tx:
        held = Held(tx)
        for n in (1, 2, 3):
            held.hold(ADD, (n,), key="a")
        held.send()
        assert look(tx) == {"a": 3}


def test_of_rows_with_one_key_only_the_last_one_is_made() -> None:
    made = []

    def row(n: int) -> tuple[int]:
        made.append(n)
        return (n,)

    with shelf() as tx:
        held = Held(tx)
        for n in (1, 2, 3):
            held.hold(ADD, partial(row, n), key="a")
        assert made == []
        held.send()
        assert made == [3]
        assert look(tx) == {"a": 3}
