"""What two members had is one member's: votes, thanks, books, payments; nothing counts twice."""

import pytest

from tests.linking.pairs import faults, link, member_of
from tests.world import Person, World

# Ana was here first, so she is who stays.
ANA, ANNA = 1, 2


@pytest.fixture
def pair(world: World) -> tuple[Person, Person]:
    """Ana, and Ana under another name; Ben and Cy are others."""
    ana, anna = world.member("ana*"), world.member("anna")
    ana.says("/config set announce on")
    anna.says("/me")
    return ana, anna


def ballots(world: World) -> list[tuple[int, str]]:
    rows = world.tx.all("select voter, choice from ballot order by proposal, voter")
    return [(voter, choice.hex()) for voter, choice in rows]


def running(world: World) -> list[tuple[int, str]]:
    return world.tx.all("select turnout, totals from running order by proposal")


@pytest.mark.parametrize("last", ["ana", "anna"])
@pytest.mark.parametrize("secret", ["true", "false"])
def test_the_ballot_cast_last_stands(pair: tuple[Person, Person], last: str, secret: str) -> None:
    ana, anna = pair
    world = ana.world
    ana.says(f"/poll Lunch? Pizza | Soup | Rice secret={secret}")
    first, second = (anna, ana) if last == "ana" else (ana, anna)
    first.presses("Pizza", 1)
    world.advance(minutes=1)
    second.presses("Soup", 1)
    world.member("ben").presses("Rice", 1)
    link(ana, anna)
    assert ballots(world) == [(ANA, "000100"), (member_of(world.member("ben")), "000001")]
    assert running(world) == [(2, "[0,1,1]" if secret == "false" else "[0,0,0]")]
    assert faults(world) == []
    world.advance(days=1)
    assert world.card(1).count("1 vote (50 %)") == 2
    assert faults(world) == []


