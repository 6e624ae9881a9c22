"""Money matters on Telegram: a request in answer to somebody, its delay, its payment."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group whose creator, ana, has funded a pool; ben and cleo have started the bot."""
    async with open_room(tmp_path) as here:
        for one in (here.ben, here.cleo):
            one.starts()
        for line in (
            "/config set quorum 1",
            "/pool_create garden EUR",
            "/pool fund garden 100 Tea",
        ):
            await here.says(here.ana, line)
        yield here


async def test_a_request_in_answer_to_somebody_is_voted_on_and_paid(room: Room) -> None:
    offer = room.cleo.says(room.chat, "I could get new tools")
    said = await room.says(room.ben, "/pool request garden 12.5 New tools", reply_to=offer)
    assert said is not None
    assert "#1 is open until" in said.text
    card = await room.card()
    assert "Pay 12.50 EUR from the pool garden to Cleo, 1 day after it passed" in card.text
    await room.cleo.presses(card, "For")
    await room.moot.advance(days=3)
    assert "12.50 EUR from the pool garden are reserved for Cleo" in card.text
    assert "reserved for Cleo" in room.cleo.private_messages[-1].text
    await room.moot.advance(days=1)
    assert "Paid " in card.text
    assert "are owed to Cleo now" in room.ben.private_messages[-1].text
    assert await room.says(room.cleo, "/me") is None, "what is personal is told in private"
    assert "12.50 EUR" in room.cleo.private_messages[-1].text


async def test_what_is_missing_is_asked_for_one_by_one(room: Room) -> None:
    await room.says(room.cleo, "/proposals")
    asked = await room.says(room.ben, "/pool request")
    answers = {"pool": "garden", "amount": "5", "to": "Cleo", "purpose": "Seeds"}
    for option, words in answers.items():
        assert asked is not None
        assert f"Still missing for /pool_request: {option} (" in asked.text
        named = [room.cleo] if option == "to" else []
        asked = await room.says(room.ben, words, reply_to=asked, mention=named)
    assert "Pay 5 EUR from the pool garden to Cleo" in (await room.card()).text


async def test_a_request_in_a_topic_stays_there_and_is_stopped_by_an_admin(tmp_path: Path) -> None:
    async with open_room(tmp_path, is_forum=True) as room:
        for line in (
            "/config set quorum 1",
            "/pool create garden EUR",
            "/pool fund garden 100 Tea",
        ):
            await room.says(room.ana, line)
        topic = room.chat.add_topic("Money", by=room.ana)
        await room.says(
            room.ben, "/pool request garden 10 Cleo Seeds", topic=topic, mention=[room.cleo]
        )
        card = await room.card()
        assert card.topic is topic
        await room.ben.presses(card, "For")
        await room.moot.advance(days=3)
        stopped = await room.says(room.ana, "/stop 1 Too dear", topic=topic)
        assert stopped is not None
        assert "10 EUR are back in the pool garden" in stopped.text
        assert "Too dear" in card.text


async def test_a_payment_that_failed_is_tried_again_by_an_admin_alone(room: Room) -> None:
    for what in ("Spades", "Rakes"):
        await room.says(room.ben, f"/pool request garden 20 Cleo {what}", mention=[room.cleo])
        await room.cleo.presses(await room.card(), "For")
    await room.moot.advance(days=3)
    card = await room.card()
    assert "Passed, not carried out" in card.text
    await room.says(room.ana, "/pool fund garden 50 More tea")
    refused = await room.ben.presses(card, "Try again (admins)")
    assert refused.is_alert
    assert "Only an admin" in refused.text
    await room.ana.presses(card, "Try again (admins)")
    await room.moot.settle()
    assert "20 EUR from the pool garden are reserved for Cleo" in card.text


def said(room: Room) -> list[str]:
    return [one.text.partition("\n")[0] for one in room.chat.bot_messages]


async def test_what_everybody_is_told_anyhow_is_said_once(room: Room) -> None:
    dana = room.server.add_user("Dana")
    room.chat.join(dana, "administrator", quietly=True)
    for who, line, words in (
        (room.ana, "/pool fund garden 50 Cakes", "50 EUR came into the pool garden, says Ana"),
        (room.ana, "/rewards set garden 5 week tips", "Reward from the pool garden"),
        (room.ana, "/rewards stop", "Ana stopped the rewards"),
        (room.ana, "/pause payments", "Ana asks to pause all payments"),
        (dana, "/pause payments", "All payments are paused since"),
    ):
        n = len(room.chat.bot_messages)
        await room.says(who, line)
        (text,) = said(room)[n:]
        assert words in text


async def test_it_is_said_once_also_where_the_update_comes_twice(room: Room) -> None:
    await room.says(room.ana, "/pool fund garden 50 Cakes")
    n = len(room.chat.bot_messages)
    await room.moot.restart()
    room.server.updates.repeat()
    await room.moot.settle()
    assert len(room.chat.bot_messages) == n


async def test_it_is_answered_where_it_is_told_elsewhere(tmp_path: Path) -> None:
    async with open_room(tmp_path, is_forum=True) as room:
        money = room.chat.add_topic("Money", by=room.ana)
        await room.says(room.ana, "/channel treasury", topic=money)
        await room.says(room.ana, "/pool create garden EUR")
        await room.says(room.ana, "/pool fund garden 50 Cakes")
        told = [one.topic for one in room.chat.bot_messages if "50 EUR came" in one.text]
        assert told == [None, money]
        await room.says(room.ana, "/pool fund garden 70 Tea", topic=money)
        told = [one.topic for one in room.chat.bot_messages if "70 EUR came" in one.text]
        assert told == [money]


async def test_who_may_not_be_answered_in_the_group_is_answered_all_the_same(room: Room) -> None:
    room.ana.starts()
    await room.moot.settle()
    room.chat.mute_bot()
    await room.says(room.ana, "/pool fund garden 50 Cakes")
    assert "50 EUR came into the pool garden" in room.ana.private_messages[-1].text


async def test_an_anonymous_admin_s_question_says_no_more_than_that_it_was_confirmed(
    room: Room,
) -> None:
    room.ana.says_anonymously(room.chat, "/pool fund garden 50 Cakes")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.settle()
    assert said(room)[-2:] == [
        "Confirmed.",
        "✅ 50 EUR came into the pool garden, says Ana: Cakes",
    ]
