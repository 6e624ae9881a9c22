"""What a SQLite file is, found out without changing or creating anything."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.database.standing import Look, Standing, of_revision
from bot.trouble import Trouble

BUSY_MS = 5_000
# The write bits of owner, group and others.
WRITABLE = 0o222

_MAGIC = b"SQLite format 3\0"
_TABLES = "select count(*) from sqlite_master where type = 'table'"
# Any program that uses Alembic has the first table; only ours has the others as well.
_OURS = """
select count(*) from sqlite_master
 where type = 'table' and name in ('alembic_version', 'journal', 'community')"""
_REVISION = "select version_num from alembic_version"


def look(path: Path) -> Look:
    """Return what a file is; raises OSError where it is unreadable, Trouble where damaged."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        return Look(Standing.MISSING)
    except IsADirectoryError as error:
        text = f"{path} is a folder; name a file in it in [database] url."
        raise Trouble(text) from error
    if start != _MAGIC:
        return Look(Standing.FOREIGN if start else Standing.EMPTY)
    try:
        with closing(connect_as_it_is(path)) as connection:
            if connection.execute(_TABLES).fetchone()[0] == 0:
                return Look(Standing.EMPTY)
            if connection.execute(_OURS).fetchone()[0] != 3:
                return Look(Standing.FOREIGN)
            row = connection.execute(_REVISION).fetchone()
    except sqlite3.OperationalError as error:
        raise Trouble(f"{path} cannot be read: {error}.{_help(error)}") from error
    except sqlite3.DatabaseError as error:
        raise Trouble(f"{path} is damaged ({error}). Restore a backup of it.") from error
    return of_revision(str(row[0]) if row else "")


def _help(error: sqlite3.Error) -> str:
    """Return what to do about it, where that is known."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_IOERR", "SQLITE_FULL")):
        return " See whether the disk is full or failing."
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return " Run this as the user that runs the bot."
    return ""


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a file that must exist, without being able to change it."""
    uri = f"file:{quote(str(path))}?mode=ro"
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )


def connect_as_it_is(path: Path) -> sqlite3.Connection:
    """Open a file for reading, also a copy on a medium that takes no writes."""
    has_log = path.with_name(path.name + "-wal").exists()
    if not has_log and not path.stat().st_mode & WRITABLE:
        # SQLite would put files beside it that are read-only too, and stay in everybody's way.
        return _connect_immutable(path)
    connection = connect_read_only(path)
    try:
        connection.execute(_TABLES).fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        # A copy on a medium that takes no writes has no room for the files beside it, and
        # nobody can be writing there.
        return _connect_immutable(path)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _connect_immutable(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
