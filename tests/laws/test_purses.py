"""Any history of funds, requests, thanks, pauses, payouts and paydays leaves books that add up."""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verify import checks
from core.kernel.canonical import decode
from core.ledger.model import BOUNDLESS
from core.reputation import Every
from core.rewards.model import By, Outcome
from tests.laws.drawing import few
from tests.world import World

NAMES = ("ana*", "zoe*", "ben", "cy")
AMOUNTS = ("0.01", "1", "3.33", "10", "19.99", "20", "50", "100")
POOLS = ("garden", "roof", "seeds")

lines = st.one_of(
    st.builds("/pool fund {} {} x".format, st.sampled_from(POOLS), st.sampled_from(AMOUNTS)),
    st.builds(
        "/pool request {} {} @{} x{} closes_in={}h".format,
        st.sampled_from(POOLS),
        st.sampled_from(AMOUNTS),
        st.sampled_from(("ben", "cy", "ana")),
        st.integers(1, 9),
        st.integers(1, 5),
    ),
    st.builds("/vote {} {}".format, st.integers(1, 6), st.sampled_from(("for", "against"))),
    st.builds("/stop {} x".format, st.integers(1, 6)),
    st.builds("/retry {}".format, st.integers(1, 6)),
    st.builds(
        "/pool settle {} @{} {} x".format,
        st.sampled_from(POOLS),
        st.sampled_from(("ben", "cy")),
        st.sampled_from(AMOUNTS),
    ),
    st.sampled_from(("/pause payments", "/resume payments", "/withdraw 1 x", "/forget me yes")),
    st.sampled_from(("/config set payment_delay 1h", "/config set request_limit 100%")),
    st.builds(
        "/rewards set {} {} {} {}".format,
        st.sampled_from(POOLS),
        st.sampled_from(AMOUNTS),
        st.sampled_from(Every),
        st.sampled_from(By),
    ),
    st.builds(
        "/tip @{} {} for help".format,
        st.sampled_from(("ben", "cy", "ana")),
        st.integers(1, 9),
    ),
    st.sampled_from(("/rewards stop", "/undo", "/reverse 2 no roof", "/reverse 3 no roof")),
)
turns = st.one_of(
    st.tuples(st.sampled_from(NAMES), lines),
    st.tuples(st.just("time"), st.one_of(st.integers(1, 300), st.integers(600, 4_000))),
)


def started(world: World) -> None:
    ana = world.member("ana*")
    for line in (
        "/config set quorum 0",
        "/config set open_per_member 100",
        "/config set request_limit 50%",
        "/config set request_period_limit 100% per 30d",
        "/config set payment_delay 2h",
        "/config set reward_limit 50%",
        "/pool create garden EUR",
        "/pool create roof EUR",
        "/pool create seeds SEED decimals=0",
    ):
        ana.says(line)


def books(world: World) -> dict[tuple[str, int, int], int]:
    """Re-add every book from its entries, the outside world included."""
    found: dict[tuple[str, int, int], int] = defaultdict(int)
    for giver, g, taker, t, asset, amount in world.tx.all(
        "select from_book, from_owner, to_book, to_owner, asset, amount from entry"
    ):
        found[giver, g, asset] -= amount
        found[taker, t, asset] += amount
    return found


def check(world: World) -> None:
    found = books(world)
    by_asset: dict[int, int] = defaultdict(int)
    for (_, _, asset), amount in found.items():
        by_asset[asset] += amount
    assert not any(by_asset.values()), "amounts never appear or vanish"
    assert all(amount >= 0 for (book, *_), amount in found.items() if book not in BOUNDLESS)
    kept = {
        tuple(key): n for *key, n in world.tx.all("select book, owner, asset, amount from balance")
    }
    assert kept == {key: n for key, n in found.items() if key[0] not in BOUNDLESS}
    for pool, held in world.tx.all(
        "select pool, sum(amount) from payment where paid_ms is null and stopped_ms is null"
        " group by pool"
    ):
        assert (
            sum(n for (book, owner, _), n in kept.items() if (book, owner) == ("reserved", pool))
            == held
        )
    check_paydays(world)
    ends = world.tx.all("select undoes from entry where undoes is not null")
    assert len(ends) == len(set(ends)), "nothing is taken back twice"
    assert not [fault for _, one in checks(world.tx, world.house) for fault in one.faults]


