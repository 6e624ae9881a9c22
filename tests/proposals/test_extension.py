"""How the end of a vote moves: by itself near the end, by an admin, after an outage."""

from datetime import timedelta

import pytest

from core.kernel.clock import to_ms
from core.kernel.errors import UserError
from core.kernel.reading import Missing
from core.kernel.request import Asker, Kind, Request
from core.kernel.rights import AdminsOnly
from core.proposals import rules
from tests.world import START, World

CLOCK = Asker(kind=Kind.CLOCK)


def closes(world: World, number: int = 1) -> timedelta:
    """Return how long after the start a vote closes."""
    found = world.tx.one("select closes_ms from proposal where number = ?", (number,))
    assert found is not None
    return timedelta(milliseconds=found[0] - to_ms(START))


def vote(world: World, name: str, choice: str, number: int = 1) -> None:
    world.member(name).says(f"/vote {number} {choice}")


def test_a_quorum_first_met_near_the_end_moves_the_end(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    vote(world, "ana", "for")
    vote(world, "ben", "for")
    world.advance(hours=9, minutes=30)
    vote(world, "cy", "for")
    assert closes(world) == timedelta(hours=10, minutes=30)
    assert "The end moved, because the quorum was reached only near the end." in world.card(1)
    vote(world, "dot", "for")
    assert closes(world) == timedelta(hours=10, minutes=30)
    world.advance(minutes=30)
    assert "[open]" in world.card(1)
    world.advance(minutes=30)
    assert "Passed: 4 for, 0 against." in world.card(1)


def test_a_quorum_met_before_the_guard_moves_nothing(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    world.advance(hours=8, minutes=59)
    for name in ("ana", "ben", "cy"):
        vote(world, name, "for")
    assert closes(world) == timedelta(hours=10)


def test_at_the_very_start_of_the_guard_nothing_moves(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    world.advance(hours=9)
    for name in ("ana", "ben", "cy"):
        vote(world, name, "for")
    assert closes(world) == timedelta(hours=10)
    assert "The end moved" not in world.card(1)


def test_the_guard_is_a_day_at_most(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=60d")
    world.advance(days=58, hours=12)
    for name in ("ana", "ben", "cy"):
        vote(world, name, "for")
    assert closes(world) == timedelta(days=60)
    world.advance(days=1)
    for name in ("dot", "eve", "fay", "gus"):
        vote(world, name, "against")
    assert closes(world) == timedelta(days=60, hours=12)


def test_a_new_leader_near_the_end_moves_the_end_at_most_three_times(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=10h")
    vote(world, "ana", "Pizza")
    world.advance(hours=9, minutes=30)
    ends = []
    for at in range(5):
        leader = ("Soup", "Pizza")[at % 2]
        vote(world, f"p{at}", leader)
        vote(world, f"q{at}", leader)
        ends.append(closes(world))
        world.advance(minutes=10)
    moved = [timedelta(hours=10, minutes=minutes) for minutes in (30, 40, 50)]
    assert ends == [*moved, moved[-1], moved[-1]]
    assert "The end moved 3 times, because the lead changed near the end." in world.card(1)


def test_a_leader_through_a_tie_is_still_the_leader(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=10h")
    vote(world, "ana", "Pizza")
    world.advance(hours=9, minutes=30)
    vote(world, "ben", "Soup")
    assert closes(world) == timedelta(hours=10)
    vote(world, "cy", "Pizza")
    assert closes(world) == timedelta(hours=10)
    vote(world, "cy", "Soup")
    assert closes(world) == timedelta(hours=10, minutes=30)


def test_a_first_leader_near_the_end_moves_nothing(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=10h")
    world.advance(hours=9, minutes=30)
    vote(world, "ana", "Pizza")
    assert closes(world) == timedelta(hours=10)


def test_abstaining_is_never_in_the_lead(world: World) -> None:
    world.member("ana*").says("/config set quorum 0")
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    vote(world, "ana", "for")
    world.advance(hours=9, minutes=30)
    for name in ("ben", "cy", "dot"):
        vote(world, name, "abstain")
    assert closes(world) == timedelta(hours=10)


@pytest.mark.parametrize("options", ["secret=true", "multiple=true"])
def test_secret_polls_and_polls_of_several_never_move_by_a_leader(
    world: World, options: str
) -> None:
    world.member("ana").says(f"/poll Lunch? Pizza | Soup closes_in=10h {options}")
    world.member("ana").presses("Pizza", 1)
    world.advance(hours=9, minutes=30)
    world.member("ben").presses("Soup", 1)
    world.member("cy").presses("Soup", 1)
    assert closes(world) == timedelta(hours=10)
    assert "The end moved" not in world.card(1)


def test_an_admin_gives_more_time_once_with_a_reason(world: World) -> None:
    admin = world.member("ana*")
    world.member("ben").says("/propose Paint the hall closes_in=10h")
    assert "#1 is open until" in admin.says("/extend 1 10h Many are away")
    assert closes(world) == timedelta(hours=20)
    assert "ana gave it more time: Many are away" in world.card(1)
    admin.is_refused("/extend 1 1h Still away", rules.ExtendedBefore)
    world.advance(hours=19, minutes=30)
    assert "Closes soon" in world.card(1)
    world.advance(minutes=30)
    assert "Not passed" in world.card(1)
    assert "ana gave it more time: Many are away" in world.card(1)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/extend 1 10h1m Away", rules.ExtendsTooFar),
        ("/extend 1 59s Away", rules.ExtendsNothing),
        ("/extend 1 0m Away", rules.ExtendsNothing),
        ("/extend 1 1h", Missing),
        ("/extend 1", Missing),
    ],
)
def test_an_extension_outside_the_bounds_is_refused(
    world: World, line: str, error: type[UserError]
) -> None:
    world.member("ben").says("/propose Paint the hall closes_in=10h")
    world.member("ana*").is_refused(line, error)


def test_only_an_admin_extends_and_only_what_is_open(world: World) -> None:
    world.member("ben").says("/propose Paint the hall closes_in=10h")
    world.member("ben").is_refused("/extend 1 1h Away", AdminsOnly)
    world.advance(hours=10)
    world.member("ana*").is_refused("/extend 1 1h Away", rules.Closed)


def test_an_extension_by_an_admin_takes_none_of_the_three(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=10h")
    vote(world, "ana", "Pizza")
    world.member("ana*").says("/extend 1 1h Away")
    world.advance(hours=10, minutes=30)
    for at in range(3):
        vote(world, f"p{at}", ("Soup", "Pizza")[at % 2])
        vote(world, f"q{at}", ("Soup", "Pizza")[at % 2])
        world.advance(minutes=10)
    assert "The end moved 3 times, because the lead changed near the end." in world.card(1)


def returned(world: World, away_since: timedelta) -> None:
    """Have the bot come back now from an outage that began so long after the start."""
    at_ms = to_ms(START + away_since)
    request = Request(
        f"outage:{at_ms}",
        "proposal outage",
        {"away_since_ms": at_ms},
        CLOCK,
        is_stored=True,
        community=1,
    )
    world.ask(request)
    world.settle()


@pytest.mark.parametrize(
    ("since", "until", "moves"),
    [
        # Open for 10 h: the last quarter begins at 7:30, the guard is 1 h.
        (timedelta(hours=8), timedelta(hours=9, minutes=1), True),
        (timedelta(hours=8), timedelta(hours=9), False),
        (timedelta(hours=1), timedelta(hours=8, minutes=31), True),
        (timedelta(hours=1), timedelta(hours=8, minutes=30), False),
        (timedelta(hours=8), timedelta(hours=10), False),
        (timedelta(hours=8), timedelta(hours=11), False),
    ],
)
def test_an_outage_in_the_last_quarter_moves_the_end_by_the_guard(
    world: World, since: timedelta, until: timedelta, *, moves: bool
) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    world.clock.set(START + until)
    returned(world, since)
    assert closes(world) == timedelta(hours=11 if moves else 10)
    assert ("I was away for a part of the last quarter" in world.card(1)) is moves


def test_a_second_outage_moves_nothing(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    for hours in (9, 10):
        world.clock.set(START + timedelta(hours=hours, minutes=30))
        returned(world, timedelta(hours=hours - 1))
    assert closes(world) == timedelta(hours=11)
    world.advance(hours=1)
    assert "Not passed" in world.card(1)


def test_an_outage_moves_each_open_end_that_it_touches(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall closes_in=10h")
    ana.says("/propose Paint the roof closes_in=10d")
    ana.says("/poll Lunch? Pizza | Soup closes_in=10h")
    world.clock.set(START + timedelta(hours=9, minutes=30))
    returned(world, timedelta(hours=8))
    ends = [closes(world, number) for number in (1, 2, 3)]
    assert ends == [timedelta(hours=11), timedelta(days=10), timedelta(hours=11)]


def test_the_card_says_before_the_end_that_it_is_near_and_pings_nobody(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=10h")
    world.advance(hours=8, minutes=59)
    n = len(world.deliveries)
    assert "Closes soon" not in world.card(1)
    world.advance(minutes=1)
    assert "Closes soon: Mon 2 Mar 2026, 19:00 UTC." in world.card(1)
    (reminder,) = world.deliveries[n:]
    assert reminder.row.message, "an edit of the card, and no new message"
