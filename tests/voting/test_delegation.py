"""This file is how votes are carried: nothing is lost, nothing gained, and the cap is kept."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import delegation
from core.voting.delegation import (
    DEPTH_MAX,
    NOBODY,
    Carried,
    Cut,
    Delegation,
    carry,
    closes_cycle,
    limit_of,
    narrowest,
)
from tests.voting.elections import law


def adds_up(carried: Carried, weights: list[int]) -> None:
    people = carried.turnout + carried.abstained_people + carried.over_people
    counted = sum(carried.counted_weight)
    weight = counted + carried.abstained_weight + carried.over_weight
    assert people == len(weights)
    assert weight == sum(weights)
    assert min(carried.abstained_people, carried.over_people, carried.over_weight) >= 0


def test_nothing_is_lost_on_a_hundred_thousand_graphs_with_cycles() -> None:
    draw = random.Random(5)
    for _ in range(100_000):
        size = draw.randint(1, 9)
        weights = [draw.randint(0, 5) for _ in range(size)]
        delegates = [draw.randint(NOBODY, size - 1) for _ in range(size)]
        ballots = [member for member in range(size) if draw.random() < 0.3]
        adds_up(carry(delegates, ballots=ballots, weights=weights), weights)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int]]:
    size = draw(st.integers(1, 40))
    members = st.integers(0, size - 1)
    delegates = draw(st.lists(st.integers(NOBODY, size - 1), min_size=size, max_size=size))
    weights = draw(st.lists(st.integers(0, 10**20), min_size=size, max_size=size))
    return delegates, draw(st.lists(members)), draw(st.lists(members, max_size=4)), weights


@law
@given(graphs(), st.integers(1, 400), st.booleans())
def test_arrays_carry_like_python_integers(
    graph: tuple[list[int], list[int], list[int], list[int]], cap: int, is_small: bool
) -> None:
    delegates, ballots, recused, weights = graph
    weights = [weight % 100 for weight in weights] if is_small else weights
    found = []
    for fast_from in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delegation, "FAST_FROM", fast_from)
            share = Fraction(cap, 1000)
            found.append(
                carry(delegates, ballots=ballots, weights=weights, recused=recused, cap=share)
            )
    assert found[0] == found[1]
    adds_up(found[0], weights)


@law
@given(graphs())
def test_an_own_ballot_goes_before_any_delegation(
    graph: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    delegates, ballots, recused, weights = graph
    carried = carry(delegates, ballots=ballots, weights=weights, recused=recused)
    for voter in set(ballots) - set(recused):
        assert carried.ends[voter] == voter
        assert carried.counted_weight[voter] >= weights[voter]
    for member, end in enumerate(carried.ends):
        assert end == NOBODY or end in ballots
        assert member not in recused or end == NOBODY


def test_the_narrowest_delegation_counts() -> None:
    given = [Delegation(0, 1), Delegation(0, 2, "roof"), Delegation(1, 2, "garden")]
    assert narrowest(given, "roof", 3) == [2, NOBODY, NOBODY]
    assert narrowest(given, "garden", 3) == [1, 2, NOBODY]
    assert narrowest(given, None, 3) == [1, NOBODY, NOBODY]


def test_the_narrowest_does_not_fall_back_when_its_delegate_recuses() -> None:
    given = narrowest([Delegation(0, 1), Delegation(0, 2, "roof")], "roof", 3)
    carried = carry(given, ballots=[1], weights=[1, 1, 1], recused=[2])
    assert carried.ends == [NOBODY, 1, NOBODY]


def test_a_way_of_ten_steps_carries_and_of_eleven_does_not() -> None:
    size = DEPTH_MAX + 2
    chain = [*range(1, size), NOBODY]
    for alone in (0, delegation.FAST_FROM):
        everyone = [*chain, *[NOBODY] * alone]
        ends = carry(everyone, ballots=[size - 1], weights=[1] * len(everyone)).ends
        assert ends[:size] == [NOBODY] + [size - 1] * (size - 1)


def test_nothing_passes_through_a_recusal() -> None:
    assert carry([1, 2, NOBODY], ballots=[2], weights=[1, 1, 1], recused=[1]).ends[0] == NOBODY


def test_who_is_over_the_cap_is_cut_pro_rata_and_not_in_the_turnout() -> None:
    carried = carry([0] * 6, ballots=[0], weights=[1, 10, 10, 10, 10, 11])
    assert carried.limit == 3
    assert carried.cuts == {0: Cut(2, 51 - 51 * 3 // 5)}
    assert carried.counted_weight[0] == 1 + 30
    assert (carried.turnout, carried.over_people, carried.over_weight) == (4, 2, 21)


def test_the_cap_is_a_share_of_the_electorate_but_at_least_three() -> None:
    assert [limit_of(Fraction(1, 10), size) for size in (1, 30, 39, 40, 1000)] == [3, 3, 3, 4, 100]


def test_a_delegation_that_would_close_a_cycle_is_found() -> None:
    delegates = {1: 2, 2: 3, 5: 6, 6: 5}
    assert closes_cycle(delegates, 3, 1)
    assert closes_cycle(delegates, 4, 4)
    assert not closes_cycle(delegates, 4, 1)
    assert not closes_cycle(delegates, 4, 5)  # a cycle, but not through the giver


def test_who_is_outside_the_electorate_is_refused() -> None:
    for size in (1, delegation.FAST_FROM):
        with pytest.raises(ValueError, match="outside"):
            carry([size] * size, ballots=[], weights=[1] * size)
        with pytest.raises(ValueError, match="outside"):
            carry([0] * size, ballots=[-1], weights=[1] * size)
    with pytest.raises(ValueError, match=r"\(1, 2\)"):
        carry([0, 0], ballots=[], weights=[1])


def test_a_weight_of_ten_to_the_thirty_is_carried_whole() -> None:
    size = delegation.FAST_FROM
    carried = carry([0] * size, ballots=[0], weights=[10**30] * size)
    assert sum(carried.counted_weight) + carried.over_weight == size * 10**30
