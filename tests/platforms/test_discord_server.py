"""The real discord.py meets the server. This file is what people do: commands and buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.platforms.discord_server import WouldNotSend
from tests.platforms.discord_server.tiny_bot import Room, open_room


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with two people and a bot."""
    async with open_room(monkeypatch) as here:
        yield here


# Commands


async def test_a_deferred_answer_is_seen_by_the_asker_alone_and_then_edited(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "poll", question="Lunch?", options="Pizza | Soup")
    assert answer.is_ephemeral
    assert answer.deferred_ephemeral
    assert answer.text == "last 1\nLunch?\nPizza | Soup"
    assert [look.is_loading for look in answer.states] == [True, False]
    assert room.channel.messages == []


async def test_options_arrive_as_the_objects_they_name(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "tip", to=room.ben, points=3, where=room.channel)
    assert answer.text == "ben 3 general True"


async def test_subcommands_and_choices_by_their_shown_name(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "config set", setting="Quorum", value="4")
    assert answer.text == "quorum=4"


async def test_the_client_of_a_person_refuses_what_was_not_declared(room: Room) -> None:
    ana, ben, here = room.ana, room.ben, room.channel
    with pytest.raises(WouldNotSend, match="required"):
        await ana.slash(here, "poll")
    with pytest.raises(WouldNotSend, match="no option"):
        await ana.slash(here, "poll", question="x", colour="red")
    with pytest.raises(WouldNotSend, match="1 to 5"):
        await ana.slash(here, "tip", to=ben, points=6)
    with pytest.raises(WouldNotSend, match="does not take"):
        await ana.slash(here, "tip", to="ben", points=1)
    with pytest.raises(WouldNotSend, match="one of"):
        await ana.slash(here, "config set", setting="mood", value="4")
    with pytest.raises(WouldNotSend, match="not offered to ben"):
        await ben.slash(here, "config set", setting="quorum", value="4")
    with pytest.raises(WouldNotSend, match="not offered"):
        await ana.slash(ana.dm, "config set", setting="quorum", value="4")
    assert room.bot.runs == 0


async def test_raw_input_reaches_the_bot_unchecked(room: Room) -> None:
    answer = await room.ben.slash(room.channel, "tip", raw=True, to=room.ana, points=999)
    assert answer.text == "ana 999 None False"


async def test_a_command_in_private(room: Room) -> None:
    answer = await room.ana.slash(room.ana.dm, "vote", proposal="7")
    assert answer.text == "7:"


async def test_suggestions_come_while_typing(room: Room) -> None:
    choices = await room.ana.completes(
        room.channel, "vote", "proposal", "lu", given={"choice": "Pizza"}
    )
    assert [(choice.name, choice.value) for choice in choices] == [("lu Pizza", "7")]
    with pytest.raises(WouldNotSend):
        await room.ana.completes(room.channel, "vote", "choice", "P")


async def test_the_first_follow_up_inherits_the_deferral(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "twice")
    await room.server.wait_for(lambda: answer.followups)
    assert [message.text for message in answer.messages] == ["first", "second"]
    assert all(message.is_ephemeral for message in answer.messages)


async def test_a_modal_is_filled_in(room: Room) -> None:
    opened = await room.ana.slash(room.channel, "form")
    answer = await room.ana.submit(opened, what="a roof", Why="rain")
    assert answer.text == "a roof/rain"
    with pytest.raises(WouldNotSend, match="takes 1"):
        await room.ana.submit(opened, what="")


# Buttons


async def test_a_press_edits_the_card(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    assert not card.is_ephemeral
    (message,) = room.channel.messages
    await room.ben.press(message, label="Pizza")
    assert "ben took pizza" in message.text
    assert [look.content for look in message.history] == ["what shall we eat?", "ben took pizza"]


async def test_a_press_can_be_answered_to_the_presser_alone(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    answer = await room.ben.press(card, custom_id="vote:2")
    assert answer.text == "you took soup"
    assert answer.is_ephemeral
    assert len(room.channel.messages) == 1
    with pytest.raises(WouldNotSend, match="does not see"):
        await room.ana.press(answer, label="anything")


async def test_a_disabled_button_is_not_pressed_and_a_forged_one_goes_through(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    with pytest.raises(WouldNotSend):
        await room.ana.press(card, label="Closed")
    card.message.delete()
    with pytest.raises(WouldNotSend):
        await room.ana.press(card, label="Pizza")
    stale = await room.ana.press(card, custom_id="vote:2", raw=True)
    assert stale.text == "you took soup"


async def test_a_menu_is_chosen_from(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    assert (await room.ana.select(card, "Ana")).text == "chose 7"


async def test_old_buttons_work_after_a_restart(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    await room.stop_bot()
    await room.start_bot()
    assert (await room.ana.press(card, label="Soup")).text == "you took soup"
    assert room.server.sync_count == 2


async def test_a_private_card_is_pressed_by_its_one_reader(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card", private=True)
    await room.ana.press(card, label="Pizza")
    assert "ana took pizza" in card.text
    assert [look.content for look in card.states] == ["what shall we eat?", "ana took pizza"]
    assert room.channel.messages == []


async def test_who_left_and_who_is_a_bot_cannot_act_but_can_be_forged(room: Room) -> None:
    card = await room.ana.slash(room.channel, "card")
    robot = room.guild.add_member("robot", bot=True)
    room.guild.remove_member(room.ben)
    for somebody in (robot, room.ben):
        with pytest.raises(WouldNotSend):
            await somebody.slash(room.channel, "card")
        with pytest.raises(WouldNotSend):
            await somebody.press(card, label="Soup")
    assert (await robot.slash(room.channel, "config set", raw=True, setting="x", value="y")).text
    assert (await room.ben.press(card, custom_id="vote:2", raw=True)).text == "you took soup"
