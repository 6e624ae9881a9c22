"""Many rows as few statements: the same rows in the same order, or none of it."""

import pytest

from bot.database.rows import ROWS_MAX, in_few, insert_of

PLAIN = "insert into one (a, b) values (?, ?)"
UPDATING = f"{PLAIN}\non conflict (b) do update set a = excluded.a"


def test_rows_go_in_powers_of_two_and_in_their_order() -> None:
    insert = insert_of(PLAIN)
    assert insert is not None
    rows = [(at, -at) for at in range(ROWS_MAX + 7)]
    few = list(in_few(insert, rows) or ())
    assert [len(args) // 2 for _, args in few] == [ROWS_MAX, 4, 2, 1]
    assert [value for _, args in few for value in args] == [one for row in rows for one in row]
    assert few[2][0] == "insert into one (a, b) values ($1, $2), ($3, $4)"


def test_nothing_is_no_statement() -> None:
    insert = insert_of(PLAIN)
    assert insert is not None
    assert list(in_few(insert, []) or ()) == []


def test_a_row_is_not_updated_twice_by_one_statement() -> None:
    insert = insert_of(UPDATING)
    assert insert is not None
    assert in_few(insert, [(1, 1), (2, 1)]) is None
    few = list(in_few(insert, [(1, 1), (1, 2)]) or ())
    assert few[0][0].endswith("($3, $4) on conflict (b) do update set a = excluded.a")


@pytest.mark.parametrize(
    "sql",
    [
        "update one set a = ? where b = ?",
        "insert into one (a, b) values (?, coalesce(?, 1))",
        "insert into one (a, b) values (?, 'why?')",
        "insert into one (a, b) select ?, ?",
        f"{PLAIN} returning a",
        f"{PLAIN} on conflict (b) do update set a = ?",
    ],
)
def test_what_is_no_insert_of_plain_values_stays_a_statement_a_row(sql: str) -> None:
    assert insert_of(sql) is None
