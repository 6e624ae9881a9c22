"""PostgreSQL behind the core: one writing connection, batches under their community's lock."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper, NumericBinaryLoader
from psycopg.types.string import StrDumper

from bot.database.dialect import for_postgres
from bot.database.lock import InUse
from bot.database.postgres_trouble import PostgresTrouble, sorted_out
from bot.database.rows import in_few, insert_of
from core.kernel.held import Spoiled
from core.kernel.tx import Args, Row

# Of one community, so that nobody waits for another's; more subtransactions than these also
# overflow what the server keeps at hand of each connection.
BATCH_MAX = 64
LOCK_MS = 5_000
# A server that is restarted is back in seconds; a batch tries so long, a few times over.
PATIENCE_S = 5.0
PAUSE_S, PAUSE_S_MAX = 0.05, 0.5
CONNECT_S = 5
STATEMENTS = 512
# A server that is gone without a word is noticed after some ten seconds.
KEEP_ALIVE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# An advisory lock of two numbers; those of communities are of one, and never meet it. The second
# number of migrations is 2.
OURS, WORKING = 1_181_109_067, 1

_BEGIN = "begin isolation level read committed"
_BEGIN_READING = "begin isolation level repeatable read read only"
_TAKE_WORK = f"select pg_advisory_lock({OURS}, {WORKING})"
# A server may be set to answer a commit before it is on the disk; then a crash would take back
# what people were told. Whoever set it to wait for more than the disk keeps that.
_DURABLE = """
select set_config('synchronous_commit', 'on', false)
 where current_setting('synchronous_commit') = 'off'"""
_TRY_LOCK = "select pg_try_advisory_xact_lock(?)"
_LOCK = "select pg_advisory_xact_lock(?)"

Connection = psycopg.Connection[Row]
Connect = Callable[[], Connection]


class WholeLoader(NumericBinaryLoader):
    """Sums of whole numbers, which the server widens, as the whole numbers they are."""

    def load(self, data: psycopg.abc.Buffer) -> Any:
        """Return an int."""
        return int(super().load(data))


def connect_plainly(words: dict[str, Any]) -> Connection:
    """Connect as the driver does by itself; raises psycopg.Error."""
    ours: dict[str, Any] = {"connect_timeout": CONNECT_S, "application_name": "folkmoot"}
    ours |= KEEP_ALIVE | words | {"client_encoding": "utf8", "autocommit": True}
    connection = psycopg.connect(**ours)
    connection.execute(_DURABLE, prepare=False)
    connection.autocommit = False
    return connection


def connect(words: dict[str, Any]) -> Connection:
    """Connect in autocommit mode, with types as SQLite has them; raises psycopg.Error."""
    connection = connect_plainly(words)
    connection.autocommit = True
    connection.cursor_factory = psycopg.RawCursor
    connection.prepare_threshold = 1
    connection.prepared_max = STATEMENTS
    known = connection.adapters
    # One type for whole numbers and one for texts, or each statement is prepared several times.
    known.register_dumper(int, Int8BinaryDumper)
    known.register_dumper(str, StrDumper)
    known.register_loader("numeric", WholeLoader)
    connection.execute(f"set lock_timeout = {LOCK_MS}")
    return connection


class PostgresTx:
    """The writing connection as a transaction of the core; it connects again by itself."""

    batch_max = BATCH_MAX
    is_shared = True

    def __init__(self, connect_: Connect, *, is_alone: bool = False) -> None:
        """Take what connects; `is_alone` keeps every other Folkmoot from writing."""
        self._connect = connect_
        self._is_alone = is_alone
        self._depth = 0
        self._connection: Connection | None = None
        self._open()

    def begin(self, *, is_writing: bool = True) -> None:
        """Open a transaction; one that only reads sees one snapshot and refuses to write."""
        self._depth = 0
        if self._connection is None or self._connection.closed:
            self._open_again(PATIENCE_S if is_writing else 0)
        self._plain(_BEGIN if is_writing else _BEGIN_READING)

    def lock(self, name: str, *, waits: bool = False) -> bool:
        """Take a lock until the transaction ends; return False where somebody else has it."""
        if waits:
            self.one(_LOCK, (_number(name),))
            return True
        row = self.one(_TRY_LOCK, (_number(name),))
        return row is not None and bool(row[0])

    def commit(self) -> None:
        """Make it durable."""
        if self._live().info.transaction_status is TransactionStatus.INERROR:
            raise Spoiled("a statement of this transaction was refused")
        self._plain("commit")

    def rollback(self) -> None:
        """Take everything back, in whatever state the transaction is."""
        connection = self._connection
        if connection is None or connection.closed:
            self._connection = None
            return
        match connection.info.transaction_status:
            case TransactionStatus.IDLE:
                return
            case TransactionStatus.INTRANS | TransactionStatus.INERROR:
                self._plain("rollback")
            case _:
                self.close()

    def one(self, sql: str, args: Args = ()) -> Row | None:
        """Return the first row, or None."""
        with self._troubles():
            return self._send(sql, args).fetchone()

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row."""
        with self._troubles():
            return self._send(sql, args).fetchall()

    def run(self, sql: str, args: Args = ()) -> None:
        """Write, with nothing to learn from it."""
        with self._troubles():
            self._send(sql, args)

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Write many rows; the answers are read when all of them are on their way."""
        known = list(rows)
        with self.together():
            insert = insert_of(sql)
            few = in_few(insert, known) if insert is not None else None
            if few is None:
                self._live().cursor().executemany(for_postgres(sql), known)
                return
            for said, args in few:
                self._live().execute(said, args, binary=True)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Have writes travel together; what was refused is known at the end.

        After one that was refused the server skips the others, a commit among them.
        """
        if self._live().pgconn.pipeline_status:
            yield
            return
        with self._troubles(), self._live().pipeline():
            yield

    def change(self, sql: str, args: Args = ()) -> int:
        """Write, and return how many rows it touched."""
        with self._troubles():
            return self._send(sql, args).rowcount

    def savepoint(self) -> None:
        """Open a savepoint; they nest."""
        self._depth += 1
        self._plain(f"savepoint s{self._depth}")

    def release(self) -> None:
        """Keep what was written since the innermost savepoint."""
        self._plain(f"release s{self._depth}")
        self._depth -= 1

    def undo(self) -> None:
        """Take back what was written since the innermost savepoint."""
        self._plain(f"rollback to s{self._depth}; release s{self._depth}")
        self._depth -= 1

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, sql: str, args: Args) -> psycopg.Cursor[Row]:
        return self._live().execute(for_postgres(sql), args, binary=True)

    def _plain(self, sql: str) -> None:
        with self._troubles():
            self._live().execute(sql, prepare=False)

    def _live(self) -> Connection:
        if self._connection is None:
            raise PostgresTrouble("there is no connection", is_passing=True, is_away=True)
        return self._connection

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            is_away = self._connection is None or self._connection.closed
            raise sorted_out(error, is_away=is_away) from error

    def _open(self) -> None:
        with self._troubles():
            self._connection = self._connect()
        if self._is_alone:
            try:
                with self._troubles():
                    take_work(self._live())
            except (InUse, PostgresTrouble):
                self.close()
                raise

    def _open_again(self, patience_s: float) -> None:
        """Connect again, for so long; what the server still does for our old self may linger."""
        pause_s, until = PAUSE_S, time.monotonic() + patience_s
        while True:
            try:
                self._open()
            except (PostgresTrouble, InUse) as trouble:
                is_over = time.monotonic() + pause_s > until
                if not is_over and getattr(trouble, "is_passing", True):
                    time.sleep(pause_s)
                    pause_s = min(2 * pause_s, PAUSE_S_MAX)
                    continue
                if isinstance(trouble, PostgresTrouble):
                    raise
                said = "another Folkmoot has taken the database over"
                raise PostgresTrouble(said, is_passing=True, is_away=True) from trouble
            return


def take_work(connection: Connection) -> None:
    """Take the lock of whoever works on the database; raises InUse.

    What a process did that was killed a moment ago is let end first.
    """
    try:
        connection.execute(_TAKE_WORK, prepare=False)
    except psycopg.errors.LockNotAvailable as error:
        raise InUse from error


def _number(name: str) -> int:
    """Return the 64 bits that stand for a lock's name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
