"""Delivering what the outbox holds: claimed with a lease, shown by a platform, reported back."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.engine import Engine
from core.app import App
from core.kernel import outbox
from core.kernel.clock import to_ms
from core.kernel.errors import Gone, Unavailable
from core.kernel.outbox import Delivery, Kind, Row
from core.kernel.unit import Unit

_LOG = logging.getLogger("folkmoot.outbox")

# The longest sleep of the delivering loop; it is woken when something is queued.
IDLE_S = 5.0


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
        """Send or edit; return the message's id. Raises the errors above, or any other."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a delivery."""

    row: Row
    message: str = ""
    trouble: str = ""
    is_final: bool = False
    is_lost: bool = False


def claim(app: App, platform: str) -> Callable[[Unit], list[Delivery]]:
    """Return a job that leases what is due on a platform and draws it as things stand now."""

    def job(unit: Unit) -> list[Delivery]:
        unit.flush()
        now_ms = to_ms(app.clock.now())
        found = []
        for row in outbox.claim(unit.tx, platform, now_ms):
            try:
                found.append(_delivery(app, unit, row))
            except Gone:
                outbox.failed(unit.tx, row, "its subject is gone", now_ms, is_final=True)
            except Exception:  # noqa: BLE001 - one bad card must not stop the others
                _LOG.exception("could not draw %s", outbox.outline(row))
                outbox.failed(unit.tx, row, "it could not be drawn", now_ms, is_final=False)
        return found

    return job


def report(app: App, reports: list[Report], pace_ms: int) -> Callable[[Unit], None]:
    """Return a job that notes what became of some deliveries."""

    def job(unit: Unit) -> None:
        now_ms = to_ms(app.clock.now())
        for one in reports:
            if one.is_lost:
                outbox.lost(unit.tx, one.row)
            elif one.trouble:
                outbox.failed(unit.tx, one.row, one.trouble, now_ms, is_final=one.is_final)
            else:
                outbox.delivered(unit.tx, one.row, one.message, now_ms + pace_ms)

    return job


def _delivery(app: App, unit: Unit, row: Row) -> Delivery:
    space, account = "", ""
    if row.space is not None:
        found = app.directory.space(unit.tx, row.space)
        space = found.space if found else ""
    if row.member is not None:
        people = app.directory.people(unit.tx, {row.member})
        account = people[row.member].accounts.get(row.platform, "") if people else ""
        if not account:
            raise Gone
    return Delivery(row, space, account, app.draw(unit, row))


async def deliver(shower: Shower, delivery: Delivery) -> Report:
    """Have a platform show one delivery, and say what became of it."""
    row = delivery.row
    try:
        return Report(row, message=await shower.show(delivery))
    except MessageGone:
        if row.kind is Kind.POINTER:
            return Report(row, trouble="the message is gone", is_final=True)
        return Report(row, is_lost=True)
    except Postponed as trouble:
        return Report(row, trouble=str(trouble) or "the platform asked to wait")
    except Undeliverable as trouble:
        _LOG.warning("cannot deliver %s: %s", outbox.outline(row), trouble)
        return Report(row, trouble=str(trouble), is_final=True)
    except Exception as trouble:  # noqa: BLE001 - whatever a platform raises is reported
        # Nobody knows whether it was shown: a notice is not told twice, the rest is.
        _LOG.warning("delivering %s failed: %r", outbox.outline(row), trouble)
        return Report(row, trouble=type(trouble).__name__, is_final=row.kind is Kind.NOTICE)


class Deliveries:
    """The delivering loop of one platform."""

    def __init__(self, engine: Engine, shower: Shower) -> None:
        """Take the engine and the platform; `run` loops."""
        self._engine = engine
        self._shower = shower
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()

    def wake(self) -> None:
        """Look again soon: something may have been queued."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        app, name = self._engine.app, self._shower.name
        await self._engine.work(lambda unit: outbox.release(unit.tx, name, to_ms(app.clock.now())))
        while True:
            self._wake.clear()
            try:
                is_more = await self.once()
            except Unavailable:
                is_more = False
            if not is_more:
                try:
                    await asyncio.wait_for(self._wake.wait(), IDLE_S)
                except TimeoutError:
                    continue

    async def once(self) -> bool:
        """Deliver what is due now; return whether there was anything."""
        app = self._engine.app
        async with self._lock:
            found = await self._engine.work(claim(app, self._shower.name))
            if not found:
                return False
            reports = await asyncio.gather(*(deliver(self._shower, one) for one in found))
            await self._engine.work(report(app, list(reports), self._shower.pace_ms))
        return True
