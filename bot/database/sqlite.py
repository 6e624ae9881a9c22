"""SQLite behind the core: one writing connection with WAL and FULL, and read-only ones."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from bot.database.checkpoints import Checkpoints
from bot.database.schema import HEAD, SchemaTooNew, known, migrate_sqlite
from core.kernel.errors import Broken
from core.kernel.tx import Args, Row

BUSY_MS = 5_000
# 16 MiB of log before a commit has to fold what the checkpoints beside it have left.
AUTOCHECKPOINT_PAGES = 4_000
STATEMENTS = 256

# Waiting helps against these; the others need a person (disk full, file read-only).
PASSING = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_PROTOCOL"})


class StoreTrouble(Broken):
    """The file could not be read or written; `is_passing` says whether waiting may help."""

    def __init__(self, error: sqlite3.Error) -> None:
        """Take what the driver says."""
        super().__init__(str(error))
        self.code = getattr(error, "sqlite_errorname", "") or "SQLITE_ERROR"
        self.is_passing = self.code in PASSING


class SqliteTx:
    """The writing connection as a transaction of the core."""

    def __init__(
        self, connection: sqlite3.Connection, checkpoints: Checkpoints | None = None
    ) -> None:
        """Take a connection in autocommit mode, and what folds the log of a writing one."""
        self._connection = connection
        self._checkpoints = checkpoints
        self._execute = connection.execute
        self._depth = 0
        self._is_guarded = False

    def begin(self, *, is_writing: bool = True) -> None:
        """Open a transaction; a writing one takes the lock at once.

        One that only reads refuses to write, rather than wait for a lock in its middle.
        """
        self._depth = 0
        if self._is_guarded is is_writing:
            self.run(f"pragma query_only = {'off' if is_writing else 'on'}")
            self._is_guarded = not is_writing
        self.run("begin immediate" if is_writing else "begin")

    def commit(self) -> None:
        """Make it durable."""
        self.run("commit")
        if self._checkpoints is not None:
            self._checkpoints.committed()

    def rollback(self) -> None:
        """Take everything back, in whatever state the transaction is."""
        if self._connection.in_transaction:
            try:
                self._execute("rollback")
            except sqlite3.Error as error:
                raise StoreTrouble(error) from error

    def one(self, sql: str, args: Args = ()) -> Row | None:
        """Return the first row, or None."""
        rows = self.all(sql, args)
        return rows[0] if rows else None

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row."""
        try:
            return self._execute(sql, args).fetchall()
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def run(self, sql: str, args: Args = ()) -> None:
        """Write, with nothing to learn from it."""
        try:
            self._execute(sql, args)
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Write many rows with one statement."""
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def change(self, sql: str, args: Args = ()) -> int:
        """Write, and return how many rows it touched."""
        try:
            return self._execute(sql, args).rowcount
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def savepoint(self) -> None:
        """Open a savepoint; they nest."""
        self._depth += 1
        self._point("savepoint s")

    def release(self) -> None:
        """Keep what was written since the innermost savepoint."""
        self._point("release s")
        self._depth -= 1

    def undo(self) -> None:
        """Take back what was written since the innermost savepoint."""
        self._point("rollback to s")
        self._point("release s")
        self._depth -= 1

    def _point(self, what: str) -> None:
        try:
            self._execute(f"{what}{self._depth}")
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def close(self) -> None:
        """Close the connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self._connection.close()


class SqliteDatabase:
    """A SQLite file."""

    def __init__(self, path: Path) -> None:
        """Take the path; nothing is opened yet."""
        self.path = path

    def revision(self) -> str | None:
        """Return the schema's revision, or None where there is no schema yet."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return None
        connection = connect_read_only(self.path)
        try:
            row = connection.execute(
                "select 1 from sqlite_master where name = 'alembic_version'"
            ).fetchone()
            if row is None:
                return None
            found = connection.execute("select version_num from alembic_version").fetchone()
            return str(found[0]) if found else None
        finally:
            connection.close()

    def migrate(self) -> bool:
        """Bring the schema up to this program's; return whether anything was done."""
        revision = self.revision()
        if revision == HEAD:
            return False
        if revision is not None and revision not in known():
            raise SchemaTooNew(revision)
        migrate_sqlite(self.path)
        return True

    def open(self) -> SqliteTx:
        """Open the writing connection, usable from one thread at a time."""
        connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS,
            timeout=BUSY_MS / 1000,
        )
        for pragma in (
            "journal_mode = wal",
            "synchronous = full",
            "foreign_keys = on",
            "secure_delete = on",
            f"wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}",
        ):
            connection.execute(f"pragma {pragma}")
        return SqliteTx(connection, Checkpoints(self.path))

    def read(self) -> SqliteTx:
        """Open a read-only connection, for checks and exports."""
        return SqliteTx(connect_read_only(self.path))


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file that must exist, without being able to change it."""
    uri = f"file:{_quoted(path)}?mode=ro"
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )


def _quoted(path: Path) -> str:
    return quote(str(path))
