"""Two members who turn out to be one: paid once from then on, and what was paid still fits."""

from datetime import timedelta

from tests.linking.pairs import link
from tests.rewards.garden import MONDAY, faults, garden, owed, take_part, thank
from tests.world import World

WEEK = timedelta(weeks=1)


def test_who_is_linked_before_the_payday_counts_once(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    take_part(world, "ben", "dot", "cy")
    link(world.member("ben"), world.member("dot"))
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben", "cy") == {"ben": "9 EUR", "cy": "3 EUR"}
    assert owed(world, "dot") == {"dot": "9 EUR"}, "they are one"
    assert list(faults(world)) == []


def test_a_payday_before_the_link_still_fits(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "dot", 20)
    thank(world, "ben", "dot", 10)
    take_part(world, "ben", "dot", "cy")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben", "dot", "cy") == {"ben": "2 EUR", "dot": "8 EUR", "cy": "2 EUR"}
    link(world.member("ben"), world.member("dot"))
    assert owed(world, "ben") == {"ben": "10 EUR"}
    assert list(faults(world)) == []
    take_part(world, "dot")
    world.advance_to(MONDAY + 2 * WEEK)
    assert owed(world, "ben") == {"ben": "22 EUR"}
    assert list(faults(world)) == []


def test_who_was_gone_at_a_payday_may_come_back_and_be_linked(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    thank(world, "cy", "dot", 5)
    take_part(world, "ben", "dot")
    world.member("ben").says("/forget me yes")
    world.advance_to(MONDAY + WEEK)
    world.member("ben").says("/hide me on=false")
    link(world.member("ben"), world.member("dot"))
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert list(faults(world)) == []


def test_who_was_gone_at_a_payday_may_be_forgotten_again(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    take_part(world, "ben", "dot")
    world.member("ben").says("/forget me yes")
    world.advance_to(MONDAY + WEEK)
    world.member("ben").says("/hide me on=false")
    world.member("ben").says("/forget me yes")
    assert list(faults(world)) == []
