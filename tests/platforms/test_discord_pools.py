"""Money matters on Discord: a purse, a request, its delay and its payment."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord_moot import Room, answered, open_room


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild whose admin, ana, has funded a pool."""
    async with open_room(tmp_path, monkeypatch) as here:
        ana, channel = here.ana, here.channel
        await ana.slash(channel, "config set", setting="quorum", value="1")
        await ana.slash(channel, "pool create", name="garden", asset="EUR")
        await ana.slash(channel, "pool fund", pool="garden", amount="100", note="Cakes")
        await here.moot.settle()
        yield here


async def test_a_request_is_voted_on_waits_and_is_paid(room: Room) -> None:
    ben, cleo, here = room.ben, room.cleo, room.channel
    answer = await ben.slash(
        here, "pool request", pool="1", amount="12.5", to=cleo, purpose="New tools"
    )
    assert "#1 is open until" in answered(answer)
    card = await room.card()
    assert f"Pay 12.50 EUR from the pool garden to {cleo.mention}, 1 day after it passed" in (
        card.text
    )
    await cleo.press(card, label="For")
    await room.moot.advance(days=3)
    assert "12.50 EUR from the pool garden are reserved for" in card.text
    await room.moot.advance(days=1)
    assert "Paid <t:" in card.text
    assert "12.50 EUR" in answered(await cleo.slash(here, "me"))


async def test_an_admin_stops_it_and_a_bot_gets_nothing(room: Room) -> None:
    ben, here = room.ben, room.channel
    robot = room.guild.add_member("robo", bot=True)
    refused = await ben.slash(here, "pool request", pool="1", amount="1", to=robot, purpose="Oil")
    assert "is a bot" in answered(refused)
    await ben.slash(here, "pool request", pool="garden", amount="10", to=ben, purpose="Seeds")
    card = await room.card()
    await ben.press(card, label="For")
    await room.moot.advance(days=3)
    stopped = await room.ana.slash(here, "stop", proposal="1", reason="Too dear")
    assert "10 EUR are back in the pool garden" in answered(stopped)
    await room.moot.settle()
    assert "Too dear" in card.text
    listed = answered(await ben.slash(here, "pool show", pool="garden"))
    assert "100 EUR" in listed
    assert "given back (#1)" in listed
