"""Delivering what the outbox holds: claimed with a lease, shown by a platform, reported back."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from bot.engine import Engine
from bot.letters import Report, claim, report
from core.kernel import outbox
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery, Kind, Row
from core.kernel.unit import Unit

_LOG = logging.getLogger("folkmoot.outbox")

T = TypeVar("T")

# The longest sleep of the delivering loop; it is woken when something is queued.
IDLE_S = 5.0
# The shortest sleep: a row that is due but leased must not make the loop spin.
REST_S = 0.05
IN_FLIGHT_MAX = 32
# Ten seconds less than the lease.
SHOW_S = outbox.LEASE_MS / 1000 - 10
FINISH_S = 5.0


class MessageGone(Exception):
    """The message to edit no longer exists: a new one is sent in its place."""


class Undeliverable(Exception):
    """This cannot be delivered at all: the channel is gone, or a right is missing."""


class Postponed(Exception):
    """The platform asks to wait; nothing was shown."""


class Shower(Protocol):
    """What a platform does with a delivery."""

    name: str
    pace_ms: int

    async def show(self, delivery: Delivery) -> str:
        """Send, edit, or forget somebody (Kind.FORGET); return the message's id, if there is one.

        Raises the errors above, or any other.
        """
        ...


async def deliver(shower: Shower, delivery: Delivery) -> Report:
    """Have a platform show one delivery, and say what became of it."""
    row = delivery.row
    try:
        return Report(row, message=await shower.show(delivery))
    except MessageGone:
        if row.kind in {Kind.POINTER, Kind.POST}:  # what was posted once is news no more
            return Report(row, trouble="the message is gone", is_final=True)
        return Report(row, is_lost=True)
    except Postponed as trouble:
        why = str(trouble) or "the platform asked to wait"
        return Report(row, trouble=why, is_postponed=True)
    except Undeliverable as trouble:
        _LOG.warning("cannot deliver %s: %s", outbox.outline(row), trouble)
        return Report(row, trouble=str(trouble), is_final=True)
    except Exception as trouble:  # noqa: BLE001 - whatever a platform raises is reported
        _LOG.warning("delivering %s failed: %r", outbox.outline(row), trouble)
        return uncertain(row, type(trouble).__name__)


def uncertain(row: Row, trouble: str) -> Report:
    """Report that nobody knows whether it was shown: a notice is not told twice, the rest is."""
    return Report(row, trouble=trouble, is_final=row.kind is Kind.NOTICE)


class Deliveries:
    """The delivering loop of one platform; a slow delivery does not hold the others up."""

    def __init__(self, engine: Engine, shower: Shower, ready: asyncio.Event | None = None) -> None:
        """Take the engine and the platform; `run` loops, from when the platform is ready."""
        self._ready = ready
        self._engine = engine
        self._shower = shower
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._keys: set[str] = set()
        self._is_ending = False

    def wake(self) -> None:
        """Look again soon: something may have been queued."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled, or until the end."""
        if self._ready is not None:
            # Tried before it is connected, each card would wait until its next try.
            await self._ready.wait()
        is_released = False
        try:
            while not self._is_ending:
                self._wake.clear()
                if not is_released:
                    is_released = await self._release()
                await self._look()
        finally:
            await self.end()

    async def end(self) -> None:
        """Begin nothing new, and finish what is under way while the platform is still there.

        A card whose number nobody heard would come twice. What takes too long is waited for once.
        """
        if self._is_ending:
            return
        self._is_ending = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_S):
                while self._under_way:  # what was being claimed is shown, too
                    await asyncio.wait(self._under_way)

    async def _release(self) -> bool:
        """Free what a process that is gone had claimed; return whether the store took it."""
        app, name = self._engine.app, self._shower.name
        try:
            await self._engine.work(
                lambda unit: outbox.release(unit.tx, name, to_ms(app.clock.now()))
            )
        except Unavailable:
            return False
        return True

    async def settle(self) -> int:
        """Deliver what is due now and what follows from it; return how many that were."""
        n = 0
        while (started := await self.once()) or self._under_way:
            n += started
            if self._under_way:  # not gathered: a cancelled wait must leave them under way
                await asyncio.wait(self._under_way)
        return n

    async def once(self) -> int:
        """Start delivering what is due now; return how many deliveries were started."""
        room = IN_FLIGHT_MAX - len(self._keys)
        if room <= 0 or self._is_ending:
            return 0
        # A notice counts as told once it is claimed, so a claim is followed by the showing, also
        # where whoever began it is cancelled.
        return await asyncio.shield(self._keep(self._begin(room)))

    def _keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Have something done that the end waits for."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _begin(self, room: int) -> int:
        """Claim what there is room for, and start to show it."""
        found = await self._engine.work(claim(self._engine.app, self._shower.name, room))
        # A lease that ends early (the machine slept, its clock was set) must not let a card be
        # shown twice side by side: an older picture could come out last.
        fresh = [one for one in found if one.row.key not in self._keys]
        for delivery in fresh:
            self._keys.add(delivery.row.key)
            self._keep(self._one(delivery))
        return len(fresh)

    async def _look(self) -> None:
        """Start what is due, then sleep until the next row is, or until somebody wakes us."""
        try:
            await self.once()
            rest_s = await self._engine.work(self._rest)
        except Unavailable:
            rest_s = IDLE_S
        except Exception:  # noqa: BLE001 - the loop must go on
            _LOG.exception("delivering to %s failed", self._shower.name)
            rest_s = IDLE_S
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes with the waking,
        # and the bot would never end.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await self._wake.wait()

    def _rest(self, unit: Unit) -> float:
        next_ms = outbox.next_due(unit.tx, self._shower.name)
        if next_ms is None:
            return IDLE_S
        now_ms = to_ms(self._engine.app.clock.now())
        return min(max((next_ms - now_ms) / 1000, REST_S), IDLE_S)

    async def _one(self, delivery: Delivery) -> None:
        try:
            # Longer than the lease, and another claim would show it a second time.
            async with asyncio.timeout(SHOW_S):
                found = await deliver(self._shower, delivery)
        except TimeoutError:
            found = uncertain(delivery.row, "it took too long")
        try:
            job = report(self._engine.app, [found], self._shower.pace_ms)
            await self._engine.work(job)
        except Exception:  # noqa: BLE001 - the loop must go on
            _LOG.exception("could not note %s", outbox.outline(delivery.row))
        finally:
            self._keys.discard(delivery.row.key)
        self.wake()
