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
