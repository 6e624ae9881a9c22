"""Members type commands and press buttons on Telegram. This file is the ordinary day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    async with open_room(tmp_path) as here:
        yield here


async def test_a_poll_is_answered_and_its_card_appears(room: Room) -> None:
    answer = await room.says(room.ben, "/poll Lunch? Pizza | Soup")
    assert answer is not None
    assert "#1 is open until" in answer.text
    assert answer.reply_to is not None
    assert answer.reply_to.text == "/poll Lunch? Pizza | Soup"
    card = await room.card()
    assert card.text.startswith("🗳️ #1 Lunch?\n\nPoll by Ben")
    assert card.marks[0] == ("bold", "#1 Lunch?")
    assert card.labels == [["Pizza", "Soup"]]
    assert room.server.audit.refused() == []


async def test_a_press_counts_and_the_card_changes_in_place(room: Room) -> None:
    card = await room.poll()
    answer = await room.cleo.presses(card, "Soup")
    assert "Your ballot on #1: Soup." in answer.text
    await room.moot.settle()
    assert "1 person voted." in card.text
    assert "1 vote (100 %)" in card.text


async def test_many_votes_are_one_edit(room: Room) -> None:
    card = await room.poll()
    for who in (room.ana, room.ben, room.cleo):
        await who.presses(card, "Pizza")
    await room.moot.settle()
    assert "3 people voted." in card.text
    assert len(card.history) == 2


async def test_a_quick_second_press_does_not_overtake_the_first(room: Room) -> None:
    card = await room.poll()
    first = room.ben.begin_press(card, "Pizza")
    second = room.ben.begin_press(card, "Soup")
    await first.settled()
    await second.settled()
    assert "Soup" in second.text
    assert await room.moot.turnout() == 1


async def test_a_vote_closes_with_result_and_notice(room: Room) -> None:
    room.ben.starts()
    await room.says(room.ben, "/propose Paint the hall closes_in=2h\nWith *white* <paint>.")
    card = await room.card()
    assert "With *white* <paint>." in card.text
    for who in (room.ana, room.ben, room.cleo):
        await who.presses(card, "For")
    await room.moot.advance(hours=2)
    assert card.text.startswith("✅ #1 Paint the hall")
    assert card.buttons == []
    assert "Paint the hall closed." in room.ben.private_messages[-1].text


async def test_a_press_after_the_end_is_an_alert(room: Room) -> None:
    await room.says(room.ben, "/poll Lunch? Pizza | Soup closes_in=1m")
    card = await room.card()
    room.moot.clock.set(room.moot.clock.now() + timedelta(minutes=2))
    answer = await room.cleo.presses(card, "Soup")
    assert answer.is_alert
    assert "closed at" in answer.text
    assert await room.moot.turnout() == 0
