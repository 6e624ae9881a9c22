"""Amounts are read as people write them and written as they are read; splits are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import UserError, keep, recall
from core.kernel.words import clean
from core.ledger import Asset, NotEnough, read_amount, said, split, write_amount
from core.ledger.amounts import AMOUNT_MAX, DECIMALS_MAX, CommaAmount, NotAnAmount
from tests.laws.drawing import hostile

decimals = st.integers(0, DECIMALS_MAX)


@given(amount=st.integers(1, AMOUNT_MAX), places=decimals)
def test_what_is_written_is_read_back(amount: int, places: int) -> None:
    written = write_amount(amount, places)
    assert read_amount(written, places) == amount
    assert read_amount(f" {written} ", places) == amount
    assert write_amount(-amount, places) == f"-{written}"


@given(text=hostile, places=decimals)
def test_any_text_is_an_amount_or_refused(text: str, places: int) -> None:
    try:
        amount = read_amount(text, places)
    except UserError:
        return
    assert 0 < amount <= AMOUNT_MAX
    # What nobody sees is dropped from every line; of what is seen, nothing but ASCII counts.
    assert clean(text).strip().isascii()


@pytest.mark.parametrize(
    ("written", "places", "amount"),
    [("1.5", 2, 150), ("1.50", 1, 15), ("007", 0, 7), ("0.000001", 6, 1)],
)
def test_amounts_are_whole_numbers_of_the_smallest_place(
    written: str, places: int, amount: int
) -> None:
    assert read_amount(written, places) == amount


def test_a_comma_is_answered_with_a_point_where_that_helps() -> None:
    with pytest.raises(CommaAmount) as refused:
        read_amount("1,5", 2)
    assert refused.value.facts["better"] == "1.5"
    for written in ("1,000.50", "1.000,50", "1,2,3", ",", "1.", "a,5", "\u0661,\u0665"):
        with pytest.raises(NotAnAmount):
            read_amount(written, 2)


@given(
    total=st.integers(0, 10**15),
    weights=st.lists(st.integers(0, 10**9), max_size=20),
    seed=st.randoms(use_true_random=False),
)
def test_a_split_is_exact_and_fair(total: int, weights: list[int], seed: object) -> None:
    def order(tied: object) -> list[int]:
        found = list(tied)  # type: ignore[call-overload]
        seed.shuffle(found)  # type: ignore[attr-defined]
        return found  # type: ignore[no-any-return]

    parts = split(total, weights, order)
    whole = sum(weights)
    assert len(parts) == len(weights)
    if whole == 0:
        assert not any(parts)
        return
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert total * weight // whole <= part <= -(-total * weight // whole)


@given(total=st.integers(0, 10**6), weights=st.lists(st.integers(0, 99), min_size=2, max_size=9))
def test_who_has_more_weight_never_gets_less(total: int, weights: list[int]) -> None:
    parts = split(total, weights, lambda tied: tied)
    for a, part in zip(weights, parts, strict=True):
        for b, other in zip(weights, parts, strict=True):
            assert a <= b or part >= other


def test_a_split_of_less_than_nothing_is_a_bug() -> None:
    for total, weights in ((-1, [1]), (1, [-1, 2])):
        with pytest.raises(ValueError, match="1"):
            split(total, weights, lambda tied: tied)


def test_amounts_in_errors_are_kept_and_people_s_words_are_not() -> None:
    eur = Asset(1, "EUR", 2)
    error = NotEnough(have=said(150, eur), need=said(20_000, eur))
    again = recall(keep(error))
    assert again.facts == error.facts
    assert "1.50 EUR" in repr(again.text)
