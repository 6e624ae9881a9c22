"""Discord and the network on a bad day: nothing is lost, nothing counts twice."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.discord.reconnects import tell_briefly
from tests.platforms.discord_moot import Room, answered, open_room

CALLBACK = "/interactions/*/*/callback"
ANSWER = "/webhooks/*/*/messages/*"
SEND = "/channels/*/messages"
EDIT = "/channels/*/messages/*"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


async def polls(room: Room) -> int:
    return len(await room.moot.rows("select 1 from proposal"))


# The acknowledgement and the answer


@pytest.mark.parametrize("status", [500, 502, None])
async def test_a_lost_acknowledgement_is_taken_as_one(room: Room, status: int | None) -> None:
    room.server.faults.lose("POST", CALLBACK, status=status)
    answer = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    assert "#1 is open" in answered(answer)
    assert answer.refused == [40060]
    assert await polls(room) == 1


@pytest.mark.parametrize("status", [500, 502, None])
async def test_a_failed_acknowledgement_is_tried_again(room: Room, status: int | None) -> None:
    room.server.faults.fail("POST", CALLBACK, status=status)
    answer = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    assert "#1 is open" in answered(answer)


@pytest.mark.parametrize("status", [500, 502, None])
async def test_a_lost_answer_is_shown_once(room: Room, status: int | None) -> None:
    room.server.faults.lose("PATCH", ANSWER, status=status)
    answer = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    await room.server.wait_for(lambda: len(room.server.audit.to("PATCH", ANSWER)) == 2)
    assert "#1 is open" in answered(answer)
    assert answer.followups == []
    assert await polls(room) == 1


async def test_what_came_too_late_to_be_answered_is_carried_out_once(room: Room) -> None:
    answer = await room.ben.slash(room.channel, "poll", late=True, question="x?", options="a | b")
    assert answer.is_failed
    card = await room.card()
    assert "x?" in card.text
    answer.deliver()
    await room.server.wait_for(lambda: len(answer.refused) == 2)
    assert await polls(room) == 1
    await room.moot.platform.close()
    assert room.server.audit.to("PATCH", ANSWER) == []


async def test_an_expired_token_loses_the_answer_and_nothing_else(room: Room) -> None:
    card = await room.poll()
    gate = room.server.faults.hold("PATCH", ANSWER)
    answer = room.cleo.begin_press(card, label="Soup")
    await gate.reached()
    answer.expire()
    gate.release()
    await room.server.wait_for(lambda: room.server.audit.to("PATCH", ANSWER)[-1].status == 401)
    assert await room.moot.turnout() == 1
    assert "Soup" in answered(await room.cleo.slash(room.channel, "me"))


async def test_the_same_delivery_twice_counts_once_and_gets_the_same_answer(room: Room) -> None:
    answer = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    said = answered(answer)
    answer.deliver()
    await room.server.wait_for(lambda: len(room.server.audit.to("PATCH", ANSWER)) == 2)
    assert answered(answer) == said
    assert await polls(room) == 1
    card = await room.card()
    press = await room.cleo.press(card, label="a")
    said = answered(press)
    for _ in range(3):
        press.deliver()
    await room.server.wait_for(lambda: len(room.server.audit.to("PATCH", ANSWER)) == 6)
    assert answered(press) == said
    assert await room.moot.turnout() == 1
    assert len(await room.moot.rows("select 1 from journal where command = 'vote'")) == 1


async def test_an_answer_that_discord_refuses_is_replaced_by_one_that_it_takes(room: Room) -> None:
    room.server.faults.fail("PATCH", ANSWER, status=400)
    answer = await room.ben.slash(room.channel, "help")
    assert "could not show it here" in answered(answer)


# Delivery


@pytest.mark.parametrize("status", [500, 502, None])
async def test_a_card_whose_answer_was_lost_is_not_sent_twice(
    room: Room, status: int | None
) -> None:
    room.server.faults.lose("POST", SEND, status=status)
    await room.ask("Lunch?")
    await room.moot.advance(seconds=30)
    assert len(room.channel.messages) == 1
    assert await room.moot.troubles() == []


async def test_a_card_that_fails_for_long_is_sent_in_the_end(room: Room) -> None:
    room.server.faults.fail("POST", SEND, status=503, times=12)
    await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    await room.moot.deliver()
    assert room.channel.messages == []
    assert await room.moot.troubles() == ["DiscordServerError"]
    for _ in range(12):
        await room.moot.advance(minutes=20)
    assert len(room.channel.messages) == 1
    assert await room.moot.troubles() == []


async def test_a_rate_limit_is_waited_for_or_handed_back_when_long(room: Room) -> None:
    card = await room.poll()
    room.server.faults.limit("PATCH", EDIT, retry_after_s=7.5)
    await room.cleo.press(card, label="Soup")
    await room.moot.settle()
    assert room.moot.hurry.pauses == [7.5]
    assert "1 person voted." in card.text
    room.server.faults.limit("PATCH", EDIT, retry_after_s=600)
    await room.ana.press(card, label="Soup")
    await room.moot.deliver()
    assert await room.moot.troubles() == ["Discord asks to wait for 600 s"]
    assert "1 person voted." in card.text
    await room.moot.advance(minutes=1)
    assert "2 people voted." in card.text


async def test_a_deleted_card_is_sent_anew_at_the_next_change(room: Room) -> None:
    card = await room.poll()
    code = card.buttons[0].custom_id
    card.delete()
    await room.cleo.press(card, custom_id=code, raw=True)
    again = await room.card()
    assert again is not card
    assert "1 person voted." in again.text
    assert "Pizza." in answered(await room.ana.press(again, label="Pizza"))
    await room.moot.settle()
    assert "2 people voted." in again.text
    assert len(room.channel.messages) == 1


# The gateway


async def test_a_dropped_gateway_is_resumed_and_what_was_missed_is_answered(room: Room) -> None:
    card = await room.poll()
    room.server.gateway.drop()
    answer = await room.cleo.press(card, label="Soup")
    assert "Soup" in answered(answer)
    assert room.server.audit.resumes == 1
    assert len(room.server.audit.identifies) == 1
    assert await room.moot.turnout() == 1


async def test_a_replayed_press_counts_once(room: Room) -> None:
    card = await room.poll()
    press = await room.cleo.press(card, label="Soup")
    room.server.gateway.drop()
    press.deliver()
    await room.server.wait_for(lambda: press.refused)
    assert room.server.audit.resumes == 1
    assert await room.moot.turnout() == 1


async def test_a_lost_session_is_begun_anew_without_a_second_greeting(room: Room) -> None:
    await room.poll()
    room.server.gateway.invalidate()
    await room.server.ready(2)
    answer = await room.cleo.slash(room.channel, "vote", proposal="1", choice="1")
    assert "Pizza" in answered(answer)
    await room.moot.settle()
    assert len(room.channel.messages) == 1


async def test_an_outage_of_discord_is_outlived(room: Room) -> None:
    card = await room.poll()
    room.server.go_down()
    await room.moot.advance(minutes=1)
    room.server.come_back()
    await room.server.wait_for(lambda: room.server.gateway.is_connected)
    assert "Soup" in answered(await room.cleo.press(card, label="Soup"))
    await room.moot.settle()
    assert "1 person voted." in card.text


def test_a_lost_connection_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    tell_briefly()
    try:
        raise ConnectionResetError("reset by peer")
    except OSError:
        # As the library says it.
        logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
    (told,) = caplog.records
    assert (told.levelname, told.exc_info) == ("WARNING", None)
    said = "Attempting a reconnect in 1.50s: ConnectionResetError: reset by peer"
    assert told.getMessage() == said


# The database


async def test_a_locked_database_is_waited_for_after_the_acknowledgement(room: Room) -> None:
    card = await room.poll()
    other = sqlite3.connect(room.moot.database.path, isolation_level=None)
    other.execute("begin immediate")
    answer = room.cleo.begin_press(card, label="Soup")
    await answer.acknowledged()
    assert answer.deferred_ephemeral
    assert not answer.is_settled
    other.execute("rollback")
    other.close()
    await answer.settled()
    assert "Soup" in answered(answer)
    assert await room.moot.turnout() == 1


async def test_the_event_loop_goes_on_while_the_database_is_slow(room: Room) -> None:
    await room.poll()
    other = sqlite3.connect(room.moot.database.path, isolation_level=None)
    other.execute("begin immediate")
    answers = [
        who.begin_slash(room.channel, "vote", proposal="1", choice="1")
        for who in (room.ana, room.ben, room.cleo)
    ]
    await asyncio.gather(*(answer.acknowledged() for answer in answers))
    found = await room.cleo.completes(room.channel, "vote", "proposal", "lun")
    assert [one.value for one in found] == ["1"]
    other.execute("rollback")
    other.close()
    await asyncio.gather(*(answer.settled() for answer in answers))
    assert await room.moot.turnout() == 3


async def test_what_runs_at_the_stop_is_answered_and_nothing_new_is_taken(room: Room) -> None:
    card = await room.poll()
    other = sqlite3.connect(room.moot.database.path, isolation_level=None)
    other.execute("begin immediate")
    running = room.cleo.begin_press(card, label="Soup")
    await running.acknowledged()
    stopping = asyncio.create_task(room.moot.platform.close())
    await asyncio.sleep(0)
    new = room.ana.begin_press(card, label="Pizza")
    await asyncio.wait([stopping], timeout=0.05)
    other.execute("rollback")
    other.close()
    await stopping
    assert "Soup" in answered(running)
    assert not new.is_acknowledged
    assert await room.moot.turnout() == 1


async def test_no_token_stands_in_the_log(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="folkmoot")
    card = await room.poll()
    late = await room.ben.slash(room.channel, "help", late=True)
    room.server.faults.fail("PATCH", ANSWER, status=404)
    room.server.faults.fail("POST", CALLBACK, status=None, times=3)
    lost = room.cleo.begin_press(card, label="Soup")
    n = len(room.server.audit.to("PATCH", ANSWER))
    await room.server.wait_for(lambda: len(room.server.audit.to("PATCH", ANSWER)) > n)
    await room.moot.stop()
    assert str(late.id) in caplog.text
    for secret in (late.token, lost.token, room.server.token):
        assert secret not in caplog.text
    await room.moot.start()
