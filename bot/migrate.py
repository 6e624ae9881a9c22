"""Bringing a database to this version's schema, when somebody asks for it."""

from pathlib import Path
from typing import TextIO

from bot.database.lock import InUse, Lock
from bot.database.look import check_ours
from bot.database.schema import HEAD
from bot.database.sqlite import SqliteDatabase
from bot.trouble import Trouble


def migrate(path: Path, out: TextIO) -> int:
    """Migrate, with the bot stopped; return the exit status."""
    check_ours(path)
    is_new = not path.exists()
    lock = Lock(path)
    try:
        lock.take()
    except InUse as error:
        raise Trouble(f"a Folkmoot is working on {path}; end it first.") from error
    try:
        is_changed = SqliteDatabase(path).migrate()
    finally:
        lock.free()
    if is_new:
        out.write(f"{path}: created, schema {HEAD}.\n")
    elif is_changed:
        out.write(f"{path}: brought to schema {HEAD}.\n")
    else:
        out.write(f"{path}: schema {HEAD} already, nothing to do.\n")
    return 0
