"""The real library on a bad day. This file is what the network and a busy platform do to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.platforms.telegram_server import TelegramServer
from tests.platforms.telegram_server.tiny_bot import Room, TinyBot, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A group with two people and a bot that polls."""
    async with open_room() as here:
        yield here


# Calls


async def test_an_error_of_the_server_is_raised_and_nothing_was_done(room: Room) -> None:
    room.server.faults.fail("sendMessage", status=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await room.bot.send_message(room.chat.id, "x")
    room.server.faults.fail("sendMessage", status=None)
    with pytest.raises(NetworkError):
        await room.bot.send_message(room.chat.id, "x")
    assert room.chat.bot_messages == []
    assert [call.is_done for call in room.server.audit.to("sendMessage")] == [False, False]


async def test_any_error_can_be_ordered(room: Room) -> None:
    room.server.faults.fail("sendMessage", status=403, description="Forbidden: user is deactivated")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await room.bot.send_message(room.chat.id, "x")
    room.server.faults.fail("getUpdates", status=409)
    room.server.updates.end_poll()
    await room.tiny.watch.wait_for(lambda: room.tiny.poll_errors)
    assert isinstance(room.tiny.poll_errors[0], Conflict)


async def test_a_lost_answer_is_raised_and_the_message_stands(room: Room) -> None:
    room.server.faults.lose("sendMessage", status=None)
    with pytest.raises(NetworkError):
        await room.bot.send_message(room.chat.id, "once")
    room.server.faults.lose("sendMessage", status=502)
    with pytest.raises(NetworkError):
        await room.bot.send_message(room.chat.id, "twice")
    assert [said.text for said in room.chat.bot_messages] == ["once", "twice"]
    assert [call.code for call in room.server.audit.refused()] == [0, 502]


async def test_a_slow_answer_times_out(room: Room) -> None:
    gate = room.server.faults.hold("sendMessage", is_after=True)
    with pytest.raises(TimedOut):
        await room.bot.send_message(room.chat.id, "slow", read_timeout=0.2)
    await gate.reached()
    gate.release()
    assert room.chat.last.text == "slow"


async def test_a_call_is_held_until_the_test_lets_it_go(room: Room) -> None:
    gate = room.server.faults.hold("answerCallbackQuery")
    room.ana.says(room.chat, "/poll Lunch?")
    answer = room.ana.begin_press(await room.card(), "Pizza")
    await gate.reached()
    assert not answer.is_settled
    gate.release()
    assert (await answer.settled()).text == "you took vote:1"


async def test_too_many_requests_name_the_pause(room: Room) -> None:
    other = room.server.add_group("Elsewhere")
    room.server.faults.limit("sendMessage", retry_after_s=7, chat_id=room.chat.id)
    await room.bot.send_message(other.id, "not here")
    with pytest.raises(RetryAfter) as refusal:
        await room.bot.send_message(room.chat.id, "x")
    assert refusal.value.retry_after == timedelta(seconds=7)
    assert room.server.faults.left == []


async def test_flood_limits_by_the_clock_of_the_server() -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    async with await TelegramServer.start(clock=lambda: now) as server:
        chat = server.add_group("Makers")
        server.floods.is_on = True
        tiny = TinyBot(server.api_url, server.token)
        await tiny.app.initialize()
        await tiny.bot.send_message(chat.id, "0")
        with pytest.raises(RetryAfter) as refusal:
            await tiny.bot.edit_message_text("too soon", chat.id, chat.last.id)
        assert refusal.value.retry_after == timedelta(seconds=1)
        for number in range(1, 20):
            now += timedelta(seconds=1)
            await tiny.bot.send_message(chat.id, str(number))
        now += timedelta(seconds=1)
        with pytest.raises(RetryAfter) as refusal:
            await tiny.bot.send_message(chat.id, "too many")
        assert refusal.value.retry_after == timedelta(seconds=40)
        now += timedelta(seconds=40)
        await tiny.bot.send_message(chat.id, "at last")
        await tiny.app.shutdown()


# Polls


async def test_polling_survives_bad_gateways_and_an_outage(room: Room) -> None:
    room.server.faults.fail("getUpdates", status=502, times=2)
    room.server.faults.fail("getUpdates", status=None)
    room.ana.says(room.chat, "/poll one")
    await room.card()
    room.server.go_down()
    await room.tiny.watch.wait_for(lambda: len(room.tiny.poll_errors) >= 4)
    room.ana.says(room.chat, "/poll two")
    room.server.come_back()
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 2)
    assert [card.text for card in room.chat.bot_messages] == ["one", "two"]


async def test_a_lost_poll_is_delivered_again(room: Room) -> None:
    room.server.faults.lose("getUpdates", status=None)
    room.server.updates.end_poll()
    await room.server.wait_for(lambda: not room.server.faults.left)
    room.ana.says(room.chat, "/poll Lunch?")
    await room.card()
    await room.server.heard()
    assert room.tiny.seen == ["message: /poll Lunch?"]


async def test_a_repeated_update_runs_twice_with_one_number(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    await room.card()
    room.server.updates.repeat()
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 2)
    first, second = room.tiny.update_ids
    assert first == second


async def test_a_second_poller_ends_the_first_and_both_go_on(room: Room) -> None:
    other = TinyBot(room.server.api_url, room.server.token)
    await other.start_polling()
    await room.tiny.watch.wait_for(lambda: room.tiny.poll_errors)
    await other.watch.wait_for(lambda: other.poll_errors)
    await other.stop()
    for error in (room.tiny.poll_errors[0], other.poll_errors[0]):
        assert isinstance(error, Conflict)
        assert "make sure that only one bot instance is running" in error.message
    room.ana.says(room.chat, "/poll Lunch?")
    await room.card()


async def test_what_happens_while_the_bot_is_down_is_kept(room: Room) -> None:
    await room.tiny.stop()
    room.ana.says(room.chat, "/poll Lunch?")
    room.ben.says(room.chat, "/poll Dinner?")
    assert len(room.server.updates.pending) == 2
    await room.start_bot()
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 2)
    await room.server.heard()
    first, second = room.tiny.update_ids
    assert second == first + 1


async def test_offsets_confirm_and_limits_cut() -> None:
    async with await TelegramServer.start() as server:
        chat = server.add_group("Makers")
        ana = server.add_user("Ana")
        chat.join(ana, quietly=True)
        tiny = TinyBot(server.api_url, server.token)
        await tiny.app.initialize()
        for number in range(4):
            ana.says(chat, f"/poll {number}")

        async def polled(offset: int | None = None, limit: int | None = None) -> list[str]:
            found = await tiny.bot.get_updates(offset, limit, timeout=0)
            return [str(one.message and one.message.text)[-1] for one in found]

        first = (await tiny.bot.get_updates(timeout=0))[0].update_id
        assert await polled() == ["0", "1", "2", "3"]
        assert await polled(first + 1) == ["1", "2", "3"]
        assert await polled() == ["1", "2", "3"]
        assert await polled(limit=2) == ["1", "2"]
        assert await polled(-1) == ["3"]
        assert await polled() == ["3"]
        assert await polled(first + 4) == []
        await tiny.app.shutdown()


async def test_kinds_that_are_not_asked_for_do_not_happen(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    await room.tiny.stop()
    await room.start_bot("callback_query")
    room.ana.says(room.chat, "/poll unheard")
    await room.ben.presses(card, "Pizza")
    assert room.tiny.seen == []
