"""Polls from the question to the result, with every option and its default."""

import pytest

from core.kernel.duration import NotADuration
from core.kernel.errors import UserError
from core.kernel.reading import Missing, NotYesOrNo, TooLong
from core.proposals import rules
from core.proposals.commands import NotABallot
from tests.world import World


def test_a_poll_is_voted_and_closed_by_the_clock(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    assert "Lunch?" in world.card(1)
    assert "Your ballot on #1: Pizza" in ben.presses("Pizza")
    ana.says("/vote 1 Soup")
    ben.says("/vote 1 soup")
    assert "2 votes (100 %)" in world.card(1)
    world.advance(hours=1)
    assert "Soup wins." in world.card(1)


def test_a_poll_is_open_for_a_day_where_nothing_else_is_said(world: World) -> None:
    answer = world.member("ana").says("/poll Lunch? Pizza | Soup")
    assert "#1 is open until Tue 3 Mar 2026, 09:00 UTC." in answer


@pytest.mark.parametrize("length", ["1m", "45m", "36h", "3d", "2w", "90d", "1d12h"])
def test_a_poll_is_open_as_long_as_it_says(world: World, length: str) -> None:
    answer = world.member("ana").says(f"/poll Lunch? Pizza | Soup closes_in={length}")
    assert "is open until" in answer


@pytest.mark.parametrize("length", ["59s", "91d", "2161h", "0m"])
def test_a_length_outside_the_bounds_is_named_as_it_was_written(world: World, length: str) -> None:
    """Not in two units: 2161h and its bound, 90d, would both be 12 weeks 6 days."""
    line = f"/poll Lunch? Pizza | Soup closes_in={length}"
    said = world.member("ana").is_refused(line, rules.BadPeriod)
    assert f"open for 1m to 90d; {length} is outside that." in said


@pytest.mark.parametrize(
    ("length", "error"),
    [
        ("59s", rules.BadPeriod),
        ("91d", rules.BadPeriod),
        ("0m", rules.BadPeriod),
        ("soon", NotADuration),
        ("-1h", NotADuration),
        ("1.5h", NotADuration),
        ("99999999d", NotADuration),
    ],
)
def test_a_length_outside_the_bounds_is_refused(
    world: World, length: str, error: type[UserError]
) -> None:
    ana = world.member("ana")
    ana.is_refused(f"/poll Lunch? Pizza | Soup closes_in={length}", error)


def test_a_voter_chooses_one_option_unless_the_poll_says_several(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup | Rice")
    ana.is_refused("/vote 1 Pizza | Soup", NotABallot)
    ana.says("/poll Lunch? Pizza | Soup | Rice multiple=true")
    assert "Your ballot on #2: Pizza | Rice." in ana.says("/vote 2 Pizza | Rice")


def test_in_a_poll_of_several_the_buttons_put_on_and_take_off(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup | Rice multiple=yes")
    assert "#1: Pizza." in ben.presses("Pizza", 1)
    assert "#1: Pizza | Rice." in ben.presses("Rice", 1)
    assert "#1: Rice." in ben.presses("Pizza", 1)
    ben.is_refused(str(world.button("Rice", 1)), rules.LastTick)
    assert "1 person voted." in world.card(1)


def test_bars_of_a_poll_of_several_are_shares_of_the_voters(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup multiple=true")
    world.member("ana").says("/vote 1 Pizza | Soup")
    world.member("ben").says("/vote 1 Pizza")
    assert "2 votes (100 %)" in world.card(1)
    assert "1 vote (50 %)" in world.card(1)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/poll", Missing),
        ("/poll Lunch?", Missing),
        ("/poll Lunch? Pizza", rules.TooFewOptions),
        ("/poll Lunch? Pizza |", rules.TooFewOptions),
        ("/poll Lunch? Pizza | pizza", rules.SameOption),
        ("/poll Lunch? Pizza | Piz\u200bza", rules.SameOption),
        ("/poll Lunch? Pizza | \u200b", rules.OptionUnseen),
        ("/poll Lunch? Pizza | #2", rules.OptionIsNumber),
        (f"/poll Lunch? Pizza | {'x' * 81}", rules.OptionTooLong),
        (f"/poll Lunch? {' | '.join(str(n) for n in range(21))}", rules.TooManyOptions),
        (f"/poll {'x' * 200}? Pizza | Soup", TooLong),
        ("/poll Lunch? Pizza | Soup multiple=perhaps", NotYesOrNo),
        ("/poll Lunch? Pizza | Soup secret=2", NotYesOrNo),
    ],
)
def test_what_is_no_poll_is_refused(world: World, line: str, error: type[UserError]) -> None:
    world.member("ana").is_refused(line, error)


def test_twenty_options_are_a_poll_and_can_all_be_chosen(world: World) -> None:
    ana = world.member("ana")
    options = [f"{n}{'x' * 78}" for n in range(20)]
    ana.says(f"/poll Which? {' | '.join(options)}")
    assert options[-1] in ana.presses(options[-1])


def test_a_button_is_its_own_option_even_where_options_are_numbers(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll How many? 3 | 2 | 1")
    assert "Your ballot on #1: 3." in ana.presses("3")
    assert "Your ballot on #1: 1." in ana.presses("1")


def test_a_choice_is_an_option_s_text_else_its_number(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll How many? 3 | 2 | 7")
    assert "#1: 3." in ana.says("/vote 1 3")
    assert "#1: 3." in ana.says("/vote 1 1")
    assert "#1: 7." in ana.says("/vote 1 #3")
    ana.is_refused("/vote 1 4", NotABallot)


def test_emoji_and_joined_scripts_are_options(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Who? 👩‍💻 | می‌خواهم | 🏳️‍🌈")
    assert "👩‍💻" in ana.presses("👩‍💻")


def test_the_first_question_mark_ends_the_question(world: World) -> None:
    world.member("ana").says("/poll Pizza? Or what? Pizza | Soup?")
    assert "#1 Pizza?" in world.card(1)
    assert "[1] Or what? Pizza" in world.card(1)


def test_a_later_ballot_replaces_the_earlier_one(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup")
    for choice in ("Pizza", "Soup", "Pizza"):
        ana.says(f"/vote 1 {choice}")
    assert "1 person voted." in world.card(1)
    world.advance(days=1)
    assert "Pizza wins." in world.card(1)


def test_a_tie_is_shown_as_a_tie_with_the_lot(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup | Rice")
    assert "If it ties, a lot gives an order. Its sealed key:" in world.card(1)
    ana.says("/vote 1 Pizza")
    ben.says("/vote 1 Soup")
    world.advance(days=1)
    card = " ".join(world.card(1).split())
    assert "It is a tie between Pizza, Soup." in card
    assert "If you need an order, the lot says:" in card
    assert "Rice" not in card.partition("the lot says:")[2].partition("Key")[0]


def test_a_poll_without_ballots_chooses_nothing(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    world.advance(days=1)
    assert "Nobody voted, so nothing was chosen." in world.card(1)
    assert "the lot says" not in world.card(1)


def test_a_poll_has_neither_quorum_nor_extension_by_quorum(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    world.advance(minutes=59)
    ana.says("/vote 1 Pizza")
    assert "The end moved" not in world.card(1)
    world.advance(minutes=1)
    assert "Pizza wins." in world.card(1)
