"""The process that is killed: the real bot on a fast clock, asked over a pipe."""

import asyncio
import json
import logging
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# Imported here, because what the fork server has imported no start has to wait for.
import alembic.command
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

from bot import compose, housekeeping, verify  # noqa: F401
from bot.database import postgres_database, sqlite  # noqa: F401
from bot.outbox import Deliveries, MessageGone
from bot.platforms import console
from bot.settings import Database, Settings
from core.app import Reply
from core.kernel.clock import from_ms
from core.kernel.outbox import Delivery
from core.kernel.request import Request
from core.proposals import closing
from core.rewards import handing

Wire = Connection
LONGEST_S = 900

assert alembic.command is not None


@dataclass(frozen=True)
class Plan:
    """How one life of the process goes."""

    folder: Path
    url: str
    now_ms: int
    seed: int
    # A WAL so short is folded every few commits, so that kills hit checkpoints, too.
    checkpoint_pages: int = sqlite.AUTOCHECKPOINT_PAGES
    # More ballots than these are counted by the worker.
    count_here_max: int = closing.COUNT_HERE_MAX
    # A payday of more members than these hands its parts out later, so many at a time.
    portion: int = handing.AT_ONCE_MAX
    # How often telling somebody something fails, with nobody knowing whether it was shown.
    failing: float = 0.0

    @property
    def shown(self) -> Path:
        """What the outside has seen: a line each, which outlives the process."""
        return self.folder / "shown.jsonl"


class FastClock:
    """A clock that the parent sets."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def now(self) -> datetime:
        return from_ms(self.now_ms)


class Outside:
    """A platform that writes down what it was told to show, and sometimes fails."""

    name = console.NAME
    pace_ms = 0

    def __init__(self, plan: Plan) -> None:
        self._file = os.open(plan.shown, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._chance = random.Random(plan.seed)
        self._failing = plan.failing
        self._n = 0

    async def show(self, delivery: Delivery) -> str:
        await asyncio.sleep(self._pause_s())
        row = delivery.row
        if row.message and self._chance.random() < self._failing / 4:
            raise MessageGone
        self._n += 1
        message = row.message or f"{os.getpid()}-{self._n}"
        line = {
            "key": row.key,
            "kind": row.kind.value,
            "subject": json.loads(row.subject),
            "community": row.community,
            "version": row.version,
            "is_first": not row.message,
        }
        os.write(self._file, json.dumps(line).encode() + b"\n")
        await asyncio.sleep(self._pause_s())
        if self._chance.random() < self._failing:
            raise ConnectionResetError
        return message

    def _pause_s(self) -> float:
        """Return how long the network takes: room for a kill before and after the showing."""
        return 0.015 * self._chance.random() ** 2


class Driver:
    """Reads what the parent wants, and answers when it is durable."""

    def __init__(self, wire: Wire, plan: Plan) -> None:
        self._wire = wire
        self._plan = plan
        self._clock = FastClock(plan.now_ms)
        settings = Settings(database=Database(url=plan.url))
        self._bot = compose.Bot(settings)
        self._bot.app = compose.app(self._clock)
        self._settings = settings
        self._ending = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._ending.set)
        await self._bot.start()
        await self._bot.run_clock()
        self._bot.deliver(Deliveries(self._bot.engine, Outside(self._plan)))
        self._wire.send(("ready",))
        loop.add_reader(self._wire.fileno(), self._read)
        await self._ending.wait()
        loop.remove_reader(self._wire.fileno())
        await self._bot.stop()
        # Everything that was accepted has its answer by now; it only has to be passed on.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._wire.send(("stopped",))

    def _read(self) -> None:
        """Take what the parent sent; at its end there is nobody left to answer."""
        try:
            kind, value = self._wire.recv()
        except EOFError:
            os._exit(1)
        doing: dict[str, Callable[[Any], Any]] = {
            "ask": self._ask,
            "clock": self._set_clock,
            "tidy": self._tidy,
            "settle": self._settle,
        }
        task = asyncio.create_task(doing[kind](value))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, request: Request) -> None:
        self._wire.send(("answer", request.id, *_outcome(await self._bot.engine.ask(request))))

    async def _set_clock(self, now_ms: int) -> None:
        self._clock.now_ms = now_ms
        await self._bot.agenda.scan()

    async def _tidy(self, _: object) -> None:
        keeper = housekeeping.Housekeeping(self._settings, self._bot.database, self._bot.engine)
        await keeper.tidy()

    async def _settle(self, token: int) -> None:
        """Have everything that waits happen, then say so."""
        n = 1
        while n:
            await self._bot.agenda.scan()
            n = sum([await one.settle() for one in self._bot._deliveries])
        self._wire.send(("settled", token))


def _outcome(reply: Reply) -> tuple[str, int | None]:
    """Return (outcome, which vote or entry): ok, an error's name, later or bug."""
    if reply.is_unavailable:
        return "later", None
    if reply.is_bug:
        return "bug", None
    if reply.error is not None:
        return type(reply.error).__name__, None
    drawn = reply.shown.view.drawn
    named = drawn.ids[0] if drawn and drawn.ids else None
    return "ok", named if isinstance(named, int) else None


def main(wire: Wire, plan: Plan) -> None:
    """Live until killed, or told to end; never for long, whatever becomes of the parent."""
    signal.alarm(LONGEST_S)
    logging.basicConfig(filename=plan.folder / "log.txt", level=logging.WARNING)
    sqlite.AUTOCHECKPOINT_PAGES = plan.checkpoint_pages
    closing.COUNT_HERE_MAX = plan.count_here_max
    handing.AT_ONCE_MAX = handing.PORTION = plan.portion
    asyncio.run(Driver(wire, plan).run())
