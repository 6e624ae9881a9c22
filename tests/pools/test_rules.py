"""The limits of a request, in whole numbers: exact at the edge, whatever the amounts."""

import doctest
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import UserError
from core.ledger import Asset, NotEnough
from core.ledger.amounts import AMOUNT_MAX
from core.pools import rules
from core.pools.model import Limits, PeriodLimit, Purse
from core.pools.settings import read_percent

EUR = Asset(1, "EUR", 2)
amounts = st.one_of(st.integers(1, 400), st.integers(1, AMOUNT_MAX))
percents = st.integers(1, 100)


def refusal(amount: int, purse: Purse, limits: Limits) -> type[UserError] | None:
    try:
        rules.check_request(amount, purse, limits, EUR)
    except UserError as error:
        return type(error)
    return None


@given(amount=amounts, free=amounts, recent=st.integers(0, 1_000), one=percents, period=percents)
def test_a_request_is_within_the_limits_or_refused(
    amount: int, free: int, recent: int, one: int, period: int
) -> None:
    limits = Limits(one, PeriodLimit(period, timedelta(days=30)))
    found = refusal(amount, Purse(free, recent), limits)
    if amount > free:
        assert found is NotEnough
    elif Fraction(amount, free) > Fraction(one, 100):
        assert found is rules.OverRequestLimit
    elif Fraction(recent + amount, free + recent) > Fraction(period, 100):
        assert found is rules.OverPeriodLimit
    else:
        assert found is None


@given(free=st.integers(100, 10**9), recent=st.integers(0, 10**9), one=percents, period=percents)
def test_what_a_refusal_offers_is_taken(free: int, recent: int, one: int, period: int) -> None:
    limits = Limits(one, PeriodLimit(period, timedelta(days=30)))
    most = min(free * one // 100, (free + recent) * period // 100 - recent)
    if most > 0:
        assert refusal(most, Purse(free, recent), limits) is None
    assert refusal(max(most, 0) + 1, Purse(free, recent), limits) is not None


@given(free=st.integers(1, 10**6), steps=st.lists(st.integers(1, 10**6), max_size=30))
def test_requests_of_a_period_never_take_more_than_its_share_of_what_was_there(
    free: int, steps: list[int]
) -> None:
    """Without funding in between, free + recent stays the same, and so does its share."""
    limits = Limits(100, PeriodLimit(50, timedelta(days=30)))
    purse = Purse(free, 0)
    for amount in steps:
        if refusal(amount, purse, limits) is None:
            purse = Purse(purse.free - amount, purse.recent + amount)
    assert purse.recent * 100 <= free * 50


def test_the_worked_examples_are_true() -> None:
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize("written", ["0%", "101%", "-1%", "1.5%", "\u0662\u0660%", "%", "", "1000"])
def test_what_is_no_percent_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written.replace(".", r"\.") or ".*"):
        read_percent(written)


@pytest.mark.parametrize("written", ["EUR", "eur", "x1", "ABCDEFGHIJKL"])
def test_a_symbol_is_shown_in_capitals(written: str) -> None:
    assert rules.read_symbol(written) == written.upper()
