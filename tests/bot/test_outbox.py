"""The delivering loop: leases, back-off, lost messages, one bad row beside the others."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import timedelta

import pytest

from bot.outbox import Deliveries, MessageGone, Postponed, Undeliverable
from bot.platforms import console
from bot.platforms.console.render import render
from core.kernel import outbox
from core.kernel.clock import to_ms
from core.kernel.outbox import Kind
from tests.bot.hall import Hall
from tests.bot.twin import PATIENCE_S, Weather
from tests.world import World


@pytest.fixture
async def hall(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr(world, "settle", lambda: None)
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
    made = Hall(world)
    yield made
    await made.engine.stop()


async def test_many_votes_become_one_edit(hall: Hall) -> None:
    await hall.letters.settle()
    await asyncio.gather(*(hall.vote(n) for n in range(50)))
    assert await hall.letters.settle() == 1
    first, edit = hall.board.shown
    assert (first.row.message, edit.row.message) == ("", "m1")
    assert "50 votes" in render(edit.shown)


async def test_edits_of_a_card_keep_their_pace(hall: Hall) -> None:
    hall.board.pace_ms = 3_000
    await hall.letters.settle()
    await hall.vote(1)
    assert await hall.letters.settle() == 0
    assert await hall.settle_after(seconds=2.9) == 0
    await hall.vote(2)
    assert await hall.settle_after(seconds=0.1) == 1
    assert "2 votes" in render(hall.board.shown[-1].shown)


async def test_a_message_that_is_gone_is_sent_anew(hall: Hall) -> None:
    await hall.letters.settle()
    await hall.vote(1)
    hall.board.fails[Kind.CARD] = [MessageGone()]
    await hall.letters.settle()
    assert [one.row.message for one in hall.board.shown] == ["", ""]
    await hall.vote(2)
    await hall.letters.settle()
    assert hall.board.shown[-1].row.message == "m2"


async def test_what_cannot_be_delivered_is_given_up_with_its_trouble(hall: Hall) -> None:
    hall.board.fails[Kind.CARD] = [Undeliverable("there is no such channel")]
    await hall.letters.settle()
    assert hall.row() == (0, 1, "there is no such channel")
    assert await hall.settle_after(minutes=10) == 0
    await hall.vote(1)
    assert await hall.settle_after(minutes=1) == 1
    assert hall.row() == (0, 0, "")


async def test_a_card_is_tried_again_ever_more_rarely_and_never_given_up(hall: Hall) -> None:
    hall.board.fails[Kind.CARD] = [ConnectionResetError() for _ in range(30)]
    waits = []
    for _ in range(30):
        assert await hall.letters.settle() == 1
        sql = "select due_ms from outbox where kind = 'card'"
        wait_ms = hall.world.tx.all(sql)[0][0] - to_ms(hall.world.clock.now())
        waits.append(wait_ms)
        assert await hall.settle_after(milliseconds=wait_ms - 1) == 0
        hall.world.clock.set(hall.world.clock.now() + timedelta(milliseconds=1))
    assert waits[:3] == [1_000, 2_000, 4_000]
    assert waits[-1] == outbox.BACKOFF_MS_MAX
    assert await hall.letters.settle() == 1
    assert hall.board.told() == {Kind.CARD: 1}


async def close_vote(hall: Hall) -> None:
    await hall.letters.settle()
    hall.world.advance(hours=1)


async def test_a_notice_is_told_at_most_once_and_a_result_at_least_once(hall: Hall) -> None:
    await close_vote(hall)
    hall.board.fails = {Kind.NOTICE: [TimeoutError()], Kind.POST: [TimeoutError(), TimeoutError()]}
    await hall.letters.settle()
    for _ in range(4):
        await hall.settle_after(minutes=1)
    assert hall.board.told()[Kind.NOTICE] == 0
    assert hall.board.told()[Kind.POST] == 1
    assert hall.row("notice")[0] == 0


async def test_a_notice_that_surely_was_not_shown_is_told_later(hall: Hall) -> None:
    await close_vote(hall)
    hall.board.fails = {Kind.NOTICE: [Postponed("in a minute")]}
    await hall.letters.settle()
    await hall.settle_after(minutes=1)
    assert hall.board.told()[Kind.NOTICE] == 1


async def test_a_wait_that_the_platform_asks_for_is_no_failed_try(hall: Hall) -> None:
    await close_vote(hall)
    hall.board.fails = {Kind.POST: [Postponed("not now") for _ in range(25)]}
    for _ in range(25):
        await hall.settle_after(minutes=20)
    assert hall.row("post")[1] == 0
    await hall.settle_after(minutes=20)
    assert hall.board.told()[Kind.POST] == 1


async def test_the_lease_of_a_dead_process_is_taken_over(hall: Hall) -> None:
    await close_vote(hall)
    claimed = await hall.engine.work(
        lambda unit: outbox.claim(unit.tx, console.NAME, to_ms(hall.world.clock.now()))
    )
    assert {one.kind for one in claimed} == {Kind.CARD, Kind.POST, Kind.NOTICE}
    assert await hall.letters.settle() == 0
    hall.board.reached.clear()
    running = asyncio.create_task(hall.letters.run())  # as a new process does
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    running.cancel()
    await asyncio.wait({running})
    assert hall.board.told() == {Kind.CARD: 2, Kind.POST: 1}


async def test_one_row_that_cannot_be_drawn_stops_no_other(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.world.member("ana").says("/poll Dinner? Fish | Rice closes_in=1h")
    hall.world.tx.run(
        "update outbox set subject = '[\"proposals.nothing\",1]' where key like '%,1]'"
    )
    await hall.letters.settle()
    assert ["Dinner?" in render(one.shown) for one in hall.board.shown] == [True]
    assert "could not draw" in caplog.text
    hall.world.tx.run("update outbox set subject = '[\"proposals.card\",1]' where key like '%,1]'")
    await hall.settle_after(minutes=1)
    assert "Lunch?" in render(hall.board.shown[-1].shown)


async def test_a_lock_that_passes_is_no_fault_of_the_row_that_met_it(hall: Hall) -> None:
    hall.weather.code = "SQLITE_BUSY"
    hall.weather.fails_before += ["\nselect"]
    assert await hall.letters.settle() == 1
    assert hall.weather.fails_before == []
    assert hall.row() == (0, 0, "")


async def test_nothing_is_sent_to_a_space_that_the_bot_has_left(hall: Hall) -> None:
    now_ms = to_ms(hall.world.clock.now())
    await hall.engine.work(lambda unit: outbox.park(unit.tx, 1, outbox.NEVER_MS))
    await hall.vote(1)
    assert await hall.settle_after(days=30) == 0
    await hall.engine.work(lambda unit: outbox.park(unit.tx, 1, now_ms))
    assert await hall.letters.settle() == 1


async def test_leaving_while_a_card_is_on_its_way_parks_it_all_the_same(hall: Hall) -> None:
    hall.board.held = asyncio.Event()
    hall.board.fails[Kind.CARD] = [ConnectionResetError()]
    await hall.letters.once()
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    await hall.engine.work(lambda unit: outbox.park(unit.tx, 1, outbox.NEVER_MS))
    hall.board.held.set()
    await hall.letters.settle()
    assert await hall.settle_after(days=1) == 0


async def test_a_card_is_not_shown_side_by_side_when_its_lease_ends_early(hall: Hall) -> None:
    await hall.letters.settle()
    hall.board.held = asyncio.Event()
    hall.board.reached.clear()
    await hall.vote(1)
    assert await hall.letters.once() == 1
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    await hall.vote(2)
    hall.world.clock.set(hall.world.clock.now() + timedelta(minutes=2))  # as after a sleep
    assert await hall.letters.once() == 0
    hall.board.held.set()
    await hall.letters.settle()
    await hall.letters.settle()
    assert "2 votes" in render(hall.board.shown[-1].shown)


async def test_a_slow_delivery_holds_up_no_other(hall: Hall) -> None:
    hall.board.held = slow = asyncio.Event()
    await hall.letters.once()
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    hall.board.held = None
    hall.world.member("ana").says("/poll Dinner? Fish | Rice closes_in=1h")
    assert await hall.letters.once() == 1
    await until(lambda: bool(hall.board.shown))
    assert "Dinner?" in render(hall.board.shown[0].shown)
    slow.set()
    await hall.letters.settle()
    assert len(hall.board.shown) == 2


async def test_the_loop_begins_although_the_store_is_locked(hall: Hall) -> None:
    fail_one_batch(hall.weather)
    running = asyncio.create_task(hall.letters.run())
    await until(lambda: not hall.weather.fails_before)
    await hall.vote(1)
    hall.letters.wake()
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    running.cancel()
    await asyncio.wait({running})
    assert hall.row()[0] == 0


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop and the engine go on until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - another thread's doing has no event
            await asyncio.sleep(0)


def fail_one_batch(weather: Weather) -> None:
    """Have the next batch fail, the try alone after it, and the one that only reads."""
    weather.fails_before += ["begin immediate", "begin immediate", "begin"]


async def test_ending_waits_for_what_is_under_way(hall: Hall) -> None:
    hall.board.held = asyncio.Event()
    running = asyncio.create_task(hall.letters.run())
    await asyncio.wait_for(hall.board.reached.wait(), PATIENCE_S)
    running.cancel()
    await asyncio.sleep(0)
    hall.board.held.set()
    await asyncio.wait({running})
    assert hall.row()[0] == 0
    with closing(sqlite3.connect(hall.world.path)) as other:
        assert other.execute("select message, lease_ms from outbox").fetchall() == [("m1", 0)]


async def test_nothing_is_tried_before_the_platform_is_connected(hall: Hall) -> None:
    connected = asyncio.Event()
    working = asyncio.create_task(Deliveries(hall.engine, hall.board, connected).run())
    await asyncio.sleep(0)
    await hall.vote(1)
    assert hall.row() == (2, 0, "")
    connected.set()
    async with asyncio.timeout(PATIENCE_S):
        await hall.board.reached.wait()
    working.cancel()
    await asyncio.wait([working])
    assert hall.board.told() == {Kind.CARD: 1}


async def test_a_post_that_somebody_deleted_is_not_posted_again(hall: Hall) -> None:
    await close_vote(hall)
    await hall.letters.settle()
    shown = hall.board.told()[Kind.POST]
    hall.world.member("ana").says("/forget me yes")
    hall.board.fails[Kind.POST] = [MessageGone()]
    await hall.letters.settle()
    await hall.settle_after(days=1)
    assert (hall.board.told()[Kind.POST], hall.board.fails[Kind.POST]) == (shown, [])
    assert hall.row("post") == (0, 1, "the message is gone")


async def test_a_post_that_never_came_out_is_not_sent_when_its_author_is_forgotten(
    hall: Hall,
) -> None:
    await close_vote(hall)
    hall.board.fails[Kind.POST] = [Undeliverable("no right")]
    await hall.letters.settle()
    hall.world.member("ana").says("/forget me yes")
    await hall.settle_after(days=1)
    assert hall.board.told()[Kind.POST] == 0
