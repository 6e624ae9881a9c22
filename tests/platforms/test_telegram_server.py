"""The real python-telegram-bot meets the server. This file is what people do in a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.platforms.telegram_server import WouldNotSend
from tests.platforms.telegram_server.tiny_bot import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A group with two people and a bot that polls."""
    async with open_room() as here:
        yield here


async def test_a_command_is_answered_with_a_card(room: Room) -> None:
    asked = room.ana.says(room.chat, "/poll Lunch?")
    card = await room.server.wait_for(lambda: room.chat.bot_messages and room.chat.last)
    assert card.text == "Lunch?"
    assert card.html == "<b>Lunch?</b>"
    assert card.marks == [("bold", "Lunch?")]
    assert card.labels == [["Pizza"], ["Soup"], ["Rules"]]
    assert card.id == asked.id + 1


async def test_a_press_is_answered_and_edits_the_card(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.server.wait_for(lambda: room.chat.bot_messages and room.chat.last)
    answer = await room.ben.presses(card, "Pizza")
    assert (answer.text, answer.is_alert) == ("you took vote:1", False)
    await room.server.wait_for(lambda: card.text == "Ben took vote:1")
    assert [look.text for look in card.history] == ["Lunch?", "Ben took vote:1"]
    assert (await room.ben.presses(card, "Soup")).is_alert
    with pytest.raises(WouldNotSend, match="does not press"):
        await room.ben.presses(card, "Rules")
    with pytest.raises(WouldNotSend, match="no button"):
        await room.ben.presses(card, "Fish")
