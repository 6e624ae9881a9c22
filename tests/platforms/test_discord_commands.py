"""Members type commands and press buttons on Discord. This file is the ordinary day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord_moot import Room, answered, open_room


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


async def test_a_poll_is_answered_in_private_and_its_card_appears(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "poll", question="Lunch?", options="Pizza | Soup")
    assert "#1 is open until" in answered(answer)
    assert answer.deferred_ephemeral
    card = await room.card()
    assert "Lunch?" in card.text
    assert [button.label for button in card.buttons] == ["Pizza", "Soup"]


async def test_a_press_counts_and_the_card_changes(room: Room) -> None:
    card = await room.poll()
    answer = await room.cleo.press(card, label="Soup")
    assert "Your ballot on #1: Soup." in answered(answer)
    await room.moot.settle()
    assert "1 person voted." in card.text
    assert len(room.channel.messages) == 1
