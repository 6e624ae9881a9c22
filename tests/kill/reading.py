"""Reading a database afterwards, whichever it is, with no code of ours."""

import sqlite3
import time

import psycopg

from bot.database.address import is_postgres
from tests.databases.server import execute
from tests.kill.ground import OTHERS

# What a killed bot had asked for last may still be done.
PATIENCE_S = 60

_TABLES = """
select relname from pg_class
 where relnamespace = current_schema()::regnamespace and relkind = 'r'"""


def reading(url: str) -> sqlite3.Connection:
    """Return what a database holds now; the process may be at work meanwhile.

    Of a server it is a copy, made by the server's own words, so that one audit reads both.
    """
    if is_postgres(url):
        return _copied(url)
    path = url.removeprefix("sqlite:///")
    found = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    found.execute("begin")
    return found


def _copied(url: str) -> sqlite3.Connection:
    copied = sqlite3.connect(":memory:", isolation_level=None)
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for (name,) in connection.execute(_TABLES).fetchall():
            rows = connection.execute(f'select * from "{name}"')
            columns = [f'"{one.name}"' for one in rows.description or ()]
            copied.execute(f'create table "{name}" ({", ".join(columns)})')
            places = ", ".join("?" * len(columns))
            copied.executemany(f'insert into "{name}" values ({places})', rows)
    return copied


def wait_alone(url: str) -> None:
    """Wait until nothing of a killed bot is left at work on a server."""
    until = time.monotonic() + PATIENCE_S
    while is_postgres(url) and execute(url, OTHERS):
        assert time.monotonic() < until
        time.sleep(0.01)
