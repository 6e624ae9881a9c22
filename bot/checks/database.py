"""Whether the database can be read and written, is whole, and has room; changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.checks.finding import Finding, fine, note, wrong
from bot.database.look import look
from bot.database.port import open_existing
from bot.database.sqlite import SqliteDatabase
from bot.database.standing import Standing, refusal
from bot.trouble import Trouble

# A close of the largest vote we promise and a day of ballots fit in this many times over.
FREE_BYTES_MIN = 100 << 20
WAIT_S = 2.0
_MIB = 1 << 20


def check_database(path: Path) -> Iterator[Finding]:
    """Yield what there is to say of the database's file and its folder."""
    folder = path.absolute().parent
    if not folder.is_dir():
        yield wrong(f"database: there is no folder {folder}; make it, or correct [database] url.")
        return
    yield from _check_room(path, folder)
    try:
        found = look(path)
        if found.standing is Standing.CURRENT:
            yield from _check_rows(path)
        elif found.standing is Standing.OLDER:
            yield note(
                f"database: {path} has the schema of an older version; it is migrated at the "
                "next start. Make a backup first."
            )
            yield from _check_rows(path, is_older=True)
        elif found.standing in {Standing.MISSING, Standing.EMPTY}:
            yield note(f"database: {path} does not exist yet; it is made at the first start.")
        else:
            yield wrong(f"database: {refusal(str(path), found)}")
    except Trouble as trouble:
        yield wrong(f"database: {trouble}")
    except OSError as error:
        yield wrong(f"database: {path} cannot be read: {error.strerror}.")


def _check_room(path: Path, folder: Path) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong(
            f"database: nothing can be written in {folder}; the database keeps files of its own "
            "beside it there. Give the folder to the user that runs the bot."
        )
    free = shutil.disk_usage(folder).free
    size = path.stat().st_size if path.exists() else 0
    if free < max(FREE_BYTES_MIN, size):
        yield wrong(
            f"disk: {free // _MIB} MiB are free in {folder}, which is not enough to go on for "
            "long. Make room, or move old backups away."
        )
    else:
        yield fine(f"disk: {free // _MIB} MiB free")


def _check_rows(path: Path, *, is_older: bool = False) -> Iterator[Finding]:
    try:
        if not is_older:
            with closing(open_existing(SqliteDatabase(path))) as tx:
                problems = [row[0] for row in tx.all("pragma quick_check(3)")]
            if problems != ["ok"]:
                yield wrong(f"database: {path} is damaged: {problems[0]}. Restore a backup.")
                return
        is_busy = not _can_write(path)
    except (sqlite3.Error, Trouble) as error:
        yield wrong(f"database: {path}: {error}.")
        return
    if is_busy:
        yield note(f"database: {path} is being written by another program for over {WAIT_S:.0f} s.")
    else:
        yield fine(f"database: {path} is whole, and can be read and written")


def _can_write(path: Path) -> bool:
    """Whether a write is taken (it is rolled back); False where somebody else holds the lock."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WAIT_S)) as one:
        try:
            one.execute("begin immediate")
            one.execute("create table folkmoot_check (x)")
            one.execute("rollback")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname == "SQLITE_BUSY":
                return False
            raise
    return True
