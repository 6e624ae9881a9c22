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
