"""The bot comes, goes and moves with its groups on Telegram; topics open and close."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.verify import verify
from tests.platforms.telegram_moot import Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    async with open_room(tmp_path) as here:
        yield here


async def test_greeted_once_an_arrival_and_nothing_is_sent_while_away(room: Room) -> None:
    card = await room.poll()
    room.chat.kick_bot(by=room.ana)
    await room.moot.advance(days=2)
    assert card.buttons != []
    n = len(room.chat.bot_messages)
    room.chat.add_bot(by=room.ana)
    await room.moot.advance(seconds=10)
    new = [one.text for one in room.chat.bot_messages[n:]]
    assert sum("Folkmoot" in one or "/help" in one for one in new) == 1
    assert card.buttons == []


async def test_a_migrated_group_keeps_everything_and_open_cards_are_shown_anew(
    tmp_path: Path,
) -> None:
    async with open_room(tmp_path, is_supergroup=False) as room:
        await room.says(room.ana, "/setup Makers")
        old = await room.poll()
        await room.says(room.ben, "/poll Over? Yes | No closes_in=1m")
        await room.moot.advance(minutes=2)
        await room.ben.presses(old, "Soup")
        moved = room.chat.migrate()
        await room.moot.settle()
        card = await room.card(moved)
        assert "Lunch?" in card.text
        assert "1 person voted." in card.text
        assert len(moved.bot_messages) == 1
        await room.cleo.presses(card, "Soup")
        await room.ana.presses(old, data="vote:1:#1", raw=True)
        await room.moot.settle()
        assert "3 people voted." in card.text
        assert await room.moot.rows("select space from space") == [(str(moved.id),)]
        assert await room.moot.rows("select distinct channel from channel") == [(str(moved.id),)]
        await room.says(room.ben, "/proposals", moved)
        assert await room.moot.rows("select count(*) from community") == [(1,)]


async def test_a_command_that_comes_before_the_move_is_heard_of_loses_nothing(
    tmp_path: Path,
) -> None:
    async with open_room(tmp_path, is_supergroup=False) as room:
        await room.poll()
        await room.moot.stop()
        moved = room.chat.migrate()
        # Telegram does not promise that the notes of a move come first.
        room.server.updates.drop_pending()
        await room.moot.start()
        await room.says(room.ben, "/proposals", moved)
        await room.moot.platform._desk.chats.moved(room.chat.id, moved.id)  # type: ignore[union-attr]
        card = await room.card(moved)
        assert "Lunch?" in card.text
        await room.cleo.presses(card, "Soup")
        assert await room.moot.turnout() == 1
        checked = await room.moot.engine.work(lambda unit: verify(unit.tx, room.moot.house))
        assert [fault for one in checked for fault in one.faults] == []


async def test_a_migration_is_learnt_from_a_refused_send(tmp_path: Path) -> None:
    async with open_room(tmp_path, is_supergroup=False) as room:
        await room.poll()
        await room.moot.stop()
        moved = room.chat.migrate()
        room.server.updates.drop_pending()
        await room.moot.start()
        await room.moot.advance(days=2)
        await room.moot.advance(minutes=1)
        assert "Lunch?" in moved.bot_messages[-1].text
        assert await room.moot.rows("select space from space") == [(str(moved.id),)]


async def test_a_card_that_waits_while_the_group_migrates_is_shown_once_in_the_new_one(
    tmp_path: Path,
) -> None:
    async with open_room(tmp_path, is_supergroup=False) as room:
        room.server.faults.fail("sendMessage", status=502, times=2)
        room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
        await room.moot.handled()
        await room.moot.deliver()
        moved = room.chat.migrate()
        await room.moot.advance(minutes=1)
        cards = [one for one in moved.bot_messages if one.buttons]
        assert ["Lunch?" in one.text for one in cards] == [True]
        assert [one for one in room.chat.bot_messages if one.buttons] == []
        await room.cleo.presses(cards[0], "Soup")
        await room.moot.settle()
        assert "1 person voted." in cards[0].text
        assert await room.moot.troubles() == []


async def test_cards_and_answers_stay_in_their_topic(tmp_path: Path) -> None:
    async with open_room(tmp_path, is_forum=True) as room:
        topic = room.chat.add_topic("Votes")
        card = await room.poll(topic=topic)
        assert {one.topic for one in room.chat.bot_messages} == {topic}
        await room.cleo.presses(card, "Soup")
        room.chat.close_topic(topic)
        await room.moot.advance(days=1)
        assert card.buttons == []
        room.chat.reopen_topic(topic)
        await room.says(room.ana, "/channel proposals", topic=topic)
        room.chat.close_topic(topic)
        await room.says(room.ben, "/poll Tea? Yes | No")
        fallen = await room.card()
        assert "Tea?" in fallen.text
        assert fallen.topic is None
        await room.cleo.presses(fallen, "Yes")
        await room.moot.settle()
        assert "1 person voted." in fallen.text


async def test_a_channel_is_not_named_here(room: Room) -> None:
    refused = await room.says(room.ana, "/channel proposals -100123")
    assert refused is not None
    assert "leave it out" in refused.text
