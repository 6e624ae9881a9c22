"""What PostgreSQL is made to do as SQLite does, and the program on a server of its own."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import backup, check, migrate, verify
from bot.database.address import read_address
from bot.database.dialect import for_postgres
from bot.database.postgres_database import PostgresDatabase
from bot.settings import Database, Settings
from bot.trouble import Trouble
from core.kernel.errors import Broken
from core.kernel.held import Spoiled
from tests.bot.test_run import ENVIRONMENT, confirmed, read_until, rest_of, say
from tests.databases import stores
from tests.databases.server import execute
from tests.databases.stores import PostgresStore

_TEXTS = """
select relname, attname from pg_attribute join pg_class c on c.oid = attrelid
  join pg_type t on t.oid = atttypid join pg_collation l on l.oid = attcollation
 where relnamespace = current_schema()::regnamespace and relkind = 'r' and attnum > 0
   and relname <> 'alembic_version' and collname <> 'C'"""
_names = iter(range(1_000))


@pytest.fixture(scope="module")
def server() -> PostgresStore:
    made = stores.store("postgres")
    assert isinstance(made, PostgresStore)
    return made


@pytest.fixture
def database(server: PostgresStore) -> PostgresDatabase:
    """A migrated database of one's own."""
    return PostgresDatabase(read_address(server.create(f"own{next(_names)}")))


@pytest.fixture
def empty(server: PostgresStore) -> PostgresDatabase:
    """One without any table."""
    return PostgresDatabase(read_address(server.create_empty(f"empty{next(_names)}")))


