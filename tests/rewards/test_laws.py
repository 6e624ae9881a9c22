"""Sharing out, as laws: exact, blind to order and names, and zero in the books."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ledger import split
from core.rewards.model import By, Earned
from core.rewards.rules import lot_of, share_out, weights_of
from tests.rewards.garden import MONDAY, faults, garden
from tests.world import World

# Each example lays a database of its own.
few = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
many = settings(max_examples=200, deadline=None)
budgets = st.integers(1, 10**9)
keys = st.binary(min_size=32, max_size=32)
points = st.dictionaries(st.integers(1, 60), st.integers(1, 50_000), max_size=20)
parts = st.sets(st.integers(1, 60), max_size=20)


@many
@given(amount=budgets, tips=points, took=parts, by=st.sampled_from(By), key=keys)
def test_parts_sum_to_the_budget_and_each_is_within_one_unit_of_its_share(
    amount: int, tips: dict[int, int], took: set[int], by: By, key: bytes
) -> None:
    weights = weights_of(Earned(tips, tuple(sorted(took))), by)
    found, _ = share_out(amount, weights, lot_of(key, 1, 1, 0))
    assert sum(found.values()) == (amount if weights else 0)
    whole = sum(weights.values())
    for who, part in found.items():
        assert abs(part - Fraction(amount * weights[who], whole)) < 1


@many
@given(amount=budgets, tips=points, took=parts, by=st.sampled_from(By), key=keys,
       seed=st.integers(0, 10**6))  # fmt: skip
def test_the_order_of_members_never_matters(
    amount: int, tips: dict[int, int], took: set[int], by: By, key: bytes, seed: int
) -> None:
    mixed = Random(seed)
    lot = lot_of(key, 1, 1, 0)
    one = share_out(amount, weights_of(Earned(tips, tuple(sorted(took))), by), lot)
    others = list(tips.items())
    mixed.shuffle(others)
    who = list(took)
    mixed.shuffle(who)
    weights = list(weights_of(Earned(dict(others), tuple(who)), by).items())
    mixed.shuffle(weights)
    assert share_out(amount, dict(weights), lot) == one


@many
@given(tips=points.filter(bool), took=parts.filter(bool))
def test_by_both_each_half_is_worth_the_same(tips: dict[int, int], took: set[int]) -> None:
    weights = weights_of(Earned(tips, tuple(took)), By.BOTH)
    whole = sum(weights.values())
    for who, weight in weights.items():
        by_tips = Fraction(tips.get(who, 0), sum(tips.values()))
        by_part = Fraction(int(who in took), len(took))
        assert Fraction(weight, whole) == (by_tips + by_part) / 2


@many
@given(amount=budgets, tips=points.filter(bool), key=keys)
def test_more_points_never_mean_less(amount: int, tips: dict[int, int], key: bytes) -> None:
    found, _ = share_out(amount, weights_of(Earned(tips, ()), By.TIPS), lot_of(key, 1, 1, 0))
    for one, n in tips.items():
        for other, m in tips.items():
            assert n <= m or found[one] >= found[other]


def test_a_budget_of_one_unit_goes_to_one_of_the_equal_ones() -> None:
    found, drawn = share_out(1, {1: 5, 2: 5, 3: 5}, lot_of(bytes(32), 1, 1, 0))
    assert sorted(found.values()) == [0, 0, 1]
    assert found[drawn[0][0]] == 1
    assert split(1, [5, 5, 5], lambda tied: tied) == [1, 0, 0]


acts = st.lists(
    st.tuples(st.sampled_from(("tip", "vote", "undo", "set", "fund", "wait")), st.integers(0, 11)),
    min_size=4, max_size=18,
)  # fmt: skip


@few
@given(story=acts)
def test_any_history_sums_to_zero_and_verifies(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("law"))
    garden(world, "37.11")
    names = ("ben", "cy", "dot")
    ana = world.member("ana*")
    ana.says("/config set reward_limit 60%")
    ana.says("/rewards set garden 7.07 day both")
    world.member("eve").says("/poll Tea? yes | no closes_in=20d")
    world.advance_to(MONDAY)
    for what, n in story:
        giver, other = names[n % 3], names[(n + 1 + n % 2) % 3]
        match what:
            case "tip":
                world.member(giver).says(f"/tip @{other} {n + 1} Thanks a lot")
            case "vote":
                world.member("eve").says(f"/poll Tea {n}? yes | no closes_in=1h")
                world.member(giver).presses("yes")
            case "undo":
                world.member(giver).says("/undo")
            case "set":
                by = list(By)[n % 3]
                ana.says(f"/rewards set garden {n + 1}.01 {'day' if n % 2 else 'week'} {by}")
            case "fund":
                ana.says(f"/pool fund garden {n + 1} Cakes {n}")
            case _:
                world.advance(hours=8 * n)
    world.advance(days=9)
    assert list(faults(world)) == []
    assert world.tx.all("select * from balance where amount < 0") == []
    for (asset,) in world.tx.all("select id from asset where symbol = 'EUR'"):
        kept = world.tx.one("select sum(amount) from balance where asset = ?", (asset,))
        came = world.tx.one(
            "select sum(amount) from entry where asset = ? and from_book = 'outside'", (asset,)
        )
        assert kept == came
    world.close()
