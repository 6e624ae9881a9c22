"""This file is the laws that every method in the registry must keep, those of tomorrow as well."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS, Method, Result
from core.voting.kinds.kind import Ballot
from tests.voting.elections import METHOD_IDS, bounds_of, elections, fixed_lot, law, marks

every_method = pytest.mark.parametrize(
    "method", [METHODS[name] for name in METHOD_IDS], ids=METHOD_IDS
)


def outcome(result: Result, order: list[int]) -> object:
    """Return what a result says, in terms of other positions of the options."""

    def at(options: object) -> object:
        assert isinstance(options, tuple)
        return sorted(order[i] for i in options)

    totals = sorted((order[i], total) for i, total in enumerate(result.totals))
    rounds = [
        (sorted((order[i], votes) for i, votes in enumerate(step.totals)), at(step.out))
        for step in result.rounds
    ]
    ties = [(at(tie.among), tie.how, [at(place) for place in tie.order]) for tie in result.ties]
    best = None if result.condorcet_winner is None else order[result.condorcet_winner]
    places = [at(place) for place in result.order]
    return at(result.winners), places, totals, rounds, ties, best, result.exhausted


@every_method
@law
@given(data=st.data())
def test_ballot_order_never_matters(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    shuffled = election.having(data.draw(st.permutations(election.rows)))
    lot = fixed_lot()
    assert election.count(method, lot=lot).to_json() == shuffled.count(method, lot=lot).to_json()


@every_method
@law
@given(data=st.data())
def test_option_positions_never_matter(method: Method, data: st.DataObject) -> None:
    if method.is_positional:
        return
    election = data.draw(elections(method))
    order = data.draw(st.permutations(range(len(election.options))))
    moved = election.moved(order, method)
    for lot in (None, fixed_lot()):
        straight = outcome(election.count(method, lot=lot), list(range(len(order))))
        assert outcome(moved.count(method, lot=lot), order) == straight


@every_method
@law
@given(data=st.data())
def test_a_weight_is_as_many_ballots(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    small = [(packed, weight % 5) for packed, weight in election.rows]
    single = [(packed, 1) for packed, weight in small for _ in range(weight)]
    heavy = election.having(small).count(method, lot=fixed_lot()).facts()
    light = election.having(single).count(method, lot=fixed_lot()).facts()
    assert heavy | {"n_ballots": 0} == light | {"n_ballots": 0}


@every_method
@law
@given(data=st.data())
def test_ballots_without_weight_change_nothing(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    n_options = len(election.options)
    packed = data.draw(marks(bounds_of(method, n_options, election.limits), n_options))
    more = election.having([*election.rows, (packed, 0)]).count(method, lot=fixed_lot())
    fewer = election.count(method, lot=fixed_lot())
    assert more.n_ballots == fewer.n_ballots + 1
    assert more.facts() | {"n_ballots": 0} == fewer.facts() | {"n_ballots": 0}


@every_method
@law
@given(data=st.data())
def test_damaged_ballots_are_counted_as_invalid(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    broken = [(b"", 3), (b"\xff" * len(election.options), 2), (b"\0" * 200, 1)]
    damaged = election.having([*broken, *election.rows]).count(method, lot=fixed_lot())
    sound = election.count(method, lot=fixed_lot())
    assert damaged.invalid == 3
    assert damaged.facts() | {"invalid": 0} == sound.facts()


@every_method
@law
@given(data=st.data())
def test_a_result_adds_up_and_can_be_told(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    result = election.count(method, lot=data.draw(st.sampled_from([None, fixed_lot()])))
    assert result.n_ballots == len(election.rows)
    assert result.weight == sum(weight for _, weight in election.rows)
    options = sorted(option for place in result.order for option in place)
    assert options == list(range(len(election.options)))
    assert len(set(result.winners)) == len(result.winners)
    assert json.loads(result.to_json()) == result.facts()
    told = [sentence.template.format_map(sentence.values) for sentence in result.sentences()]
    assert all("{" not in sentence for sentence in told)


@every_method
@law
@given(data=st.data())
def test_with_a_lot_there_are_no_more_winners_than_seats(
    method: Method, data: st.DataObject
) -> None:
    election = data.draw(elections(method))
    result = election.count(method, lot=fixed_lot())
    assert (result.lot_seed is not None) == any(tie.how == "lot" for tie in result.ties)
    assert not any(tie.how == "open" for tie in result.ties)
    if "money" in method.limits:
        costs, money = election.limits["costs"], election.limits["money"]
        assert not isinstance(costs, int)
        assert isinstance(money, int)
        assert sum(costs[i] for i in result.winners) <= money
    else:
        assert len(result.winners) <= min(election.seats, len(election.options))


@every_method
@law
@given(data=st.data())
def test_without_a_lot_the_winners_hold_those_with_one(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method, seats_most=1))
    closed = election.count(method, lot=fixed_lot())
    running = election.count(method)
    if not running.is_tied:
        assert closed.winners == running.winners
    elif len(running.ties) == 1 and len(running.winners) > 1:
        assert set(closed.winners) <= set(running.winners)


@every_method
@law
@given(data=st.data())
def test_what_is_written_is_read_back(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    texts = st.text(st.sampled_from("ab=>,:#12 é5|"), min_size=1, max_size=6)
    drawn = data.draw(st.lists(texts, min_size=5, max_size=5))
    options = [f"{text}{i}".replace("|", "").strip() for i, text in enumerate(drawn)]
    options = [f"o{text}" if text.startswith("#") else text for text in options]
    options = options[: len(election.options)]
    for packed, _ in election.rows:
        ballot = method.unpack(packed, len(options), **election.limits)
        assert method.pack(ballot) == packed
        if any(packed):
            written = method.write(ballot, options)
            limits = {n: v for n, v in election.limits.items() if not method.limits[n].is_each}
            assert method.read(written, options, **limits) == ballot


@every_method
@law
@given(data=st.data())
def test_equal_ballots_and_only_they_have_equal_bytes(method: Method, data: st.DataObject) -> None:
    election = data.draw(elections(method))
    ballots: dict[Ballot, bytes] = {}
    for packed, _ in election.rows:
        ballots[method.unpack(packed, len(election.options), **election.limits)] = packed
    assert len(set(ballots.values())) == len(ballots)
