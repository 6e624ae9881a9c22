"""What a database file is, found out without changing or creating anything."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.database.schema import HEAD, known
from bot.database.sqlite import SqliteTx, connect_read_only
from bot.trouble import Trouble

_MAGIC = b"SQLite format 3\0"
_TABLES = "select count(*) from sqlite_master where type = 'table'"
# Any program that uses Alembic has the first table; only ours has the others as well.
_OURS = """
select count(*) from sqlite_master
 where type = 'table' and name in ('alembic_version', 'journal', 'community')"""
_REVISION = "select version_num from alembic_version"


class Standing(StrEnum):
    """How a file stands to this program."""

    MISSING = "missing"
    EMPTY = "empty"
    FOREIGN = "foreign"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Look:
    """How a file stands, and the schema's revision where it has one."""

    standing: Standing
    revision: str = ""


def look(path: Path) -> Look:
    """Return what a file is; raises OSError where it is unreadable, Trouble where damaged."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        return Look(Standing.MISSING)
    if start != _MAGIC:
        return Look(Standing.FOREIGN if start else Standing.EMPTY)
    try:
        with closing(_connect(path)) as connection:
            if connection.execute(_TABLES).fetchone()[0] == 0:
                return Look(Standing.EMPTY)
            if connection.execute(_OURS).fetchone()[0] != 3:
                return Look(Standing.FOREIGN)
            row = connection.execute(_REVISION).fetchone()
    except sqlite3.OperationalError as error:
        raise Trouble(f"{path} cannot be read: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Trouble(f"{path} is damaged ({error}). Restore a backup of it.") from error
    revision = str(row[0]) if row else ""
    if revision == HEAD:
        return Look(Standing.CURRENT, revision)
    return Look(Standing.OLDER if revision in known() else Standing.NEWER, revision)


def refusal(path: Path, found: Look) -> str:
    """Return why a file cannot be worked on, and what to do; empty where it can."""
    match found.standing:
        case Standing.MISSING:
            return f"there is no database {path}; name another with --config, or start the bot."
        case Standing.EMPTY:
            return f"{path} is empty: the bot has not been started on it yet."
        case Standing.FOREIGN:
            return f"{path} is not a database of Folkmoot; nothing was touched."
        case Standing.OLDER:
            return (
                f"{path} was written by an older Folkmoot (schema {found.revision}, this is "
                f"{HEAD}). Make a backup, then run: folkmoot migrate"
            )
        case Standing.NEWER:
            return (
                f"{path} was written by a newer Folkmoot (schema {found.revision}, this is "
                f"{HEAD}). Use that version, or restore an older backup."
            )
        case Standing.CURRENT:
            return ""


def check_ours(path: Path) -> None:
    """Refuse a file that another program wrote, or a newer Folkmoot; raises Trouble."""
    found = look(path)
    if found.standing in {Standing.FOREIGN, Standing.NEWER}:
        raise Trouble(refusal(path, found))


def open_existing(path: Path) -> SqliteTx:
    """Open a database of this version for reading; raises Trouble, and never creates one."""
    if wrong := refusal(path, look(path)):
        raise Trouble(wrong)
    return SqliteTx(_connect(path))


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect_read_only(path)
    try:
        connection.execute(_TABLES).fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        # A copy on a medium that takes no writes has no room for the files beside it, and
        # nobody can be writing there.
        uri = f"{path.absolute().as_uri()}?immutable=1"
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
