"""A lively group under Telegram's flood limits: coalesced, in order, nothing lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.platforms.telegram_moot import Moot, Room, open_room


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A group whose limits are in force, and a bot whose waiting moves the clock of both."""
    async with open_room(tmp_path) as here:
        moot = here.moot
        here.server.floods.now = moot.clock.now
        here.server.floods.is_on = True
        waits = SimpleNamespace(**vars(asyncio))
        waits.sleep = lambda pause_s: waited(moot, pause_s)
        monkeypatch.setattr("bot.platforms.telegram.sending.asyncio", waits)
        yield here
        here.server.floods.is_on = False


async def waited(moot: Moot, pause_s: float) -> None:
    """Wait without waiting."""
    moot.clock.set(moot.clock.now() + timedelta(seconds=pause_s))
    moot.platform._desk.sender._quiet_until.clear()  # type: ignore[union-attr]
    await asyncio.sleep(0)


def limited(room: Room, method: str) -> int:
    return len([one for one in room.server.audit.to(method) if one.code == 429])


async def test_answers_come_in_the_order_of_asking_and_none_is_left_out(room: Room) -> None:
    people = (room.ana, room.ben, room.cleo)
    for who in people:  # whom it knows it need not look up
        await room.says(who, "/proposals")
    n = len(room.chat.bot_messages)
    asked = [people[at % 3].says(room.chat, f"/help n{at}") for at in range(12)]
    await room.moot.handled()
    answered = [one.reply_to for one in room.chat.bot_messages[n:]]
    assert [one.id for one in answered if one] == [one.id for one in asked]
    assert limited(room, "sendMessage") > 0


async def test_many_presses_are_few_edits_and_the_last_state_is_shown(room: Room) -> None:
    await room.says(room.ben, "/poll Lunch? Pizza | Soup")
    await until_shown(room)
    card = next(one for one in room.chat.bot_messages if one.buttons)
    n = len(room.server.audit.to("editMessageText"))
    people = [room.server.add_user(f"P{at}") for at in range(40)]
    for at, who in enumerate(people):
        room.chat.join(who, quietly=True)
        await who.presses(card, "Soup" if at % 2 else "Pizza")
        if at % 5 == 4:
            await room.moot.deliver()
    await until_shown(room)
    assert "40 people voted." in card.text
    edits = [one for one in room.server.audit.to("editMessageText")[n:] if one.code == 200]
    assert len(edits) <= 10


async def test_a_refused_send_and_a_refused_edit_are_made_up_for_once_each(room: Room) -> None:
    room.server.floods.per_minute_in_groups = 2
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    room.cleo.says(room.chat, "/poll Tea? Green | Black")
    await room.moot.handled()
    await until_shown(room)
    cards = [one for one in room.chat.bot_messages if one.buttons]
    assert sorted(one.text.split("?")[0].split()[-1] for one in cards) == ["Lunch", "Tea"]
    await room.cleo.presses(cards[0], "Pizza" if "Lunch" in cards[0].text else "Green")
    await until_shown(room)
    assert "1 person voted." in cards[0].text
    assert len([one for one in room.chat.bot_messages if one.buttons]) == 2
    assert limited(room, "sendMessage") > 0
    assert await room.moot.troubles() == []


async def until_shown(room: Room) -> None:
    """Deliver until nothing waits, however often the chat asks for a pause."""
    waiting = "select count(*) from outbox where version > sent_version"
    for _ in range(60):
        await room.moot.settle()
        if await room.moot.rows(waiting) == [(0,)]:
            return
        await waited(room.moot, 5)
    raise AssertionError("it is never shown")
