"""This file is conviction: the curve, its limits, and the date at which a request passes."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting.conviction import (
    UNIT,
    Rule,
    conviction,
    passes,
    passes_after,
    threshold,
)
from tests.voting.elections import law

HOUR = 3600 * 1000
weights = st.integers(0, 10**12)
times = st.integers(0, 10**11)
half_lives = st.integers(1, 10**10)


def true_conviction(placed: int, held: int, elapsed_ms: int, half_life_ms: int) -> Decimal:
    with localcontext() as context:
        context.prec = 80
        faded = Decimal(2) ** (-Decimal(elapsed_ms) / Decimal(half_life_ms))
        return placed * UNIT + (held - placed * UNIT) * faded


@law
@given(weights, weights, times, half_lives)
def test_conviction_is_the_curve_rounded_down(
    placed: int, held: int, elapsed_ms: int, half_life_ms: int
) -> None:
    held *= UNIT
    found = conviction(placed=placed, held=held, elapsed_ms=elapsed_ms, half_life_ms=half_life_ms)
    off = true_conviction(placed, held, elapsed_ms, half_life_ms) - found
    assert Decimal("-1e-30") <= off <= Decimal("1.0001")


@law
@given(weights, weights, times, times, half_lives)
def test_looking_in_between_gives_nothing_away(
    placed: int, held: int, first: int, second: int, half_life_ms: int
) -> None:
    def after(held: int, elapsed_ms: int) -> int:
        return conviction(
            placed=placed, held=held, elapsed_ms=elapsed_ms, half_life_ms=half_life_ms
        )

    at_once = after(held * UNIT, first + second)
    in_two = after(after(held * UNIT, first), second)
    assert at_once - 3 <= in_two <= at_once


@law
@given(weights, weights, st.integers(1, 10**21), half_lives)
def test_the_passing_date_is_the_first_at_which_it_passes(
    placed: int, held: int, need: int, half_life_ms: int
) -> None:
    def after(elapsed_ms: int) -> int:
        return conviction(
            placed=placed, held=held * UNIT, elapsed_ms=elapsed_ms, half_life_ms=half_life_ms
        )

    wait = passes_after(need, placed=placed, held=held * UNIT, half_life_ms=half_life_ms)
    if wait is None:
        assert after(300 * half_life_ms) < need
    else:
        assert after(wait) >= need
        assert wait == 0 or after(wait - 1) < need


@law
@given(
    st.fractions(Fraction(1, 1000), Fraction(1, 2), max_denominator=1000),
    st.fractions(Fraction(1, 1000), Fraction(1, 2), max_denominator=1000),
    st.fractions(Fraction(1, 1000), Fraction(1, 2), max_denominator=1000),
)
def test_the_threshold_is_the_formula_rounded_up(share: Fraction, s: Fraction, m: Fraction) -> None:
    rule = Rule(spending_limit=s, conviction_least=m)
    need = threshold(share, placed=1000, electorate=1, rule=rule)
    if share >= s:
        assert need is None
        return
    assert need is not None
    with localcontext() as context:
        context.prec = 60
        limit = Decimal(s.numerator) / s.denominator
        least = Decimal(m.numerator) / m.denominator
        beta = limit / (1 - least.sqrt())
        part = Decimal(share.numerator) / share.denominator
        true = 1000 * least * (beta / (beta - part)) ** 2 * UNIT
        assert Decimal("-1e-9") <= need - true <= Decimal("1.001")


def test_more_money_needs_more_conviction_up_to_all_that_is_placed() -> None:
    rule = Rule()
    shares = [Fraction(n, 1000) for n in range(1, 150)]
    needs = [threshold(share, placed=100, electorate=100, rule=rule) or 0 for share in shares]
    assert needs == sorted(needs)
    assert 5 * UNIT < needs[0] < needs[-1] < 100 * UNIT


def test_nothing_passes_at_the_spending_limit_or_without_support() -> None:
    rule = Rule()
    assert threshold(rule.spending_limit, placed=10, electorate=10, rule=rule) is None
    assert not passes(rule.spending_limit, 10**30, placed=10, electorate=10, rule=rule)
    assert not passes(Fraction(1, 100), 0, placed=0, electorate=0, rule=rule)


def test_a_fifth_of_the_electorate_is_the_least_support() -> None:
    rule, share = Rule(), Fraction(1, 100)
    few = threshold(share, placed=1, electorate=1000, rule=rule)
    assert few == threshold(share, placed=200, electorate=1000, rule=rule)


def test_a_half_life_brings_half_and_two_bring_three_quarters() -> None:
    for lives, part in ((1, Fraction(1, 2)), (2, Fraction(3, 4)), (10, Fraction(1023, 1024))):
        found = conviction(placed=64, held=0, elapsed_ms=lives * HOUR, half_life_ms=HOUR)
        assert found == 64 * UNIT * part


def test_support_that_is_too_small_never_passes() -> None:
    assert passes_after(10 * UNIT, placed=10, held=0, half_life_ms=HOUR) is None
    assert passes_after(10 * UNIT - 1, placed=10, held=0, half_life_ms=HOUR) is not None
    assert passes_after(3 * UNIT, placed=0, held=4 * UNIT, half_life_ms=HOUR) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"spending_limit": Fraction(0)},
        {"conviction_least": Fraction(1)},
        {"half_life_ms": 0},
    ],
)
def test_a_rule_without_sense_is_refused(wrong: dict[str, Fraction]) -> None:
    with pytest.raises(ValueError, match=r"\d|Fraction"):
        Rule(**wrong)  # type: ignore[arg-type]


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="-1"):
        conviction(placed=1, held=0, elapsed_ms=-1, half_life_ms=HOUR)
