"""Events and answers with next to nothing in them. This file is what the bot does without."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.discord.gaps import filled
from bot.platforms.discord.read import Told, place_of
from core.kernel.request import Place
from tests.platforms.discord_moot import Room, answered, open_room
from tests.platforms.discord_server.answers import Answers
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.interactions import Interaction

Json = dict[str, Any]

# What the library itself cannot do without, and who, where and what.
GUILD = {"id", "name", "channels"}
INTERACTION = {"id", "application_id", "type", "token", "data", "guild_id", "channel_id", "member"}


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild and a running bot, on a server that says as little as it can."""
    whole_guild, whole_interaction = Guild.as_json, Interaction._payload

    def guild(self: Guild, *, with_everybody: bool) -> Json:
        said = whole_guild(self, with_everybody=with_everybody)
        return {key: said[key] for key in GUILD}

    def interaction(self: Interaction, body: Json) -> Json:
        said = whole_interaction(self, body)
        return {key: said[key] for key in {*INTERACTION, "message"} & said.keys()}

    def receipt(*_: object) -> None:
        return None

    monkeypatch.setattr(Guild, "as_json", guild)
    monkeypatch.setattr(Interaction, "_payload", interaction)
    monkeypatch.setattr(Answers, "_receipt", receipt)
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


async def test_a_vote_needs_nothing_that_may_be_left_out(room: Room) -> None:
    opened = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    assert "#1 is open" in answered(opened)
    card = await room.card()
    assert card.embeds
    assert "Your ballot on #1: b" in answered(await room.cleo.press(card, label="b"))
    await room.moot.settle()
    assert "1 person voted." in card.text
    (found,) = await room.cleo.completes(room.channel, "vote", "proposal", "lun")
    assert found.value == "1"


async def test_each_invitation_is_greeted_where_discord_does_not_say_when_it_was(
    room: Room,
) -> None:
    guild = room.server.add_guild("New", has_bot=False)
    channel = guild.add_channel("lobby")
    for n in (1, 2):
        guild.add_bot()
        await room.moot.told("arrived")
        await room.moot.settle()
        assert len(channel.messages) == n
        assert "Hello, I am Folkmoot" in channel.messages[-1].text
        assert "permissions" not in channel.messages[-1].text
        assert channel.messages[-1].embeds
        guild.kick_bot()
        await room.moot.told("departed")


async def test_a_server_of_ours_that_is_told_of_late_looks_like_a_new_one_and_is_none(
    room: Room,
) -> None:
    room.server.gateway.is_slow = True
    await room.moot.restart()
    said = room.guild.as_json(with_everybody=False)
    room.server.gateway.dispatch("GUILD_CREATE", said)
    card = await room.poll()
    assert room.channel.messages == [card]


async def test_who_throws_us_out_before_we_hear_of_them_and_invites_us_again_is_back(
    room: Room,
) -> None:
    await room.poll()
    room.server.gateway.is_slow = True
    await room.moot.restart()
    room.guild.kick_bot()
    await room.moot.told("departed")
    room.guild.add_bot()
    await room.moot.told("arrived")
    await room.moot.settle()
    assert "Hello, I am Folkmoot" in room.channel.messages[-1].text


async def test_a_thread_is_known_by_what_discord_promises_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Place] = []

    async def take(told: Told) -> None:
        heard.append(place_of(told))

    monkeypatch.setattr(room.moot.platform, "take", take)
    talk = {"id": "77", "type": 11, "name": "talk", "parent_id": str(room.channel.id)}
    told = {"id": "5", "application_id": "6", "type": 2, "token": "x", "channel": talk}
    told |= {"guild_id": str(room.guild.id), "member": room.ben.as_json()}
    room.server.gateway.dispatch("INTERACTION_CREATE", told)
    for _ in range(1000):
        if heard:
            break
        await asyncio.sleep(0.01)
    assert (heard[0].channel, heard[0].thread) == (str(room.channel.id), "77")


async def test_an_event_that_cannot_be_read_ends_nothing(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.server.gateway.dispatch("INTERACTION_CREATE", {"id": "1"})
    room.server.gateway.dispatch("INTERACTION_CREATE", {"id": "2", "member": {"user": {}}})
    room.server.gateway.dispatch("GUILD_CREATE", {"id": "not a number"})
    opened = await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
    assert "#1 is open" in answered(opened)
    unread = [one.getMessage() for one in caplog.records if "could not read" in one.getMessage()]
    events = ["INTERACTION_CREATE", "INTERACTION_CREATE", "GUILD_CREATE"]
    assert [one.rpartition(" ")[2] for one in unread] == events


def test_what_discord_says_is_never_changed() -> None:
    channel = {"id": "7", "type": 0, "name": "hall", "position": 3}
    said = {
        "version": 2,
        "attachment_size_limit": 5,
        "app_permissions": "0",
        "channel_id": "7",
    }
    found = filled({**said, "channel": channel})
    assert found.items() >= said.items()
    assert found["channel"].items() >= channel.items()
    assert filled(said)["channel"] == {"id": "7"}
    assert "channel" not in filled({})


def test_who_is_not_said_to_have_joined_is_here_since_their_account_was_made() -> None:
    said = {"user": {"id": "175928847299117063"}, "permissions": "0"}
    found = filled({"member": said})["member"]
    assert found["joined_at"].startswith("2016-04-30T11:18:25")
    assert found.items() >= {**said, "roles": [], "flags": 0}.items()
    guest = {"user": {"id": "7"}, "roles": [], "flags": 0, "joined_at": None}
    assert filled({"member": guest})["member"] == guest
