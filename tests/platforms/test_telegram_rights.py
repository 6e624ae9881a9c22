"""A group in which the bot may not write: who asks is told so, and what has to be allowed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room

ASIDE = "I may not write in the group, so I answer you here."


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot, which ana and ben have started."""
    async with open_room(tmp_path) as here:
        for one in (here.ana, here.ben):
            one.says(one.private, "/start")
        await here.moot.settle()
        yield here


async def test_a_vote_that_nobody_could_see_is_refused_in_private(room: Room) -> None:
    room.chat.mute_bot()
    await room.says(room.ben, "/poll Lunch? Pizza | Soup")
    assert room.chat.bot_messages == []
    said = room.ben.private_messages[-1].text
    assert said.startswith(ASIDE)
    assert "I lack: Send Text Messages" in said
    assert await room.moot.rows("select count(*) from proposal") == [(0,)]
    assert await room.moot.troubles() == []


async def test_setup_names_what_is_missing(room: Room) -> None:
    room.chat.mute_bot()
    await room.says(room.ana, "/setup Makers")
    said = room.ana.private_messages[-1].text
    assert "Makers is ready" in said
    assert "I still need these permissions to show votes: Send Text Messages." in said


async def test_an_administrator_may_write_whatever_the_others_may(room: Room) -> None:
    room.chat.permissions -= {"can_send_messages"}
    await room.says(room.ana, "/poll Lunch? Pizza | Soup")
    assert "I lack: Send Text Messages" in room.ana.private_messages[-1].text
    room.chat.promote_bot()
    await room.says(room.ana, "/poll Lunch? Pizza | Soup")
    assert "Lunch?" in (await room.card()).text


async def test_an_unmuted_bot_says_hello_and_works(room: Room) -> None:
    room.chat.kick_bot()
    room.chat.mute_bot(by=room.ana)
    await room.moot.settle()
    assert "may not write there" in room.ana.private_messages[-1].text
    assert "Send Text Messages" in room.ana.private_messages[-1].text
    assert room.chat.bot_messages == []
    room.chat.demote_bot()
    await room.moot.settle()
    assert "Hello, I am Folkmoot" in room.chat.bot_messages[-1].text
    assert "Lunch?" in (await room.poll()).text


async def test_what_is_missing_is_asked_in_private(room: Room) -> None:
    await room.says(room.cleo, "/proposals")
    room.chat.mute_bot()
    n = len(room.chat.bot_messages)
    await room.says(room.ben, "/tip")
    asked = room.ben.private_messages[-1].text
    assert asked.startswith("I may not write in the group, so I ask you here.")
    assert "Thank a member" in asked
    assert "Still missing for /tip: to (" in asked
    assert "Write it here" in asked
    await room.moot.restart()
    for words, named in (("Cleo", [room.cleo]), ("5", []), ("great roof", [])):
        asked = room.ben.private_messages[-1].text
        assert ASIDE not in asked
        room.ben.says(room.ben.private, words, mention=named)
        await room.moot.settle()
    assert "You gave Cleo 5 points." in room.ben.private_messages[-1].text
    assert len(room.chat.bot_messages) == n


async def test_who_is_meant_is_confirmed_in_private(room: Room) -> None:
    await room.says(room.ana, "/proposals")
    room.chat.mute_bot()
    await room.says(room.ben, "/tip @ana_m 5 great roof")
    asked = room.ben.private_messages[-1]
    assert asked.text.startswith("I may not write in the group, so I ask you here.")
    assert "/tip is for Ana (@ana_m). Is that who you mean?" in asked.text
    await room.ben.presses(asked, "Yes, do it")
    await room.moot.settle()
    assert "You gave Ana 5 points." in asked.text
    assert await room.moot.rows("select count(*) from tip") == [(1,)]


async def test_what_is_asked_in_private_is_about_where_it_was_begun(room: Room) -> None:
    room.chat.mute_bot()
    await room.says(room.ana, "/channel")
    room.ana.says(room.ana.private, "proposals")
    await room.moot.settle()
    said = room.ana.private_messages[-1].text
    assert "Proposals and polls will appear in this group." in said


@pytest.mark.parametrize("line", ["/tip", "/tip @ben_b 5 great roof"])
async def test_who_never_started_the_bot_cannot_be_asked(
    room: Room, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    caplog.set_level("INFO", "folkmoot.telegram")
    await room.says(room.ben, "/proposals")
    room.chat.mute_bot()
    await room.says(room.cleo, line)
    assert room.cleo.private_messages == []
    assert "tip lacks something, and nobody could be asked for it" in caplog.text
    assert "great roof" not in caplog.text
    assert "failed" not in caplog.text
    room.cleo.starts()
    room.cleo.says(room.cleo.private, "great roof")
    await room.moot.settle()
    assert "I understand commands only" in room.cleo.private_messages[-1].text


async def test_an_anonymous_admin_cannot_be_asked(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.chat.mute_bot()
    room.ana.says_anonymously(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.settle()
    assert "carried out, but not answered" not in caplog.text
    assert "could not be asked or told" in caplog.text
    assert await room.moot.rows("select count(*) from proposal") == [(0,)]


async def test_rights_are_looked_up_once_a_minute_and_a_failure_accuses_nobody(room: Room) -> None:
    room.server.faults.fail("getChat", status=502)
    await room.poll()
    n = len(room.server.audit.to("getChat"))
    await room.says(room.ben, "/poll Tea? Green | Black")
    await room.says(room.cleo, "/poll Cake? Yes | No")
    assert len(room.server.audit.to("getChat")) == n + 1
