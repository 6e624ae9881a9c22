"""Taking back, proposing again, and how much one member may have open."""

from datetime import timedelta

import pytest

from core.kernel.rights import AuthorOrAdminsOnly
from core.proposals import rules
from tests.world import World


def test_an_author_takes_back_without_a_reason(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall")
    assert "#1 is withdrawn." in ana.says("/withdraw 1")
    assert "Withdrawn by ana" in world.card(1)
    assert "[1]" not in world.card(1)


def test_an_admin_says_why_and_the_card_shows_it(world: World) -> None:
    ben = world.member("ben")
    ben.says("/propose Paint the hall")
    admin = world.member("ana*")
    admin.is_refused("/withdraw 1", rules.ReasonNeeded)
    admin.says("/withdraw 1 It is not ours")
    assert "Withdrawn by ana, Mon 2 Mar 2026, 09:00 UTC: It is not ours" in world.card(1)
    assert "ana withdrew your vote Paint the hall: It is not ours" in ben.private[-1]


def test_an_author_who_is_admin_needs_no_reason(world: World) -> None:
    admin = world.member("ana*")
    admin.says("/propose Paint the hall")
    assert "is withdrawn" in admin.says("/withdraw 1")


def test_others_cannot_take_back(world: World) -> None:
    world.member("ana").says("/propose Paint the hall")
    world.member("ben").is_refused("/withdraw 1 I do not like it", AuthorOrAdminsOnly)


def test_what_is_withdrawn_is_over(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/propose Paint the hall")
    button = world.button("For", 1)
    ana.says("/withdraw 1")
    for line in ("/vote 1 for", str(button)):
        ben.is_refused(line, rules.IsWithdrawn)
    ana.is_refused("/withdraw 1", rules.IsWithdrawn)
    world.member("ana*").is_refused("/extend 1 1h Why not", rules.IsWithdrawn)
    assert not world.tx.all("select * from agenda")
    world.advance(days=4)
    assert "Withdrawn by ana" in world.card(1)


def test_what_is_closed_cannot_be_taken_back(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall")
    world.advance(days=3)
    ana.is_refused("/withdraw 1", rules.Closed)


@pytest.mark.parametrize("ending", ["withdrawn", "failed"])
def test_the_same_waits_for_the_cooldown(world: World, ending: str) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall closes_in=1h")
    if ending == "withdrawn":
        world.advance(hours=1, milliseconds=-1)
        ana.says("/withdraw 1")
        world.advance(milliseconds=1)
    else:
        world.advance(hours=1)
    world.advance(days=7, milliseconds=-2)
    answer = world.member("ben").is_refused("/propose paint  THE hall", rules.TooSoonAgain)
    assert "#1" in answer
    world.advance(milliseconds=2)
    assert "#2 is open" in world.member("ben").says("/propose paint the hall")


def test_what_passed_may_be_proposed_again_at_once(world: World) -> None:
    world.member("ana").says("/propose Paint the hall closes_in=1h")
    for name in ("ana", "ben", "cy"):
        world.member(name).says("/vote 1 for")
    world.advance(hours=1)
    assert "#2 is open" in world.member("ana").says("/propose Paint the hall")


def test_a_cooldown_of_nothing_lets_the_same_come_again(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set resubmit_cooldown 0m")
    ana.says("/propose Paint the hall")
    ana.says("/withdraw 1")
    assert "#2 is open" in ana.says("/propose Paint the hall")


def test_what_is_open_is_not_opened_twice_though_it_is_due(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall closes_in=1h")
    world.member("ben").is_refused("/propose Paint the hall", rules.AlreadyOpen)
    world.clock.set(world.clock.now() + timedelta(hours=2))
    world.member("ben").is_refused("/propose Paint the hall", rules.AlreadyOpen)


def test_polls_may_repeat(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup")
    assert "#2 is open" in ana.says("/poll Lunch? Pizza | Soup")


def test_a_member_has_at_most_so_many_open(world: World) -> None:
    ana = world.member("ana")
    for n in range(5):
        ana.says(f"/propose Paint door {n} closes_in=1h")
    answer = ana.is_refused("/poll Lunch? Pizza | Soup", rules.TooManyOpen)
    assert "You have 5 votes open, and 5 is the limit here." in answer
    assert "is open" in world.member("ben").says("/poll Lunch? Pizza | Soup")
    ana.says("/withdraw 1")
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    ana.is_refused("/propose One more", rules.TooManyOpen)
    world.advance(hours=1)
    assert "is open" in ana.says("/propose One more")


def test_the_limit_is_a_setting(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set open_per_member 1")
    ana.says("/propose Paint the hall")
    ana.is_refused("/propose Paint the roof", rules.TooManyOpen)
