"""The end of an epoch in conversations: who gets what, why, and when nobody gets anything."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from tests.rewards.garden import MONDAY, due, faults, garden, ms, owed, paydays, take_part, thank
from tests.world import World, due_request

WEEK = timedelta(weeks=1)


def test_points_received_share_a_budget_and_what_was_taken_back_does_not(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 12 week tips")
    thank(world, "cy", "ben", 25)  # on Sunday, before the epoch
    world.advance_to(MONDAY + timedelta(hours=1))
    thank(world, "cy", "ben", 20)
    thank(world, "dot", "cy", 10)
    thank(world, "ben", "dot", 5)
    world.member("ben").says("/undo")
    thank(world, "ben", "dot", 7)
    number = world.tx.all("select max(entry) from tip")[0][0]
    ana.says(f"/reverse {number} A slip")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben", "cy", "dot") == {"ben": "8 EUR", "cy": "4 EUR", "dot": ""}
    (card,) = paydays(world)
    assert "12 EUR went to 2 members." in card
    assert "- ben: 8 EUR (20 points received)" in card
    assert "- cy: 4 EUR (10 points received)" in card
    assert list(faults(world)) == []


def test_who_took_part_gets_an_equal_share(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    thank(world, "cy", "eve", 10)
    take_part(world, "ben", "cy", "dot")
    world.advance_to(MONDAY + WEEK)
    found = owed(world, "ben", "cy", "dot", "eve")
    assert found == {"ben": "4 EUR", "cy": "4 EUR", "dot": "4 EUR", "eve": ""}
    assert "- ben: 4 EUR (took part)" in paydays(world)[0]


def test_both_gives_each_key_half(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    take_part(world, "ben", "dot")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben", "cy", "dot") == {"ben": "9 EUR", "cy": "", "dot": "3 EUR"}
    assert "- ben: 9 EUR (20 points received, took part)" in paydays(world)[0]


def test_a_half_that_nobody_earned_goes_to_the_other(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    world.advance_to(MONDAY + WEEK)
    assert "nobody took part, so all goes to the other half" in " ".join(paydays(world)[0].split())
    take_part(world, "dot")
    world.advance_to(MONDAY + 2 * WEEK)
    assert "nobody received points" in " ".join(paydays(world)[1].split())
    assert owed(world, "ben", "dot") == {"ben": "12 EUR", "dot": "12 EUR"}


def test_nobody_earned_anything_and_the_card_says_so(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY + WEEK)
    assert "Nobody earned a part of 12 EUR, so nothing was paid." in paydays(world)[0]
    assert "free: 100 EUR" in world.member("ben").says("/pool show garden")
    assert due(world) == [to_ms(MONDAY + 2 * WEEK)]
    assert list(faults(world)) == []


def test_equal_remainders_are_drawn_by_a_lot_that_was_promised(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    answer = ana.says("/rewards set garden 10 week participation").split()
    promised = answer[answer.index("lot:") + 1].rstrip(")")
    world.advance_to(MONDAY)
    assert promised in ana.says("/rewards show")
    take_part(world, "ben", "cy", "dot")
    assert ana.says("/rewards show").count("3.33 EUR") == 3
    world.advance_to(MONDAY + WEEK)
    found = owed(world, "ben", "cy", "dot")
    assert sorted(found.values()) == ["3.33 EUR", "3.33 EUR", "3.34 EUR"]
    first = next(name for name, amount in found.items() if amount == "3.34 EUR")
    card = " ".join(paydays(world)[0].split())
    assert f"The lot decided among 3 members with equal remainders, {first} first" in card
    assert promised in card
    (key,) = world.tx.all("select lot_key from payday where paid_ms is not null")[0]
    assert key.hex() in card
    assert list(faults(world)) == []


def test_another_key_draws_another_member(world: World) -> None:
    """Over some weeks the odd cent does not always go to the same one."""
    garden(world)
    world.member("ana*").says("/rewards set garden 1 day participation")
    for day in range(12):
        world.advance_to(MONDAY + timedelta(days=day, hours=1))
        take_part(world, "ben", "cy", "dot")
    world.advance(days=1)
    drawn = {line for card in paydays(world) for line in card.splitlines() if "0.34 EUR" in line}
    assert len(drawn) == 3


def test_each_receiver_hears_of_it_once(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week both")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    told = [text for text in world.member("ben").private if "You get" in text]
    assert len(told) == 1
    assert "You get 12 EUR from the pool garden" in told[0]
    assert not any("You get" in text for text in world.member("cy").private)


def test_two_runs_at_once_pay_once(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.clock.set(MONDAY + WEEK)
    rows = world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 10))
    request = next(
        due_request(agenda.due_from(row)) for row in rows if row[3] == "rewards payday"
    )  # fmt: skip
    world.batch.run([request, request])
    world.batch.run([replace(request, id="agenda:again")])
    world.settle()
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert list(faults(world)) == []


def test_an_outage_pays_each_missed_epoch_in_order(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 day participation")
    for day, who in enumerate(("ben", "cy", "dot")):
        world.clock.set(MONDAY + timedelta(days=day, hours=2))
        take_part(world, who)
    assert paydays(world) == []
    world.advance_to(MONDAY + timedelta(days=3, hours=5))
    assert owed(world, "ben", "cy", "dot") == dict.fromkeys(("ben", "cy", "dot"), "12 EUR")
    starts = [row[0] for row in world.tx.all(
        "select from_ms from payday where paid_ms is not null order by seq"
    )]  # fmt: skip
    assert starts == [to_ms(MONDAY + timedelta(days=day)) for day in range(3)]
    assert due(world) == [to_ms(MONDAY + timedelta(days=4))]
    assert list(faults(world)) == []


def test_missed_paydays_in_one_instant_lose_none(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 day participation")
    world.advance_to(MONDAY)
    world.clock.set(MONDAY + timedelta(days=4))
    while world.run_due():  # the clock stands: no computer may be too fast
        pass
    world.advance(seconds=1)
    assert len(paydays(world)) == 4
    assert due(world) == [to_ms(MONDAY + timedelta(days=5))]
    assert list(faults(world)) == []


def test_a_pool_that_is_short_pays_nobody(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/config set reward_limit 100%")
    ana.says("/config set request_limit 100%")
    ana.says("/config set request_period_limit 100% per 30d")
    ana.says("/config set quorum 0")
    ana.says("/rewards set garden 60 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben", "cy")
    world.member("cy").says("/pool request garden 70 @dot A roof closes_in=1h")
    number = world.tx.all("select max(number) from proposal")[0][0]
    world.member("dot").says(f"/vote {number} for")
    world.advance_to(MONDAY + WEEK)
    card = " ".join(paydays(world)[0].split())
    assert "Nothing was paid: the pool has only 30 EUR, and this takes 60 EUR." in card
    assert "/rewards set" in card
    assert owed(world, "ben", "cy") == {"ben": "", "cy": ""}
    assert "free: 30 EUR" in world.member("ben").says("/pool show garden")
    assert list(faults(world)) == []
    ana.says("/pool fund garden 100 Cakes")
    take_part(world, "ben", "cy")
    world.advance_to(MONDAY + 2 * WEEK)
    assert owed(world, "ben", "cy") == {"ben": "30 EUR", "cy": "30 EUR"}
    assert list(faults(world)) == []


def test_a_budget_over_the_limit_at_payday_pays_nothing_and_says_so(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 20 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    ana.says("/config set reward_limit 10%")
    world.advance_to(MONDAY + WEEK)
    card = " ".join(paydays(world)[0].split())
    assert "Nothing was paid: 20 EUR is more than 10 % of the 100 EUR that are free" in card
    assert owed(world, "ben") == {"ben": ""}
    assert list(faults(world)) == []


def test_paydays_wait_while_payments_are_paused(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    for admin in ("ana*", "zoe*"):
        world.member(admin).says("/pause payments")
    world.advance_to(MONDAY + WEEK + timedelta(hours=5))
    assert paydays(world) == []
    assert "paydays wait" in world.member("ben").says("/rewards show")
    for admin in ("ana*", "zoe*"):
        world.member(admin).says("/resume payments")
    world.advance(hours=1)
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert due(world) == [to_ms(MONDAY + 2 * WEEK)]
    assert list(faults(world)) == []


def test_who_was_forgotten_gets_nothing_and_the_rest_is_shared(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben", "cy")
    world.member("cy").says("/forget me yes")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert list(faults(world)) == []


def test_a_tip_taken_back_after_the_payday_leaves_what_was_paid(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 12 week tips")
    world.advance_to(MONDAY + WEEK - timedelta(minutes=1))
    thank(world, "cy", "ben", 20)
    world.advance(minutes=2)
    world.member("cy").says("/undo")
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert list(faults(world)) == []


@pytest.mark.parametrize(
    ("zone", "every", "set_at", "start", "end"),
    [
        # Clocks go forward on 29 March 2026 and back on 25 October in Berlin.
        ("Europe/Berlin", "day", (2026, 3, 28, 12), (2026, 3, 28, 23), (2026, 3, 29, 22)),
        ("Europe/Berlin", "day", (2026, 10, 24, 12), (2026, 10, 24, 22), (2026, 10, 25, 23)),
        ("Europe/Berlin", "week", (2026, 3, 20, 12), (2026, 3, 22, 23), (2026, 3, 29, 22)),
        ("UTC", "month", (2026, 1, 31, 12), (2026, 2, 1), (2026, 3, 1)),
        ("UTC", "month", (2028, 1, 15, 12), (2028, 2, 1), (2028, 3, 1)),
        ("Asia/Tokyo", "month", (2026, 12, 31, 20), (2027, 1, 31, 15), (2027, 2, 28, 15)),
        # Cairo has no midnight on 24 April 2026: the day begins at one.
        ("Africa/Cairo", "day", (2026, 4, 23, 12), (2026, 4, 23, 22), (2026, 4, 24, 21)),
    ],
)
def test_epochs_are_those_of_the_calendar_there(
    world: World, zone: str, every: str, set_at: tuple[int, ...], start: tuple[int, ...],
    end: tuple[int, ...],
) -> None:  # fmt: skip
    garden(world)
    world.clock.set(from_ms(ms(*set_at)))
    ana = world.member("ana*")
    ana.says(f"/config set zone {zone}")
    ana.says(f"/rewards set garden 12 {every} participation")
    assert world.tx.all("select from_ms, to_ms from payday") == [(ms(*start), ms(*end))]
    world.advance_to(from_ms(ms(*end)) - timedelta(minutes=1))
    take_part(world, "ben")
    assert paydays(world) == []
    world.advance(minutes=1)
    assert owed(world, "ben") == {"ben": "12 EUR"}
    assert list(faults(world)) == []


def test_a_community_that_moves_to_another_zone_has_no_epoch_of_some_hours(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 12 week participation")
    world.advance_to(MONDAY + timedelta(days=1))
    ana.says("/config set zone America/New_York")
    world.advance_to(MONDAY + WEEK)
    # Monday's midnight there, by then in summer time, a week later.
    assert due(world) == [ms(2026, 3, 16, 4)]
    assert list(faults(world)) == []
