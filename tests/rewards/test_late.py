"""Paydays that come after their time: what began meanwhile goes by what was set before it did."""

from datetime import timedelta

from tests.rewards.garden import MONDAY, faults, garden, owed, paydays, take_part
from tests.world import World

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


def paused_past_a_payday(world: World) -> None:
    """Have a weekly reward whose payday waits for a pause while the next epoch runs."""
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    switch(world, "pause")
    world.advance_to(MONDAY + WEEK + DAY)
    take_part(world, "dot")


def switch(world: World, what: str) -> None:
    for admin in ("ana*", "bob*"):
        world.member(admin).says(f"/{what} payments")


def test_a_reward_that_is_set_meanwhile_leaves_the_running_epoch_alone(world: World) -> None:
    paused_past_a_payday(world)
    answer = world.member("ana*").says("/rewards set garden 1 week participation")
    assert "which begins Mon 16 Mar 2026" in " ".join(answer.split())
    switch(world, "resume")
    world.advance_to(MONDAY + 2 * WEEK)
    assert owed(world, "ben", "dot") == {"ben": "12 EUR", "dot": "12 EUR"}
    take_part(world, "cy")
    world.advance_to(MONDAY + 3 * WEEK)
    assert owed(world, "cy") == {"cy": "1 EUR"}
    assert list(faults(world)) == []


def test_a_reward_that_is_stopped_meanwhile_still_pays_the_running_epoch(world: World) -> None:
    paused_past_a_payday(world)
    answer = world.member("ana*").says("/rewards stop")
    assert "the last payday is Mon 16 Mar 2026" in " ".join(answer.split())
    switch(world, "resume")
    world.advance_to(MONDAY + 3 * WEEK)
    assert owed(world, "ben", "dot") == {"ben": "12 EUR", "dot": "12 EUR"}
    assert len(paydays(world)) == 2
    assert list(faults(world)) == []


def test_a_reward_follows_one_that_was_to_begin_meanwhile(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    ana.says("/rewards set garden 6 week participation")
    switch(world, "pause")
    world.advance_to(MONDAY + WEEK + DAY)
    take_part(world, "dot")
    ana.says("/rewards set garden 1 week participation")
    world.advance_to(MONDAY + 2 * WEEK)
    take_part(world, "cy")
    switch(world, "resume")
    world.advance_to(MONDAY + 3 * WEEK)
    assert owed(world, "dot", "cy") == {"dot": "6 EUR", "cy": "1 EUR"}
    assert list(faults(world)) == []


def test_who_takes_part_after_an_epoch_counts_for_the_next_in_any_zone(world: World) -> None:
    """In New York the Sunday on which the epoch ended goes on."""
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    ana.says("/config set zone America/New_York")
    world.advance_to(MONDAY + WEEK + timedelta(hours=1))
    take_part(world, "dot", "cy")
    assert list(faults(world)) == []
    world.advance_to(MONDAY + 2 * WEEK + DAY)
    assert owed(world, "ben", "dot", "cy") == {"ben": "12 EUR", "dot": "6 EUR", "cy": "6 EUR"}
    assert list(faults(world)) == []
