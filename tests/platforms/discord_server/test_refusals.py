"""The real discord.py is told no. This file is what the platform refuses, with its codes."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.platforms.discord_server import DiscordServer, WouldNotSend
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.library import discord, point_at
from tests.platforms.discord_server.tiny_bot import Room, TinyBot, Told, app_commands, open_room


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


async def test_a_bad_declaration_is_refused_at_the_sync(room: Room) -> None:
    @room.bot.tree.command(description="x")
    @app_commands.choices(which=[app_commands.Choice(name="n" * 101, value="v")])
    async def too_long(told: Told, which: str) -> None:
        """Never run."""

    with pytest.raises(app_commands.CommandSyncFailure, match="length"):
        await room.bot.tree.sync()
    assert room.server.sync_count == 1


async def test_commands_of_one_guild(room: Room) -> None:
    home = discord.Object(room.guild.id)
    room.bot.tree.copy_global_to(guild=home)
    await room.bot.tree.sync(guild=home)
    names = {command["name"] for command in room.server.commands_of(room.guild)}
    assert names == {command["name"] for command in room.server.commands}
    assert len(await room.bot.tree.fetch_commands(guild=home)) == len(names)


async def test_an_interaction_token_ends_with_its_interaction(room: Room) -> None:
    gate = room.server.faults.hold("POST", "/interactions/*/*/callback")
    answer = room.ana.begin_slash(room.channel, "twice")
    await gate.reached()
    async with aiohttp.ClientSession() as session:
        hook = discord.Webhook.partial(room.server.bot.id, answer.token, session=session)
        assert await code_of(hook.send("too early")) == (404, 10015)
        gate.release()
        await room.server.wait_for(lambda: answer.followups)
        await hook.send("in time")
        answer.expire()
        assert await code_of(hook.send("too late")) == (401, 50027)
    assert [message.text for message in answer.messages] == ["first", "second", "in time"]


async def test_ephemeral_messages_are_out_of_reach_of_channels(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "vote", proposal="7")
    here = room.bot.channel(room.channel)
    assert await code_of(here.fetch_message(answer.message.id)) == (404, 10008)
    assert [note async for note in here.history()] == []


async def test_files_and_layouts_are_shown(room: Room) -> None:
    here = room.bot.channel(room.channel)
    file = discord.File(io.BytesIO(b"a,b"), "votes.csv", description="all votes")
    await here.send("the books", file=file)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("a card of parts")))
    await here.send(view=view)
    books, card = room.channel.messages
    assert books.text == "the books\nvotes.csv"
    assert books.look.attachments[0]["description"] == "all votes"
    assert card.is_v2
    assert card.text == "a card of parts"


async def test_threads_and_events(room: Room) -> None:
    message = await room.bot.channel(room.channel).send("roof?")
    thread = await message.create_thread(name="the roof")
    await thread.send("tiles")
    assert [note.text for note in room.guild.channels[-1].messages] == ["tiles"]
    room.guild.bot_permissions |= rights.MANAGE_EVENTS
    guild = room.bot.get_guild(room.guild.id)
    assert guild is not None
    past = discord.utils.utcnow() - timedelta(days=1)
    attempt = guild.create_scheduled_event(
        name="moot",
        start_time=past,
        end_time=past,
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location="hall",
    )
    assert await code_of(attempt) == (400, 50035)


async def test_a_modal_cannot_follow_a_modal(room: Room) -> None:
    opened = await room.ana.slash(room.channel, "form")
    answer = await room.ana.submit(opened, what="again")
    assert answer.refused == [50035]
    assert answer.text == "again/"


async def test_files_are_weighed(room: Room) -> None:
    heavy = discord.File(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "heavy.bin")
    assert await code_of(room.bot.channel(room.channel).send(file=heavy)) == (413, 40005)


async def test_a_frame_over_4096_bytes_closes_the_gateway(room: Room) -> None:
    await room.bot.ws.send('{"op": 3, "d": "' + "x" * 4096 + '"}')
    await room.server.wait_for(lambda: room.server.audit.resumes)
    assert room.server.audit.closes == [4002]


async def test_times_and_ids_follow_a_clock_that_is_set() -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    async with await DiscordServer.start(clock=lambda: noon) as server:
        guild = server.add_guild("Makers")
        message = guild.add_channel("general").write(guild.owner, "hello")
    assert message.created_at == noon
    assert discord.utils.snowflake_time(message.id) == noon