def check_paydays(world: World) -> None:
    shared: dict[int, int] = defaultdict(int)
    for seq, amount in world.tx.all(
        "select journal_seq, amount from entry where purpose = 'reward'"
    ):
        shared[seq] += amount
    for seq, record in world.tx.all("select seq, record from payday where paid_ms is not null"):
        kept = json.loads(record)
        whole = kept["amount"] if kept["outcome"] == Outcome.PAID else 0
        assert shared.pop(seq, 0) == whole, "a budget is shared out whole, or not at all"
    assert not shared, "nobody is rewarded but on a payday"


@few
@given(week=st.lists(turns, min_size=5, max_size=40))
def test_any_history_of_purses_adds_up(
    tmp_path_factory: pytest.TempPathFactory, week: list[tuple[str, str | int]]
) -> None:
    world = World(tmp_path_factory.mktemp("purses"))
    started(world)
    for who, what in week:
        if isinstance(what, int):
            world.advance(minutes=what)
        else:
            person = world.member(who)
            person.says(what)
            assert person.reply is not None
            assert not person.reply.is_bug
    check(world)
    world.advance(days=40)
    check(world)
    for state in world.tx.all("select paid_ms, stopped_ms from payment"):
        assert state.count(None) >= 1, "paid or stopped, never both"
    world.close()


def test_a_busy_week_of_purses_adds_up(world: World) -> None:
    """The same with certainty of what happens: all kinds of moves, and their balances."""
    started(world)
    ana, zoe, ben, cy = (world.member(name) for name in NAMES)
    ana.says("/pool fund garden 100 x")
    for n, amount in enumerate(("50", "25", "10", "3.33"), 1):
        ben.says(f"/pool request garden {amount} @cy x{n} closes_in=1h")
        cy.says(f"/vote {n} for")
    world.advance(hours=1)
    zoe.says("/stop 2 x")
    for admin in (ana, zoe):
        admin.says("/pause payments")
    world.advance(hours=3)
    check(world)
    for admin in (ana, zoe):
        admin.says("/resume payments")
    world.advance(seconds=1)
    ana.says("/pool settle roof @cy 13.33 x")
    check(world)
    found = {(book, n) for (book, *_), n in books(world).items()}
    assert found == {("outside", -8_667), ("pool", 3_667), ("reserved", 0), ("member", 5_000)}


def test_a_busy_week_of_rewards_adds_up(world: World) -> None:
    """The same with certainty of what happens: paydays of all outcomes beside payments."""
    started(world)
    ana, zoe, ben, cy = (world.member(name) for name in NAMES)
    ana.says("/pool fund garden 60 x")
    ana.says("/pool fund seeds 7 x")
    ana.says("/rewards set garden 20 day both")
    ana.says("/rewards set seeds 3 day tips")
    world.advance(days=1)
    ben.says("/pool request garden 10 @cy x closes_in=1h")
    cy.says("/vote 1 for")
    ben.says("/tip @cy 7 for help")
    cy.says("/tip @ben 2 for help")
    zoe.says("/tip @ana 2 for help")
    zoe.says("/undo")
    world.advance(days=1)
    check(world)
    ben.says("/tip @cy 9 for help")
    ana.says("/rewards set garden 15 day tips")
    world.advance(days=1)
    ben.says("/tip @cy 9 for help")
    ana.says("/config set reward_limit 100%")
    for admin in (ana, zoe):
        admin.says("/pause payments")
    world.advance(days=1)
    check(world)
    for admin in (ana, zoe):
        admin.says("/resume payments")
    world.advance(hours=1)
    check(world)
    cy.says("/tip @ben 5 for help")
    world.advance(days=2)
    check(world)
    records = world.tx.all("select record from payday")
    assert {one and decode(one)["outcome"] for (one,) in records} == {*Outcome, None}
