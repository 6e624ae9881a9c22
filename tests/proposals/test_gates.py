"""Quorum and threshold: two gates, in people and in shares, copied at the opening."""

import pytest

from core.proposals.rules import AlreadyOpen
from tests.world import World


def decided(world: World, in_favour: int, against: int, abstaining: int) -> str:
    """Propose, vote with so many people each, and return the card after the close."""
    world.member("ana").says("/propose Paint the hall closes_in=1d")
    choices = ["for"] * in_favour + ["against"] * against + ["abstain"] * abstaining
    for at, choice in enumerate(choices):
        world.member(f"p{at}").says(f"/vote 1 {choice}")
    world.advance(days=1)
    return world.card(1)


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ((2, 1, 0), "Passed: 2 for, 1 against."),
        ((3, 0, 0), "Passed: 3 for, 0 against."),
        ((1, 0, 2), "Passed: 1 for, 0 against."),
        ((2, 0, 0), "Not passed: 2 took part, 3 were needed (2 for, 0 against)."),
        ((0, 0, 0), "Not passed: 0 took part, 3 were needed (0 for, 0 against)."),
        ((2, 2, 0), "Not passed: a tie (2 for, 2 against), and a tie is never a pass."),
        ((1, 2, 0), "Not passed: 1 for, 2 against."),
        ((0, 0, 3), "Not passed: nobody voted for or against."),
    ],
)
def test_a_proposal_passes_both_gates_or_not(
    world: World, votes: tuple[int, int, int], outcome: str
) -> None:
    assert outcome in decided(world, *votes)


@pytest.mark.parametrize(
    ("threshold", "votes", "is_passed"),
    [
        ("1/2", (3, 3, 0), False),
        ("50%", (3, 3, 0), False),
        ("2/4", (3, 3, 0), False),
        ("1/2", (4, 3, 0), True),
        ("2/3", (4, 2, 0), True),
        ("2/3", (3, 2, 0), False),
        ("3/5", (3, 2, 0), True),
        ("1/3", (1, 2, 0), True),
        ("1/1", (5, 0, 2), True),
        ("100%", (5, 1, 0), False),
        ("1", (5, 0, 0), True),
    ],
)
def test_one_half_is_strictly_more_and_other_shares_at_least(
    world: World, threshold: str, votes: tuple[int, int, int], is_passed: bool
) -> None:
    world.member("ana*").says(f"/config set threshold {threshold}")
    assert ("Passed:" if is_passed else "Not passed:") in decided(world, *votes)


@pytest.mark.parametrize(
    ("threshold", "votes", "outcome"),
    [
        ("2/3", (3, 2, 0), "3 for, 2 against, and at least 2/3 had to be for."),
        ("1", (5, 1, 0), "5 for, 1 against, and all had to be for."),
        ("2/3", (1, 2, 0), "1 for, 2 against."),
    ],
)
def test_what_fell_short_of_the_threshold_says_what_was_needed(
    world: World, threshold: str, votes: tuple[int, int, int], outcome: str
) -> None:
    world.member("ana*").says(f"/config set threshold {threshold}")
    assert f"Not passed: {outcome}" in decided(world, *votes)


def test_a_quorum_of_nobody_still_needs_a_vote_for(world: World) -> None:
    world.member("ana*").says("/config set quorum 0")
    card = " ".join(decided(world, 0, 0, 0).split())
    assert "Not passed: nobody voted for or against." in card
    assert "passes if more than half of the votes for and against are for, whoever" in card


def test_the_rule_in_force_is_on_the_card_from_the_opening_to_the_result(world: World) -> None:
    world.member("ana*").says("/config set threshold 2/3")
    world.member("ana").says("/propose Paint the hall")
    says = "at least 3 people take part, and at least 2/3 of the votes for and against are for"
    assert says in " ".join(world.card(1).replace("\n", " ").split())
    world.advance(days=3)
    assert says in " ".join(world.card(1).replace("\n", " ").split())


def test_settings_changed_later_do_not_touch_what_is_open(world: World) -> None:
    admin = world.member("ana*")
    admin.says("/propose Paint the hall")
    for line in ("quorum 5", "threshold 2/3", "voting_period 1d", "open_per_member 1"):
        admin.says(f"/config set {line}")
    for name, choice in (("ana", "for"), ("ben", "for"), ("cy", "against"), ("dot", "against")):
        world.member(name).says(f"/vote 1 {choice}")
    world.member("eve").says("/vote 1 for")
    world.advance(days=2, hours=23)
    assert "Closes soon: Thu 5 Mar 2026, 09:00 UTC." in world.card(1)
    world.advance(hours=1)
    assert "Passed: 3 for, 2 against." in world.card(1)


def test_a_proposal_is_open_for_the_voting_period_unless_it_says(world: World) -> None:
    ana = world.member("ana*")
    assert "until Thu 5 Mar 2026, 09:00 UTC" in ana.says("/propose Paint the hall")
    ana.says("/config set voting_period 1d")
    assert "until Tue 3 Mar 2026, 09:00 UTC" in ana.says("/propose Paint the roof")
    assert "until Mon 2 Mar 2026, 10:00 UTC" in ana.says("/propose Paint the door closes_in=1h")


def test_details_are_on_the_card_and_may_have_lines(world: World) -> None:
    world.member("ana").says("/propose Paint the hall\nIn blue.\n\nOr in green.")
    assert "> In blue." in world.card(1)
    assert "> Or in green." in world.card(1)
    world.member("ana").says('/propose Paint the roof details="In red" closes_in=1h')
    assert "> In red" in world.card(2)


def test_the_same_words_with_other_details_are_another_proposal(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall details=blue")
    ana.is_refused("/propose PAINT  the hall details=Blue", AlreadyOpen)
    assert "#2 is open" in ana.says("/propose Paint the hall details=green")


def test_the_journal_s_head_is_on_the_result_card(world: World) -> None:
    card = decided(world, 3, 0, 0)
    head = world.tx.all("select hash from journal order by seq desc limit 1")[0][0].hex()
    assert head in card
    assert head in world.member("ana").says("/journal 1")
