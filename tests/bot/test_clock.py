"""The clock on a set clock: what is due runs once and in order, whatever fails beside it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SOON, STUCK, Agenda, Heart
from bot.engine import Engine
from core.kernel import agenda
from core.kernel.canonical import decode
from tests.bot.twin import PATIENCE_S, open_twin
from tests.world import START, World


class Hall:
    """A world with three proposals, and the clock of a running bot."""

    def __init__(self, world: World) -> None:
        ana = world.member("ana*")
        for title, length in (("hall", "3h"), ("roof", "1h"), ("door", "2h")):
            ana.says(f"/propose Paint the {title} closes_in={length}")
        self.world = world
        tx, self.weather = open_twin(world.path)
        self.tx = tx
        self.engine = Engine(world.app, tx)
        self.readers = world.database.readers()
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self.clock = Agenda(self.engine, self.readers, self.scheduler)
        self.heart = Heart(self.engine, self.readers)

    async def open(self) -> None:
        self.engine.start()
        await self.readers.open()
        self.scheduler.start(paused=True)  # it notes when it would wake us, and does not

    async def close(self) -> None:
        self.scheduler.shutdown(wait=False)
        await self.readers.close()
        await self.engine.stop()

    def at(self, **length: float) -> None:
        self.world.clock.set(START + timedelta(**length))

    def closed(self) -> list[int]:
        """Return what was closed, in order."""
        sql = "select args from journal where command = 'proposal close' order by seq"
        return [decode(args)["proposal"] for (args,) in self.world.tx.all(sql)]

    def forbid(self, number: int) -> None:
        """Have the store refuse the close of a proposal, when its line is sent at the end."""
        with closing(sqlite3.connect(self.world.path)) as other:
            other.execute(
                "create trigger forbidden before insert on journal when new.command = "
                f"'proposal close' and new.args like '%:{number}}}' begin "
                "select raise(abort, 'no'); end"
            )


@pytest.fixture
async def hall(world: World) -> AsyncIterator[Hall]:
    made = Hall(world)
    await made.open()
    yield made
    await made.close()


async def test_what_came_due_during_an_outage_closes_in_due_order_once_each(hall: Hall) -> None:
    hall.at(days=2)
    await hall.clock.scan()
    assert hall.closed() == [2, 3, 1]
    with hall.world.unchanged():
        await hall.clock.scan()


async def test_only_what_is_due_is_closed(hall: Hall) -> None:
    hall.at(hours=2)
    await hall.clock.scan()
    assert hall.closed() == [2, 3]
    assert "Not passed" in hall.world.member("ana").says("/show 2")


async def test_a_close_that_the_store_refuses_holds_up_no_other(hall: Hall) -> None:
    hall.forbid(2)
    hall.at(hours=4)
    await hall.clock.scan()
    assert hall.closed() == [3, 1]
    hall.world.tx.run("drop trigger forbidden")
    hall.at(hours=4, seconds=2)
    await hall.clock.scan()
    assert hall.closed() == [3, 1, 2]


async def test_admins_hear_of_the_eighth_failure_and_it_goes_on_every_hour(hall: Hall) -> None:
    hall.world.member("ana*").says("/channel admin")
    hall.forbid(2)
    hall.at(hours=1)
    rows = hall.world.tx
    for _ in range(agenda.TRIES_MAX + 3):
        (due,) = rows.all("select run_ms from agenda where key like '%:close:2'")
        hall.at(milliseconds=due[0] - int(START.timestamp() * 1000))
        await hall.clock.scan()
    hall.world.settle()
    warnings = [text for text in hall.world.public if "failed 8 times" in text]
    assert len(warnings) == 1
    (kept,) = rows.all("select run_ms, tries from agenda where key like '%:close:2'")
    now_ms = int(hall.world.clock.now().timestamp() * 1000)
    assert kept == (now_ms + 3_600_000, agenda.TRIES_MAX + 3)
    rows.run("drop trigger forbidden")
    hall.at(days=1)
    await hall.clock.scan()
    assert sorted(hall.closed()) == [1, 2, 3]


async def test_a_locked_store_ends_the_scan_and_loses_nothing(hall: Hall) -> None:
    hall.tx.run("pragma busy_timeout = 1")
    hall.at(hours=4)
    with closing(sqlite3.connect(hall.world.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        await hall.clock.scan()
        other.execute("rollback")
    assert hall.closed() == []
    await hall.clock.scan()
    assert hall.closed() == [2, 3, 1]


async def test_a_row_that_stays_due_does_not_make_the_scan_run_for_ever(hall: Hall) -> None:
    hall.at(hours=1)
    with closing(sqlite3.connect(hall.world.path)) as other:
        other.execute(
            "create trigger stays before delete on agenda begin select raise(ignore); end"
        )
    async with asyncio.timeout(PATIENCE_S):
        await hall.clock.scan()
    assert hall.closed() == [2]


def next_run(hall: Hall) -> str:
    job = hall.scheduler.get_job("due")
    return f"{job.trigger.run_date:%H:%M}" if job else "never"


async def test_we_are_woken_at_the_next_row_also_when_it_moves(hall: Hall) -> None:
    await hall.clock.look()
    before = next_run(hall)
    assert before == "09:54"  # the reminder before the end of #2
    hall.world.member("ana").says("/poll Quick? Yes | No closes_in=1m")
    await hall.clock.look()
    assert next_run(hall) == "09:00"
    hall.world.member("ana").says("/withdraw 4")
    await hall.clock.look()
    assert next_run(hall) == before


async def test_what_is_put_on_the_agenda_while_a_scan_ends_is_not_overlooked(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_all = hall.readers.all

    async def then_somebody_asks(sql: str, args: Any = ()) -> list[Any]:
        rows = await read_all(sql, args)
        if sql == agenda.NEXT:
            monkeypatch.undo()
            hall.world.member("ana").says("/poll Quick? Yes | No closes_in=1m")
            await hall.clock.look()
        return rows

    monkeypatch.setattr(hall.readers, "all", then_somebody_asks)
    await hall.clock.scan()
    assert next_run(hall) == "09:00"


async def test_a_scan_is_never_woken_before_it_has_ended(hall: Hall) -> None:
    """The scheduler would skip that wake-up, and the close would wait for a minute."""
    hall.at(hours=1, milliseconds=-1)
    await hall.clock.scan()
    assert hall.closed() == []
    woken_at = hall.scheduler.get_job("due").trigger.run_date
    assert woken_at == hall.world.clock.now() + SOON


async def test_what_cannot_be_run_now_is_tried_again_in_a_few_seconds(hall: Hall) -> None:
    hall.tx.run("pragma busy_timeout = 1")
    hall.at(hours=1)
    with closing(sqlite3.connect(hall.world.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        await hall.clock.scan()
        other.execute("rollback")
    assert hall.closed() == []
    assert hall.scheduler.get_job("due").trigger.run_date == hall.world.clock.now() + STUCK


async def test_a_scan_that_the_end_cuts_off_is_no_fault(
    hall: Hall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def scan() -> None:
        begun.set()
        await never.wait()

    monkeypatch.setattr(hall.clock, "scan", scan)
    hall.at(days=-5_000)  # what is due was due long ago by the clock of the scheduler
    hall.world.tx.run("update agenda set run_ms = 0")
    await hall.clock.look()
    hall.scheduler.resume()
    async with asyncio.timeout(PATIENCE_S):
        await begun.wait()
    hall.scheduler.shutdown(wait=False)
    await asyncio.sleep(0.01)
    hall.scheduler.start(paused=True)
    assert caplog.records == []


async def test_an_outage_in_the_last_quarter_moves_the_end_once(hall: Hall) -> None:
    hall.at(minutes=40)
    await hall.heart.beat()
    hall.at(minutes=55)  # away for ten minutes of the last fifteen of #2, whose guard is six
    await hall.heart.make_up()
    hall.world.settle()
    card = " ".join(hall.world.card(2).split())
    assert "I was away for a part of the last quarter" in card
    await hall.heart.make_up()
    await hall.heart.beat()
    hall.at(minutes=65)
    await hall.heart.make_up()
    await hall.clock.scan()
    assert hall.closed() == []
    hall.at(minutes=66)
    await hall.clock.scan()
    assert hall.closed() == [2]
    sql = "select json_array_length(extensions) from proposal order by number"
    assert [row[0] for row in hall.world.tx.all(sql)] == [0, 1, 0]


async def test_what_ended_while_we_were_away_closes_and_does_not_move(hall: Hall) -> None:
    hall.at(minutes=40)
    await hall.heart.beat()
    hall.at(minutes=60)
    await hall.heart.make_up()
    await hall.clock.scan()
    assert hall.closed() == [2]


async def test_a_short_absence_moves_nothing(hall: Hall) -> None:
    hall.at(minutes=50)
    await hall.heart.beat()
    hall.at(minutes=56)
    with hall.world.unchanged():
        await hall.heart.make_up()
