"""Whether every treasury of the configuration is for a community that the database knows."""

import sqlite3
from collections.abc import Iterator

from bot.chain_places import community_at
from bot.chain_settings import Chain
from bot.checks.finding import Finding, fine, note, wrong
from bot.database.port import Database, open_existing
from bot.database.standing import Standing
from bot.trouble import Trouble
from core.community import communities
from core.kernel.errors import Broken
from core.kernel.tx import Tx


def check_treasuries(settings: Chain, database: Database) -> Iterator[Finding]:
    """Yield whom treasuries are for, where there is a database of this version."""
    if not settings.treasuries:
        return
    try:
        if database.look().standing is not Standing.CURRENT:
            return
        tx = open_existing(database)
        try:
            yield from _look(settings, tx)
        finally:
            tx.close()
    except (OSError, sqlite3.Error, Broken, Trouble):
        return  # the look at the database says it


def _look(settings: Chain, tx: Tx) -> Iterator[Finding]:
    is_fresh = not communities(tx)
    for one in settings.treasuries:
        where = f"chain: treasury {one.name}"
        if community_at(tx, one.community):
            yield fine(f"{where}: it is for {one.community}, which has a community")
        elif is_fresh:
            yield note(f"{where}: it waits for a first command in {one.community}")
        else:
            yield wrong(
                f"{where}: nobody in {one.community} has used a command yet. See that [chain] "
                "treasuries.community is written as it should be, or use /setup there."
            )
