"""Linking on Telegram: codes and questions come in private, wherever they were asked for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.linking.pairs import CODE
from tests.platforms.telegram_moot import Room, open_room
from tests.platforms.telegram_server import Chat, Message, User

MEMBERS = "select count(distinct member) from account"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people who all have started the bot."""
    async with open_room(tmp_path) as here:
        for one in (here.ana, here.ben, here.cleo):
            one.starts()
        await here.moot.settle()
        yield here


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found[0]


async def told(room: Room, who: User, line: str, chat: Chat | None = None) -> Message:
    """Have somebody ask in a group; return what they read in private."""
    line_in_group = await room.says(who, line, chat)
    assert line_in_group is None, line_in_group
    return who.private_messages[-1]


async def press(room: Room, who: User, on: Message, label: str) -> str:
    await who.presses(on, label)
    await room.moot.settle()
    return who.private_messages[-1].text


async def test_two_accounts_are_linked_in_private(room: Room) -> None:
    code = code_in((await told(room, room.ben, "/link")).text)
    asked = await told(room, room.cleo, f"/link {code}")
    assert "Link two accounts?" in asked.text
    question = room.ben.private_messages[-1]
    assert "Cleo (telegram)" in question.text
    assert "Now Cleo has to confirm" in await press(room, room.ben, question, "Both are me")
    assert "one member" in await press(room, room.cleo, asked, "Both are me")
    assert await room.moot.rows(MEMBERS) == [(1,)]


async def test_a_code_waits_behind_a_link_for_who_never_started_the_bot(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        for line in ("/link", "/space_link"):
            shown = await room.says(room.ana, line)
            assert shown is not None
            assert CODE.search(shown.text) is None
            room.ana.opens(shown.buttons[0].url or "")
            await room.moot.settle()
            code_in(room.ana.private_messages[-1].text)
            room.ana.has_started = False


async def test_a_forwarded_code_is_used_up_and_its_giver_sees_by_whom(room: Room) -> None:
    code = code_in((await told(room, room.ben, "/link")).text)
    await told(room, room.ana, f"/link {code}")
    assert "Somebody has used this code" in (await told(room, room.cleo, f"/link {code}")).text
    assert "Ana (telegram)" in room.ben.private_messages[-1].text
    assert await room.moot.rows(MEMBERS) == [(2,)]


async def test_who_left_the_group_confirms_nothing_there_any_more(room: Room) -> None:
    code = code_in((await told(room, room.ben, "/link")).text)
    await told(room, room.cleo, f"/link {code}")
    question = room.ben.private_messages[-1]
    room.chat.remove(room.ben)
    await room.moot.settle()
    assert "not a member of this group" in await press(room, room.ben, question, "Both are me")


def yard_of(room: Room) -> tuple[User, Chat]:
    """Return the admin of another group that the bot is in, and that group."""
    chat = room.server.add_group("Yard")
    zoe = room.server.add_user("Zoe", username="zoe")
    chat.join(zoe, "creator", quietly=True)
    return zoe, chat


async def joined(room: Room) -> tuple[User, Chat]:
    """Have another group join."""
    zoe, yard = yard_of(room)
    await room.says(room.ana, "/setup Makers")
    zoe.starts()
    code = code_in((await told(room, room.ana, "/space_link")).text)
    said = await told(room, zoe, f"/space_link {code}", yard)
    assert "Yard asks to join Makers" in said.text
    question = room.ana.private_messages[-1]
    assert "Yard (telegram) wants to join Makers" in question.text
    assert "belongs to Makers now" in await press(room, room.ana, question, "Let it join")
    assert "belongs to Makers now" in yard.bot_messages[-1].text
    return zoe, yard


async def test_a_group_joins_and_votes_live_in_both(room: Room) -> None:
    zoe, yard = await joined(room)
    card = await room.poll()
    mirrored = yard.bot_messages[-1]
    await zoe.presses(mirrored, "Soup")
    await room.moot.settle()
    for one in (card, mirrored):
        assert "1 vote (100 %)" in one.text


async def test_a_button_in_private_is_for_the_group_where_its_reader_is(room: Room) -> None:
    zoe, yard = await joined(room)
    code = code_in((await told(room, zoe, "/link", yard)).text)
    asked = await told(room, room.ben, f"/link {code}")
    question = zoe.private_messages[-1]
    await press(room, room.ben, asked, "Both are me")
    assert "one member" in await press(room, zoe, question, "Both are me")


async def test_a_group_with_a_life_of_its_own_is_told_so_in_private(room: Room) -> None:
    zoe, yard = yard_of(room)
    zoe.starts()
    await room.says(zoe, "/poll Lunch? a | b", yard)
    code = code_in((await told(room, room.ana, "/space_link")).text)
    n = len(yard.bot_messages)
    await room.says(zoe, f"/space_link {code}", yard)
    assert "has votes, entries or links of its own" in zoe.private_messages[-1].text
    assert len(yard.bot_messages) == n


async def test_a_code_given_in_private_alone_cannot_choose_a_place(room: Room) -> None:
    zoe, yard = yard_of(room)
    await room.says(zoe, "/help", yard)
    zoe.starts()
    code = code_in((await told(room, room.ana, "/space_link")).text)
    await room.says(zoe, f"/space_link {code}", zoe.private)
    assert "cannot tell which channel you mean" in zoe.private_messages[-1].text
