"""Standing fades, stands still on leave, and orders the leaderboard. This file is what is read."""

import re
from datetime import timedelta

import pytest

from core.community.fields import NotSeenYet
from core.reputation import standing, took_part_in
from core.reputation.commands import NobodyYet
from core.reputation.rules import OverLeave
from tests.reputation.test_tips import holds
from tests.world import START, World


def places(world: World, page: int = 1) -> list[str]:
    """Return who is on a page of the leaderboard, in order."""
    shown = world.member("eve").says(f"/leaderboard page={page}")
    return re.findall(r"^\W*\d+\. (\w+): [\d.]+ points?\b", shown, re.MULTILINE)


def test_a_standing_halves_in_a_half_life(world: World) -> None:
    world.member("ana").says("/tip @ben 8 the roof")
    for days, left in ((0, 8_000), (45, 5_656), (90, 4_000), (180, 2_000), (900, 7), (9000, 0)):
        found = standing(world.tx, 1, 2, START + timedelta(days=days))
        assert found == left, days


def test_a_standing_can_be_read_for_any_past_instant(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/tip @ben 8 the roof")
    world.advance(days=10)
    ana.says("/reverse 1 it was no roof")
    world.advance(days=10)
    for days, left in ((-1, 0), (0, 8_000), (9, 7_464), (10, 0), (20, 0)):
        assert standing(world.tx, 1, 2, START + timedelta(days=days)) == left, days


def test_what_was_given_a_moment_ago_reads_as_it_was_given(world: World) -> None:
    world.member("ana").says("/tip @ben 8 the roof")
    for seconds, read in ((0, "8 points"), (5, "8 points"), (86_400, "7.94 points")):
        world.clock.set(START + timedelta(seconds=seconds))
        assert f"a standing of {read}." in world.member("eve").says("/standing @ben"), seconds


def test_without_a_half_life_nothing_fades(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set half_life 0")
    ana.says("/tip @ben 8 the roof")
    world.advance(days=900)
    assert holds(world, "ben") == 8_000
    assert places(world) == ["ben"]


def test_leave_pauses_the_fading(world: World) -> None:
    world.member("ana").says("/tip @ben 8 the roof")
    world.advance(days=45)
    answer = world.member("ben").says("/leave 30")
    assert "does not fade" in answer
    assert holds(world, "ben") == 5_656
    world.advance(days=30)
    assert holds(world, "ben") == 5_656
    world.advance(days=45)
    assert holds(world, "ben") == 4_000


def test_leave_is_ninety_days_a_year(world: World) -> None:
    ben = world.member("ben")
    ben.says("/leave 60")
    answer = ben.is_refused("/leave 31", OverLeave)
    assert "you have 30 left" in answer
    ben.says("/leave 30")
    assert world.tx.all("select (to_ms - from_ms) / 86400000 from leave order by from_ms") == [
        (60,),
        (30,),
    ]
    ben.is_refused("/leave 1", OverLeave)
    world.advance(days=364)
    ben.says("/leave 1")
    ben.is_refused("/leave 3", OverLeave)
    world.advance(days=89)
    ben.says("/leave 80")


@pytest.mark.parametrize("days", ["0", "91", "-1", "x", "1.5", "10000000000000000000000"])
def test_a_leave_that_cannot_be_is_refused(world: World, days: str) -> None:
    ben = world.member("ben")
    ben.says("/leave 1")
    with world.unchanged():
        ben.says(f"/leave {days}")
    assert ben.reply is not None
    assert ben.reply.error is not None


def test_standing_shows_the_entries_behind_it(world: World) -> None:
    ana, ben = world.member("ana*"), world.member("ben")
    ana.says("/tip @ben 5 the roof")
    ana.says("/tip @ben 3 the door")
    ana.says("/reverse 1 it was no roof")
    shown = ana.says("/standing @ben")
    assert "standing of 3 points" in shown
    assert "+5 from ana: the roof" in shown
    assert "-5 for entry 1" in shown
    ben.says("/leave 3")
    assert "standing of 3 points" in ben.says("/standing")
    assert "On leave until" in ben.private[-1]


def test_nobody_is_made_a_member_by_being_asked_about(world: World) -> None:
    world.member("ana").says("/tip @ben 5 the roof")
    world.member("ana").is_refused("/standing @stranger", NotSeenYet)
    world.member("stranger").is_refused("/standing", NobodyYet)


def test_the_leaderboard_is_in_order_and_in_pages(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set tip_allowance 1000")
    ana.says("/config set tips_per_day 100")
    for n in range(1, 14):
        ana.says(f"/tip @m{n:02} {n} reason {n}")
    assert places(world) == [f"m{n:02}" for n in range(13, 3, -1)]
    assert places(world, 2) == ["m03", "m02", "m01"]
    assert places(world, 3) == []
    assert "Nobody has points on this page" in ana.says("/leaderboard page=100")


def test_one_point_is_not_two(world: World) -> None:
    ana = world.member("ana")
    ana.says("/tip @ben 1 the roof")
    assert "1. ben: 1 point" in ana.says("/leaderboard").splitlines()[1]
    assert "1 points" not in ana.says("/leaderboard")


def test_who_hides_is_not_on_the_leaderboard(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    assert "on to be left out, off to be shown" in ben.says("/hide me")
    ana.says("/tip @ben 5 the roof")
    ana.says("/tip @cy 3 the roof")
    assert "Not to be shown here: /hide me on" in ben.says("/leaderboard")
    ben.says("/hide me on")
    assert places(world) == ["cy"]
    assert "standing of 5 points" in ana.says("/standing @ben")
    ben.says("/hide me off")
    assert places(world) == ["ben", "cy"]
    ben.says("/forget me yes")
    assert places(world) == ["cy"]


def test_who_is_on_leave_overtakes_who_fades(world: World) -> None:
    ana = world.member("ana")
    ana.says("/tip @ben 10 the roof")
    ana.says("/tip @cy 9 the roof")
    world.member("cy").says("/leave 30")
    assert places(world) == ["ben", "cy"]
    world.advance(days=10)
    assert places(world) == ["ben", "cy"]
    world.advance(days=10)
    assert places(world) == ["cy", "ben"]
    world.advance(days=100)
    assert places(world) == ["cy", "ben"]


def test_an_old_tip_counts_less_than_a_new_one_until_nothing_fades(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/tip @ben 10 the roof")
    world.advance(days=80)
    ana.says("/tip @cy 6 the roof")
    assert places(world) == ["cy", "ben"]
    ana.says("/config set half_life 365d")
    assert places(world) == ["ben", "cy"]
    ana.says("/config set half_life 0")
    assert places(world) == ["ben", "cy"]
    ana.says("/config set half_life 30d")
    assert places(world) == ["cy", "ben"]


def test_who_votes_takes_part_on_that_day_in_the_zone_of_the_community(world: World) -> None:
    ana, ben = world.member("ana*"), world.member("ben")
    ana.says("/config set zone Asia/Tokyo")
    ana.says("/poll Lunch? Pizza | Soup closes_in=10d")
    ben.says("/vote 1 Pizza")
    ben.says("/vote 1 Soup")
    world.advance(hours=7)  # it is past midnight in Tokyo
    ana.says("/vote 1 Soup")
    day, hour = 86_400_000, 3_600_000
    tokyo = int(START.timestamp() * 1000) // day * day - 9 * hour
    ids = dict[str, int](world.tx.all("select name, id from member"))
    assert took_part_in(world.tx, 1, tokyo, tokyo + day) == [ids["ben"]]
    assert took_part_in(world.tx, 1, tokyo + day, tokyo + 2 * day) == [ids["ana"]]
    assert took_part_in(world.tx, 1, tokyo, tokyo + 7 * day) == sorted(ids.values())


def test_the_last_page_that_can_be_asked_for_has_no_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.reputation.views.PAGE", 1)
    for n in range(101):
        world.member(f"giver{n // 20}").says(f"/tip @m{n} 1 the roof")
    assert world.member("eve").says("/leaderboard page=99").count("Next page") == 1
    shown = world.member("eve").says("/leaderboard page=100")
    assert "Next page" not in shown
    assert "100. m" in shown
