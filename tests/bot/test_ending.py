"""The delivering loop ends when it is told to, whatever else happens at that moment."""

import asyncio

import pytest

from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms import console
from core.kernel.outbox import Delivery
from tests.bot.twin import PATIENCE_S
from tests.world import World


class Board:
    """A platform that shows whatever it is given."""

    name = console.NAME
    pace_ms = 0

    async def show(self, delivery: Delivery) -> str:
        return delivery.row.key


async def test_a_loop_that_is_woken_and_told_to_end_at_once_ends(world: World) -> None:
    engine = Engine(world.app, world.database.open())
    engine.start()
    deliveries = Deliveries(engine, Board())
    task = asyncio.create_task(deliveries.run())
    for _ in range(3):  # behind these jobs in the queue the loop has gone to sleep
        await engine.work(lambda unit: unit.tx.one("select 1"))
        await asyncio.sleep(0)
    deliveries.wake()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
    await engine.stop()
    assert done, "the loop goes on"
    with pytest.raises(asyncio.CancelledError):
        await task


class Slow(Board):
    """One that has begun to show something, and takes its time."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.shown: list[str] = []

    async def show(self, delivery: Delivery) -> str:
        self.begun.set()
        await self.may_end.wait()
        self.shown.append(delivery.row.key)
        return delivery.row.key


async def test_what_is_being_shown_at_the_end_is_finished_and_nothing_new_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "settle", lambda: None)
    engine = Engine(world.app, world.database.open())
    engine.start()
    board = Slow()
    deliveries = Deliveries(engine, board)
    world.member("ben").says("/poll Lunch? Pizza | Soup")
    running = asyncio.create_task(deliveries.run())
    async with asyncio.timeout(PATIENCE_S):
        await board.begun.wait()
        ending = asyncio.create_task(deliveries.end())
        world.member("ben").says("/poll Where? Here | There")
        waiting = world.tx.all("select key, due_ms, trouble from outbox where sent_version = 0")
        board.may_end.set()
        await ending
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await deliveries.settle() == 0
    await engine.stop()
    told = "select key from outbox where message <> '' and sent_version = version"
    assert [key for (key,) in world.tx.all(told)] == board.shown
    assert len(board.shown) == 1
    left = world.tx.all("select key, due_ms, trouble from outbox where sent_version = 0")
    assert left == [row for row in waiting if row[0] not in board.shown]
