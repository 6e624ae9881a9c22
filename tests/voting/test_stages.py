"""This file is what counts in rounds do with level options: the most recent difference, the lot."""

from core.voting import How
from core.voting.stages import EARLIER
from tests.voting.elections import fixed_lot
from tests.voting.written import count

PEOPLE = ["A", "B", "C", "D", "E"]


def test_level_at_the_bottom_the_most_recent_difference_decides() -> None:
    # B and C: 7 and 8, then 9 and 8, then 9 and 9; the second round speaks, not the first
    ballots = {"A": 15, "B": 7, "C > B": 8, "D > B": 2, "D > E > C": 1, "E": 4}
    result = count("instant-runoff", PEOPLE, ballots)
    assert [step.totals for step in result.rounds] == [
        (15, 7, 8, 3, 4),
        (15, 9, 8, None, 5),
        (15, 9, 9, None, None),
        (15, 17, None, None, None),
    ]
    assert [step.out for step in result.rounds] == [(3,), (4,), (2,), ()]
    (tie,) = result.ties
    assert (tie.how, tie.rule, tie.order) == (How.RULE, EARLIER, ((1,), (2,)))
    assert not result.is_tied


def test_of_equal_surpluses_the_one_that_was_larger_most_recently_goes_first() -> None:
    ballots = {"A": 10, "B": 9, "C > D": 10, "D": 8, "E > B": 4, "E > C": 3}
    result = count("stv", PEOPLE, ballots, seats=3)
    assert result.figures["quota"] == 12
    assert result.rounds[1].totals == (10, 13, 13, 8, None)
    assert result.rounds[1].elected == (1, 2)
    assert result.rounds[1].source == 2
    assert [(tie.how, tie.order) for tie in result.ties[:1]] == [(How.RULE, ((2,), (1,)))]


def test_what_was_always_level_goes_by_lot_and_the_last_drawn_goes_out() -> None:
    ballots = {"A": 5, "B > A": 3, "C > A": 3}
    lot = fixed_lot()
    result = count("instant-runoff", PEOPLE[:3], ballots, lot=lot)
    drawn = [option for option in lot.order(PEOPLE[:3]) if option]
    assert [tie.order for tie in result.ties] == [((drawn[0],), (drawn[1],))]
    assert result.rounds[0].out == (drawn[1],)
    assert result.lot_seed == lot.seed


def test_a_tie_of_the_last_two_is_open_without_a_lot() -> None:
    result = count("instant-runoff", PEOPLE[:2], {"A": 3, "B": 3})
    assert result.winners == (0, 1)
    assert [tie.how for tie in result.ties] == [How.OPEN]


def test_options_without_a_vote_go_out_together_and_are_no_tie() -> None:
    for method in ("instant-runoff", "stv"):
        result = count(method, PEOPLE, {"A": 3, "B > A": 2, "C > B": 2})
        assert not any({3, 4} & set(tie.among) for tie in result.ties)
        assert result.rounds[0].out == (3, 4)
        assert result.order[-1] == (3, 4)


def test_of_surpluses_that_were_always_equal_the_first_drawn_goes_first() -> None:
    lot = fixed_lot()
    for people in (PEOPLE[:4], [*reversed(PEOPLE[:4])]):
        ballots = {"A > C": 5, "B > D": 5, "C": 1, "D": 1}
        result = count("stv", people, ballots, seats=3, lot=lot)
        level = [people.index("A"), people.index("B")]
        drawn = [option for option in lot.order(people) if option in level]
        assert result.rounds[0].source == drawn[0]
        assert result.ties[0].order == ((drawn[0],), (drawn[1],))
