"""Which schema a database has, and bringing an older one up to this program's."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# The newest revision under migrations/versions; a test holds the two together.
HEAD = "0005"
MIGRATIONS = Path(__file__).parent / "migrations"

# Whoever comes second waits until the first is done, and then finds nothing to do.
_LOCK = "set local lock_timeout = 0; select pg_advisory_xact_lock(1181109067, 2)"


class SchemaTooNew(Exception):
    """The database was written by a newer Folkmoot than this one."""


def known() -> frozenset[str]:
    """Return the revisions that this program knows."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return frozenset(name.split("_")[0] for name in names)


def migrate_sqlite(path: Path) -> None:
    """Bring a SQLite file to `HEAD` in one transaction, creating it where there is none.

    Alembic and SQLAlchemy are imported here, because a start with the schema in place
    must not pay for them. Raises sqlite3.Error, as where the disk is full.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import ConnectionPoolEntry

    engine = create_engine(f"sqlite:///{path}")

    # The driver must neither begin nor commit on its own, or DDL escapes the transaction.
    @event.listens_for(engine, "connect")
    def _plain(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None

    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma journal_mode = wal")
            connection.exec_driver_sql("begin immediate")
            _upgrade(connection)
            connection.exec_driver_sql("commit")
    except DBAPIError as error:
        raise error.orig or error from error  # the driver's own, which its callers know
    finally:
        engine.dispose()


def migrate_postgres(connect: Callable[[], Any]) -> bool:
    """Bring a PostgreSQL database to `HEAD` in one transaction, under a lock of its own.

    Return False where somebody else did it while we waited. Raises psycopg.Error.
    """
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(_LOCK)
            is_done = MigrationContext.configure(connection).get_current_revision() == HEAD
            if not is_done:
                _upgrade(connection)
    except DBAPIError as error:
        raise error.orig or error from error  # the driver's own, which its callers know
    return not is_done


def _upgrade(connection: "Connection") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
