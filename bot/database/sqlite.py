"""SQLite behind the core: one writing connection with WAL and FULL, and read-only ones."""

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from bot.database.checkpoints import Checkpoints
from bot.database.lock import Lock
from bot.database.look import BUSY_MS, connect_as_it_is, look
from bot.database.readers import SqliteReaders
from bot.database.schema import migrate_sqlite
from bot.database.standing import Look, is_behind
from bot.trouble import Trouble
from core.kernel.errors import Broken
from core.kernel.tx import Args, Row

# More would make one member wait for too many others; fewer would waste the sync.
BATCH_MAX = 512
# 16 MiB of log before a commit has to fold what the checkpoints beside it have left.
AUTOCHECKPOINT_PAGES = 4_000
STATEMENTS = 256
# So many rows go in one statement: three quarters of the time of a statement a row.
PACKS = (64, 16, 4)

_ROW = re.compile(r"\A\s*insert into \w+ \([\w, ]+\)\s+values (\((?:\?, )*\?\))")

# The driver asks a value that is no text and no number how it wants to be stored, which takes
# longer than to store it; bytes are stored as they are.
sqlite3.register_adapter(bytes, bytes)

# Waiting helps against these; the others need a person (disk full, file read-only).
PASSING = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_PROTOCOL"})


@lru_cache(STATEMENTS)
def _packed(sql: str) -> Sequence[tuple[int, str]]:
    """Return the insert of a row as inserts of many, largest first; none for what is no insert."""
    found = _ROW.search(sql)
    if found is None or "?" in sql[found.end() :]:
        return ()
    start, row, rest = sql[: found.start(1)], found[1], sql[found.end() :]
    return [(n, f"{start}{', '.join([row] * n)}{rest}") for n in PACKS]


class StoreTrouble(Broken):
    """The file could not be read or written; `is_passing` says whether waiting may help."""

    def __init__(self, error: sqlite3.Error) -> None:
        """Take what the driver says."""
        super().__init__(str(error))
        self.code = getattr(error, "sqlite_errorname", "") or "SQLITE_ERROR"
        self.is_passing = self.code in PASSING


class SqliteTx:
    """The writing connection as a transaction of the core."""

    batch_max = BATCH_MAX
    is_shared = False

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

    def lock(self, name: str, *, waits: bool = False) -> bool:  # noqa: ARG002 - its interface
        """Take a lock: the file's own, which was taken at the beginning, is one for all."""
        return True

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
        left = list(rows)
        try:
            for n, packed in _packed(sql):
                while len(left) >= n:
                    self._execute(packed, [*chain.from_iterable(left[:n])])
                    del left[:n]
            if left:
                self._connection.executemany(sql, left)
        except sqlite3.OperationalError as error:
            raise StoreTrouble(error) from error

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Do nothing: writes do not travel here."""
        return contextlib.nullcontext()

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
        self.shown = str(path)

    def look(self) -> Look:
        """Return what the file is; raises OSError or Trouble."""
        return look(self.path)

    def lock(self) -> Lock:
        """Return the lock file beside it."""
        return Lock(self.path)

    def migrate(self) -> bool:
        """Bring the schema up to this program's; return whether anything was done."""
        if not is_behind(self.shown, self.look()):
            return False
        self._check_writable()
        migrate_sqlite(self.path)
        return True

    def open(self) -> SqliteTx:
        """Open the writing connection, usable from one thread at a time; raises Trouble."""
        self._check_writable()
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

    def _check_writable(self) -> None:
        # Said before SQLite makes its own files beside it, which would be read-only as well.
        if self.path.exists() and not os.access(self.path, os.W_OK, effective_ids=True):
            raise Trouble(
                f"{self.path} is read-only here. Give it to the user that runs the bot, on a disk "
                "that takes writes."
            )

    def read(self) -> SqliteTx:
        """Open a read-only connection, for checks and exports."""
        return SqliteTx(connect_as_it_is(self.path))

    def readers(self) -> SqliteReaders:
        """Return what reads for the asynchronous side."""
        return SqliteReaders(self.path)
