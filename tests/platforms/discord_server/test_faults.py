"""The real discord.py on a bad day. This file is what the network and a busy platform do to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.platforms.discord_server.gateway import PRIVILEGED
from tests.platforms.discord_server.library import discord
from tests.platforms.discord_server.tiny_bot import Room, open_room


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with two people and a bot."""
    async with open_room(monkeypatch) as here:
        yield here


async def test_a_lost_callback_answer_is_seen_but_raises(room: Room) -> None:
    room.server.faults.lose("POST", "/interactions/*/*/callback")
    answer = await room.ana.slash(room.channel, "vote", proposal="7")
    assert answer.text == "7:"
    await room.bot.watch.wait_for(lambda: room.bot.errors)
    assert answer.refused == [40060]
    assert room.hurry.pauses == [1]


async def test_a_late_answer_is_refused_and_seen_as_a_failure(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "poll", late=True, question="x")
    assert answer.is_failed
    assert answer.refused == [10062]
    assert room.bot.runs == 1


async def test_a_duplicate_delivery_runs_the_command_twice(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "poll", question="x")
    answer.deliver()
    await room.server.wait_for(lambda: answer.refused)
    assert room.bot.runs == 2
    assert answer.refused == [40060]


async def test_a_dropped_gateway_is_resumed_and_what_was_missed_is_replayed(room: Room) -> None:
    room.server.gateway.drop()
    answer = await room.ana.slash(room.channel, "poll", question="still there?")
    assert "still there?" in answer.text
    assert room.server.audit.resumes == 1
    assert len(room.server.audit.identifies) == 1
    assert room.bot.runs == 1


async def test_an_invalid_session_makes_the_client_identify_anew(room: Room) -> None:
    room.server.gateway.invalidate()
    await room.server.ready(2)
    assert room.server.audit.resumes == 0
    assert "x" in (await room.ana.slash(room.channel, "poll", question="x")).text


async def test_a_forgotten_session_cannot_be_resumed(room: Room) -> None:
    room.server.gateway.forget_sessions()
    room.server.gateway.ask_to_reconnect()
    await room.server.ready(2)
    assert "x" in (await room.ana.slash(room.channel, "poll", question="x")).text


async def test_a_rate_limit_is_waited_for_and_a_ban_is_not(room: Room) -> None:
    room.server.faults.limit("POST", "/channels/*/messages", retry_after_s=7.5)
    await room.bot.channel(room.channel).send("patience")
    assert room.hurry.pauses == [7.5]
    room.server.faults.limit("POST", "/channels/*/messages", retry_after_s=7.5, has_via=False)
    with pytest.raises(discord.HTTPException) as refusal:
        await room.bot.channel(room.channel).send("banned")
    assert refusal.value.status == 429
    assert [message.text for message in room.channel.messages] == ["patience"]


async def test_a_used_up_bucket_makes_the_library_pause(room: Room) -> None:
    room.server.rates.set("POST", "/channels/*/messages", 1, 30.0)
    await room.bot.channel(room.channel).send("one")
    assert 29 < room.hurry.pauses[0] <= 30


async def test_a_lost_send_is_not_doubled_thanks_to_its_nonce(room: Room) -> None:
    room.server.faults.lose("POST", "/channels/*/messages")
    await room.bot.channel(room.channel).send("once")
    assert [message.text for message in room.channel.messages] == ["once"]
    assert len(room.server.audit.to("POST", "/channels/*/messages")) == 2


async def test_a_lost_follow_up_is_doubled(room: Room) -> None:
    first = room.server.faults.hold("POST", "/webhooks/*/*")
    room.server.faults.lose("POST", "/webhooks/*/*")
    answer = room.ana.begin_slash(room.channel, "twice")
    await first.reached()
    first.release()
    await room.server.wait_for(lambda: len(answer.followups) == 2)
    assert [message.text for message in answer.messages] == ["first", "second", "second"]


async def test_errors_before_the_work_are_retried_and_dropped_connections_raise(room: Room) -> None:
    room.server.faults.fail("POST", "/channels/*/messages", status=502, times=2)
    await room.bot.channel(room.channel).send("third time")
    assert room.hurry.pauses == [1, 3]
    room.server.faults.fail("POST", "/channels/*/messages", status=None)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await room.bot.channel(room.channel).send("never")
    assert [message.text for message in room.channel.messages] == ["third time"]


async def test_an_outage_ends_in_a_resume(room: Room) -> None:
    room.server.go_down()
    with pytest.raises(aiohttp.ClientError):
        await room.bot.channel(room.channel).send("nobody hears")
    answer = room.ana.begin_slash(room.channel, "poll", question="back?")
    room.server.come_back()
    await answer.settled()
    assert "back?" in answer.text
    assert room.server.audit.resumes == 1
    assert room.channel.messages == []


async def test_a_request_is_held_until_the_test_lets_it_go(room: Room) -> None:
    gate = room.server.faults.hold("PATCH", "/webhooks/*/*/messages/@original")
    answer = room.ana.begin_slash(room.channel, "poll", question="slow?")
    await gate.reached()
    assert answer.is_acknowledged
    assert not answer.is_settled
    gate.release()
    await answer.settled()
    assert room.server.faults.left == []


async def test_members_and_words_are_heard_with_the_privileged_intents_alone(room: Room) -> None:
    room.ana.says(room.channel, "unheard")
    await room.stop_bot()
    room.server.gateway.enabled_intents = PRIVILEGED
    await room.start_bot(discord.Intents.all())
    room.guild.add_member("cyd")
    room.ana.says(room.channel, "heard")
    room.guild.remove_member(room.ben)
    await room.bot.watch.wait_for(lambda: len(room.bot.events) == 3)
    assert room.bot.events == ["member cyd", "said heard", "left ben"]
