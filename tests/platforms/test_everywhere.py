"""What holds on every platform alike: the room, Discord and Telegram run the same conversations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.everywhere import EVERYWHERE, Driver


@pytest.fixture(params=EVERYWHERE, ids=str)
async def moot(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Driver]:
    """A community of three on each platform in turn."""
    async with EVERYWHERE[request.param](tmp_path, monkeypatch) as driver:
        yield driver


async def test_a_poll_is_opened_voted_on_and_closed(moot: Driver) -> None:
    assert "#1 is open" in await moot.says("ben", "/poll Lunch? Pizza | Soup closes_in=2h")
    assert "Lunch?" in await moot.card()
    assert "Soup" in await moot.presses("cleo", "Soup")
    assert "Pizza" in await moot.presses("ana", "Pizza")
    assert "Soup" in await moot.presses("ana", "Soup")
    assert "2 people voted." in await moot.card()
    await moot.advance(hours=2)
    assert "Journal entry" in await moot.card()
    assert "2 votes (100 %)" in await moot.card()


async def test_a_proposal_passes(moot: Driver) -> None:
    assert "#1 is open" in await moot.says("ben", "/propose Paint the hall closes_in=2h")
    for who in ("ana", "ben", "cleo"):
        await moot.presses(who, "For")
    assert await moot.ballots() == 3
    await moot.advance(hours=2)
    assert "Passed" in await moot.card()


async def test_a_ballot_is_typed_by_number_or_text(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "Soup" in await moot.says("cleo", "/vote 1 soup")
    assert "Pizza" in await moot.says("cleo", "/vote #1 1")
    assert await moot.ballots() == 1


async def test_several_options_are_ticked_one_by_one(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup multiple=true")
    await moot.presses("cleo", "Pizza")
    assert "Pizza | Soup" in await moot.presses("cleo", "Soup")


async def test_a_secret_poll_shows_no_counts_before_its_end(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup secret=true")
    await moot.presses("cleo", "Soup")
    assert "1 person voted." in await moot.card()
    assert "█" not in await moot.card()


async def test_only_admins_change_settings(moot: Driver) -> None:
    assert "Only an admin" in await moot.says("ben", "/config set quorum 5")
    assert "quorum" in await moot.says("ana", "/config set quorum 5")
    assert "5" in await moot.says("ben", "/config show quorum")


async def test_mistakes_are_told_in_a_sentence_and_change_nothing(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "at least 2 options" in await moot.says("ben", "/poll Lunch? Pizza")
    assert "no vote" in (await moot.says("cleo", "/vote 9 Soup")).casefold()
    assert "Fish" in await moot.says("cleo", "/vote 1 Fish")
    assert await moot.ballots() == 0


async def test_a_withdrawn_vote_takes_no_ballots(moot: Driver) -> None:
    await moot.says("ben", "/poll Lunch? Pizza | Soup")
    assert "#1 is withdrawn" in await moot.says("ben", "/withdraw 1 wrong day")
    assert "wrong day" in await moot.card()
    assert "was withdrawn" in await moot.says("cleo", "/vote 1 Soup")
    assert await moot.ballots() == 0
