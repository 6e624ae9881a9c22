"""The real discord.py is told no. This file is what the platform refuses, with its codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.platforms.discord_server import DiscordServer, WouldNotSend
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.library import discord, point_at
from tests.platforms.discord_server.tiny_bot import Room, TinyBot, open_room


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with two people and a bot."""
    async with open_room(monkeypatch) as here:
        yield here


async def code_of(attempt: Any) -> tuple[int, int]:
    """The status and code with which the platform refuses."""
    with pytest.raises(discord.HTTPException) as refusal:
        await attempt
    return refusal.value.status, refusal.value.code


async def test_an_over_long_embed_is_refused_with_its_place(room: Room) -> None:
    embed = discord.Embed(description="x" * 4097)
    with pytest.raises(discord.HTTPException) as refusal:
        await room.bot.channel(room.channel).send(embed=embed)
    assert refusal.value.code == 50035
    assert "embeds.0.description: Must be 4096 or fewer in length." in refusal.value.text
    assert room.channel.messages == []


async def test_bodies_that_say_nothing_or_contradict_themselves(room: Room) -> None:
    here = room.bot.channel(room.channel)
    assert await code_of(here.send(" ")) == (400, 50006)
    assert await code_of(here.send("x" * 2001)) == (400, 50035)
    both = discord.http.handle_message_parameters("hi").payload or {}
    both["allowed_mentions"] = {"parse": ["users"], "users": ["1"]}
    parameters = discord.http.MultipartParameters(payload=both, multipart=None, files=None)
    assert await code_of(room.bot.http.send_message(here.id, params=parameters)) == (400, 50035)


async def test_only_allowed_mentions_ping(room: Room) -> None:
    here = room.bot.channel(room.channel)
    await here.send(f"@everyone {room.ana.mention} {room.ben.mention}")
    allowed = discord.AllowedMentions(users=[discord.Object(room.ben.id)])
    await here.send(f"{room.ana.mention} {room.ben.mention}", allowed_mentions=allowed)
    assert [message.pinged for message in room.channel.messages] == [set(), {room.ben.id}]


async def test_lost_rights_and_places(room: Room) -> None:
    here = room.bot.channel(room.channel)
    message = await here.send("hello")
    room.guild.bot_permissions = rights.ORDINARY & ~rights.SEND_MESSAGES
    assert await code_of(here.send("x")) == (403, 50013)
    room.channel.bot_permissions = 0
    assert await code_of(here.send("x")) == (403, 50001)
    room.channel.bot_permissions = rights.ORDINARY
    theirs = room.ana.says(room.channel, "mine")
    assert await code_of(here.get_partial_message(theirs.id).edit(content="x")) == (403, 50005)
    assert await code_of(here.get_partial_message(theirs.id).delete()) == (403, 50013)
    room.channel.messages[0].delete()
    assert await code_of(message.edit(content="x")) == (404, 10008)
    room.channel.delete()
    assert await code_of(here.send("x")) == (404, 10003)


async def test_direct_messages_and_closed_doors(room: Room) -> None:
    ana = await room.bot.fetch_user(room.ana.id)
    await ana.send("your vote is counted")
    assert [message.text for message in room.ana.dm_messages] == ["your vote is counted"]
    assert room.guild.dms == room.ana.dm_messages
    room.ben.closed_dms = True
    ben = await room.bot.fetch_user(room.ben.id)
    assert await code_of(ben.send("x")) == (403, 50007)
    assert room.ben.dm_messages == []


async def test_a_bot_is_thrown_out_and_invited(room: Room) -> None:
    here = room.bot.channel(room.channel)
    room.guild.kick_bot()
    await room.bot.watch.wait_for(lambda: room.bot.events)
    assert await code_of(here.send("x")) == (403, 50001)
    with pytest.raises(WouldNotSend):
        await room.ana.slash(room.channel, "card")
    room.guild.add_bot()
    other = room.server.add_guild("Bakers")
    await room.ana.slash(room.channel, "card")
    assert room.bot.events == ["remove Makers", "join Makers", "join Bakers"]
    assert room.bot.get_guild(other.id) is not None


async def test_members_are_looked_up_while_they_are_there(room: Room) -> None:
    guild = room.bot.get_guild(room.guild.id)
    assert guild is not None
    assert (await guild.fetch_member(room.ben.id)).display_name == "ben"
    room.guild.remove_member(room.ben)
    assert await code_of(guild.fetch_member(room.ben.id)) == (404, 10007)


async def test_a_wrong_token_and_a_privileged_intent_end_the_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with await DiscordServer.start() as server:
        point_at(server, monkeypatch)
        bot = TinyBot(discord.Intents(guilds=True))
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")
        await bot.close()
        curious = TinyBot(discord.Intents(guilds=True, members=True))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await curious.start(server.token)
        await curious.close()
        assert server.audit.calls[0].is_authorized is False
        assert [seen.intents for seen in server.audit.identifies] == [curious.intents.value]
