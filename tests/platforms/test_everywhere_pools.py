"""Purses and payments on every platform alike."""

import pytest

from tests.platforms.driving import Driver, refused


@pytest.fixture
async def garden(moot: Driver) -> Driver:
    """A community whose pool `garden` holds 100 EUR."""
    await moot.says("ana", "/config set quorum 1")
    assert "The pool garden holds EUR now." in await moot.says("ana", "/pool create garden EUR")
    answer = await moot.says("ana", "/pool fund garden 100 Cakes")
    assert "100 EUR came into the pool garden, says ana: Cakes" in answer
    return moot


async def passed(moot: Driver, line: str) -> None:
    """Have ben ask for something, and it pass."""
    answer = await moot.says("ben", f"/pool request garden {line}")
    assert "is open until" in answer, answer
    await moot.presses("cleo", "For")
    await moot.advance(days=3)


async def holds(moot: Driver) -> str:
    listed = await moot.says("cleo", "/pool list")
    return listed.removeprefix("Pools ").removeprefix("garden: ")


async def test_what_comes_in_is_told_to_all(garden: Driver) -> None:
    assert "100 EUR came into the pool garden" in await garden.public()
    shown = await garden.says("cleo", "/pool show garden")
    assert "free: 100 EUR" in shown
    assert "100 EUR in, by ana: Cakes" in shown
    assert "You did exactly this" in await garden.says("ana", "/pool fund garden 100 Cakes")
    assert await holds(garden) == "100 EUR free, 0 EUR reserved"


async def test_a_request_is_voted_on_waits_and_is_paid(garden: Driver) -> None:
    answer = await garden.says("ben", "/pool request garden 12.5 @cleo New tools")
    assert "#1 is open until" in answer
    card = await garden.card()
    assert "Pay 12.50 EUR from the pool garden to cleo, 1 day after it passed" in card
    await garden.presses("cleo", "For")
    await garden.advance(days=3)
    assert "12.50 EUR from the pool garden are reserved for cleo" in await garden.told("cleo")
    assert await holds(garden) == "87.50 EUR free, 12.50 EUR reserved"
    await garden.advance(days=1)
    assert "Paid" in await garden.card()
    assert "12.50 EUR from the pool garden are owed to cleo now" in await garden.told("ben")
    assert "Owed to you:" in await garden.says("cleo", "/me")
    assert await holds(garden) == "87.50 EUR free, 0 EUR reserved"


async def test_what_was_handed_over_is_settled(garden: Driver) -> None:
    await passed(garden, "10 @cleo New tools")
    await garden.advance(days=1)
    answer = await garden.says("ana", "/pool settle garden @cleo 4 By hand")
    assert "cleo was paid 4 EUR outside, says ana: By hand" in answer
    assert "owes you 6 EUR now" in await garden.told("cleo")
    await refused(
        garden, "ana", "/pool settle garden @cleo 7 By hand", "is owed 6 EUR, which is less"
    )
    await refused(garden, "ben", "/pool settle garden @cleo 1 By hand", "Only an admin")


async def test_an_admin_stops_a_payment_that_waits(garden: Driver) -> None:
    await passed(garden, "10 @ben New tools")
    await refused(garden, "ben", "/stop 1 Too dear", "Only an admin")
    answer = await garden.says("ana", "/stop 1 Too dear")
    assert "10 EUR are back in the pool garden" in answer
    assert "Too dear" in await garden.card()
    assert "Too dear" in await garden.told("ben")
    await garden.advance(days=2)
    assert await holds(garden) == "100 EUR free, 0 EUR reserved"
    await refused(garden, "ana", "/stop 1 Again", "was stopped")


async def test_two_admins_pause_all_payments_and_two_let_them_go_on(garden: Driver) -> None:
    await passed(garden, "10 @ben New tools")
    await refused(garden, "ben", "/pause payments", "Only an admin")
    assert "ana asks to pause all payments" in await garden.says("ana", "/pause payments")
    await refused(garden, "ana", "/pause payments", "It takes two")
    assert "as dana confirmed" in await garden.says("dana", "/pause payments")
    assert "All payments are paused" in await garden.public()
    await garden.advance(days=5)
    assert "10 EUR reserved" in await holds(garden)
    assert "dana asks to let payments go on" in await garden.says("dana", "/resume payments")
    assert "as ana confirmed" in await garden.says("ana", "/resume payments")
    await garden.advance(minutes=1)
    assert await holds(garden) == "90 EUR free, 0 EUR reserved"
    await refused(garden, "ana", "/resume payments", "Payments are not paused")


@pytest.mark.parametrize("is_pressed", [True, False])
async def test_a_payment_that_failed_is_tried_again(garden: Driver, is_pressed: bool) -> None:
    await garden.says("ben", "/pool request garden 20 @ben Spades")
    await garden.presses("cleo", "For")
    await garden.says("ben", "/pool request garden 20 @cleo Rakes")
    await garden.presses("cleo", "For")
    await garden.advance(days=3)
    assert "Passed, not carried out: One request may take at most 20 %" in await garden.card()
    await refused(garden, "ben", "/retry 2", "Only an admin")
    assert "still cannot be carried out" in await garden.says("ana", "/retry 2")
    await garden.says("ana", "/pool fund garden 50 More cakes")
    if is_pressed:
        assert "Only an admin" in await garden.presses("ben", "Try again (admins)")
        assert "#2 is carried out now" in await garden.presses("ana", "Try again (admins)")
    else:
        assert "#2 is carried out now" in await garden.says("ana", "/retry 2")
    assert "40 EUR reserved" in await holds(garden)


async def test_a_request_is_withdrawn_by_its_author(garden: Driver) -> None:
    await garden.says("ben", "/pool request garden 20 @ben Spades")
    assert "#1 is withdrawn" in await garden.says("ben", "/withdraw 1")
    await garden.advance(days=5)
    assert await holds(garden) == "100 EUR free, 0 EUR reserved"
