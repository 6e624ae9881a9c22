"""Copies of the database: whole, checked, never over another file, also while the bot runs."""

import os
import re
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.database.look import connect_read_only, look
from bot.database.standing import Standing, refusal
from bot.settings import Backup, Database
from bot.trouble import Trouble

_NIGHTLY = re.compile(r"folkmoot-\d{8}-\d{6}\.db")
_UNFINISHED = re.compile(r"\.folkmoot-\d{8}-\d{6}\.db\..+\.part")


class BackupError(Trouble):
    """The copy could not be made; nothing stands where it should be."""


def backup(path: Path, target: Path) -> int:
    """Copy a database to a file that does not exist yet; return the copy's size in bytes.

    The copy is one snapshot, made beside its place, checked, and only then given its name.
    Raises BackupError, OSError or sqlite3.Error.
    """
    found = look(path)
    if found.standing in {Standing.MISSING, Standing.EMPTY, Standing.FOREIGN}:
        raise BackupError(refusal(str(path), found))
    if os.path.lexists(target):
        raise BackupError(f"{target} exists already; a backup never overwrites. Name a new file.")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}; make it first.")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        _copy(path, part)
        part.chmod(path.stat().st_mode & 0o777)
        _sync(part)
        _give_name(part, target)
    finally:
        part.unlink(missing_ok=True)
    _sync(target.parent)
    return target.stat().st_size


def _copy(path: Path, part: Path) -> None:
    with closing(connect_read_only(path)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)  # all pages in one step: one snapshot, and with WAL nobody waits
        # The copy is one file that needs nothing beside it; the bot turns WAL on again.
        copy.execute("pragma journal_mode = delete")
        problems = [row[0] for row in copy.execute("pragma integrity_check(5)")]
    if problems != ["ok"]:
        raise BackupError(f"the copy of {path} is damaged, so it was not kept: {problems[0]}.")


def _give_name(part: Path, target: Path) -> None:
    try:
        target.hardlink_to(part)  # unlike a rename, this refuses what has appeared meanwhile
    except FileExistsError as error:
        raise BackupError(f"{target} has appeared meanwhile; it was left alone.") from error
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise BackupError(f"{target} has appeared meanwhile; it was left alone.") from None
        part.rename(target)


def _sync(path: Path) -> None:
    """Have a file or a folder's list of names on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def nightly(path: Path, wanted: Backup, at: datetime | None = None) -> Path:
    """Make the night's copy in the folder that is set, and let the oldest go; return the copy."""
    if wanted.folder is None:
        raise BackupError("no folder for backups is set.")
    wanted.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = at or datetime.now(UTC)
    target = wanted.folder / f"folkmoot-{at:%Y%m%d-%H%M%S}.db"
    backup(path, target)
    rotate(wanted.folder, wanted.keep)
    return target


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest nightly copies; return what went. Other files stay."""
    names = sorted(path.name for path in folder.iterdir())
    copies = [name for name in names if _NIGHTLY.fullmatch(name)]
    unfinished = [name for name in names if _UNFINISHED.fullmatch(name)]
    gone = [folder / name for name in [*copies[:-keep], *unfinished]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def command(database: Database, target: Path, out: TextIO) -> int:
    """Make a copy and say so; return the exit status."""
    if not database.is_file:
        raise BackupError(
            f"{database.shown} is copied with PostgreSQL's own tools, also while the bot runs: "
            f"pg_dump --format=custom --file={target} and the database's url. What they wrote is "
            "put back with pg_restore."
        )
    size = backup(database.path, target)
    out.write(f"{target}: {size / 1024:,.0f} KiB, checked.\n")
    return 0
