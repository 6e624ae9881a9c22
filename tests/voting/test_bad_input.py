"""This file is what happens with nothing, with one, with too much, and with nonsense."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS, Lot, Method, QuestionError
from core.voting.errors import (
    BadOption,
    BallotError,
    Empty,
    Malformed,
    MissingLimit,
    NoNumber,
    NoSeats,
    NotAnAnswer,
    OneSeatOnly,
    OutOfRange,
    OverBudget,
    SameOption,
    SameRank,
    TooFewOptions,
    TooManyOptions,
    Twice,
    UnknownLimit,
    UnknownOption,
    VotingError,
)
from tests.voting.elections import METHOD_IDS, fixed_lot, law
from tests.voting.written import count, told

ABC = ["A", "B", "C"]

every_method = pytest.mark.parametrize(
    "method", [METHODS[name] for name in METHOD_IDS], ids=METHOD_IDS
)


def limits_of(method: Method, n_options: int) -> dict[str, Any]:
    """Return the limits that a method cannot do without."""
    return {
        name: [10] * n_options if limit.is_each else 100
        for name, limit in method.limits.items()
        if limit.is_required
    }


def best_for(method: Method, option: int, n_options: int) -> bytes:
    return bytes(int(i == option) for i in range(n_options))


@every_method
def test_no_ballots_choose_nothing(method: Method) -> None:
    result = method.count([], ABC, lot=fixed_lot(), **limits_of(method, 3))
    assert result.winners == ()
    assert result.order == ((0, 1, 2),)
    assert not result.ties


@every_method
def test_blank_and_weightless_ballots_choose_nothing(method: Method) -> None:
    rows = [(bytes(3), 5), (best_for(method, 1, 3), 0)]
    result = method.count(rows, ABC, lot=fixed_lot(), **limits_of(method, 3))
    assert result.winners == ()
    assert (result.n_ballots, result.weight, result.blank) == (2, 5, 5)


@every_method
def test_one_option_wins_with_any_support(method: Method) -> None:
    result = method.count([(b"\1", 1)], ["A"], **limits_of(method, 1))
    assert result.winners == ((0,) if method.decides else ())


@every_method
def test_all_level_is_a_tie_for_the_lot(method: Method) -> None:
    rows = [(best_for(method, option, 3), 2) for option in range(3)]
    limits = limits_of(method, 3) | ({"money": 10} if "money" in method.limits else {})
    result = method.count(rows, ABC, lot=fixed_lot(), **limits)
    if method.is_positional:
        assert not result.is_tied
    else:
        assert result.is_tied
        assert len(result.winners) == 1
        assert result.lot_seed == fixed_lot().seed


@every_method
def test_one_voter_with_a_weight_of_ten_to_the_thirty(method: Method) -> None:
    rows = [(best_for(method, 2, 3), 10**30), (best_for(method, 1, 3), 10**30 - 1)]
    result = method.count(rows, ABC, **limits_of(method, 3))
    assert result.weight == 2 * 10**30 - 1
    if method.decides:
        assert result.winners[0] == 2


@every_method
def test_more_seats_than_options(method: Method) -> None:
    rows = [(best_for(method, option, 3), 3 - option) for option in range(3)]
    limits = limits_of(method, 3)
    if not method.is_for_several_seats:
        with pytest.raises(OneSeatOnly):
            method.count(rows, ABC, seats=5, **limits)
        return
    result = method.count(rows, ABC, seats=5, **limits)
    assert sorted(result.winners) == [0, 1, 2]
    assert "There were 5 seats for 3 options." in told(result)


@every_method
def test_a_question_that_cannot_be_counted_is_refused(method: Method) -> None:
    limits = limits_of(method, 3)
    for options, error in (
        ([], TooFewOptions),
        (["A", " a ", "B"], SameOption),
        (["A", "", "B"], BadOption),
        (["A", "x|y", "B"], BadOption),
        (["A", "#2", "B"], BadOption),
        (["A", "x" * 201, "B"], BadOption),
        (["A", "x\u202ey", "B"], BadOption),
        ([str(i) for i in range(121)], TooManyOptions),
    ):
        with pytest.raises(error):
            method.count([], options, **limits)
    with pytest.raises(NoSeats):
        method.count([], ABC, seats=0, **limits)
    with pytest.raises(UnknownLimit):
        method.count([], ABC, **limits, colour=1)


def test_limits_are_held_to_their_range() -> None:
    quadratic, budget = METHODS["quadratic"], METHODS["budget"]
    for wrong in (0, 10**6, [1, 2]):
        with pytest.raises(QuestionError, match="must be between"):
            quadratic.count([], ABC, budget=wrong)
    with pytest.raises(QuestionError, match="must be between"):
        budget.count([], ABC, costs=[1, 2], money=3)
    with pytest.raises(MissingLimit, match='needs "money"'):
        budget.count([], ABC, costs=[1, 2, 3])


@pytest.mark.parametrize(
    ("method", "written", "error", "says"),
    [
        ("score", "A", NoNumber, 'How much for "A"? Write a whole number after it, as in "A 3".'),
        ("score", "A 6", OutOfRange, '"A" got 6; write a whole number from 0 to 5.'),
        ("score", "A -1", OutOfRange, '"A" got -1'),
        ("score", "A 1.5", UnknownOption, 'There is no option "A 1.5"'),
        ("score", "A 1, a 2", Twice, '"A" is there twice'),
        ("score", "A " + "9" * 50, UnknownOption, "There is no option"),
        ("quadratic", "A 10, B 1", OverBudget, "Your ballot costs 101; you have 100 to spend."),
        ("quadratic", "A 0", Empty, "Nothing is chosen"),
        ("dots", "A 6, B 5", OverBudget, "Your ballot costs 11; you have 10 to spend."),
        ("allocate", "A 101", OutOfRange, "from 0 to 100"),
        ("instant-runoff", "A > B = C", SameRank, '"B" and "C" share a rank'),
        ("schulze", "A > B > A", Twice, '"A" is there twice'),
        ("schulze", "A > D", UnknownOption, 'There is no option "D". The options are: A, B, C.'),
        ("schulze", " > ", Empty, "Nothing is chosen"),
        ("schulze", ">=>", Empty, "Nothing is chosen"),
        ("time-poll", "A perhaps", NotAnAnswer, '"perhaps" is not an answer'),
        ("time-poll", "D yes", UnknownOption, "no option"),
        ("approval", " , ", Empty, "Nothing is chosen"),
        ("approval", "0", UnknownOption, 'There is no option "0"'),
        ("approval", "4", UnknownOption, 'There is no option "4"'),
        ("approval", "x" * 1000, UnknownOption, "xxx…"),
    ],
)
def test_each_mistake_has_a_sentence(
    method: str, written: str, error: type[BallotError], says: str
) -> None:
    with pytest.raises(error) as refused:
        METHODS[method].read(written, ABC)
    assert says in str(refused.value)
    assert refused.value.sentence.template == error.template


@pytest.mark.parametrize(
    ("method", "written", "canonical"),
    [
        ("schulze", "b > 3 = a", "B > A = C"),
        ("schulze", "2, 1", "B > A"),
        ("schulze", "2 1 3", "B > A > C"),
        ("schulze", "C", "C"),
        ("schulze", "= > B > = > A =", "B > A"),
        ("score", "A 5, C 3", "A 5 | C 3"),
        ("score", "A: 5 | C=3", "A 5 | C 3"),
        ("score", "1 3", "A 3"),
        ("approval", "1 3", "A | C"),
        ("approval", "a|c", "A | C"),
        ("time-poll", "A | 2 maybe, C no", "A | B if need be"),
    ],
)
def test_what_people_write_is_printed_back_canonically(
    method: str, written: str, canonical: str
) -> None:
    counter = METHODS[method]
    if "," in written and "|" in written:
        written = written.replace(",", " |")
    expected = "A yes | B if need be" if method == "time-poll" else canonical
    assert counter.write(counter.read(written, ABC), ABC) == expected


@pytest.mark.parametrize(
    ("options", "written", "chosen"),
    [
        (["2", "1"], "2", {0}),  # an option's text goes before a number
        (["2", "1"], "#2", {1}),
        (["Berlin, Germany", "Paris"], "Berlin, Germany", {0}),
        (["Berlin, Germany", "Paris"], "Berlin, Germany | paris", {0, 1}),
        (["Berlin, Germany", "Paris"], "1, 2", {0, 1}),
        (["a", "b", "a, b"], "a, b", {2}),
        (["a", "b", "a, b"], "a | b", {0, 1}),
        (["CAFE\u0301", "b"], "caf\u00e9", {0}),
        (["Straße", "b"], "STRASSE", {0}),
    ],
)
def test_options_are_named_without_guessing(
    options: list[str], written: str, chosen: set[int]
) -> None:
    ballot = METHODS["approval"].read(written, options)
    assert {i for i, mark in enumerate(ballot.marks) if mark} == chosen


def test_a_number_goes_to_an_option_with_a_comma_in_it() -> None:
    score, cities = METHODS["score"], ["Berlin, Germany", "Paris"]
    assert score.read("Berlin, Germany 5", cities).marks == (5, 0)
    assert score.read("Berlin, Germany 5 | paris 3", cities).marks == (5, 3)


@every_method
@law
@given(written=st.text(max_size=60), data=st.data())
def test_no_text_crashes_the_reader(method: Method, written: str, data: st.DataObject) -> None:
    options = data.draw(st.sampled_from([ABC, ["1", "2"], ["a,b", "a", "b"], [">", "= 1", "1"]]))
    try:
        ballot = method.read(written, options)
    except BallotError as error:
        told_so = str(error)
        assert told_so
        return
    assert method.read(method.write(ballot, options), options) == ballot


@every_method
@law
@given(packed=st.binary(max_size=6), n_options=st.integers(1, 5))
def test_no_stored_bytes_crash(method: Method, packed: bytes, n_options: int) -> None:
    options, limits = ABC[:n_options], limits_of(method, min(n_options, 3))
    result = method.count([(packed, 3)], options, lot=Lot(b"k", "1", []), **limits)
    try:
        method.unpack(packed, len(options), **limits)
    except Malformed:
        assert (result.n_ballots, result.invalid) == (0, 1)
    else:
        assert (result.n_ballots, result.invalid) == (1, 0)


def test_every_error_tells_its_values() -> None:
    kinds = [VotingError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if "template" in vars(kind):
            assert kind.template.endswith((".", "?"))


def test_a_count_is_told_in_plain_words() -> None:
    ballots = {"Lisbon > Porto": 8, "Berlin": 9, "Porto > Lisbon": 4, "Porto > Berlin": 2}
    result = count("instant-runoff", ["Berlin", "Lisbon", "Porto"], ballots)
    assert told(result) == [
        "Lisbon won.",
        "Lisbon: 8 first choices",
        "Berlin: 9 first choices",
        "Porto: 6 first choices",
        "Porto went out in round 1 with 6.",
        "2 of the votes of Porto went to Berlin.",
        "4 of the votes of Porto went to Lisbon.",
        "Lisbon beats every other option head to head.",
    ]
