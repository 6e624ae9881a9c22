"""A world whose letters go to a board; this file is the ground of the delivering loop's tests."""

import asyncio
from collections import Counter
from datetime import timedelta

from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms import console
from core.kernel.outbox import Delivery, Kind
from tests.bot.twin import open_twin, vote
from tests.world import World


class Board:
    """A platform that fails as it is told to: each entry is met once, by key."""

    name = console.NAME
    pace_ms = 0

    def __init__(self) -> None:
        self.shown: list[Delivery] = []
        self.fails: dict[Kind, list[Exception]] = {}
        self.held: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def show(self, delivery: Delivery) -> str:
        self.reached.set()
        if self.held is not None:
            await self.held.wait()
        if waiting := self.fails.get(delivery.row.kind):
            raise waiting.pop(0)
        self.shown.append(delivery)
        return delivery.row.message or f"m{len(self.shown)}"

    def told(self) -> Counter[Kind]:
        return Counter(one.row.kind for one in self.shown)


class Hall:
    """A world with a poll, whose letters go to a board."""

    def __init__(self, world: World) -> None:
        self.world = world
        tx, self.weather = open_twin(world.path)
        self.tx = tx
        self.engine = Engine(world.app, tx)
        self.engine.start()
        self.board = Board()
        self.letters = Deliveries(self.engine, self.board)

    async def vote(self, n: int) -> None:
        await self.engine.ask(vote(f"r{n}", f"voter{n}"))

    async def settle_after(self, **length: float) -> int:
        """Let time pass, then deliver what is due; return how much that was."""
        self.world.clock.set(self.world.clock.now() + timedelta(**length))
        return await self.letters.settle()

    def row(self, kind: str = "card") -> tuple[object, ...]:
        sql = "select version - sent_version, tries, trouble from outbox where kind = ?"
        (found,) = self.world.tx.all(sql, (kind,))
        return found
