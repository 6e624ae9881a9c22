"""Where worlds are laid: a SQLite file or a database on a PostgreSQL server, fresh and cheap."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg

from bot.database.address import Address, read_address
from bot.database.port import Database, WritableTx
from bot.database.postgres import PostgresTx
from bot.database.postgres_database import PostgresDatabase
from bot.database.sqlite import SqliteDatabase, SqliteTx
from tests.databases.server import Server, execute

# Names another server; its user has to be allowed to create databases.
ENV = "FOLKMOOT_TEST_POSTGRES"
# Deleted rows stay where they were until then, as nothing vacuums a test server.
REUSES_MAX = 40
_AS_BEFORE = "set session_replication_role = default"


class Store(Protocol):
    """A kind of database, for worlds to be laid on."""

    name: str
    # SQL: the names of all tables; (name, whether it is of the key) of a table's columns.
    tables: str
    columns: str
    # What its driver raises where a constraint is broken, or a value is of another type.
    refusals: tuple[type[Exception], ...]

    def lay(self, folder: Path) -> Database:
        """Return a migrated, empty database."""
        ...

    def open(self, database: Database) -> WritableTx:
        """Open the writing connection of a world."""
        ...

    def copy(self, database: Database) -> WritableTx:
        """Open what can be changed in transactions that are rolled back, beside the world."""
        ...

    def free(self, database: Database, tx: WritableTx) -> None:
        """Have it be laid again for somebody else."""

    def close(self) -> None:
        """Leave nothing behind."""


class SqliteStore:
    """A file in the folder."""

    name = "sqlite"
    tables = "select name from sqlite_master where type = 'table'"
    columns = "select name, pk > 0 from pragma_table_info(?) order by cid"
    refusals: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)

    def lay(self, folder: Path) -> Database:
        return fresh_database(folder)

    def open(self, database: Database) -> WritableTx:
        tx = database.open()
        # What survives a power cut is tested by killing processes; here the disk need not spin.
        tx.all("pragma synchronous = off")
        return tx

    def copy(self, database: Database) -> WritableTx:
        """Copy it into memory, where foreign keys may be broken, too."""
        assert isinstance(database, SqliteDatabase)
        copied = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(database.path)) as original:
            original.backup(copied)
        return SqliteTx(copied)

    def free(self, database: Database, tx: WritableTx) -> None:  # noqa: ARG002 - its interface
        """Close; the file goes with the test's folder."""
        tx.close()

    def close(self) -> None:
        """Nothing."""


@cache
def _template() -> Path:
    """Migrate one empty database for the whole run; worlds copy it."""
    path = Path(tempfile.mkdtemp(prefix="folkmoot-")) / "template.db"
    SqliteDatabase(path).migrate()
    return path


def fresh_database(folder: Path) -> SqliteDatabase:
    """Return a migrated, empty SQLite database in a folder."""
    path = folder / "folkmoot.db"
    shutil.copy(_template(), path)
    return SqliteDatabase(path)


class KeptTx(PostgresTx):
    """A connection that the next world gets: it knows the statements already."""

    def plain(self, sql: str) -> None:
        """Run several statements in one journey."""
        self._plain(sql)


class KeptDatabase(PostgresDatabase):
    """A database that is wiped and laid again."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self._kept: list[KeptTx] = []
        self._n_laid = 0
        self._wipe = self._truncate = ""

    def open(self) -> KeptTx:
        """Open one more connection."""
        tx = KeptTx(self._connect)
        self._kept.append(tx)
        return tx

    def first(self) -> KeptTx:
        """Return the connection of worlds."""
        return self._kept[0] if self._kept else self.open()

    def wipe(self) -> None:
        """Empty every table."""
        tx = self.first()
        if not self._wipe:
            names = [name for (name,) in tx.all(PostgresStore.tables) if name != "alembic_version"]
            self._truncate = f"truncate {', '.join(names)}"
            deletes = "; ".join(f"delete from {name}" for name in names)
            # Foreign keys are checked by triggers, which a replica has no need of.
            self._wipe = f"set session_replication_role = replica; {deletes}; {_AS_BEFORE}"
        if self._n_laid % REUSES_MAX == REUSES_MAX - 1:
            tx.run(self._truncate)
        elif self._n_laid:
            tx.plain(self._wipe)
        self._n_laid += 1

    def end(self) -> None:
        """Close every connection."""
        for tx in self._kept:
            tx.close()
        self._kept.clear()


class PostgresStore:
    """Databases on a server, laid again and again."""

    name = "postgres"
    tables = """
