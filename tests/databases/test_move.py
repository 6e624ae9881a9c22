"""Moving a lived-in community to the other database and back: all of it, or nothing."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli, move, verify
from bot.batch import Batch
from bot.database.address import read_address
from bot.database.port import Database, database_at
from bot.database.postgres_database import PostgresDatabase
from bot.database.sqlite import SqliteDatabase
from bot.trouble import Trouble
from core.kernel import journal
from tests.bot.test_engine import is_ok
from tests.bot.twin import vote
from tests.databases import stores
from tests.databases.stores import PostgresStore
from tests.laws.weeks import lived_in
from tests.world import World


@pytest.fixture(scope="module")
def server() -> PostgresStore:
    made = stores.store("postgres")
    assert isinstance(made, PostgresStore)
    return made


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def week(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    server: PostgresStore,
) -> Iterator[World]:
    """A week on one database; moving changes nothing of it."""
    stores.use(request.param)
    made = lived_in(tmp_path_factory.mktemp("week"))
    yield made
    made.close()
    stores.use("sqlite")


_n = iter(range(1_000))


@pytest.fixture
def target(week: World, tmp_path: Path, server: PostgresStore) -> Database:
    """The other database, without any table yet."""
    if week.store.name == "postgres":
        return SqliteDatabase(tmp_path / "moved.db")
    return PostgresDatabase(read_address(server.create_empty(f"moved{next(_n)}")))


def moved(source: Database, target: Database) -> str:
    out = io.StringIO()
    assert move.command(source, target, out) == 0
    return out.getvalue()


def verified(database: Database) -> str:
    out = io.StringIO()
    assert verify.command(database, None, out) == 0
    return out.getvalue()


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    tx = database.read()
    found = {
        table.name: tx.all(f"select * from {table.name} order by {', '.join(table.key)}")
        for table in move.schema()
    }
    tx.close()
    return found


def test_a_week_is_moved_and_verifies_alike(week: World, target: Database) -> None:
    said = moved(week.database, target)
    assert verified(target) == verified(week.database)
    assert rows(target) == rows(week.database)
    head = journal.head(week.tx, 1)
    assert f"community 1: journal entry {head.seq}, head {head.hash.hex()}\n" in said
    assert "everything fits on both sides" in said
    assert f"Everything is in {target.shown} now." in said


def test_a_week_goes_there_and_back_and_goes_on(
    week: World, target: Database, tmp_path: Path, server: PostgresStore
) -> None:
    moved(week.database, target)
    home: Database = SqliteDatabase(tmp_path / "home.db")
    if week.store.name == "postgres":
        home = PostgresDatabase(read_address(server.create(f"home{next(_n)}")))
    moved(target, home)
    assert rows(home) == rows(week.database)
    tx = home.open()
    ballot = vote("r1", "cy", "oak", 16)
    (told,) = Batch(week.app, tx).run([ballot])
    assert is_ok(told.value)
    tx.close()
    assert verified(home).endswith("Everything fits.\n")


def test_nothing_is_moved_over_what_is_there(week: World, target: Database) -> None:
    moved(week.database, target)
    before = rows(target)
    with pytest.raises(Trouble, match="is not empty"):
        move.command(week.database, target, io.StringIO())
    assert rows(target) == before


@pytest.mark.parametrize("which", ["source", "target"])
def test_nothing_is_moved_while_a_bot_works(
    week: World, target: Database, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.postgres.LOCK_MS", 50)
    target.migrate()
    busy = week.database if which == "source" else target
    same = (
        PostgresDatabase(busy.address)
        if isinstance(busy, PostgresDatabase)
        else database_at(f"sqlite:///{busy.shown}")
    )
    lock = same.lock()
    lock.take()
    tx = same.open()
    with pytest.raises(Trouble, match="is working on"):
        move.command(week.database, target, io.StringIO())
    tx.close()
    lock.free()
    moved(week.database, target)


def test_a_move_that_fails_leaves_nothing(
    week: World, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = verify.checks
    seen: list[int] = []

    def strange(*what: object) -> object:
        seen.append(1)
        return list(checks(*what))[len(seen) - 1 :]  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(verify, "checks", strange)
        with pytest.raises(Trouble, match="does not say the same"):
            move.command(week.database, target, io.StringIO())
    assert not any(rows(target).values())
    moved(week.database, target)


@pytest.mark.parametrize("week", ["sqlite"], indirect=True)
def test_a_sign_that_postgresql_cannot_keep_is_named(week: World, target: Database) -> None:
    week.tx.run("update pool set name = 'a' || char(0) || 'b' where id = 2")
    with pytest.raises(Trouble, match=r"the row 2 of pool has a sign \(NUL\)"):
        move.command(week.database, target, io.StringIO())
    week.tx.run("update pool set name = 'seeds' where id = 2")
    assert not any(rows(target).values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sqlite:///none.db", "sqlite:///b.db"), "there is no database none.db"),
        (("sqlite:///a.db", "sqlite:///a.db"), "cannot be moved to itself"),
        (("postgresql://ana:hunter2@h", "sqlite:///b.db"), "must be postgresql://user:password"),
        (("mysql://ana:hunter2@h/a", "sqlite:///b.db"), "must be sqlite:///FILE or postgresql"),
    ],
)
def test_a_wrong_move_is_refused_in_a_sentence(
    words: tuple[str, str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["move", "--from", words[0], "--to", words[1]]) in {1, 2}
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert "hunter2" not in told
    assert list(tmp_path.iterdir()) == []
