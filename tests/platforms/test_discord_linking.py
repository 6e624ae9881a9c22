"""Linking on Discord: two accounts of one person, and two servers of one community."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.linking.pairs import CODE
from tests.platforms.discord_moot import Room, answered, open_room
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.people import Member

MEMBERS = "select count(distinct member) from account"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


def code_in(text: str) -> str:
    found = re.search(CODE, text)
    assert found is not None, text
    return found[0]


async def code_for(room: Room, who: Member, command: str = "link") -> str:
    return code_in(answered(await who.slash(room.channel, command)))


async def test_two_accounts_are_linked_by_a_button_in_private(room: Room) -> None:
    asked = await room.cleo.slash(room.channel, "link", code=await code_for(room, room.ben))
    assert "Link two accounts?" in answered(asked)
    await room.moot.settle()
    (question,) = room.ben.dm_messages
    assert room.cleo.mention in question.text
    noted = await room.ben.press(question, label="Both are me")
    assert f"Now {room.cleo.mention} has to confirm" in answered(noted)
    assert "one member" in answered(await room.cleo.press(asked, label="Both are me"))
    assert await room.moot.rows(MEMBERS) == [(1,)]


async def test_who_left_the_server_confirms_nothing_there_any_more(room: Room) -> None:
    await room.cleo.slash(room.channel, "link", code=await code_for(room, room.ben))
    await room.moot.settle()
    (question,) = room.ben.dm_messages
    room.guild.remove_member(room.ben)
    late = await room.ben.press(question, label="Both are me")
    assert "not a member of this server" in late.text
    room.guild.kick_bot()
    await room.moot.told("departed")
    assert "could not find out" in (await room.ben.press(question, label="Both are me")).text
    assert await room.moot.rows(MEMBERS) == [(2,)]


@pytest.mark.parametrize("code", ["link_confirm:1", "@|link_confirm:1", "@7x|a", "@" + "9" * 40])
async def test_a_forged_button_in_private_is_refused(room: Room, code: str) -> None:
    await room.cleo.slash(room.channel, "link", code=await code_for(room, room.ben))
    await room.moot.settle()
    pressed = await room.ben.press(room.ben.dm_messages[0], custom_id=code, raw=True)
    assert "works in a group" in pressed.text


async def there(room: Room) -> tuple[Member, Channel]:
    """Return the admin and the channel of another server that the bot is in."""
    guild = room.server.add_guild("Yard")
    channel = guild.add_channel("lobby")
    return guild.add_member("zoe", permissions=rights.MANAGE_GUILD), channel


async def test_a_server_joins_and_votes_live_in_both(room: Room) -> None:
    zoe, yard = await there(room)
    await room.ana.slash(room.channel, "setup", name="Makers", channel=room.channel)
    code = await code_for(room, room.ana, "space link")
    said = answered(await zoe.slash(yard, "space link", code=code))
    assert "Yard asks to join Makers" in said
    await room.moot.settle()
    joined = await room.ana.press(room.ana.dm_messages[-1], label="Let it join")
    assert "belongs to Makers now" in answered(joined)
    await room.moot.settle()
    assert "belongs to Makers now" in yard.messages[-1].text
    card = await room.poll()
    mirrored = yard.messages[-1]
    await zoe.press(mirrored, label="Soup")
    await room.moot.settle()
    for one in (card, mirrored):
        assert "1 vote (100 %)" in one.text
    refused = answered(await zoe.slash(yard, "config set", setting="quorum", value="1"))
    assert "Only an admin" in refused


async def test_a_button_in_private_is_for_the_server_where_its_reader_is(room: Room) -> None:
    zoe, yard = await there(room)
    code = await code_for(room, room.ana, "space link")
    await zoe.slash(yard, "space link", code=code)
    await room.moot.settle()
    await room.ana.press(room.ana.dm_messages[-1], label="Let it join")
    code = code_in(answered(await zoe.slash(yard, "link")))
    asked = await room.ben.slash(room.channel, "link", code=code)
    await room.moot.settle()
    await room.ben.press(asked, label="Both are me")
    last = await zoe.press(zoe.dm_messages[-1], label="Both are me")
    assert "one member" in answered(last)