select relname from pg_class
 where relnamespace = current_schema()::regnamespace and relkind = 'r'"""
    columns = """
select attname, exists (select 1 from pg_index
                         where indrelid = attrelid and indisprimary and attnum = any(indkey))
  from pg_attribute
 where attrelid = ?::regclass and attnum > 0 and not attisdropped order by attnum"""
    refusals: tuple[type[Exception], ...] = (psycopg.IntegrityError, psycopg.DataError)

    def __init__(self, own: Server | None = None) -> None:
        """Take a server that is to be broken, whose databases serve once."""
        self._is_single = own is not None
        self._url = os.environ.get(ENV, "")
        self.server = own
        if not self._url and own is None:
            self.server = Server()
        self._prefix = f"folkmoot_test_{os.getpid()}"
        self._n = 0
        self._free: list[KeptDatabase] = []
        self._all: list[KeptDatabase] = []
        self._make("template", "template0")
        PostgresDatabase(read_address(self.url("template"))).migrate()

    def url(self, name: str) -> str:
        """Return the url of a database of ours."""
        return self._on(f"{self._prefix}_{name}")

    def create(self, name: str) -> str:
        """Make a migrated database of one's own; return its url."""
        self._make(name, f"{self._prefix}_template")
        return self.url(name)

    def create_empty(self, name: str, encoding: str = "UTF8") -> str:
        """Make a database without any table; return its url."""
        self._make(name, "template0", encoding)
        return self.url(name)

    def lay(self, folder: Path) -> Database:  # noqa: ARG002 - its interface
        database = self._free.pop() if self._free else self._another()
        database.wipe()
        return database

    def open(self, database: Database) -> WritableTx:
        assert isinstance(database, KeptDatabase)
        return database.first()

    def copy(self, database: Database) -> WritableTx:
        """Open another connection without foreign keys, as only the server's keeper can."""
        assert isinstance(database, KeptDatabase)
        tx = database.open()
        tx.plain("set session_replication_role = replica")
        return tx

    def free(self, database: Database, tx: WritableTx) -> None:
        assert isinstance(database, KeptDatabase)
        if self._is_single:
            tx.close()
            return
        tx.rollback()
        self._free.append(database)

    def close(self) -> None:
        for one in self._all:
            one.end()
        if self.server is not None:
            self.server.remove()
            return
        names = execute(
            self._on("postgres"),
            f"select datname from pg_database where starts_with(datname, '{self._prefix}')",
        )
        for (name,) in names:
            execute(self._on("postgres"), f"drop database {name} with (force)")

    def _another(self) -> KeptDatabase:
        self._n += 1
        made = KeptDatabase(read_address(self.create(str(self._n))))
        self._all.append(made)
        return made

    def _on(self, name: str) -> str:
        if self.server is not None:
            return self.server.url(name)
        words = psycopg.conninfo.conninfo_to_dict(self._url)
        start, _, query = self._url.partition("?")
        assert words.get("dbname"), f"{ENV} must name a database"
        return f"{start.rpartition('/')[0]}/{name}{'?' if query else ''}{query}"

    def _make(self, name: str, template: str, encoding: str = "UTF8") -> None:
        asked = f"create database {self._prefix}_{name} template {template} encoding '{encoding}'"
        plain = "locale 'C'" if encoding != "UTF8" else ""
        execute(self._on("postgres"), f"{asked} {plain} strategy file_copy")


STORES: dict[str, Callable[[], Store]] = {"sqlite": SqliteStore, "postgres": PostgresStore}
_made: dict[str, Store] = {}
_current: list[Store] = []


def store(name: str) -> Store:
    """Return a store, which is made when it is first asked for."""
    if name not in _made:
        _made[name] = STORES[name]()
    return _made[name]


def use(name: str) -> Store:
    """Have worlds be laid on a store from now on."""
    _current[:] = [store(name)]
    return _current[0]


def current() -> Store:
    """Return the store on which worlds are laid now."""
    return _current[0] if _current else use("sqlite")


def close_all() -> None:
    """Close what was made."""
    for one in _made.values():
        one.close()
    _made.clear()
    _current.clear()
