"""This file is the tie-breaks of each method, one election each, and what money decides."""

from fractions import Fraction

from core.voting import METHODS, How
from core.voting.gradients import STEPS
from core.voting.ranked_pairs import lock
from core.voting.shares import Payers, price
from core.voting.ties import Draw
from tests.voting.written import count

ABC = ["A", "B", "C"]


def test_of_equal_winning_votes_those_with_fewer_losing_votes_are_locked_first() -> None:
    draw = Draw(ABC, None)
    # A > B by 5 to 2, C > A by 5 to 3, B > C by 5 to 4: the last contradicts
    locked, skipped = lock([[0, 5, 3], [2, 0, 5], [5, 4, 0]], draw)
    assert locked.order() == ((2,), (0,), (1,))
    assert skipped == [(1, 2)]
    assert not draw.ties


def test_equal_wins_that_contradict_go_by_lot_and_others_do_not() -> None:
    draw = Draw(ABC, None)
    lock([[0, 5, 3], [3, 0, 5], [5, 3, 0]], draw)
    assert [tie.among for tie in draw.ties] == [(0, 1, 2)]
    draw = Draw(ABC, None)
    lock([[0, 5, 5], [3, 0, 5], [3, 3, 0]], draw)
    assert not draw.ties


def test_copeland_counts_a_draw_as_half_and_then_looks_at_the_margin() -> None:
    result = count("copeland", ABC, {"A > B > C": 2, "B > A > C": 2})
    assert [str(total) for total in result.totals] == ["3/2", "3/2", "0"]
    assert result.winners == (0, 1)
    cycle = count("copeland", ABC, {"A > B > C": 5, "B > C > A": 4, "C > A > B": 2})
    assert cycle.totals == (1, 1, 1)
    assert [(tie.how, tie.rule) for tie in cycle.ties] == [(How.RULE, "total margin")]
    assert cycle.order == ((1,), (0,), (2,))


def test_star_breaks_a_runoff_tie_by_total_and_then_by_fives() -> None:
    by_total = count("star", ABC, {"A 5, B 1": 1, "B 4, A 2": 1})
    assert by_total.winners == (0,)
    assert by_total.ties[0].rule == "higher total, then most fives"
    not_by_fives = count("star", ABC, {"B 5, A 4": 1, "A 4, B 1": 1})
    assert not_by_fives.winners == (0,)
    by_fives = count("star", ABC, {"A 5": 1, "B 4, A 1": 1, "B 3, A 1": 1, "A 3, B 3": 1})
    assert by_fives.totals == (10, 10, 0)
    assert by_fives.winners == (1,)  # preferred on two ballots to one: no tie in the runoff
    level = count("star", ABC, {"A 5, B 3": 1, "B 4, A 2": 1})
    assert level.totals == (7, 7, 0)
    assert level.winners == (0,)


def test_star_drops_who_loses_the_most_matches_among_the_level() -> None:
    # B, C and D have 6 each for the second place; B beats both
    ballots = {"A 5, B 3, C 2, D 1": 1, "C 4, B 0, D 5, A 5": 1, "A 5, B 3": 1}
    result = count("star", [*ABC, "D"], ballots)
    assert result.totals == (15, 6, 6, 6)
    assert result.figures["finalists"] == (0, 1)
    assert result.ties[0].how is How.RULE


def test_a_time_poll_takes_the_fewest_no_before_the_earliest_slot() -> None:
    result = count("time-poll", ABC, {"A yes, C yes, B if need be": 1, "B yes, C maybe": 1})
    assert result.totals == (1, 1, 1)
    assert result.order == ((1,), (2,), (0,))


def test_the_budget_is_never_overspent_and_passes_to_the_next_that_fits() -> None:
    budget = METHODS["budget"]
    rows = [(bytes([6, 3, 1]), 1)]
    result = budget.count(rows, ABC, costs=[60, 50, 40], money=100)
    assert result.winners == (0, 2)
    assert result.figures["spent"] == 100


def test_equal_shares_take_from_each_supporter_by_dots() -> None:
    shares = METHODS["budget-shares"]
    # 30 each: B costs the first ballot 5, C the second 20 (three dots); 25 and 10 do not buy A
    rows = [(bytes([2, 1, 0]), 1), (bytes([1, 0, 3]), 1)]
    result = shares.count(rows, ABC, costs=[36, 5, 20], money=60)
    assert result.winners == (1, 2)
    assert [str(sentence.values["price"]) for sentence in result.story] == ["5", "20/3"]


def test_the_middle_answer_is_where_half_the_weight_is_counted() -> None:
    steps = list(STEPS)
    result = count("gradients", steps, {"1": 2, "3": 1, "8": 1})
    assert result.figures["middle"] == 0
    assert result.winners == ()
    assert count("gradients", steps, {"1": 2, "3": 1, "8": 2}).figures["middle"] == 2


def test_what_nobody_wants_leaves_a_seat_empty() -> None:
    for method in ("single", "approval", "pav", "equal-shares"):
        assert count(method, ABC, {"A": 3}, seats=2).winners == (0,)


def test_phragmen_fills_the_seats_that_nobody_could_buy() -> None:
    result = count("equal-shares", ABC, {"A": 1, "B": 1, "C": 1, "A | B | C": 1}, seats=2)
    assert len(result.winners) >= 2
    assert "Phragmén" in "".join(sentence.template for sentence in result.story)


def test_phragmen_takes_the_money_of_who_has_paid() -> None:
    ballots = {"A, D": 3, "A": 1, "B": 3, "C": 2, "E": 1}
    result = count("equal-shares", [*ABC, "D", "E"], ballots, seats=2)
    assert result.winners == (0, 1)
    assert not result.ties


def test_a_poor_group_pays_with_all_its_members() -> None:
    groups = [Payers(Fraction(1, 10), 1, 2), Payers(Fraction(1), 1, 1)]
    assert price(groups, 1) == Fraction(4, 5)
    assert price(groups, 2) is None


def test_pav_halves_for_one_winner_whichever_it_was() -> None:
    ballots = {"A": 10, "B, C": 8, "B": 1, "D": 3}
    assert count("pav", [*ABC, "D"], ballots, seats=3).winners == (0, 1, 2)
