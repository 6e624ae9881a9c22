"""A vote's state is derived from facts and the clock; nothing keeps it."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.proposals import closing
from core.proposals.model import (
    EXTENSIONS_MAX,
    Extension,
    Proposal,
    Rule,
    Running,
    Sort,
    State,
    Why,
    Withdrawal,
    state,
)
from core.proposals.rules import extension, leader
from core.voting import METHODS
from tests.world import World

OPENED = datetime(2026, 3, 2, tzinfo=UTC)
totals = st.lists(st.integers(0, 4), min_size=3, max_size=3)


def sha(value: object) -> bytes:
    """Return SHA-256 of canonical JSON, as anybody else would compute it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def vote(**facts: object) -> Proposal:
    """Return an open vote of ten hours, but for some facts."""
    words = {
        "id": 1, "community": 1, "number": 1, "sort": Sort.POLL, "author": 1, "title": "Lunch?",
        "details": "", "options": ("a", "b", "c"), "rule": Rule("single", 0, Fraction(1, 2), False),
        "opened_at": OPENED, "closes_at": OPENED + timedelta(hours=10),
        "period": timedelta(hours=10), "lot_key": bytes(32), "extensions": (), "withdrawal": None,
        "closed_at": None, "closed_seq": None, "result": None, "running": Running(0, (0, 0, 0), 0),
    }  # fmt: skip
    return Proposal(**(words | facts))  # type: ignore[arg-type]


@given(minutes=st.integers(-10, 1_300), is_withdrawn=st.booleans(), is_counted=st.booleans())
def test_the_state_follows_from_facts_and_the_clock(
    *, minutes: int, is_withdrawn: bool, is_counted: bool
) -> None:
    now = OPENED + timedelta(minutes=minutes)
    one = vote(
        withdrawal=Withdrawal(OPENED, 1, "") if is_withdrawn else None,
        result={"outcome": "tied"} if is_counted else None,
    )
    found = state(one, now)
    if is_withdrawn:
        assert found is State.WITHDRAWN
    elif is_counted:
        assert found is State.TIED
    else:
        assert found is (State.OPEN if minutes < 600 else State.COUNTING)


def test_no_table_has_a_column_for_it(world: World) -> None:
    names = set(world.columns("proposal"))
    assert not names & {"state", "status", "is_open", "is_closed", "outcome"}


@given(totals=totals, sort=st.sampled_from(Sort))
def test_a_leader_stands_alone_in_front(totals: list[int], sort: Sort) -> None:
    found = leader(vote(sort=sort), totals)
    in_race = totals if sort is Sort.POLL else totals[:2]
    if found is None:
        assert max(in_race) == 0 or in_race.count(max(in_race)) > 1
    else:
        assert found < len(in_race)
        assert all(total < totals[found] for at, total in enumerate(in_race) if at != found)


@settings(max_examples=5 * settings().max_examples)
@example(
    minutes=599,
    before=0,
    leads=1,
    turnout=1,
    quorum=0,
    moves=[],
    sort=Sort.POLL,
    method="single",
    is_secret=True,
)
@given(
    minutes=st.sampled_from([0, 300, 539, 540, 541, 570, 599]),
    before=st.sampled_from([None, 0, 1]),
    leads=st.sampled_from([None, 0, 1]),
    turnout=st.integers(0, 3),
    quorum=st.integers(0, 4),
    moves=st.lists(st.sampled_from(Why), max_size=4),
    sort=st.sampled_from(Sort),
    method=st.sampled_from(["single", "approval"]),
    is_secret=st.booleans(),
)
def test_the_end_moves_only_near_the_end_and_at_most_three_times(
    *,
    minutes: int,
    before: int | None,
    leads: int | None,
    turnout: int,
    quorum: int,
    moves: list[Why],
    sort: Sort,
    method: str,
    is_secret: bool,
) -> None:
    one = vote(
        sort=sort,
        rule=Rule(method, quorum, Fraction(1, 2), is_secret),
        running=Running(turnout, (0, 0, 0), before),
        extensions=tuple(Extension(0, 1, why) for why in moves),
    )
    now = OPENED + timedelta(minutes=minutes)
    why = extension(one, now, turnout + 1, leads)
    by_themselves = sum(move in (Why.QUORUM, Why.LEADER) for move in moves)
    is_late = minutes > 540
    meets = sort is Sort.PROPOSAL and turnout + 1 == quorum
    turns = None not in (before, leads) and before != leads
    turns = turns and method == "single" and not is_secret
    if not is_late or by_themselves >= EXTENSIONS_MAX or not (meets or turns):
        assert why is None
    else:
        assert why is (Why.QUORUM if meets else Why.LEADER)


@settings(max_examples=3 * settings().max_examples)
@given(box=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(1, 4)), max_size=6))
def test_a_record_is_a_function_of_the_ballots(box: list[tuple[int, int, int]]) -> None:
    rows = [(bytes(int(at == i) for i in range(3)), weight, n) for at, weight, n in box]
    one = vote()
    record = closing.count(one, rows)
    assert record == closing.count(one, rows[::-1])
    assert record["turnout"] == sum(n for _, _, n in rows)
    assert sum(record["totals"]) == sum(weight * n for _, weight, n in rows)
    best = [at for at, total in enumerate(record["totals"]) if total == max(record["totals"])]
    assert record["winners"] == (best if rows else [])
    assert ("lot" in record) is (len(record["winners"]) > 1)
    if "lot" in record:
        digests = sorted(
            sha([packed.hex(), weight]).hex() for packed, weight, n in rows for _ in range(n)
        )
        seed = sha([one.lot_key.hex(), "1/1", digests])
        assert record["lot"]["seed"] == seed.hex()
        drawn = sorted(best, key=lambda at: sha([seed.hex(), one.options[at]]))
        assert record["lot"]["order"] == drawn
    assert set(METHODS) >= {record["method"]}
