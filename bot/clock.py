"""The clock: wakes the agenda at the next due row, and keeps house."""

import asyncio
import contextlib
import functools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.database.port import Readers
from bot.engine import Engine
from core.kernel import agenda, state
from core.kernel.clock import from_ms, to_ms
from core.kernel.errors import Unavailable
from core.kernel.request import Asker, Kind, Request

_LOG = logging.getLogger("folkmoot.clock")

# A scan finds at most so many rows; more are found by the next one, at once.
SCAN_MAX = 200
# The scheduler skips, and forgets, a wake-up that comes before the last one has ended.
SOON = timedelta(milliseconds=50)
# A row that could not even be put off is tried again after this.
STUCK = timedelta(seconds=5)
HEARTBEAT_S = 15
SCAN_S = 60
ALIVE = "alive_ms"

_WAITING = "select distinct community from agenda"


def due_request(due: agenda.Due) -> Request:
    """Return the clock's request for a due row."""
    return Request(
        due.request_id,
        due.command,
        due.args,
        Asker(kind=Kind.CLOCK),
        is_stored=True,
        version=due.version,
        community=due.community,
        agenda=(due.key, due.due_ms),
    )


class Agenda:
    """Runs what comes due, in due order, each row once."""

    def __init__(self, engine: Engine, readers: Readers, scheduler: AsyncIOScheduler) -> None:
        """Take the engine, where rows are read, and what wakes us."""
        self._engine = engine
        self._readers = readers
        self._scheduler = scheduler
        self._lock = asyncio.Lock()
        self._next_ms: int | None = None
        self._scanned_ms = 0
        self._is_stale = False

    async def scan(self) -> None:
        """Run what is due, then have us woken at the next row."""
        async with self._lock:
            ran: set[str] = set()
            while await self._run_due(ran):
                pass
            self._is_stale = False
            await self._wake_at_next(self._scanned_ms)
        if self._is_stale:
            await self.look()

    async def look(self) -> None:
        """Have us woken at the next row, which may have moved; a scan looks at its own end."""
        self._is_stale = True
        while self._is_stale and not self._lock.locked():
            async with self._lock:
                self._is_stale = False
                await self._wake_at_next()

    async def _run_due(self, ran: set[str]) -> bool:
        """Run one scan's rows, each once; return whether another scan is worth it."""
        self._scanned_ms = self._now_ms()
        rows = await self._readers.all(agenda.DUE, (self._scanned_ms, SCAN_MAX))
        is_any = False
        for due in map(agenda.due_from, rows):  # read one by one: some are long
            if due.request_id in ran:
                continue
            is_any = True
            ran.add(due.request_id)
            reply = await self._engine.ask(due_request(due))
            if reply.is_unavailable and not await self._is_writable():
                return False
            if reply.error is not None:
                _LOG.error("agenda row %s was refused: %s", due.key, reply.error)
        return is_any

    async def _is_writable(self) -> bool:
        """Whether the store takes anything: if so, the trouble is that row's alone."""
        try:
            await self._engine.work(lambda _: None)
        except Unavailable:
            return False
        return True

    async def _wake_at_next(self, scanned_ms: int = 0) -> None:
        """Have us woken at the next row; one due before `scanned_ms` could not be run."""
        rows = await self._readers.all(agenda.NEXT)
        next_ms = rows[0][0] if rows else None
        if next_ms == self._next_ms and self._scheduler.get_job("due") is not None:
            return
        self._next_ms = next_ms
        if next_ms is None:
            return
        rest = STUCK if next_ms <= scanned_ms else SOON
        at = max(from_ms(next_ms), self._engine.app.clock.now() + rest)
        self._scheduler.add_job(
            quietly(self.scan),
            "date",
            run_date=at,
            id="due",
            replace_existing=True,
            misfire_grace_time=None,
        )

    def _now_ms(self) -> int:
        return to_ms(self._engine.app.clock.now())


class Heart:
    """Keeps the instant at which the bot was last at work, and makes up for what it missed."""

    def __init__(self, engine: Engine, readers: Readers) -> None:
        """Take the engine."""
        self._engine = engine
        self._readers = readers

    async def beat(self) -> None:
        """Note that the bot is at work, or try again at the next beat."""
        try:
            await self.mark()
        except Unavailable:
            _LOG.warning("the heartbeat could not be kept")

    async def mark(self) -> None:
        """Note that the bot is at work; raises Unavailable."""
        now_ms = to_ms(self._engine.app.clock.now())
        await self._engine.work(lambda unit: state.put(unit.tx, ALIVE, str(now_ms)))

    async def make_up(self) -> datetime | None:
        """Tell the features since when the bot was away; return that instant.

        Raises Unavailable, so that no beat hides an outage that was not made up for.
        """
        kept = await self._engine.work(lambda unit: state.get(unit.tx, ALIVE))
        if kept is None:
            return None
        for (community,) in await self._readers.all(_WAITING):
            for feature in self._engine.app.house.features:
                if feature.after_outage is not None:
                    path = feature.after_outage.declaration.path
                    reply = await self._engine.ask(_outage(path, community, int(kept)))
                    if reply.is_unavailable:
                        raise Unavailable
        return from_ms(int(kept))


def _outage(path: str, community: int, since_ms: int) -> Request:
    return Request(
        f"outage:{community}:{path}@{since_ms}",
        path,
        {"away_since_ms": since_ms},
        Asker(kind=Kind.CLOCK),
        is_stored=True,
        community=community,
    )


def quietly(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return a job that may be cut off at the end, which the scheduler would log as a fault."""

    @functools.wraps(job)
    async def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await job()

    return run


def schedule(
    scheduler: AsyncIOScheduler,
    agenda_: Agenda,
    heart: Heart,
    nightly: Callable[[], Awaitable[None]],
    tidy: Callable[[], Awaitable[None]],
) -> None:
    """Put what recurs on the scheduler."""
    often = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(quietly(agenda_.scan), "interval", seconds=SCAN_S, id="agenda", **often)
    scheduler.add_job(quietly(heart.beat), "interval", seconds=HEARTBEAT_S, id="heart", **often)
    scheduler.add_job(quietly(tidy), "interval", minutes=5, id="tidy", **often)
    scheduler.add_job(quietly(nightly), "cron", hour=3, minute=17, id="nightly", **often)
