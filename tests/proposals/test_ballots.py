"""Who may vote, until when, and what a ballot does."""

from datetime import timedelta

import pytest

from core.kernel.clock import from_ms
from core.kernel.rights import AdminUnknown, NotForBots
from core.proposals import rules
from core.proposals.commands import NotABallot
from core.proposals.fields import NoSuchProposal
from tests.asking import ask, refused, request, somebody
from tests.world import START, World


@pytest.fixture
def hall(world: World) -> World:
    """A world with a proposal that is open until 5 March, 09:00."""
    world.member("ana").says("/propose Paint the hall")
    return world


@pytest.mark.parametrize("choice", ["for", "FOR", " For ", "1", "#1"])
def test_a_choice_is_read_as_people_write_it(hall: World, choice: str) -> None:
    assert "Your ballot on #1: for." in hall.member("ben").says(f"/vote 1 {choice}")


@pytest.mark.parametrize("choice", ["maybe", "0", "4", "for | against", "|", "-1", "1.0"])
def test_what_is_no_choice_is_refused_with_the_options(hall: World, choice: str) -> None:
    hall.member("ben").is_refused(f"/vote 1 {choice}", NotABallot)


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "99999999999999999999", "1e0", "##1", "²"])
def test_a_vote_that_does_not_exist_is_refused(hall: World, number: str) -> None:
    answer = hall.member("ben").is_refused(f"/vote {number} for", NoSuchProposal)
    assert "/proposals lists them" in answer


def test_a_proposal_is_found_with_and_without_a_number_sign(hall: World) -> None:
    assert "#1: for" in hall.member("ben").says("/vote #1 for")


def test_a_late_ballot_is_refused(hall: World) -> None:
    hall.advance(days=3)
    answer = hall.member("ben").is_refused("/vote 1 for", rules.Closed)
    assert "#1 closed at Thu 5 Mar 2026, 09:00 UTC" in answer


def test_a_late_ballot_is_refused_even_if_the_close_has_not_run(hall: World) -> None:
    button = hall.button("For", 1)
    hall.clock.set(START + timedelta(days=3))
    ben = hall.member("ben")
    ben.is_refused("/vote 1 for", rules.Closed)
    ben.is_refused(str(button), rules.Closed)


def test_the_last_millisecond_counts_and_the_end_does_not(hall: World) -> None:
    end = START + timedelta(days=3)
    hall.clock.set(end - timedelta(milliseconds=1))
    assert "Your ballot" in hall.member("ben").says("/vote 1 for")
    hall.clock.set(hall.clock.now() + timedelta(milliseconds=1))
    hall.member("cy").is_refused("/vote 1 for", rules.Closed)


def test_who_joined_after_the_opening_is_refused(hall: World) -> None:
    late = somebody(joined_at=START + timedelta(seconds=1))
    with refused(hall, rules.JoinedLater) as replies:
        replies.append(ask(hall, "vote", {"proposal": "1", "choice": "for"}, asker=late))
        replies.append(ask(hall, "", press="#1", asker=late))


def test_who_joined_at_the_very_opening_may_vote(hall: World) -> None:
    ask(hall, "vote", {"proposal": "1", "choice": "for"}, asker=somebody(joined_at=START))
    assert "1 person voted." in hall.card(1)


def test_who_joined_nobody_knows_when_is_refused(hall: World) -> None:
    unknown = somebody(joined_at=None)
    with refused(hall, rules.JoiningUnknown) as replies:
        replies.append(ask(hall, "vote", {"proposal": "1", "choice": "for"}, asker=unknown))


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("vote", {"proposal": "1", "choice": "for"}),
        ("poll", {"question": "Lunch?", "options": "a | b"}),
        ("propose", {"title": "Robots decide"}),
        ("withdraw", {"proposal": "1"}),
        ("extend", {"proposal": "1", "by": "1h", "reason": "more time"}),
        ("setup", {"name": "Robots"}),
        ("config set", {"setting": "quorum", "value": "1"}),
        ("channel", {"purpose": "admin"}),
    ],
)
def test_a_bot_can_take_no_part(hall: World, command: str, args: dict[str, str]) -> None:
    with refused(hall, NotForBots) as replies:
        bot = somebody("robot", is_bot=True, is_admin=True, joined_at=from_ms(0))
        replies.append(ask(hall, command, args, asker=bot))


def test_a_bot_that_asks_for_a_card_gets_a_copy_and_moves_nothing(hall: World) -> None:
    with hall.unchanged():
        hall.ask(request("show", {"proposal": "1"}, asker=somebody("robot", is_bot=True)))


@pytest.mark.parametrize("command", ["withdraw", "extend"])
def test_where_nobody_knows_who_is_admin_the_right_is_refused(hall: World, command: str) -> None:
    args = {"proposal": "1", "reason": "because"}
    if command == "extend":
        args["by"] = "1h"
    with refused(hall, AdminUnknown) as replies:
        replies.append(ask(hall, command, args, asker=somebody(is_admin=None)))


def test_an_author_needs_no_right_that_nobody_knows(hall: World) -> None:
    author = somebody("ana", is_admin=None)
    assert ask(hall, "withdraw", {"proposal": "1"}, asker=author).error is None


def test_a_ballot_may_be_changed_while_the_vote_is_open(hall: World) -> None:
    ben = hall.member("ben")
    for choice in ("for", "against", "abstain", "for"):
        assert f"#1: {choice}." in ben.says(f"/vote 1 {choice}")
    assert hall.tx.all("select count(*) from ballot") == [(1,)]
    assert "1 person voted." in hall.card(1)


def test_two_ways_to_write_a_name_are_one_voter(hall: World) -> None:
    hall.member("Ben").says("/vote 1 for")
    hall.member("ben").says("/vote 1 against")
    hall.member("BEN").says("/vote 1 abstain")
    assert "1 person voted." in hall.card(1)
