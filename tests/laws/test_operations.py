"""Payments on a chain: whatever is reported, in whatever order, their facts never contradict."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.verify import checks
from core import execution
from core.execution import FINAL_WHYS, REPORTS, Operation, Report, State, Why
from core.execution.reports import Executed, Failed, Paid, Scheduled, Undone, Vetoed
from tests.execution.twin import BEN, CY, GUARDIAN, SIGNED, Twin, hash_of, token, weth
from tests.execution.vault import vault
from tests.laws.drawing import few
from tests.laws.test_replay import check
from tests.linking.pairs import link
from tests.world import World

# These cost little, and what they look for is rare.
many = settings(max_examples=10 * settings().max_examples)
FINAL = ("paid_ms", "vetoed_ms", "stopped_ms")

hashes = st.integers(1, 3).map(hash_of)
blocks = st.integers(100, 103)
reports = st.one_of(
    st.builds(Scheduled, proposal=st.just(1), tx=hashes, block=blocks, ready_ms=st.integers(1, 2)),
    st.builds(Executed, proposal=st.just(1), tx=hashes, block=blocks),
    st.builds(Paid, proposal=st.just(1), tx=hashes, block=blocks),
    st.builds(Undone, proposal=st.just(1)),
    st.builds(Vetoed, proposal=st.just(1), by=st.sampled_from((GUARDIAN, CY)), tx=hashes),
    st.builds(Failed, proposal=st.just(1), why=st.sampled_from(Why), tx=hashes),
)


def operation(**facts: Any) -> Operation:
    """Return an operation that the signer has in hand, but for some facts."""
    fresh = Operation(
        1, 1, 1, 1, "main", 1, BEN, BEN, "USDC", 6, CY, 10, "0x", "", queued_ms=1, due_ms=2
    )  # fmt: skip
    return replace(fresh, asked_ms=3, **facts)


def told(one: Operation, report: Report, at_ms: int) -> Operation:
    """Return an operation after a report, as the door takes it."""
    if report.contradicts(one) or one.is_over:
        return one
    return report.after(one, at_ms)


def is_lost(one: Operation) -> bool:
    return one.failed_why in FINAL_WHYS


def test_every_report_is_drawn_here() -> None:
    assert {Scheduled, Executed, Paid, Undone, Vetoed, Failed} == set(REPORTS)


@many
@given(week=st.lists(reports, max_size=30), is_stopped=st.booleans())
def test_what_is_final_is_never_taken_back(*, week: list[Report], is_stopped: bool) -> None:
    one = operation(stopped_ms=4) if is_stopped else operation()
    for at_ms, report in enumerate(week, 10):
        after = told(one, report, at_ms)
        assert sum(getattr(after, name) is not None for name in FINAL) + is_lost(after) <= 1
        if one.is_over:
            assert after == one, "the end of a payment is its end"
        one = after
    if one.state is State.PAID:
        assert one.executed_tx is not None
        assert one.failed_ms is None
    if one.state is State.VETOED:
        assert one.executed_ms is None, "what is vetoed was not executed"


@many
@given(week=st.lists(reports, max_size=20), report=reports)
def test_a_report_told_again_adds_nothing(week: list[Report], report: Report) -> None:
    one = operation()
    for at_ms, each in enumerate(week, 10):
        one = told(one, each, at_ms)
    once = told(one, report, 100)
    assert told(once, report, 200) == once


@given(week=st.permutations([
    Scheduled(proposal=1, tx=hash_of(1), block=100, ready_ms=1),
    Executed(proposal=1, tx=hash_of(2), block=101),
    Paid(proposal=1, tx=hash_of(2), block=101),
]), again=st.lists(st.integers(0, 2), max_size=5))  # fmt: skip
def test_the_order_in_which_news_arrive_never_matters(
    week: Sequence[Report], again: list[int]
) -> None:
    one = operation()
    for at_ms, report in enumerate([*week, *(week[at] for at in again)], 10):
        one = told(one, report, at_ms)
    assert one.state is State.PAID
    assert (one.executed_tx, one.executed_block) == (hash_of(2), 101)


@given(amount=st.integers(1, 10**12), decimals=st.integers(0, 36))
def test_kept_units_and_base_units_are_exact(amount: int, decimals: int) -> None:
    one = execution.Token(1, 1, "X", BEN, decimals, 1, 1)
    assert amount * one.unit // one.unit == amount
    assert one.unit * 10**one.places == 10**decimals


FORGET = "/forget me yes"
NUMBERS = st.integers(1, 4)
lines = st.one_of(
    st.builds(
        "/pool request {} {} @{} x{} closes_in=1h address={}".format,
        st.sampled_from(("main-USDC", "main-WETH", "garden")),
        st.sampled_from(("0.5", "10", "99.999999", "200", "400")),
        st.sampled_from(("ben", "cy")),
        st.integers(1, 3),
        st.sampled_from((BEN, CY)),
    ),
    st.builds("/pool request main-USDC {} @ben y closes_in=1h".format, st.integers(1, 300)),
    st.builds("/vote {} for".format, NUMBERS),
    st.builds("/stop {} x".format, NUMBERS),
    st.builds("/retry {}".format, NUMBERS),
    st.builds("/wallet set {}".format, st.sampled_from((BEN, CY))),
    st.sampled_from((f"/wallet prove {SIGNED}", "/pause payments", "/resume payments")),
    st.sampled_from((FORGET, "/config set request_limit 100%", "/pool fund garden 9 x")),
)
signer = st.one_of(
    st.tuples(st.sampled_from(("schedules", "executes", "pays", "vetoes")), NUMBERS),
    st.tuples(st.just("fails"), st.tuples(NUMBERS, st.sampled_from(Why))),
    st.tuples(st.sampled_from(("undone", "frozen", "warned", "proves", "disproves")), NUMBERS),
    st.tuples(st.just("reads"), st.integers(0, 2_000)),
    st.tuples(st.just("connects"), st.sampled_from(("plain", "both", "weth", "other"))),
)
turns = st.one_of(
    st.tuples(st.sampled_from(("ana*", "zoe*", "ben", "cy")), lines),
    st.tuples(st.just("signer"), signer),
    st.tuples(st.just("time"), st.integers(1, 130)),
)


def started(world: World) -> Twin:
    twin = vault(world)
    twin.connects(token(), weth())
    twin.reads(5 * 10**18, symbol="WETH")
    for line in (
        "/config set quorum 0",
        "/config set request_period_limit 100% per 30d",
        "/config set payment_delay 1h",
        "/pool create garden EUR",
        "/pool fund garden 100 x",
    ):
        world.member("ana*").says(line)
    return twin


def reports_of(world: World, twin: Twin, what: str, how: object) -> None:
    """Have the twin report something; what nobody decided is refused, and that is all."""
    match what, how:
        case "fails", (int(number), why):
            twin.fails(number, str(why), tx=hash_of(number))
        case "undone", int(number):
            twin.asks("chain undone", proposal=number)
        case "frozen", _:
            twin.asks("chain frozen", why="x")
        case "warned", _:
            twin.asks("chain warned", what="low_gas")
        case (("proves" | "disproves"), _):
            (newest,) = world.tx.one("select coalesce(max(id), 0) from wallet_challenge") or (0,)
            is_proved = what == "proves"
            why = "ok" if is_proved else "other_account"
            twin.asks("wallet checked", id=newest, is_proved=is_proved, why=why)
        case "reads", int(amount):
            twin.reads(amount * 10**6, block=100 + amount % 7)
        case "connects", _:
            tokens = {
                "plain": (token(),), "both": (token(), weth()), "weth": (weth(),),
                "other": (token(decimals=8), weth()),
            }  # fmt: skip
            twin.connects(*tokens[str(how)])
        case _, int(number):
            getattr(twin, what)(number)


def lived(folder: Path, week: Sequence[tuple[str, object]]) -> World:
    """Return a world in which these things happened."""
    world = World(folder)
    twin = started(world)
    for who, what in week:
        if isinstance(what, int):
            world.advance(minutes=what)
        elif isinstance(what, tuple):
            reports_of(world, twin, *what)
        else:
            person = world.member(who)
            person.says(str(what))
            assert person.reply is not None
            assert not person.reply.is_bug
    return world


def hold(world: World) -> None:
    """Check that the books know nothing of a chain, and that everything verifies."""
    assert not [fault for _, one in checks(world.tx, world.house) for fault in one.faults]
    moved = {asset for (asset,) in world.tx.all("select distinct asset from entry")}
    assert moved <= {asset for (asset,) in world.tx.all("select id from asset")}
    assert 0 not in moved
    on_chain = {one.proposal for one in execution.operations(world.tx, 1)}
    in_books = {number for (number,) in world.tx.all("select proposal from payment")}
    assert not on_chain & in_books, "a payment is made in one place"


BUSY: tuple[tuple[str, object], ...] = (
    ("ben", f"/wallet set {BEN}"), ("ben", f"/wallet prove {SIGNED}"), ("signer", ("proves", 1)),
    ("cy", f"/wallet set {CY}"), ("cy", f"/wallet prove {SIGNED}"), ("signer", ("disproves", 1)),
    *(("cy", f"/pool request main-USDC {n}0 @ben x{n} closes_in=1h") for n in range(1, 6)),
    *(("ben", f"/vote {n} for") for n in range(1, 6)), ("time", 60),
    ("ana*", "/stop 5 Dear"), ("time", 60),
    *(("signer", ("schedules", n)) for n in range(1, 5)), ("signer", ("executes", 1)),
    ("signer", ("undone", 1)), ("signer", ("executes", 1)), ("signer", ("pays", 1)),
    ("signer", ("vetoes", 2)), ("signer", ("pays", 2)), ("signer", ("fails", (3, Why.REVERTED))),
    ("ana*", "/retry 3"), ("signer", ("fails", (4, Why.NOT_DELIVERED))), ("signer", ("pays", 4)),
    ("signer", ("connects", "weth")), ("signer", ("connects", "both")),
    ("signer", ("frozen", 1)), ("cy", "/pool request main-USDC 7 @ben late closes_in=1h"),
    ("ben", "/vote 6 for"), ("time", 180), ("ana*", "/resume payments"),
    ("zoe*", "/resume payments"), ("time", 1),
)  # fmt: skip
# So many of these end with four payments that the signer has in hand.
HANDED = 19


@few
@given(week=st.lists(turns, min_size=5, max_size=35))
def test_any_week_of_a_treasury_holds_and_is_replayed(
    tmp_path_factory: pytest.TempPathFactory, week: list[tuple[str, object]]
) -> None:
    world = lived(tmp_path_factory.mktemp("then"), [*BUSY[:HANDED], *week])
    hold(world)
    # What was erased cannot be replayed.
    if not any(what == FORGET for _, what in week):
        check(world, tmp_path_factory.mktemp("again"))
    world.close()


def test_a_busy_week_of_a_treasury_is_replayed(tmp_path: Path) -> None:
    """The same with certainty of what happens: every end that a payment can have."""
    (tmp_path / "then").mkdir()
    (tmp_path / "again").mkdir()
    world = lived(tmp_path / "then", BUSY)
    states = [one.state for one in execution.operations(world.tx, 1)]
    assert states == [State.PAID, State.VETOED, State.SCHEDULED, State.FAILED, State.STOPPED,
                      State.ASKED]  # fmt: skip
    hold(world)
    check(world, tmp_path / "again")
    world.close()


def test_wallets_and_payments_follow_the_elder_member(tmp_path: Path) -> None:
    (tmp_path / "then").mkdir()
    (tmp_path / "again").mkdir()
    world = World(tmp_path / "then")
    twin = started(world)
    elder, younger = world.member("ben"), world.member("eva")
    elder.says(f"/wallet set {BEN}")
    elder.says(f"/wallet prove {SIGNED}")
    twin.proves()
    younger.says(f"/wallet set {CY}")
    younger.says(f"/wallet prove {SIGNED}")
    world.advance(minutes=1)
    twin.proves()
    world.member("cy").says("/pool request main-USDC 10 @eva Tools closes_in=1h")
    elder.says("/vote 1 for")
    world.advance(hours=1)
    link(younger, elder)
    assert CY in elder.says("/me")
    assert BEN not in elder.says("/me")
    (one,) = execution.operations(world.tx, 1)
    (who,) = world.tx.one("select member from account where account = 'ben'") or ()
    assert one.member == who
    assert one.to == CY
    world.advance(hours=1)
    twin.pays(1)
    assert "Paid" in younger.private[-1] or "Paid" in elder.private[-1]
    hold(world)
    check(world, tmp_path / "again")
    younger.says("/forget me yes")
    assert world.tx.all("select * from wallet") == []
    hold(world)
    world.close()
