"""What is wrong is told in a sentence on every platform alike, and the books stay as they were."""

import pytest

from tests.platforms.driving import Driver, refused

ARABIC_FIVE, THAI_FIVE, FULL_WIDTH_FIVE = "\u0665", "\u0e55", "\uff15"
UNSEEN = "\u200b\u2060\u3164"


@pytest.fixture
async def garden(moot: Driver) -> Driver:
    """A community whose pool `garden` holds 100 EUR; ben and cleo have taken part."""
    await moot.says("ana", "/pool create garden EUR")
    await moot.says("ana", "/pool fund garden 100 Cakes")
    await moot.says("ben", "/tip @cleo 1 great door")
    await moot.says("cleo", "/tip @ben 1 great roof")
    return moot


NO_TIPS = (
    ("@ben 5 great roof", "You cannot thank yourself"),
    ("@cleo 0 great roof", "points is too small"),
    ("@cleo -5 great roof", "points is too small"),
    ("@cleo 1.5 great roof", "points is a whole number"),
    ("@cleo 1,5 great roof", "points is a whole number"),
    (f"@cleo {10**18} great roof", "points is too large"),
    (f"@cleo {'9' * 40} great roof", "points is a whole number"),
    (f"@cleo {ARABIC_FIVE} great roof", "points is a whole number"),
    (f"@cleo {THAI_FIVE} great roof", "points is a whole number"),
    (f"@cleo {FULL_WIDTH_FIVE} great roof", "points is a whole number"),
    ("@cleo five great roof", "points is a whole number"),
    (f"@cleo 5 {UNSEEN}", "no letters that people could see"),
    ("@cleo 5 ok", "reason needs at least 3 letters"),
    (f"@cleo 5 {'x' * 501}", "at most 500 fit"),
    ("@cleo 51 great roof", "49 of 50 points left"),
    ("@cleo 25 great roof", "At most 25 of your points may go to one person"),
)


async def test_a_tip_that_cannot_be_is_refused(garden: Driver) -> None:
    for line, words in NO_TIPS:
        await refused(garden, "ben", f"/tip {line}", words)


NO_AMOUNTS = (
    ("0", "has to be above 0"),
    ("0.00", "has to be above 0"),
    ("-5", "where an amount belongs"),
    ("1.555", "at most 2 places after the point"),
    ("1,5", "after a point: 1.5"),
    (str(10**18), "more than can be kept here"),
    (ARABIC_FIVE, "where an amount belongs"),
    (FULL_WIDTH_FIVE, "where an amount belongs"),
    ("1e3", "where an amount belongs"),
    ("1.", "where an amount belongs"),
    (".5", "where an amount belongs"),
)


async def test_who_is_refused_at_first_is_no_member_yet(garden: Driver) -> None:
    await refused(garden, "dana", "/tip @dana 5 great roof", "You cannot thank yourself")
    await refused(garden, "dana", "/tip @cleo 51 great roof", "50 of 50 points left")
    assert await garden.rows("select 1 from member where name = 'dana'") == []


async def test_an_amount_that_cannot_be_is_refused(garden: Driver) -> None:
    for amount, words in NO_AMOUNTS:
        for line in (
            f"/pool fund garden {amount} Cakes",
            f"/pool request garden {amount} @cleo New tools",
            f"/pool settle garden @cleo {amount} By hand",
        ):
            await refused(garden, "ana", line, words)


async def test_an_amount_with_a_point_is_taken_everywhere(garden: Driver) -> None:
    assert "1.50 EUR came into" in await garden.says("ana", "/pool fund garden 1.5 Cakes")


NO_ACTS = (
    ("/pool request garden 100.01 @cleo New tools", "There are 100 EUR, and this needs 100.01"),
    ("/pool request garden 20.01 @cleo New tools", "at most 20 %"),
    ("/pool request cellar 5 @cleo New tools", "There is no pool cellar here"),
    ("/pool request 7 5 @cleo New tools", "There is no pool #7 here"),
    (f"/pool request garden 5 @cleo {UNSEEN}", "no letters that people could see"),
    ("/pool settle garden @cleo 5 By hand", "is owed 0 EUR, which is less than 5 EUR"),
    (f"/pool fund garden 5 {UNSEEN}", "no letters that people could see"),
    ("/pool create Garden EUR", "There is a pool Garden already"),
    ("/pool create 12 EUR", "A pool's name needs a letter"),
    ("/pool create shed POINTS", "Points are for thanks"),
    ("/pool create shed EUR decimals=3", "with 2 decimals"),
    ("/reverse 99 a mistake", "Entry 99 cannot be reversed"),
    ("/reverse one a mistake", "where the number of an entry belongs"),
    ("/stop 9 Too dear", "here is no vote"),
    ("/retry 9", "here is no vote"),
    ("/undo 1", "Entry 1 is no tip"),
)


async def test_what_no_admin_can_do_either_is_refused(garden: Driver) -> None:
    for line, words in NO_ACTS:
        await refused(garden, "ana", line, words)


async def test_what_only_admins_may_is_refused_to_others(garden: Driver) -> None:
    for line in (
        "/pool create shed EUR",
        "/pool fund garden 5 Cakes",
        "/rewards set garden 5 week tips",
        "/rewards stop",
        "/resume payments",
        "/extend 1 1h Rain",
    ):
        await refused(garden, "ben", line, "Only an admin")


@pytest.mark.parametrize("moot", ["discord", "telegram"], indirect=True)
async def test_a_bot_and_who_has_left_get_nothing(garden: Driver) -> None:
    await garden.joins("robo", is_bot=True)
    await garden.joins("eve")
    await garden.leaves("eve")
    for who, words in (("robo", "robo is a bot"), ("eve", "eve is not here any more")):
        await refused(garden, "ben", f"/tip @{who} 5 great roof", words)
        await refused(garden, "ben", f"/pool request garden 5 @{who} New tools", words)
        await refused(garden, "ana", f"/pool settle garden @{who} 5 By hand", "have not seen")


async def test_who_was_forgotten_gets_nothing_until_they_come_back(garden: Driver) -> None:
    await garden.says("cleo", "/forget me yes")
    await refused(garden, "ben", "/tip @cleo 5 great roof", "cleo is not here any more")
    await garden.says("cleo", "/tip @ben 2 great wall")
    assert "You gave cleo 5 points" in await garden.says("ben", "/tip @cleo 5 great roof")


@pytest.mark.parametrize(
    ("moot", "words"),
    [("discord", "where a member belongs"), ("telegram", "I have not seen @nobody_here")],
    indirect=["moot"],
)
async def test_somebody_never_seen_gets_nothing(garden: Driver, words: str) -> None:
    await refused(garden, "ben", "/tip @nobody_here 5 great roof", words)
    await refused(garden, "ben", "/pool request garden 5 @nobody_here New tools", words)
