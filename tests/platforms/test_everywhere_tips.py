"""Thanks and standing on every platform alike."""

from tests.platforms.driving import Driver, refused


async def test_a_tip_is_shown_to_all_and_told_to_who_got_it(moot: Driver) -> None:
    answer = await moot.says("ana", "/tip @ben 5 great roof")
    assert "You gave ben 5 points." in answer
    assert "45 of 50 points are left to give" in answer
    assert "ana thanks ben with 5 points. great roof" in await moot.public()
    assert "ana thanks you with 5 points. great roof" in await moot.told("ben")


async def test_a_slip_is_taken_back_by_its_giver_within_ten_minutes(moot: Driver) -> None:
    await moot.says("ana", "/tip @ben 5 great roof")
    assert "You took back 5 points from ben." in await moot.confirms("ana", "Take it back")
    assert "ana took it back." in await moot.public()
    assert "was taken back" in await moot.told("ben")
    await refused(moot, "ana", "/undo", "was taken back before")
    await moot.says("ana", "/tip @ben 4 great roof")
    await moot.advance(minutes=5)
    assert "You took back 4 points" in await moot.says("ana", "/undo")
    await moot.says("ana", "/tip @ben 3 great roof")
    await moot.advance(minutes=11)
    await refused(moot, "ana", "/undo", "An admin can still reverse it")
    assert "a standing of 3 points" in await moot.says("cleo", "/standing @ben")


async def test_an_admin_reverses_a_tip_and_says_why(moot: Driver) -> None:
    await moot.says("cleo", "/tip @ben 5 great roof")
    await refused(moot, "ben", "/reverse 1 not his roof", "Only an admin")
    assert "Entry 1 is taken back." in await moot.says("ana", "/reverse 1 not his roof")
    assert "An admin took it back: not his roof" in await moot.public()
    assert "not his roof" in await moot.told("cleo")
    assert "a standing of 0 points" in await moot.says("cleo", "/standing @ben")
    await refused(moot, "ana", "/reverse 1 once more", "was taken back before")


async def test_standing_shows_what_is_behind_it_and_fades(moot: Driver) -> None:
    await refused(moot, "cleo", "/standing", "You have not taken part here yet")
    await moot.says("ana", "/tip @ben 8 great roof")
    shown = await moot.says("ben", "/standing")
    assert "ben has a standing of 8 points." in shown
    assert "+8 from ana: great roof" in shown
    await moot.advance(days=90)
    assert "ben has a standing of 4 points." in await moot.says("cleo", "/standing @ben")


async def test_on_leave_nothing_fades(moot: Driver) -> None:
    await moot.says("ana", "/tip @ben 8 great roof")
    assert "You are on leave from" in await moot.says("ben", "/leave 90")
    await moot.advance(days=90)
    assert "a standing of 8 points" in await moot.says("cleo", "/standing @ben")
    await refused(moot, "ben", "/leave 90", "Leave is at most 90 days a year")
    await refused(moot, "ben", "/leave 91", "days is too large")


async def test_who_hides_is_not_on_the_leaderboard(moot: Driver) -> None:
    await moot.says("ana", "/tip @ben 8 great roof")
    await moot.says("ben", "/tip @cleo 3 great door")
    assert "1. ben: 8 points" in await moot.says("cleo", "/leaderboard")
    assert "not on the leaderboard any more" in await moot.says("ben", "/hide me on")
    shown = await moot.says("cleo", "/leaderboard")
    assert "1. cleo: 3 points" in shown
    assert "ben" not in shown
    assert "on the leaderboard again" in await moot.says("ben", "/hide me off")
    assert "2. cleo: 3 points" in await moot.says("cleo", "/leaderboard")
    assert "Nobody has points on this page" in await moot.says("cleo", "/leaderboard 2")


async def test_the_same_tip_within_a_minute_is_asked_back(moot: Driver) -> None:
    await moot.says("ana", "/tip @ben 5 great roof")
    assert "You did exactly this" in await moot.says("ana", "/tip @ben 5 great roof")
    assert "a standing of 5 points" in await moot.says("cleo", "/standing @ben")
    await moot.says("ana", "/tip @ben 5 great roof")
    assert "You gave ben 5 points." in await moot.confirms("ana", "Yes, again")
    assert "a standing of 10 points" in await moot.says("cleo", "/standing @ben")
    await moot.advance(minutes=2)
    assert "You gave ben 5 points." in await moot.says("ana", "/tip @ben 5 great roof")


async def test_me_says_what_is_left_to_give(moot: Driver) -> None:
    await moot.says("ana", "/tip @ben 20 great roof")
    mine = await moot.says("ana", "/me")
    assert "standing: 0 points" in mine
    assert "30 of 50 points are left to give" in mine


async def test_what_is_left_to_give_counts_until_the_epoch_ends(moot: Driver) -> None:
    for who in ("ben", "cleo"):
        await moot.says("ana", f"/tip @{who} 25 great roof")
    await refused(moot, "ana", "/tip @dana 1 great wall", "You have 0 of 50 points left")
    await moot.advance(days=6, hours=14, minutes=59)
    await refused(moot, "ana", "/tip @dana 1 great wall", "You have 0 of 50 points left")
    await moot.advance(minutes=1)
    assert "You gave dana 1 point." in await moot.says("ana", "/tip @dana 1 great wall")
