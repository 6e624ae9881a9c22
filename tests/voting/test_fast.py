"""This file is the proof that numpy and Python integers count the same, to the last bit."""

import subprocess
import sys

import numpy  # noqa: F401 (without it there would be one path, and nothing to compare)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS, Method, table
from core.voting.errors import BadWeight
from core.voting.table import FAST_FROM, Table
from tests.voting.elections import METHOD_IDS, Election, elections, fixed_lot, law
from tests.voting.test_published import COMMITTEE
from tests.voting.written import rows

pytest.importorskip("numpy", reason="numpy is optional; without it there is one path only")

every_method = pytest.mark.parametrize(
    "method", [METHODS[name] for name in METHOD_IDS], ids=METHOD_IDS
)


def both(method: Method, election: Election) -> tuple[str, str]:
    """Return the result of the exact and of the fast path."""
    counted = []
    for fast_from in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(table, "FAST_FROM", fast_from)
            counted.append(election.count(method, lot=fixed_lot()).to_json())
    return counted[0], counted[1]


@every_method
@law
@given(data=st.data())
def test_both_paths_give_the_same_result(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method, ballots_most=70))
    exact, fast = both(method, election)
    assert exact == fast


@every_method
@law
@given(data=st.data())
def test_both_paths_find_the_same_invalid_ballots(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    n_options = len(election.options)
    size = st.sampled_from([n_options] * 4 + [0, 1, 200])
    low = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 127, 128, 255])
    junk = st.integers(0, 20).flatmap(
        lambda n: st.lists(
            st.tuples(size.flatmap(lambda k: st.binary(min_size=k, max_size=k)), st.integers(0, 9)),
            min_size=n,
            max_size=n,
        )
    )
    near = st.lists(
        st.tuples(
            st.lists(low, min_size=len(election.options), max_size=len(election.options)).map(
                bytes
            ),
            st.integers(0, 9),
        ),
        max_size=20,
    )
    mixed = election.having([*election.rows, *data.draw(junk), *data.draw(near)])
    exact, fast = both(method, mixed)
    assert exact == fast


def test_both_paths_cut_the_same_surpluses_to_five_decimals() -> None:
    people = tuple(f"Candidate {i}" for i in range(1, 14))
    written = COMMITTEE.replace("\n", "|").strip("|").split("|")
    counts = {text: written.count(text) for text in written}
    election = Election(people, tuple(rows("stv", list(people), counts)), 4, {})
    exact, fast = both(METHODS["stv"], election)
    assert exact == fast


@pytest.mark.parametrize("n_options", [1, 7, 8, 14, 15, 24, 25, 31, 32, 50, 51, 120])
@pytest.mark.parametrize("name", ["schulze", "stv"])
def test_long_rankings_are_checked_alike(name: str, n_options: int) -> None:
    whole = bytes(range(1, n_options + 1))
    gap = bytes([n_options if mark == 1 else 0 for mark in whole])
    twice = bytes([1] * n_options)
    beyond = bytes([n_options + 1, *whole[1:]])
    options = tuple(f"Option {i}" for i in range(n_options))
    kinds = (whole, whole[::-1], gap, twice, beyond, bytes(n_options))
    cast = tuple((marks, 1) for marks in kinds)
    exact, fast = both(METHODS[name], Election(options, cast, 1, {}))
    assert exact == fast


def test_sums_above_what_a_float_holds_are_right() -> None:
    cast = [(b"\1\0", 2**53), (b"\0\1", 2**53 + 1)] + [(b"\1\0", 0)] * FAST_FROM
    result = METHODS["single"].count(cast, ["A", "B"])
    assert result.totals == (2**53, 2**53 + 1)
    assert result.winners == (1,)
    one = METHODS["schulze"].count([(b"\1\2", 10**30)], ["A", "B"])
    assert one.pairwise == ((0, 10**30), (0, 0))


def test_a_block_counts_like_rows() -> None:
    cast = [(bytes([1 + (i % 2), 2 - (i % 2), 0]), 1 + i % 3) for i in range(2 * FAST_FROM)]
    block = Table(b"".join(packed for packed, _ in cast), [weight for _, weight in cast], 3)
    for name in ("schulze", "instant-runoff", "borda"):
        method, options = METHODS[name], ["A", "B", "C"]
        assert method.count(block, options) == method.count(cast, options)


def test_a_block_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="5, 2, 3"):
        Table(bytes(5), [1, 1], 3)


def test_a_negative_weight_is_refused_on_both_paths() -> None:
    for size in (1, FAST_FROM):
        with pytest.raises(BadWeight):
            METHODS["single"].count([(b"\1\0", -1)] * size, ["A", "B"])


def test_counting_few_ballots_imports_nothing_heavy() -> None:
    script = (
        "import sys; from core.voting import METHODS;"
        "METHODS['single'].count([(bytes([1, 0]), 1)], ['A', 'B']);"
        "assert not {'numpy', 'asyncio', 'sqlite3', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("seats", [40, 65])
def test_many_seats_are_counted_with_many_ballots(seats: int) -> None:
    options = [f"option {at}" for at in range(70)]
    # Each ballot approves of every second option from its own place on.
    packed = [bytes((at + start) % 2 for at in range(70)) for start in range(2)]
    ballots = [(packed[n % 2], 1) for n in range(FAST_FROM + 1)]
    together = [(one, sum(w for p, w in ballots if p == one)) for one in packed]
    found = METHODS["pav"].count(ballots, options, seats=seats)
    exact = METHODS["pav"].count(together, options, seats=seats)
    assert (found.winners, found.totals) == (exact.winners, exact.totals)
