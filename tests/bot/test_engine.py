"""The engine thread: answers when it is durable, outlives everything, and never holds the loop."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime

import pytest

from bot.database.sqlite import BATCH_MAX
from bot.engine import Engine
from core.app import Reply
from core.kernel.errors import Unavailable
from tests.bot.twin import PATIENCE_S, Weather, counted, look, open_twin, turnout, vote
from tests.world import SetClock, World


class Hall:
    """A world with a poll, and a running engine on a connection with weather."""

    def __init__(self, world: World) -> None:
        world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
        self.world = world
        tx, self.weather = open_twin(world.path)
        self.engine = Engine(world.app, tx)
        self.engine.start()

    def hold(self, start: str) -> Weather:
        """Hold the engine at the next statement that starts so."""
        self.weather.held = start
        return self.weather

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.weather.reached.wait, PATIENCE_S)

    def release(self) -> None:
        self.weather.held = "-"
        self.weather.gate.set()


@pytest.fixture
async def hall(world: World) -> AsyncIterator[Hall]:
    made = Hall(world)
    yield made
    made.release()
    await made.engine.stop()


def is_ok(reply: Reply) -> bool:
    return reply.error is None and not reply.is_bug and not reply.is_unavailable


async def test_an_answer_comes_after_the_commit_and_not_before(hall: Hall) -> None:
    hall.hold("commit")
    asking = asyncio.create_task(hall.engine.ask(vote("r1", "ben")))
    await hall.reached()
    for _ in range(100):
        await asyncio.sleep(0)
    assert not asking.done()
    assert counted(hall.world) == []
    hall.release()
    assert is_ok(await asking)
    assert counted(hall.world) == ["r1"]


async def test_the_loop_goes_on_while_the_store_is_slow(hall: Hall) -> None:
    hall.hold("begin immediate")
    asking = [asyncio.create_task(hall.engine.ask(vote(f"r{n}", f"v{n}"))) for n in range(20)]
    await hall.reached()
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert not any(one.done() for one in asking)
    hall.release()
    assert all(is_ok(one) for one in await asyncio.gather(*asking))


async def test_a_short_lock_is_waited_for(hall: Hall) -> None:
    hall.hold("begin immediate")
    with closing(sqlite3.connect(hall.world.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        asking = asyncio.create_task(hall.engine.ask(vote("r1", "ben")))
        await hall.reached()
        hall.release()
        await asyncio.sleep(0)
        other.execute("rollback")
    assert is_ok(await asking)
    assert counted(hall.world) == ["r1"]


async def test_a_lock_for_ever_is_told_in_a_sentence_that_says_what_to_do(hall: Hall) -> None:
    await hall.engine.work(lambda _: None)
    with closing(sqlite3.connect(hall.world.path, isolation_level=None)) as other:
        hall.weather.code = "SQLITE_BUSY"
        hall.weather.fails_before += ["begin immediate"] * 6
        other.execute("begin immediate")
        reply = await hall.engine.ask(vote("r1", "ben"))
        other.execute("rollback")
    assert reply.is_unavailable
    assert "try again" in str(reply.shown.view.blocks)
    assert is_ok(await hall.engine.ask(vote("r1", "ben")))
    assert counted(hall.world) == ["r1"]


async def test_what_waits_is_committed_together_and_never_too_much(hall: Hall) -> None:
    hall.hold("begin immediate")
    first = asyncio.create_task(hall.engine.ask(look("first")))
    await hall.reached()
    n = BATCH_MAX + 88
    asking = [asyncio.create_task(hall.engine.ask(vote(f"r{n}", f"v{n % 9}"))) for n in range(n)]
    await asyncio.sleep(0)
    hall.weather.done.clear()
    hall.release()
    assert all(is_ok(one) for one in await asyncio.gather(first, *asking))
    assert hall.weather.done.count("commit") == 1 + 2
    assert counted(hall.world) == [f"r{at}" for at in range(n)]


async def test_the_same_request_at_once_and_again_counts_once(hall: Hall) -> None:
    hall.hold("begin immediate")
    asking = [asyncio.create_task(hall.engine.ask(vote("r1", "ben"))) for _ in range(5)]
    await hall.reached()
    hall.release()
    assert all(is_ok(one) for one in await asyncio.gather(*asking))
    assert is_ok(await hall.engine.ask(vote("r1", "ben")))
    assert counted(hall.world) == ["r1"]
    assert turnout(hall.world) == 1


async def test_stopping_answers_what_was_accepted(hall: Hall) -> None:
    hall.hold("begin immediate")
    asking = [asyncio.create_task(hall.engine.ask(vote(f"r{n}", f"v{n}"))) for n in range(900)]
    await hall.reached()
    await asyncio.sleep(0)
    stopping = asyncio.create_task(hall.engine.stop())
    await asyncio.sleep(0)
    hall.release()
    await stopping
    assert all(is_ok(one) for one in await asyncio.gather(*asking))
    assert turnout(hall.world) == 900
    assert (await hall.engine.ask(vote("late", "ben"))).is_unavailable
    with pytest.raises(Unavailable):
        await hall.engine.work(lambda _: None)
    with contextlib.suppress(sqlite3.ProgrammingError):
        hall.engine._tx.run("select 1")
        pytest.fail("the connection is still open")


async def test_an_asker_who_leaves_changes_nothing_for_the_others(hall: Hall) -> None:
    hall.hold("begin immediate")
    leaving = asyncio.create_task(hall.engine.ask(vote("r1", "ben")))
    staying = asyncio.create_task(hall.engine.ask(vote("r2", "cyd")))
    await hall.reached()
    leaving.cancel()
    hall.release()
    assert is_ok(await staying)
    assert is_ok(await hall.engine.ask(vote("r1", "ben")))
    assert counted(hall.world) == ["r1", "r2"]


async def test_the_engine_outlives_an_asker_whose_loop_is_gone(hall: Hall) -> None:
    hall.hold("begin immediate")

    def asks_and_leaves() -> None:
        loop = asyncio.new_event_loop()
        task = loop.create_task(hall.engine.ask(vote("r1", "ben")))
        loop.run_until_complete(asyncio.sleep(0))
        task.cancel()
        loop.run_until_complete(asyncio.wait({task}))
        loop.close()

    thread = threading.Thread(target=asks_and_leaves)
    thread.start()
    await asyncio.to_thread(thread.join)
    await hall.reached()
    hall.release()
    assert is_ok(await hall.engine.ask(vote("r2", "cyd")))
    assert counted(hall.world) == ["r1", "r2"]


async def test_the_engine_outlives_whoever_cannot_be_told(hall: Hall) -> None:
    told: list[int] = []
    hall.engine.after.append(lambda: told.append(1 // 0))
    hall.engine.after.append(lambda: told.append(1))
    assert is_ok(await hall.engine.ask(vote("r1", "ben")))
    assert is_ok(await hall.engine.ask(vote("r2", "cyd")))
    await hall.engine.work(lambda _: None)
    assert told == [1, 1]


class StoppedClock(SetClock):
    """A clock that breaks."""

    is_broken = False

    def now(self) -> datetime:
        if self.is_broken:
            raise RuntimeError("no time")
        return super().now()


async def test_the_engine_outlives_a_batch_that_cannot_even_begin(hall: Hall) -> None:
    clock = StoppedClock()
    hall.world.app.clock = clock
    clock.is_broken = True
    assert (await hall.engine.ask(vote("r1", "ben"))).is_unavailable
    clock.is_broken = False
    assert is_ok(await hall.engine.ask(vote("r1", "ben")))


async def test_a_job_that_fails_is_told_its_own_error(hall: Hall) -> None:
    hall.hold("begin immediate")
    voting = asyncio.create_task(hall.engine.ask(vote("r1", "ben")))
    await hall.reached()
    failing = asyncio.create_task(hall.engine.work(lambda _: 1 // 0))
    await asyncio.sleep(0)
    hall.release()
    with pytest.raises(ZeroDivisionError):
        await failing
    assert is_ok(await voting)
