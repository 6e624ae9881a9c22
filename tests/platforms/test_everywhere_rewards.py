"""Paydays on every platform alike; the clock starts on a Monday morning in March."""

import pytest

from tests.platforms.driving import Driver, refused


@pytest.fixture
async def garden(moot: Driver) -> Driver:
    """A community whose pool holds 100 EUR, of which 10 are given out each week, from Monday on."""
    await moot.says("ana", "/pool create garden EUR")
    await moot.says("ana", "/pool fund garden 100 Cakes")
    answer = await moot.says("ana", "/rewards set garden 10 week tips")
    assert "10 EUR from this pool each week, by points received" in answer
    await moot.advance(days=7)
    return moot


async def test_a_payday_says_who_gets_what_and_why(garden: Driver) -> None:
    assert "SHA-256 of the key of its lot" in await garden.public()
    assert "Nobody has earned a part of it yet" in await garden.says("ben", "/rewards show")
    await garden.says("ana", "/tip @ben 6 great roof")
    await garden.says("ana", "/tip @cleo 2 great door")
    shown = await garden.says("ben", "/rewards show")
    assert "ben: 7.50 EUR (6 points received)" in shown
    await garden.advance(days=7)
    card = await garden.public()
    assert "10 EUR went to 2 members." in card
    assert "cleo: 2.50 EUR (2 points received)" in card
    assert "You get 7.50 EUR from the pool garden" in await garden.told("ben")
    assert "7.50 EUR" in await garden.says("ben", "/me")
    assert "90 EUR free" in await garden.says("ben", "/pool list")


async def test_rewards_that_are_stopped_are_paid_for_the_last_time(garden: Driver) -> None:
    await refused(garden, "ben", "/rewards stop", "Only an admin")
    assert "What runs is still paid" in await garden.says("ana", "/rewards stop")
    await garden.says("ana", "/tip @ben 6 great roof")
    await garden.advance(days=7)
    assert "You get 10 EUR" in await garden.told("ben")
    assert "No reward is set here" in await garden.says("ben", "/rewards show")
    await refused(garden, "ana", "/rewards stop", "nothing to stop")
    await garden.advance(days=14)
    assert "90 EUR free" in await garden.says("ben", "/pool list")


async def test_a_payday_that_nobody_earned_or_the_pool_is_short_for_pays_nothing(
    garden: Driver,
) -> None:
    await garden.advance(days=7)
    assert "Nobody earned a part of 10 EUR" in await garden.public()
    await garden.says("ana", "/config set reward_limit 1")
    await garden.says("ana", "/tip @ben 6 great roof")
    await garden.advance(days=7)
    assert "Nothing was paid: 10 EUR is more than 1 %" in await garden.public()
    assert "100 EUR free" in await garden.says("ben", "/pool list")


NO_REWARDS = (
    ("garden 21 week tips", "at most 20 % of what is free"),
    ("garden 0 week tips", "has to be above 0"),
    ("garden 1,5 week tips", "after a point: 1.5"),
    ("garden 10 year tips", "every cannot be"),
    ("garden 10 week luck", "by cannot be"),
    ("cellar 10 week tips", "There is no pool cellar here"),
)


async def test_a_reward_that_cannot_be_is_refused(garden: Driver) -> None:
    for line, words in NO_REWARDS:
        await refused(garden, "ana", f"/rewards set {line}", words)
