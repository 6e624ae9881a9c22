"""The engine thread: requests queue up, run together, commit once, and then are answered."""

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from bot.backlog import Backlog
from bot.batch import Batch, Item, Taken, Told, group_of
from bot.database.port import WritableTx
from core.app import App, Reply
from core.kernel.errors import Unavailable
from core.kernel.outbox import Presented
from core.kernel.request import Request
from core.kernel.text import T
from core.kernel.unit import Unit
from core.kernel.view import Paragraph, Tone, View

_LOG = logging.getLogger("folkmoot.engine")

# So many are taken from the queue before a batch runs; the others wait there.
GATHER_MAX = 512
STOP_S = 30.0
# Another process's batch takes a few milliseconds. After some 5 s its lock is waited for, which
# ends in a refusal.
PAUSE_S = 0.005
TAKEN_MAX = 1_000

R = TypeVar("R")
Waiting = tuple[Item, "asyncio.Future[Any]", asyncio.AbstractEventLoop]

LATER = View(
    blocks=(
        Paragraph(
            T(
                "I cannot write to my database right now, so nothing was changed. Please try "
                "again in a minute; if it stays so, whoever runs me should look at its log."
            )
        ),
    ),
    tone=Tone.FAILED,
)


class Engine:
    """The one place where requests meet the writing connection."""

    def __init__(self, app: App, tx: WritableTx) -> None:
        """Take the door and an open connection; `start` makes the thread."""
        self.app = app
        self._tx = tx
        self._batch = Batch(app, tx)
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        # A database of our own needs no groups: whoever came first is in the first batch.
        grouped = _group if tx.is_shared else _together
        self._backlog: Backlog[Waiting] = Backlog(grouped, tx.batch_max)
        self._thread = threading.Thread(target=self._work, name="folkmoot-engine", daemon=True)
        self._is_stopping = False
        # Called in the engine's thread after a batch with requests: the agenda or the outbox
        # may have grown.
        self.after: list[Callable[[], None]] = []

    def start(self) -> None:
        """Start taking requests."""
        self._thread.start()

    async def ask(self, request: Request) -> Reply:
        """Run a request; the reply comes when it is durable. Never raises for the asker's sake."""
        try:
            reply = await self._put(request)
        except Unavailable:
            return Reply(Presented(LATER, {}, (), "UTC"), is_unavailable=True)
        assert isinstance(reply, Reply)
        return reply

    async def work(self, job: Callable[[Unit], R]) -> R:
        """Run a job of our own inside the engine; raises what it raises, or Unavailable."""
        value: R = await self._put(job)
        return value

    async def stop(self) -> None:
        """Answer what was accepted, then close the connection."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, STOP_S)

    async def _put(self, item: Item) -> Any:
        if self._is_stopping:
            raise Unavailable
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._queue.put((item, future, loop))
        return await future

    def _work(self) -> None:
        is_going, n_taken = True, 0
        while is_going or self._backlog:
            if is_going:
                is_going = self._gather()
            if not self._backlog:
                continue
            waiting = self._backlog.take()
            try:
                told = self._batch.run([item for item, _, _ in waiting], waits=n_taken >= TAKEN_MAX)
            except Taken:
                self._backlog.put_back(waiting)
                n_taken += 1
                if n_taken % self._backlog.n_groups == 0:
                    time.sleep(PAUSE_S)  # others work for every community that waits here
                continue
            except Exception:  # noqa: BLE001 - the thread must go on
                _LOG.exception("the engine failed")
                told = [Told(error=Unavailable())] * len(waiting)
            n_taken = 0
            _answer(waiting, told)
            if any(isinstance(item, Request) for item, _, _ in waiting):
                self._notify()
        self._tx.close()

    def _notify(self) -> None:
        for notify in self.after:
            try:
                notify()
            except Exception:  # noqa: BLE001 - the thread must go on
                _LOG.exception("nobody could be told of a batch")

    def _gather(self) -> bool:
        """Put what has queued up on the backlog, waiting for one where that is empty.

        False means: nothing more comes.
        """
        with contextlib.suppress(queue.Empty):
            for _ in range(GATHER_MAX - len(self._backlog)):
                item = self._queue.get(block=not self._backlog)
                if item is None:
                    return False
                self._backlog.put(item)
        return True


def _group(waiting: Waiting) -> Hashable:
    return group_of(waiting[0])


def _together(_: Waiting) -> Hashable:
    return None


def _answer(waiting: list[Waiting], told: list[Told]) -> None:
    """Hand the answers over, with one call per event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Told]]] = defaultdict(
        list
    )
    for (_, future, loop), answer in zip(waiting, told, strict=True):
        by_loop[loop].append((future, answer))
    for loop, answers in by_loop.items():
        # A loop that has closed meanwhile has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: list[tuple[asyncio.Future[Any], Told]]) -> None:
    for future, told in answers:
        if future.done():
            continue
        if told.error is not None:
            future.set_exception(told.error)
        else:
            future.set_result(told.value)
