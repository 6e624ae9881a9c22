"""Groups, topics, channels and private chats on Telegram: where things are asked and shown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    async with open_room(tmp_path) as here:
        yield here


# In private


async def test_a_personal_answer_goes_to_the_private_chat(room: Room) -> None:
    room.ben.starts()
    assert await room.says(room.ben, "/me") is None
    assert "Makers" in room.ben.private_messages[-1].text or room.ben.private_messages[-1].text


async def test_who_never_started_the_bot_gets_a_link_and_the_answer_behind_it(room: Room) -> None:
    line = await room.says(room.ben, "/me")
    assert line is not None
    assert "for you alone" in line.text
    (button,) = line.buttons
    assert button.url == "https://t.me/folkmoot_bot?start=answer"
    await room.moot.restart()
    room.ben.opens(button.url)
    await room.moot.handled()
    answer = room.ben.private_messages[-1]
    assert "not taken part here yet" in answer.text
    room.ben.opens(button.url)
    await room.moot.handled()
    assert "Folkmoot" in room.ben.private_messages[-1].text


async def test_a_block_after_the_start_is_a_link_again(room: Room) -> None:
    room.ben.starts()
    room.ben.blocks_bot()
    line = await room.says(room.ben, "/me")
    assert line is not None
    assert line.buttons[0].url == "https://t.me/folkmoot_bot?start=answer"


async def test_half_a_command_is_told_its_other_halves_in_private(room: Room) -> None:
    await room.says(room.ben, "/me")
    room.ben.starts()
    await room.says(room.ben, "/pause", room.ben.private)
    assert "Type one of: /pause_payments." in room.ben.private_messages[-1].text


async def test_in_private_the_last_group_is_meant(room: Room) -> None:
    await room.says(room.ben, "/proposals")
    room.ben.starts()
    await room.says(room.ben, "/poll Secretly? Yes | No secret=true", room.ben.private)
    assert "#1 is open" in room.ben.private_messages[-1].text
    card = await room.card()
    assert "Secretly?" in card.text
    await room.says(room.ben, "/vote 1 Yes", room.ben.private)
    assert "Your ballot on #1" in room.ben.private_messages[-1].text
    assert await room.moot.turnout() == 1


async def test_a_copy_says_nothing_untrue_in_a_group_or_in_private(room: Room) -> None:
    await room.poll()
    await room.says(room.ben, "/show 1")
    line = await room.says(room.ben, "/show 1")
    assert line is not None
    assert "This is a copy as of now; the card itself stays where it is." in line.text
    assert "once a minute" in line.text
    room.ben.starts()
    await room.says(room.ben, "/show 1", room.ben.private)
    assert "This is a copy as of now" in room.ben.private_messages[-1].text
    assert "once a minute" not in room.ben.private_messages[-1].text


async def test_a_pressed_copy_in_a_group_counts_and_points_to_the_card_above(room: Room) -> None:
    await room.poll()
    await room.says(room.ben, "/show 1")
    card = await room.card()
    copy = await room.says(room.ben, "/show 1")
    assert copy is not None
    answer = await room.cleo.presses(copy, "Soup")
    assert "Your ballot on #1: Soup." in answer.text
    await room.moot.settle()
    assert "The card of #1 is elsewhere. See it with /show 1" in copy.text
    assert copy.labels == []
    assert "1 person voted." in card.text


async def test_a_copy_in_private_is_pressed_for_its_own_group(room: Room) -> None:
    await room.poll()
    other = room.server.add_group("Bakers")
    other.join(room.ben, quietly=True)
    room.ben.starts()
    await room.says(room.ben, "/show 1", room.ben.private)
    copy = room.ben.private_messages[-1]
    assert copy.labels == [["Pizza", "Soup"]]
    await room.says(room.ben, "/poll Bread? Rye | Wheat", other)
    await room.moot.restart()
    await room.ben.presses(copy, "Soup")
    await room.moot.handled()
    rows = await room.moot.rows(
        "select p.community from ballot b join proposal p on p.id = b.proposal"
    )
    assert rows == [(1,)]
    assert "Soup" in room.ben.private_messages[-1].text


async def test_a_stranger_cannot_look_into_a_group_from_outside(room: Room) -> None:
    await room.poll()
    zed = room.server.add_user("Zed")
    zed.starts(f"g{room.chat.id}")
    await room.moot.handled()
    assert "not a member of this group" in zed.private_messages[-1].text
    await room.says(zed, "/proposals", zed.private)
    assert "do not know yet which group" in zed.private_messages[-1].text
    await zed.presses(room.chat.bot_messages[-1], data=f"@{room.chat.id}|proposals", raw=True)
    assert await room.moot.turnout() == 0


async def test_a_group_is_chosen_by_a_link_or_a_button(room: Room) -> None:
    other = room.server.add_group("Bakers")
    other.join(room.ben, quietly=True)
    await room.says(room.ben, "/proposals")
    await room.says(room.ben, "/proposals", other)
    room.ben.starts(f"g{room.chat.id}")
    await room.moot.handled()
    said = room.ben.private_messages[-1]
    assert "about Makers" in said.text
    await room.ben.presses(said, "Bakers")
    await room.moot.handled()
    assert "about Bakers" in room.ben.private_messages[-1].text


async def test_who_has_left_is_refused_with_a_sentence(room: Room) -> None:
    card = await room.poll()
    room.chat.remove(room.cleo)
    await room.moot.handled()
    answer = await room.cleo.presses(card, data="vote:1:1", raw=True)
    assert "not a member of this group" in answer.text
    assert answer.is_alert
    assert await room.moot.turnout() == 0


async def test_who_joins_after_the_opening_cannot_vote(room: Room) -> None:
    card = await room.poll()
    room.moot.clock.set(room.moot.clock.now().replace(hour=10))
    dan = room.server.add_user("Dan")
    room.chat.join(dan)
    await room.moot.handled()
    await room.moot.restart()
    answer = await dan.presses(card, "Soup")
    assert "joined after that" in answer.text
    assert await room.moot.turnout() == 0


# Admins


async def test_an_admin_is_asked_for_at_the_act(room: Room) -> None:
    refused = await room.says(room.ben, "/config_set quorum 5")
    assert refused is not None
    assert "the owner or an administrator of the group" in refused.text
    done = await room.says(room.ana, "/config_set quorum 5")
    assert done is not None
    assert "quorum" in done.text
    room.server.faults.fail("getChatMember", times=9)
    room.moot.clock.set(room.moot.clock.now().replace(hour=20))
    unknown = await room.says(room.ana, "/config_set quorum 6")
    assert unknown is not None
    assert "could not find out whether you are an admin" in unknown.text


async def test_an_anonymous_admin_confirms_and_the_press_names_them(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    assert "write as the group" in asked.text
    assert await room.moot.rows("select 1 from proposal") == []
    assert "only an admin can confirm" in (await room.ben.presses(asked, "Yes, do it")).text
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert "#1 is open" in asked.text
    assert "Poll by Ana" in (await room.card()).text
    late = await room.ana.presses(asked, data="?y:nothing", raw=True)
    assert "That question is over" in late.text


async def test_what_an_anonymous_admin_takes_back_is_not_done(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    await room.ana.presses(asked, "No")
    await room.moot.handled()
    assert "Taken back" in asked.text
    assert await room.moot.rows("select 1 from proposal") == []


# Channels


async def test_channels_are_refused_with_the_reason(room: Room) -> None:
    channel = room.server.add_channel("News", linked=room.chat, has_bot=True)
    channel.join(room.ana, "creator", quietly=True)
    room.chat.promote_bot()
    channel.posts("/poll Lunch? Pizza | Soup")
    room.ana.says_as(channel, room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.handled()
    said = [one.text for one in (*channel.bot_messages, *room.chat.bot_messages)]
    assert len(said) == 3
    assert all("A channel is nobody in particular" in one for one in said)
    assert await room.moot.rows("select 1 from proposal") == []


async def test_edits_other_bots_commands_and_talk_are_passed_over(room: Room) -> None:
    room.chat.promote_bot()
    first = room.ben.says(room.chat, "/proposals")
    await room.moot.handled()
    n = len(room.chat.bot_messages)
    room.ben.edits(first, "/poll Lunch? Pizza | Soup")
    for line in ("/poll@other_bot Lunch? a | b", "/unknown", "good morning", "/"):
        room.ben.says(room.chat, line)
    await room.moot.handled()
    assert len(room.chat.bot_messages) == n
    unknown = await room.says(room.ben, "/unknown@folkmoot_bot")
    assert unknown is not None
    assert "no command unknown" in unknown.text
