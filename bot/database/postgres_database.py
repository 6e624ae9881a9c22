"""A PostgreSQL database: how it stands, its schema, its lock, and the connections to it."""

from functools import partial

import psycopg

from bot.database.address import Address
from bot.database.postgres import Connection, PostgresTx, connect, connect_plainly, take_work
from bot.database.postgres_readers import PostgresReaders
from bot.database.postgres_trouble import sorted_out
from bot.database.schema import migrate_postgres
from bot.database.standing import Look, Standing, is_behind, of_revision
from bot.trouble import Trouble

# Tables where unqualified names lead: a schema of one's own may come first.
_TABLES = """
select count(*), count(*) filter (where relname in ('alembic_version', 'journal', 'community'))
  from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'"""
_REVISION = "select version_num from alembic_version"
_ENCODING = "show server_encoding"


class PostgresDatabase:
    """A database on a PostgreSQL server."""

    def __init__(self, address: Address) -> None:
        """Take where it is; nothing is opened yet."""
        self.address = address
        self.shown = address.shown
        self._connect = partial(connect, address.words)
        self._is_alone = False

    def look(self) -> Look:
        """Return how it stands, without changing anything; raises Trouble."""
        try:
            with self._connect() as connection:
                encoding = connection.execute(_ENCODING).fetchone()
                if encoding != ("UTF8",):
                    raise Trouble(
                        f"{self.shown} cannot keep every sign that people write; make one with: "
                        "create database ... encoding 'UTF8' template template0"
                    )
                row = connection.execute(_TABLES).fetchone()
                n_tables, n_ours = row or (0, 0)
                if n_ours < 3:
                    return Look(Standing.FOREIGN if n_tables else Standing.EMPTY)
                found = connection.execute(_REVISION).fetchone()
        except psycopg.Error as error:
            said = str(error).strip().partition("\n")[0]
            raise Trouble(f"{self.shown} cannot be reached: {said}") from error
        return of_revision(str(found[0]) if found else "")

    def lock(self) -> "WorkLock":
        """Return what keeps other processes from writing."""
        return WorkLock(self)

    def migrate(self) -> bool:
        """Bring the schema up to this program's; return whether anything was done."""
        if not is_behind(self.shown, self.look()):
            return False
        try:
            return migrate_postgres(partial(connect_plainly, self.address.words))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Trouble(
                f"{self.shown}: the user may not make tables there. Give the database to it: "
                "alter database ... owner to ..."
            ) from error
        except psycopg.Error as error:
            raise sorted_out(error, is_away=False) from error

    def open(self) -> PostgresTx:
        """Open the writing connection, usable from one thread at a time.

        Where the lock was taken it holds that from now on: whoever cannot write any more has
        lost the lock as well, and the other way about.
        """
        return PostgresTx(self._connect, is_alone=self._is_alone)

    def read(self) -> PostgresTx:
        """Open a connection for reading: begin(is_writing=False) refuses to write."""
        return PostgresTx(self._connect)

    def readers(self) -> PostgresReaders:
        """Return what reads for the asynchronous side."""
        return PostgresReaders(self.address.url)

    def claim(self, *, is_alone: bool) -> None:
        """Have the connections that are opened from now on keep others from writing, or not."""
        self._is_alone = is_alone

    def connect(self) -> Connection:
        """Connect for something else; raises PostgresTrouble."""
        try:
            return self._connect()
        except psycopg.Error as error:
            raise sorted_out(error, is_away=True) from error


class WorkLock:
    """One process a database, until several are taught to share one."""

    def __init__(self, database: PostgresDatabase) -> None:
        """Take the database."""
        self._database = database

    def take(self) -> None:
        """Find out that nobody else works here, or raise InUse; the writing connection holds it."""
        with self._database.connect() as connection:
            take_work(connection)
        self._database.claim(is_alone=True)

    def free(self) -> None:
        """Give it back; it goes with the writing connection."""
        self._database.claim(is_alone=False)
