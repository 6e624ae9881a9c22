"""Servers, channels and rights that come and go. This file is where the bot may write."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.outbox import MessageGone, Postponed, Undeliverable
from core.kernel.outbox import Delivery, Kind, Presented, Row
from core.kernel.text import T
from core.kernel.view import View
from tests.platforms.discord_moot import Room, answered, open_room
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.library import discord

SEND = "/channels/*/messages"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


# Coming and going


async def test_an_invitation_is_answered_with_one_greeting(room: Room) -> None:
    guild = room.server.add_guild("New", has_bot=False)
    channel = guild.add_channel("lobby")
    guild.add_channel("second")
    guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    (greeting,) = channel.messages
    assert "Hello, I am Folkmoot" in greeting.text
    assert "`/setup`" in greeting.text
    assert 'whoever has "Manage Server"' in greeting.text
    assert "permissions" not in greeting.text


async def test_nobody_is_greeted_because_the_bot_starts(room: Room) -> None:
    await room.moot.restart()
    await room.moot.settle()
    assert room.channel.messages == []


async def test_an_invitation_while_the_bot_was_away_is_answered_once_it_is_back(room: Room) -> None:
    await room.poll()
    await room.moot.stop()
    invited = room.server.add_guild("New").add_channel("lobby")
    await room.moot.start()
    await room.moot.told("arrived")
    await room.moot.settle()
    await room.moot.restart()
    await room.moot.settle()
    (greeting,) = invited.messages
    assert "Hello, I am Folkmoot" in greeting.text
    assert len(room.channel.messages) == 1


async def test_an_invitation_is_answered_also_where_discord_tells_of_the_server_late(
    room: Room,
) -> None:
    await room.poll()
    await room.moot.stop()
    invited = room.server.add_guild("New").add_channel("lobby")
    room.server.gateway.is_slow = True
    await room.moot.start()
    assert room.moot.platform.ready.is_set()
    room.server.gateway.tell_guilds()
    await room.moot.told("arrived")
    await room.moot.settle()
    (greeting,) = invited.messages
    assert "Hello, I am Folkmoot" in greeting.text
    assert len(room.channel.messages) == 1


async def test_a_greeting_names_the_missing_permission_and_needs_none_of_it(room: Room) -> None:
    guild = room.server.add_guild(
        "Shy", has_bot=False, bot_permissions=rights.ORDINARY & ~rights.EMBED_LINKS
    )
    channel = guild.add_channel("lobby")
    guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    (greeting,) = channel.messages
    assert "Hello, I am Folkmoot" in greeting.text
    assert "Embed Links" in greeting.text
    assert greeting.embeds == ()


async def test_the_greeting_goes_where_the_bot_may_write(room: Room) -> None:
    guild = room.server.add_guild("Strict", has_bot=False)
    first, second = guild.add_channel("rules"), guild.add_channel("talk")
    first.bot_permissions = rights.VIEW_CHANNEL
    guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    assert first.messages == []
    assert len(second.messages) == 1


async def test_a_server_where_the_bot_may_write_nowhere_is_still_a_community(room: Room) -> None:
    guild = room.server.add_guild("Silent", has_bot=False, bot_permissions=0)
    channel = guild.add_channel("rules")
    eve = guild.add_member("eve")
    guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    assert channel.log == []
    refused = await eve.slash(channel, "poll", question="x?", options="a | b")
    assert "View Channel, Send Messages, Embed Links" in answered(refused)
    assert "What I can do" in answered(await eve.slash(channel, "help"))


async def test_a_kicked_bot_stops_writing_and_goes_on_when_it_is_back(room: Room) -> None:
    card = await room.propose(closes_in="2h")
    for who in (room.ana, room.ben, room.cleo):
        await who.press(card, label="For")
    await room.moot.settle()
    room.guild.kick_bot()
    await room.moot.told("departed")
    here, n = f"/channels/{room.channel.id}/", len(room.server.audit.calls)
    await room.moot.run_due(hours=3)
    for _ in range(5):
        await room.moot.deliver()
    assert not [call for call in room.server.audit.calls[n:] if call.path.startswith(here)]
    room.guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    assert "✅ #1 Paint the hall" in card.text
    assert "Passed" in "".join(message.text for message in room.channel.messages[1:])
    assert "Hello" in "".join(message.text for message in room.channel.messages)


async def test_a_kick_while_the_bot_was_away_is_noted_at_the_start(room: Room) -> None:
    await room.poll()
    await room.moot.stop()
    room.guild.kick_bot()
    await room.moot.start()
    await room.moot.told("departed")
    assert await room.moot.rows("select is_active from space") == [(0,)]
    await room.moot.stop()
    room.guild.add_bot()
    await room.moot.start()
    await room.moot.told("arrived")
    assert await room.moot.rows("select is_active from space") == [(1,)]
    await room.moot.settle()
    assert len(room.channel.messages) == 1


async def test_leaving_a_server_that_never_was_a_community_founds_none(room: Room) -> None:
    await room.moot.stop()
    quiet = room.server.add_guild("Quiet")
    await room.moot.start()
    quiet.kick_bot()
    room.guild.kick_bot()
    busy = room.server.add_guild("Busy")
    busy.add_channel("general")
    await room.moot.told("arrived")
    busy.kick_bot()
    await room.moot.told("departed")
    assert await room.moot.rows("select space from space") == [(str(busy.id),)]


# Channels and rights


async def test_a_poll_where_no_card_can_be_shown_is_refused_and_says_why(room: Room) -> None:
    room.channel.bot_permissions = rights.ORDINARY & ~rights.SEND_MESSAGES
    answer = await room.ben.slash(room.channel, "poll", question="x?", options="a | b")
    assert "Send Messages" in answered(answer)
    assert await room.moot.rows("select 1 from proposal") == []


async def test_a_thread_needs_its_own_permission(room: Room) -> None:
    thread = room.guild.add_thread(room.channel, "talk")
    thread.bot_permissions = rights.ORDINARY & ~rights.SEND_MESSAGES_IN_THREADS
    answer = await room.ben.slash(thread, "poll", question="x?", options="a | b")
    assert "Send Messages in Threads" in answered(answer)


async def test_an_administrator_bot_lacks_nothing(room: Room) -> None:
    room.channel.bot_permissions = rights.ADMINISTRATOR
    assert "#1 is open" in answered(
        await room.ben.slash(room.channel, "poll", question="x?", options="a | b")
    )


async def test_a_right_taken_away_later_is_named_where_the_row_stands(room: Room) -> None:
    await room.ask("Lunch?")
    hall = room.guild.add_channel("hall")
    await room.ana.slash(room.channel, "channel", purpose="proposals", channel=hall)
    hall.bot_permissions = rights.ORDINARY & ~rights.SEND_MESSAGES
    answer = await room.ben.slash(room.channel, "poll", question="x?", options="a | b")
    assert "#2 is open" in answered(answer)
    await room.moot.settle()
    assert hall.messages == []
    (trouble,) = await room.moot.troubles()
    assert "Send Messages" in trouble
    assert "View Channel" not in trouble
    assert "Embed Links" not in trouble


async def test_a_card_without_embed_links_is_plain_and_pings_nobody(room: Room) -> None:
    hall = room.guild.add_channel("hall")
    await room.ana.slash(room.channel, "channel", purpose="proposals", channel=hall)
    hall.bot_permissions = rights.ORDINARY & ~rights.EMBED_LINKS
    await room.ask("Lunch?")
    (card,) = hall.messages
    assert card.embeds == ()
    assert room.ben.mention in card.text
    assert not card.pinged
    await room.cleo.press(card, label="a")
    await room.moot.settle()
    assert "1 person voted." in card.text
    assert card.embeds == ()
    hall.bot_permissions = rights.ORDINARY
    await room.ana.press(card, label="a")
    await room.moot.settle()
    assert card.look.content == ""
    assert "2 people voted." in card.text


async def test_a_deleted_channel_ends_the_trying_but_not_the_vote(room: Room) -> None:
    card = await room.poll()
    room.channel.delete()
    hall = room.guild.add_channel("hall")
    await room.cleo.slash(hall, "vote", proposal="1", choice="Soup")
    await room.moot.settle()
    assert await room.moot.troubles() == ["the channel no longer exists"]
    n = len(room.server.audit.calls)
    await room.moot.advance(hours=1)
    assert len(room.server.audit.calls) == n
    room.moot.clock.set(room.moot.clock.now() + timedelta(minutes=5))
    await room.cleo.slash(hall, "show", proposal="1")
    await room.moot.settle()
    assert "1 person voted." in hall.messages[-1].text
    assert card not in hall.messages


async def test_closed_private_messages_are_accepted(room: Room) -> None:
    card = await room.poll(closes_in="1h")
    room.ben.closed_dms = True
    await room.cleo.press(card, label="Soup")
    await room.moot.advance(hours=1)
    assert room.ben.dm_messages == []
    assert "they take no direct messages" in await room.moot.troubles()
    assert "Soup wins." in card.text
    assert len(room.server.audit.to("POST", SEND)) == 3


async def test_the_bot_asks_for_the_least_of_intents(room: Room) -> None:
    assert [one.intents for one in room.server.audit.identifies] == [1]
    room.server.gateway.enabled_intents = 2
    room.moot.settings = {"members_intent": True}
    await room.moot.restart()
    assert room.server.audit.identifies[-1].intents == 3


class Answered:
    """What the library keeps of an answer with an error."""

    status, reason = 400, "Bad Request"


@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (50083, "7", MessageGone),
        (50083, "", Undeliverable),
        (50005, "7", MessageGone),
        (30046, "7", Postponed),
        (50035, "7", Undeliverable),
    ],
)
async def test_rare_refusals_have_a_meaning(
    room: Room, monkeypatch: pytest.MonkeyPatch, code: int, message: str, meaning: type[Exception]
) -> None:
    # The server has neither archived threads nor old messages: the library's error is made here.
    await room.ask("Lunch?")
    answered: Any = Answered()
    refused = discord.HTTPException(answered, {"code": code})
    monkeypatch.setattr(discord.http.HTTPClient, "request", refusing(refused))
    shown = Presented(View(T("x")), {}, (), "UTC")
    row = Row("k", Kind.CARD, "discord", 1, 1, "", str(room.channel.id), "", None, message, 1, 0)
    with pytest.raises(meaning):
        await room.moot.platform.show(Delivery(row, str(room.guild.id), "", shown))
    monkeypatch.undo()


def refusing(error: Exception) -> Callable[..., Awaitable[None]]:
    async def request(*_: object, **__: object) -> None:
        raise error

    return request
