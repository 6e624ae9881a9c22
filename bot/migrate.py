"""Bringing a database to this version's schema, when somebody asks for it."""

from typing import TextIO

from bot.database.lock import InUse
from bot.database.port import Database, check_ours
from bot.database.schema import HEAD
from bot.database.standing import Standing
from bot.trouble import Trouble


def migrate(database: Database, out: TextIO) -> int:
    """Migrate, with the bot stopped; return the exit status."""
    check_ours(database)
    path = database.shown
    is_new = database.look().standing in {Standing.MISSING, Standing.EMPTY}
    lock = database.lock()
    try:
        lock.take()
    except InUse as error:
        raise Trouble(f"a Folkmoot is working on {path}; end it first.") from error
    try:
        is_changed = database.migrate()
    finally:
        lock.free()
    if is_new:
        out.write(f"{path}: created, schema {HEAD}.\n")
    elif is_changed:
        out.write(f"{path}: brought to schema {HEAD}.\n")
    else:
        out.write(f"{path}: schema {HEAD} already, nothing to do.\n")
    return 0
