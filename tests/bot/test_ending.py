"""The delivering loop ends when it is told to, whatever else happens at that moment."""

import asyncio
import threading

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
    monkeypatch.setattr("bot.outbox.FINISH_S", PATIENCE_S)
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


async def test_what_was_claimed_just_before_the_end_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice counts as told once it is claimed: left out, nobody would ever be told."""
    monkeypatch.setattr("bot.outbox.FINISH_S", PATIENCE_S)
    world.member("ben").says("/poll Lunch? Pizza | Soup closes_in=1h")
    monkeypatch.setattr(world, "settle", lambda: None)
    world.advance(hours=1)
    engine = Engine(world.app, world.database.open())
    engine.start()
    board = Slow()
    board.may_end.set()
    deliveries = Deliveries(engine, board)
    gate = threading.Event()
    waiting = asyncio.create_task(engine.work(lambda _: gate.wait(PATIENCE_S)))
    await asyncio.sleep(0)
    claiming = asyncio.create_task(deliveries.once())
    for _ in range(3):
        await asyncio.sleep(0)
    ending = asyncio.create_task(deliveries.end())
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(waiting, claiming, ending)
    await engine.stop()
    notices = world.tx.all("select key from outbox where kind = 'notice'")
    assert notices
    assert {key for (key,) in notices} <= set(board.shown)
    left = world.tx.all("select key from outbox where version > sent_version or lease_ms > 0")
    assert left == []


async def test_the_end_waits_once_for_what_does_not_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.FINISH_S", 0.05)
    monkeypatch.setattr(world, "settle", lambda: None)
    world.member("ben").says("/poll Lunch? Pizza | Soup")
    engine = Engine(world.app, world.database.open())
    engine.start()
    board = Slow()
    deliveries = Deliveries(engine, board)
    running = asyncio.create_task(deliveries.run())
    async with asyncio.timeout(PATIENCE_S):
        await board.begun.wait()
        await deliveries.end()
    monkeypatch.setattr("bot.outbox.FINISH_S", 10 * PATIENCE_S)
    running.cancel()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(running, return_exceptions=True)
    board.may_end.set()
    await deliveries.settle()
    await engine.stop()
