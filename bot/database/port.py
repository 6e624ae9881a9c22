"""What the bot needs of a database, whichever it is, and where one is found by its url."""

from typing import Protocol

from bot.database.standing import Look, Standing, refusal
from bot.trouble import Trouble
from core.kernel.tx import Args, Row, Store


class WritableTx(Store, Protocol):
    """A transaction that can be begun and ended.

    `batch_max` says how many requests may share one; `is_shared` that each batch is of one
    community, under its lock, because others may write to the same database.
    """

    batch_max: int
    is_shared: bool

    def begin(self, *, is_writing: bool = True) -> None:
        """Open it."""

    def lock(self, name: str, *, waits: bool = False) -> bool:
        """Take a lock until it ends; return False where somebody else has it."""
        ...

    def commit(self) -> None:
        """Make it durable."""

    def rollback(self) -> None:
        """Take everything back."""

    def close(self) -> None:
        """Close the connection."""


class Readers(Protocol):
    """Reading from the asynchronous side: a new transaction each time."""

    async def open(self) -> None:
        """Connect."""

    async def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row, as of now: an answered write is always seen."""
        ...

    async def close(self) -> None:
        """Disconnect."""


class Lock(Protocol):
    """One process a database."""

    def take(self) -> None:
        """Take the lock, or raise InUse at once."""

    def free(self) -> None:
        """Give the lock back."""


class Database(Protocol):
    """A database by its url; `shown` names it in messages, without a password."""

    shown: str

    def look(self) -> Look:
        """Return how it stands to this program, without changing anything; raises Trouble."""
        ...

    def lock(self) -> Lock:
        """Return what keeps other processes from writing."""
        ...

    def migrate(self) -> bool:
        """Bring the schema up to this program's; return whether anything was done."""
        ...

    def open(self) -> WritableTx:
        """Open the writing connection, usable from one thread at a time."""
        ...

    def read(self) -> WritableTx:
        """Open a connection that only reads, for checks and exports."""
        ...

    def readers(self) -> Readers:
        """Return what reads for the asynchronous side."""
        ...


def database_at(url: str) -> Database:
    """Return the database of a url; only its drivers are imported. Raises Trouble."""
    from bot.database.address import is_postgres, read_address

    if is_postgres(url):
        try:
            from bot.database.postgres_database import PostgresDatabase
        except ImportError as error:
            raise Trouble(
                "A PostgreSQL database needs drivers that are not installed; run: "
                "pip install 'folkmoot[postgres]'"
            ) from error
        return PostgresDatabase(read_address(url))
    from pathlib import Path

    from bot.database.sqlite import SqliteDatabase

    return SqliteDatabase(Path(url.removeprefix("sqlite:///")))


def check_ours(database: Database) -> None:
    """Refuse what another program wrote, or a newer Folkmoot; raises Trouble."""
    found = database.look()
    if found.standing in {Standing.FOREIGN, Standing.NEWER}:
        raise Trouble(refusal(database.shown, found))


def open_existing(database: Database) -> WritableTx:
    """Open a database of this version for reading; raises Trouble, and never creates one."""
    if wrong := refusal(database.shown, database.look()):
        raise Trouble(wrong)
    return database.read()
