"""The one place where parts are put together."""

import asyncio
import logging
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import housekeeping
from bot.clock import Agenda, Heart, schedule
from bot.database.port import database_at
from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms import console
from bot.settings import Settings
from bot.system import SystemChance, SystemClock
from bot.trouble import Trouble
from bot.worker import Worker
from core.app import App
from core.community import Directory
from core.features import FEATURES
from core.kernel.clock import Clock
from core.kernel.feature import House
from core.kernel.unit import Chance

if TYPE_CHECKING:
    from bot.chain.signer import Signer

_LOG = logging.getLogger("folkmoot")

NOT_INSTALLED = (
    "[chain] rpc_url is set, and what the signer needs is not installed: pip install "
    '"folkmoot[chain]"'
)

# What a platform says of itself without being imported: the start pays only for what is set up.
_ADMINS = {
    console.NAME: console.ADMINS,
    "discord": 'whoever has "Manage Server"',
    "telegram": "the owner or an administrator of the group",
}
_BUTTON_BYTES = {console.NAME: console.BUTTON_BYTES, "discord": 100, "telegram": 44}


def house() -> House:
    """Return all features together."""
    return House(FEATURES, _ADMINS)


def app(clock: Clock | None = None, chance: Chance | None = None) -> App:
    """Return the core behind its door."""
    return App(
        house(), Directory(), clock or SystemClock(), chance or SystemChance(), _BUTTON_BYTES
    )


class Bot:
    """The running bot: engine, readers, clock and platforms on one event loop."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; `start` opens everything."""
        self.settings = settings
        self.database = database_at(settings.database.url)
        self._lock = self.database.lock()
        self.app = app()
        self.readers = self.database.readers()
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self._is_at_work = False
        self._tasks: list[asyncio.Task[None]] = []
        self._deliveries: list[Deliveries] = []

    async def start(self) -> None:
        """Take the database for this process alone, migrate it, and start the engine."""
        self._lock.take()
        self.database.migrate()
        self.engine = Engine(self.app, self.database.open())
        self.engine.start()
        self.agenda = Agenda(self.engine, self.readers, self.scheduler)
        self.heart = Heart(self.engine, self.readers)
        await self.readers.open()
        self._changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def changed() -> None:
            loop.call_soon_threadsafe(self._changed.set)

        self.engine.after.append(changed)

    async def run_clock(self) -> None:
        """Make up for an outage, close what came due meanwhile, then keep time."""
        since = await self.heart.make_up()
        if since is not None:
            _LOG.info("last at work %s", since.isoformat(timespec="seconds"))
        await self.heart.mark()
        self._is_at_work = True
        await self.agenda.scan()
        self.deliver(Deliveries(self.engine, Worker(self.engine, self.database)))
        if self.settings.chain.is_on:
            await self._hire()
        keeper = housekeeping.Housekeeping(self.settings, self.database, self.engine)
        schedule(self.scheduler, self.agenda, self.heart, keeper.nightly, keeper.tidy)
        self.scheduler.start()
        self._tasks.append(asyncio.create_task(self._follow()))

    async def _hire(self) -> None:
        """Let the signer work; its libraries are slow to import, its key to open."""

        def hire() -> "Signer":
            from bot.chain.hiring import hire

            return hire(self.settings.chain, self.engine, self.app.clock)

        try:
            signer = await asyncio.to_thread(hire)
        except ImportError as error:
            raise Trouble(NOT_INSTALLED) from error
        self.deliver(Deliveries(self.engine, signer))
        self._tasks.append(asyncio.create_task(signer.run()))

    def deliver(self, deliveries: Deliveries) -> None:
        """Start delivering to a platform."""
        self._deliveries.append(deliveries)
        self._tasks.append(asyncio.create_task(deliveries.run()))

    async def end_deliveries(self) -> None:
        """Show nothing new, and finish what is being shown; then platforms can be left."""
        await asyncio.gather(*(one.end() for one in self._deliveries))

    async def stop(self) -> None:
        """End cleanly: what was accepted is committed and answered."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if hasattr(self, "engine"):
            # Whoever never began to work must not hide since when nobody did.
            if self._is_at_work:
                await self.heart.beat()
            # The writing connection closes last: it folds the write-ahead log into the file.
            await self.readers.close()
            await self.engine.stop()
        self._lock.free()

    async def _follow(self) -> None:
        """Wake the deliveries and look at the agenda after batches that may have changed them."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for deliveries in self._deliveries:
                deliveries.wake()
            try:
                await self.agenda.look()
            except Exception:  # noqa: BLE001 - a look that failed must not be the last one
                _LOG.exception("could not look at the agenda")
