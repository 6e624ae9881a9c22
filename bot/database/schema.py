"""Which schema a database has, and bringing an older one up to this program's."""

from pathlib import Path

# The newest revision under migrations/versions; a test holds the two together.
HEAD = "0002"
MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(Exception):
    """The database was written by a newer Folkmoot than this one."""


def known() -> frozenset[str]:
    """Return the revisions that this program knows."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return frozenset(name.split("_")[0] for name in names)


def migrate_sqlite(path: Path) -> None:
    """Bring a SQLite file to `HEAD` in one transaction, creating it where there is none.

    Alembic and SQLAlchemy are imported here, because a start with the schema in place
    must not pay for them.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    engine = create_engine(f"sqlite:///{path}")

    # The driver must neither begin nor commit on its own, or DDL escapes the transaction.
    @event.listens_for(engine, "connect")
    def _plain(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma journal_mode = wal")
            connection.exec_driver_sql("begin immediate")
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
            connection.exec_driver_sql("commit")
    finally:
        engine.dispose()
