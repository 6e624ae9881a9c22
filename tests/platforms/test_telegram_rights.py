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


FUND, FUNDED = "/pool fund garden 50 Cakes", "50 EUR came into the pool garden"


@pytest.fixture
async def funder(room: Room) -> Room:
    """The same group with a pool; that the bot may write there is remembered."""
    await room.says(room.ana, "/pool create garden EUR")
    return room


async def test_who_is_not_read_in_the_group_is_answered_though_we_could_write_just_now(
    funder: Room,
) -> None:
    funder.chat.permissions -= {"can_send_messages"}  # of which we are told nothing
    await funder.says(funder.ana, FUND)
    assert FUNDED in funder.ana.private_messages[-1].text


async def test_who_may_be_unread_is_answered_too(funder: Room) -> None:
    await funder.moot.advance(minutes=2)
    funder.server.faults.fail("getChat", times=20)
    n = len(funder.chat.bot_messages)
    await funder.says(funder.ana, FUND)
    said = [one.text for one in funder.chat.bot_messages[n:]]
    assert len(said) == 2
    assert all(FUNDED in one for one in said), "said twice rather than not at all"


async def test_a_refused_post_has_our_rights_looked_up_again(room: Room) -> None:
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.handled()
    room.chat.permissions -= {"can_send_messages"}
    await room.moot.settle()
    await room.says(room.ana, "/poll Tea? Green | Black")
    assert "I lack: Send Text Messages" in room.ana.private_messages[-1].text


async def test_a_reply_is_answered_in_private_where_we_were_muted_meanwhile(room: Room) -> None:
    await room.says(room.cleo, "/proposals")
    asked = await room.says(room.ben, "/tip")
    room.chat.mute_bot()
    await room.says(room.ben, "Cleo", reply_to=asked, mention=[room.cleo])
    asked = room.ben.private_messages[-1]
    assert "Still missing for /tip: points (" in asked.text


async def test_the_last_reply_is_carried_out_and_told_in_private(room: Room) -> None:
    await room.says(room.cleo, "/proposals")
    asked = await room.says(room.ben, "/tip")
    for words, named in (("Cleo", [room.cleo]), ("5", [])):
        asked = await room.says(room.ben, words, reply_to=asked, mention=named)
    room.chat.mute_bot()
    await room.says(room.ben, "great roof", reply_to=asked)
    assert "You gave Cleo 5 points." in room.ben.private_messages[-1].text


async def test_a_press_is_answered_in_private_where_its_question_is_gone(room: Room) -> None:
    await room.says(room.ana, "/proposals")
    asked = await room.says(room.ben, "/tip @ana_m 5 great roof")
    assert asked is not None
    room.chat.mute_bot()
    room.server.faults.fail("editMessageText", status=400, description="message to edit not found")
    await room.ben.presses(asked, "Yes, do it")
    await room.moot.settle()
    assert "You gave Ana 5 points." in room.ben.private_messages[-1].text


async def test_an_anonymous_admin_who_pressed_is_asked_in_private(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/tip")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    room.chat.mute_bot()
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.settle()
    assert "Still missing for /tip: to (" in room.ana.private_messages[-1].text


async def test_a_confirmed_command_says_more_than_that_where_its_post_fails(funder: Room) -> None:
    funder.ana.says_anonymously(funder.chat, FUND)
    await funder.moot.settle()
    asked = funder.chat.bot_messages[-1]
    funder.chat.permissions -= {"can_send_messages"}
    await funder.ana.presses(asked, "Yes, do it")
    await funder.moot.settle()
    assert FUNDED in asked.text