def test_in_the_same_millisecond_the_elder_s_ballot_stands(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    ana.says("/poll Lunch? Pizza | Soup")
    ana.says("/vote 1 Pizza")
    anna.says("/vote 1 Soup")
    link(anna, ana)
    assert ballots(ana.world) == [(ANA, "0100")]
    assert faults(ana.world) == []


def test_the_only_ballot_moves_over_and_can_be_changed(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    ana.says("/poll Lunch? Pizza | Soup multiple=true")
    anna.presses("Soup", 1)
    link(ana, anna)
    assert ballots(ana.world) == [(ANA, "0001")]
    ana.presses("Pizza", 1)
    anna.presses("Soup", 1)
    assert ballots(ana.world) == [(ANA, "0100")]
    assert running(ana.world) == [(1, "[1,0]")]
    assert faults(ana.world) == []


def test_closed_votes_stay_as_they_were_counted(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    ana.says("/vote 1 Pizza")
    anna.says("/vote 1 Soup")
    ana.world.advance(hours=1)
    card = ana.world.card(1)
    link(ana, anna)
    assert ballots(ana.world) == [(ANA, "0100"), (ANNA, "0001")]
    assert ana.world.card(1) == card
    assert faults(ana.world) == []


def test_a_vote_that_is_over_and_not_yet_counted_is_left_alone(
    pair: tuple[Person, Person],
) -> None:
    ana, anna = pair
    ana.says("/poll Lunch? Pizza | Soup closes_in=5m")
    for one in pair:
        one.says("/vote 1 Pizza")
    world = ana.world
    due = world.tx.all("select key, due_ms, run_ms from agenda where command = 'proposal close'")
    world.tx.run("update agenda set run_ms = run_ms + 600000 where key = ?", (due[0][0],))
    world.advance(minutes=6)
    link(ana, anna)
    assert len(ballots(world)) == 2
    world.advance(minutes=10)
    assert "2 votes" in world.card(1)
    assert faults(world) == []


def test_what_the_one_had_open_is_the_other_s(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    ana.says("/config set open_per_member 2")
    anna.says("/propose Sell the piano")
    ana.says("/propose Buy a drum")
    ben = ana.world.member("ben*")
    link(ana, anna)
    anna.says("/propose Paint the hall")
    assert "2" in anna.private[-1]
    assert len(ana.world.tx.all("select 1 from proposal")) == 2
    assert "is withdrawn" in ana.says("/withdraw 1")
    assert faults(ben.world) == []


def test_tips_to_both_are_one_standing_that_fades_as_before(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    world = ana.world
    ben = world.member("ben")
    ben.says("/tip @anna 8 for the roof")
    world.advance(days=90)
    ben.says("/tip @ana 2 for the door")
    link(ana, anna)
    assert "6 points" in anna.says("/standing")
    world.advance(days=90)
    assert "3 points" in ana.says("/standing")
    assert faults(world) == []


def test_both_spend_one_allowance(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    world = ana.world
    ana.says("/tip @ben 20 for the roof")
    anna.says("/tip @cy 20 for the door")
    link(ana, anna)
    assert "10 of 50 points left" in anna.says("/tip @dot 11 for the wall")
    assert "10 points" in anna.says("/tip @dot 10 for the wall")
    assert faults(world) == []


def test_tips_between_the_two_are_taken_back_and_stay_given(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    world = ana.world
    ana.says("/tip @anna 20 for the roof")
    anna.says("/tip @ana 5 for the door")
    world.member("ben").says("/tip @anna 4 for the wall")
    link(ana, anna)
    assert "4 points" in ana.says("/standing")
    assert "25 of 50 points left" in ana.says("/tip @cy 26 for the wall")
    rows = world.tx.all("select giver, receiver, reversed_by is null from tip order by entry")
    assert rows == [(ANA, ANA, 0), (ANA, ANA, 0), (member_of(world.member("ben")), ANA, 1)]
    assert faults(world) == []


def test_a_tip_to_who_moved_on_can_still_be_taken_back(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    world = ana.world
    ben = world.member("ben")
    ben.says("/tip @anna 4 for the wall")
    anna.says("/tip @ben 2 for the floor")
    link(ana, anna)
    ben.says("/undo")
    ana.says("/undo")
    assert world.tx.all("select amount from balance where amount <> 0") == []
    assert faults(world) == []


def test_money_and_what_waits_is_joined(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    world = ana.world
    ana.says("/config set payment_delay 1h")
    ana.says("/config set quorum 1")
    ana.says("/pool create jar EUR")
    ana.says("/pool fund jar 100 Cakes")
    for number, closes_in in ((1, "1m"), (2, "30m"), (3, "3h")):
        ana.says(f"/pool request jar 5 @anna Thing{number} closes_in={closes_in}")
        ana.says(f"/vote {number} for")
    world.advance(hours=1, minutes=2)
    owed = world.tx.all("select owner, amount from balance where book = 'member'")
    assert owed == [(ANNA, 500)]
    link(ana, anna)
    world.advance(hours=5)
    owed = world.tx.all("select owner, amount from balance where book = 'member' and amount > 0")
    assert owed == [(ANA, 1500)]
    paid = world.tx.all("select distinct member from payment where reserved_ms > 0")
    assert set(paid) == {(ANNA,), (ANA,)}
    assert faults(world) == []


def test_two_accounts_of_one_admin_are_not_two_admins(world: World) -> None:
    ana, anna = world.member("ana*"), world.member("anna*")
    ana.says("/me")
    anna.says("/pause payments")
    link(ana, anna)
    ana.says("/pause payments")
    assert world.tx.all("select done_ms from payments_paused") == [(None,)]
    assert faults(world) == []


def test_who_was_hidden_stays_hidden(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    anna.says("/hide me on")
    ana.world.member("ben").says("/tip @ana 4 for the wall")
    link(ana, anna)
    assert "ana" not in ana.world.member("ben").says("/leaderboard")
    assert faults(ana.world) == []


def test_three_accounts_become_one_whatever_the_order(world: World) -> None:
    one, two, three = (world.member(name) for name in ("ana", "anna", "annie"))
    for who in (one, two, three):
        who.says("/me")
        who.says("/poll x? a | b")
    for who in (three, two, one):
        who.says("/vote 1 a")
        world.member("ben").says(f"/tip @{who.speaker.name} 3 for the roof")
    link(three, two)
    link(one, three)
    assert {member_of(who) for who in (one, two, three)} == {ANA}
    assert "9 points" in three.says("/standing")
    assert running(world)[0] == (1, "[1,0]")
    assert faults(world) == []
    world.member("ben").says("/undo")
    assert faults(world) == []
