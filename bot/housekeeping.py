"""Keeping house: what is no longer needed goes, what matters is checked and copied at night."""

import asyncio
import logging
import sqlite3
from datetime import timedelta

from bot.database.port import Database
from bot.engine import Engine
from bot.settings import Settings
from bot.trouble import Trouble
from core.community import communities
from core.kernel import outbox, unit
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable
from core.kernel.people import Community
from core.kernel.request import Asker, Kind, Request

_LOG = logging.getLogger("folkmoot.housekeeping")

# Told posts and notices are kept so long, for whoever wonders whether they were sent.
TOLD_KEPT = timedelta(days=30)


class Housekeeping:
    """What the clock has done every few minutes and every night."""

    def __init__(self, settings: Settings, database: Database, engine: Engine) -> None:
        """Take what is kept."""
        self._settings = settings
        self._database = database
        self._engine = engine

    async def tidy(self) -> None:
        """Drop outcomes and letters that nobody can ask for any more, and fold the WAL in."""
        now_ms = to_ms(self._engine.app.clock.now())
        told_ms = now_ms - TOLD_KEPT // timedelta(milliseconds=1)

        def prune(batch: unit.Unit) -> None:
            batch.tx.run(unit.PRUNE, (now_ms - unit.KEPT_MS,))
            outbox.prune(batch.tx, told_ms)

        try:
            await self._engine.work(prune)
        except Unavailable:
            _LOG.warning("could not tidy up: the database takes nothing now")
            return
        if self._settings.database.is_file:
            await asyncio.to_thread(self._checkpoint)

    async def nightly(self) -> None:
        """Check journal and books, and make a backup where one is set up."""
        found = await asyncio.to_thread(self._verify)
        if found:
            await self._warn(found)
        if self._settings.backup.folder is not None and self._settings.database.is_file:
            try:
                await asyncio.to_thread(self._back_up)
            except (OSError, sqlite3.Error, Trouble) as trouble:
                _LOG.exception("the nightly backup failed")
                await self._warn({0: f"the nightly backup failed: {trouble}"})

    def _verify(self) -> dict[int, str]:
        """Return, by community, what does not fit; 0 stands for all of them."""
        from bot import verify

        tx = self._database.read()
        try:
            # One snapshot: ballots that come meanwhile would not be in the journal that was read.
            tx.begin(is_writing=False)
            faults = [
                fault
                for checked in verify.verify(tx, self._engine.app.house)
                for fault in checked.faults
            ]
        finally:
            tx.close()
        for fault in faults:
            _LOG.error("nightly check: %s: %s", fault.where, fault.what)
        return {0: f"{faults[0].where}: {faults[0].what}"} if faults else {}

    def _back_up(self) -> None:
        from bot import backup

        now = self._engine.app.clock.now()
        backup.nightly(self._settings.database.path, self._settings.backup, now)

    async def _warn(self, found: dict[int, str]) -> None:
        communities = await self._engine.work(_communities)
        for what in found.values():
            for community in communities:
                await self._engine.ask(
                    Request(
                        f"warn:{community.id}@{to_ms(self._engine.app.clock.now())}",
                        "warn",
                        {"what": what},
                        Asker(kind=Kind.WORKER),
                        is_stored=True,
                        community=community.id,
                    )
                )

    def _checkpoint(self) -> None:
        """Fold the write-ahead log into the file and empty it: erased texts stay in neither."""
        connection = sqlite3.connect(self._settings.database.path, timeout=1)
        try:
            # The long part in no one's way first; what is left takes the lock only briefly.
            connection.execute("pragma wal_checkpoint(passive)")
            connection.execute("pragma wal_checkpoint(truncate)")
        except sqlite3.Error as trouble:
            _LOG.warning("no checkpoint: %s", trouble)
        finally:
            connection.close()


def _communities(batch: unit.Unit) -> list[Community]:
    return communities(batch.tx)
