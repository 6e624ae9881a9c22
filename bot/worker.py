"""Long computing outside the engine, on a snapshot; a short command records the result."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.database.port import Database
from bot.engine import Engine
from core.kernel.canonical import decode
from core.kernel.command import Command
from core.kernel.outbox import Delivery
from core.kernel.request import Asker, Kind, Request

NAME = "worker"


class NotRecorded(Exception):
    """The result could not be written down; the computing is done again later."""


class Worker:
    """Carries out rows of the outbox that ask for computing; a platform that nobody reads."""

    name = NAME
    pace_ms = 0

    def __init__(self, engine: Engine, database: Database) -> None:
        """Take the engine, and where snapshots are read."""
        self._engine = engine
        self._database = database
        self._works = {
            name: work
            for feature in engine.app.house.features
            for name, work in feature.works.items()
        }

    async def show(self, delivery: Delivery) -> str:
        """Compute what the row asks for, and have the result recorded."""
        name: str
        name, *ids = decode(delivery.row.subject)
        work = self._works[name]
        request = await asyncio.to_thread(self._compute, delivery, work, ids)
        if request is not None:
            reply = await self._engine.ask(request)
            if reply.is_unavailable or reply.is_bug or reply.error is not None:
                raise NotRecorded(name)
        return name

    def _compute(
        self, delivery: Delivery, work: Callable[..., Command | None], ids: list[Any]
    ) -> Request | None:
        """Return the request that records the result; a long one is not written in the loop."""
        tx = self._database.read()
        try:
            tx.begin(is_writing=False)
            command = work(tx, delivery.row.community, *ids)
        finally:
            tx.close()
        return None if command is None else self._request(delivery, command)

    def _request(self, delivery: Delivery, command: Command) -> Request:
        row = delivery.row
        return Request(
            f"worker:{row.key}@{row.version}",
            command.declaration.path,
            command.dumped,
            Asker(kind=Kind.WORKER),
            is_stored=True,
            version=command.declaration.version,
            community=row.community,
        )