@pytest.fixture
def program(empty: PostgresDatabase, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A room on a server."""
    made = start(empty, tmp_path)
    yield made
    made.kill()
    made.communicate()


def start(database: PostgresDatabase, folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=ENVIRONMENT | {"FOLKMOOT_DATABASE__URL": database.address.url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("said", "there"),
    [
        (
            "where a = ? and b = '?' and c in (?, ?)",
            "a = $1 and b = '?' and c in ($2, $3)",
        ),
        ("select cast(group_concat(choice, '') as blob) from b", "select string_agg(choice, '')"),
        ("update a set b = '100%' where c = ?", "'100%' where c = $1"),
    ],
)
def test_a_statement_is_said_in_its_words(said: str, there: str) -> None:
    assert there in for_postgres(said)


def test_every_text_sorts_by_its_signs(database: PostgresDatabase) -> None:
    tx = database.open()
    assert tx.all(_TEXTS) == []
    for name in ("b", "B", "a", "ä", "_", "Z"):
        tx.run("insert into state (name, value) values (?, '')", (name,))
    found = [name for (name,) in tx.all("select name from state order by name")]
    assert found == sorted(found, key=lambda name: name.encode())
    tx.close()


def test_whole_numbers_are_whole_however_large(database: PostgresDatabase) -> None:
    tx = database.open()
    for name, value in (("a", 1), ("b", 2**62), ("c", 2**62)):
        tx.run("insert into counter (name, value) values (?, ?)", (name, value))
    row = tx.one("select sum(value), max(value), count(*) from counter where value >= ?", (1,))
    assert row == (2**63 + 1, 2**62, 3)
    assert {type(one) for one in row} == {int}
    tx.close()


def test_nothing_of_a_transaction_with_a_refused_statement_is_kept(
    database: PostgresDatabase,
) -> None:
    tx = database.open()
    tx.begin()
    tx.run("insert into state (name, value) values ('a', '')")
    with pytest.raises(Exception, match="duplicate key"):
        tx.run("insert into state (name, value) values ('a', '')")
    with pytest.raises(Spoiled):
        tx.one("select 1")
    with pytest.raises(Spoiled):
        tx.commit()
    tx.rollback()
    assert tx.all("select name from state") == []
    tx.close()


def test_what_is_taken_back_alone_leaves_the_rest(database: PostgresDatabase) -> None:
    tx = database.open()
    tx.begin()
    tx.run("insert into state (name, value) values ('a', '')")
    for keeps in (False, True):
        tx.savepoint()
        tx.savepoint()
        with pytest.raises(Exception, match="duplicate key"):
            tx.many("insert into state (name, value) values (?, '')", [("b",), ("a",)])
        tx.undo()
        tx.run("insert into state (name, value) values (?, '')", (f"c{keeps}",))
        (tx.release if keeps else tx.undo)()
    tx.commit()
    assert tx.all("select name from state order by name") == [("a",), ("cTrue",)]
    tx.close()


def test_who_only_reads_sees_one_snapshot_and_cannot_write(database: PostgresDatabase) -> None:
    reading, writing = database.read(), database.open()
    reading.begin(is_writing=False)
    assert reading.all("select name from state") == []
    writing.run("insert into state (name, value) values ('a', '')")
    assert reading.all("select name from state") == []
    with pytest.raises(Broken, match="read-only"):
        reading.run("delete from state")
    reading.rollback()
    assert reading.all("select name from state") == [("a",)]
    reading.close()
    writing.close()


async def test_readers_see_what_was_answered_and_cannot_write(database: PostgresDatabase) -> None:
    tx, readers = database.open(), database.readers()
    await readers.open()
    for n in range(20):
        tx.run("insert into state (name, value) values (?, ?)", (f"{n}", "ä"))
        assert len(await readers.all("select name from state where value = ?", ("ä",))) == n + 1
    with pytest.raises(Exception, match="read-only"):
        await readers.all("delete from state")
    await asyncio.gather(*(readers.all("select ?", ("a",)) for _ in range(20)))
    await readers.close()
    tx.close()


def test_migrating_says_what_was_done(empty: PostgresDatabase) -> None:
    for words in ("created, schema", "already, nothing to do"):
        out = io.StringIO()
        assert migrate.migrate(empty, out) == 0
        assert words in out.getvalue()
        assert out.getvalue().startswith(f"{empty.shown}: ")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("create table letters (id integer)", "is not a database of Folkmoot"),
        ("update alembic_version set version_num = '9999'", "was written by a newer Folkmoot"),
    ],
)
def test_what_is_not_ours_is_left_alone(
    empty: PostgresDatabase, database: PostgresDatabase, sql: str, words: str
) -> None:
    found = empty if sql.startswith("create") else database
    execute(found.address.url, sql)
    with pytest.raises(Trouble, match=words):
        migrate.migrate(found, io.StringIO())
    with pytest.raises(Trouble, match=words):
        verify.command(found, None, io.StringIO())
    out = io.StringIO()
    assert check.check(settings(found), None, out) == 1
    assert words in out.getvalue()


def test_a_database_that_cannot_keep_every_sign_is_refused(server: PostgresStore) -> None:
    name = f"ascii{next(_names)}"
    url = server.create_empty(name, encoding="SQL_ASCII")
    with pytest.raises(Trouble, match="encoding 'UTF8'"):
        PostgresDatabase(read_address(url)).migrate()


def test_a_user_that_may_make_no_tables_is_told_so(empty: PostgresDatabase) -> None:
    words = empty.address.words
    execute(empty.address.url, "create role guest login")
    url = f"postgresql://guest@/{words['dbname']}?host={words['host']}"
    try:
        with pytest.raises(Trouble, match="may not make tables there"):
            migrate.migrate(PostgresDatabase(read_address(url)), io.StringIO())
    finally:
        execute(empty.address.url, "drop role guest")


def settings(database: PostgresDatabase) -> Settings:
    return Settings(database=Database(url=database.address.url))


def test_check_says_what_can_be_lost_there(database: PostgresDatabase) -> None:
    out = io.StringIO()
    assert check.check(settings(database), None, out) == 0, out.getvalue()
    assert "can be written to" in out.getvalue()
    assert "fsync is off on that server" in out.getvalue()
    assert "PostgreSQL's own tools make the copies" in out.getvalue()


def test_check_says_that_a_server_is_away() -> None:
    out = io.StringIO()
    away = Settings(database=Database(url="postgresql://ana:hunter2@localhost:1/moot"))
    assert check.check(away, None, out) == 1
    assert "postgresql://ana@localhost:1/moot cannot be reached" in out.getvalue()
    assert "hunter2" not in out.getvalue()


def test_a_copy_is_left_to_the_server_s_own_tools(
    database: PostgresDatabase, tmp_path: Path
) -> None:
    with pytest.raises(Trouble, match="pg_dump"):
        backup.command(settings(database).database, tmp_path / "copy.db", io.StringIO())


def test_no_password_is_shown() -> None:
    made = Settings(database=Database(url="postgresql://ana:hun%40ter@db.example:5433/moot"))
    assert made.database.shown == "postgresql://ana@db.example:5433/moot"
    assert {"hun%40ter", "hun@ter"} <= set(made.secrets)
    assert "hun" not in repr(made)
    other = Settings(database=Database(url="postgresql:///moot?host=/run/pg&password=hunter2"))
    assert other.database.shown == "postgresql:///moot"
    assert "hunter2" in other.secrets


def test_a_room_works_on_a_server_until_it_is_ended(
    program: "subprocess.Popen[bytes]", empty: PostgresDatabase, tmp_path: Path
) -> None:
    say(program, "/poll Lunch? Pizza | Soup", "ben: /vote 1 Pizza")
    read_until(program, "Your ballot on #1")
    _, errors, code = rest_of(start(empty, tmp_path))
    assert code == 1
    assert "Another Folkmoot is working on postgresql:///" in errors
    _, said, code = rest_of(start(empty, tmp_path, "check", "--alive"))
    assert (said, code) == ("", 0)
    program.send_signal(signal.SIGTERM)
    _, errors, code = rest_of(program)
    assert (errors, code) == ("", 0)
    again = start(empty, tmp_path)
    say(again, "cy: /vote 1 Soup", "/quit")
    said, errors, code = rest_of(again)
    assert (errors, code) == ("", 0)
    assert confirmed(said) == 1
    out = io.StringIO()
    assert verify.command(empty, None, out) == 0
    assert execute(empty.address.url, "select turnout from running") == [(2,)]


def test_a_killed_one_gives_way_to_the_next(
    program: "subprocess.Popen[bytes]", empty: PostgresDatabase, tmp_path: Path
) -> None:
    say(program, "/poll Lunch? Pizza | Soup", "ben: /vote 1 Pizza")
    read_until(program, "Your ballot on #1")
    program.kill()
    again = start(empty, tmp_path)
    say(again, "ben: /vote 1 Soup", "/quit")
    _, errors, code = rest_of(again)
    assert (errors, code) == ("", 0)
    assert execute(empty.address.url, "select turnout from running") == [(1,)]


@pytest.mark.parametrize("url", ["sqlite:///a.db", "postgresql://db.example/moot"])
def test_only_the_drivers_that_are_needed_are_imported(url: str) -> None:
    code = (
        "import sys\nfrom bot.compose import Bot\nfrom bot.settings import Settings\n"
        "Bot(Settings())\nprint(*{'psycopg', 'asyncpg', 'sqlite3', 'aiosqlite'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT | {"FOLKMOOT_DATABASE__URL": url, "PATH": os.environ["PATH"]},
    )
    found = set(done.stdout.split())
    if url.startswith("sqlite"):
        assert found == {"aiosqlite", "sqlite3"}
    else:
        assert found >= {"asyncpg", "psycopg"}
