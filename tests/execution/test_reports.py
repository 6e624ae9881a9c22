"""What the signer reports is shown on the card, once, and what is final stays."""

from typing import Any

import pytest

from core import execution
from core.execution import Alarm, State, Why
from core.execution.reports import NoSuchOperation
from core.kernel.command import May
from core.kernel.request import Kind
from core.kernel.rights import UnknownCommand
from core.pools import onchain_rules, rules
from core.proposals.effects import NothingToRetry, TooLateToRetry
from tests.asking import ask as ask_door
from tests.asking import somebody
from tests.execution.twin import BEN, GUARDIAN, Twin, hash_of
from tests.execution.vault import handed, has_wallet, passed, vault
from tests.world import World


def seen(text: str) -> str:
    return " ".join(text.split())


def state(world: World, number: int = 1) -> State:
    found = execution.operation(world.tx, 1, number)
    assert found is not None
    return found.state


def started(world: World) -> tuple[Twin, int]:
    """Return the twin and a payment that it has in hand."""
    twin = vault(world)
    has_wallet(twin, "ben")
    return twin, handed(world)


@pytest.mark.both_databases
def test_the_card_follows_the_chain(world: World) -> None:
    twin, number = started(world)
    assert f"10 USDC to {BEN}, for ben (#1): handed to the chain" in seen(world.card(number))
    twin.schedules(number)
    card = seen(world.card(number))
    assert "scheduled in the treasury until Sun 8 Mar 2026, 09:00 UTC" in card
    assert hash_of(1) in card
    assert "Gus and Ida hold the guardians' Safe" in card
    one = execution.operation(world.tx, 1, number)
    assert one is not None
    assert execution.operation_id(one.address, one.to, one.amount, one.salt) in card
    twin.executes(number)
    card = seen(world.card(number))
    assert f"executed by the transaction {hash_of(2)} in block 102. It counts as paid" in card
    twin.pays(number)
    card = seen(world.card(number))
    assert "Paid Fri 6 Mar 2026, 09:00 UTC: 10 USDC" in card
    assert state(world) is State.PAID
    for name in ("ben", "cy"):
        assert "Paid Fri 6 Mar" in seen(world.member(name).private[-1])


@pytest.mark.both_databases
def test_a_report_told_twice_changes_nothing(world: World) -> None:
    twin, number = started(world)
    ready_ms = 10**13
    for args in (
        ("chain scheduled", {"tx": hash_of(1), "block": 5, "ready_ms": ready_ms}),
        ("chain executed", {"tx": hash_of(2), "block": 6}),
        ("chain failed", {"why": "reverted", "tx": hash_of(2), "detail": "out of gas"}),
        ("chain paid", {"tx": hash_of(3), "block": 7}),
    ):
        command, said = args
        twin.asks(command, proposal=number, **said)
        before = world.dump()
        world.advance(minutes=1)
        twin.asks(command, proposal=number, **said)
        assert world.dump() == before, command


@pytest.mark.both_databases
def test_a_veto_is_final(world: World) -> None:
    twin, number = started(world)
    twin.schedules(number)
    twin.vetoes(number)
    card = seen(world.card(number))
    assert f"Vetoed for good by {GUARDIAN}, Fri 6 Mar 2026" in card
    assert "It would take a new request." in card
    twin.schedules(number, 7, 200)
    twin.fails(number, "reverted", tx=hash_of(9))
    twin.asks("chain undone", proposal=number)
    world.member("ana*").is_refused(f"/retry {number}", NothingToRetry)
    world.member("ana*").is_refused(f"/stop {number} No", onchain_rules.OperationOver)
    assert state(world) is State.VETOED
    assert world.tx.all("select paid_ms from chain_operation") == [(None,)]


@pytest.mark.parametrize("when", ["before it is ready", "after it is ready"])
def test_a_guardian_s_cancel_is_told_before_and_after_ready(world: World, when: str) -> None:
    twin, number = started(world)
    twin.schedules(number)
    if when == "after it is ready":
        world.advance(days=3)
    twin.vetoes(number)
    assert f"Vetoed for good by {GUARDIAN}" in seen(world.card(number))
    for name in ("ben", "cy"):
        assert "Vetoed for good" in seen(world.member(name).private[-1])


def test_what_contradicts_the_end_is_told_to_the_admins_and_changes_nothing(world: World) -> None:
    twin, number = started(world)
    twin.vetoes(number)
    kept = execution.operation(world.tx, 1, number)
    twin.pays(number)
    assert execution.operation(world.tx, 1, number) == kept
    assert "contradicts the books" in seen(world.public[-1])
    n = len(world.public)
    twin.executes(number)
    assert len(world.public) == n, "told once in six hours"


def test_what_is_vetoed_was_not_executed(world: World) -> None:
    """A block in which it was executed is gone, if a cancel is final."""
    twin, number = started(world)
    twin.executes(number)
    twin.vetoes(number)
    one = execution.operation(world.tx, 1, number)
    assert one is not None
    assert (one.executed_ms, one.executed_tx, one.executed_block) == (None, None, None)


@pytest.mark.both_databases
def test_paid_is_final(world: World) -> None:
    twin, number = started(world)
    twin.pays(number)
    kept = execution.operation(world.tx, 1, number)
    twin.vetoes(number)
    twin.fails(number, "not_delivered", tx=hash_of(2))
    twin.asks("chain undone", proposal=number)
    twin.pays(number, 8, 900)
    assert execution.operation(world.tx, 1, number) == kept


@pytest.mark.both_databases
def test_not_delivered_is_never_paid(world: World) -> None:
    twin, number = started(world)
    twin.executes(number)
    twin.fails(number, "not_delivered", tx=hash_of(2), detail="990 of 1000")
    card = seen(world.card(number))
    assert "the amount did not arrive whole. It never counts as paid" in card
    assert "The signer says: 990 of 1000." in card
    twin.pays(number)
    assert state(world) is State.FAILED
    world.member("ana*").is_refused(f"/retry {number}", NothingToRetry)
    world.member("ana*").is_refused(f"/stop {number} x", onchain_rules.OperationOver)


@pytest.mark.both_databases
def test_a_reorganisation_takes_back_what_was_not_final(world: World) -> None:
    twin, number = started(world)
    twin.schedules(number)
    twin.executes(number)
    twin.asks("chain undone", proposal=number)
    assert state(world) is State.ASKED
    assert hash_of(2) not in world.card(number)
    twin.schedules(number, 1, 110)
    twin.executes(number, 2, 111)
    twin.pays(number, 2, 111)
    assert state(world) is State.PAID


def test_reports_may_come_late_and_out_of_order(world: World) -> None:
    twin, number = started(world)
    twin.executes(number)
    twin.schedules(number)
    assert state(world) is State.EXECUTED
    twin.pays(number)
    twin.executes(number)
    assert state(world) is State.PAID


@pytest.mark.parametrize("why", Why)
def test_every_failure_is_a_sentence_that_says_what_an_admin_can_do(world: World, why: Why) -> None:
    twin, number = started(world)
    twin.fails(number, why.value)
    card = seen(world.card(number))
    assert "Not paid: 10 USDC" in card
    assert ("/retry" in card) is (why is not Why.NOT_DELIVERED)
    one = execution.operation(world.tx, 1, number)
    assert one is not None
    assert ("/stop" in card) is one.is_stoppable


@pytest.mark.both_databases
def test_an_admin_has_the_signer_try_again(world: World) -> None:
    twin, number = started(world)
    twin.work()
    twin.fails(number, "not_enough")
    assert "is handed to the chain again" in world.member("ana*").says(f"/retry {number}")
    assert [one.row.subject for one in twin.work()] == [f'["chain.operation",{number}]']
    assert state(world) is State.ASKED
    assert [one.proposal for one in execution.open_operations(world.tx)] == [number]
    twin.fails(number, "not_enough")
    world.advance(days=31)
    world.member("ana*").is_refused(f"/retry {number}", TooLateToRetry)


def test_what_was_sent_can_be_tried_again_at_any_time(world: World) -> None:
    """The timelock has it still; to ask for it again in a new request would pay twice."""
    twin, number = started(world)
    twin.schedules(number)
    twin.fails(number, "reverted")
    world.advance(days=31)
    assert "is handed to the chain again" in world.member("ana*").says(f"/retry {number}")


def test_what_nobody_sent_can_be_stopped_after_a_failure(world: World) -> None:
    twin, number = started(world)
    ana = world.member("ana*")
    ana.is_refused(f"/stop {number} x", onchain_rules.WithTheSigner)
    twin.fails(number, "fee_ceiling")
    ana.is_refused(f"/stop {number} x", onchain_rules.WithTheSigner)
    twin.fails(number, "over_cap")
    assert "is stopped" in ana.says(f"/stop {number} Wrong cap")
    assert state(world) is State.STOPPED
    twin.schedules(number)
    assert state(world) is State.STOPPED
    assert "contradicts the books" in seen(world.public[-1])


def test_news_of_the_chain_overcome_a_failure(world: World) -> None:
    twin, number = started(world)
    twin.fails(number, "reverted", tx=hash_of(1))
    twin.schedules(number, 4)
    assert state(world) is State.SCHEDULED
    twin.fails(number, "fee_ceiling")
    twin.schedules(number, 4)
    assert state(world) is State.FAILED, "what was known before is no news"
    twin.executes(number)
    assert state(world) is State.EXECUTED


def test_a_report_of_what_nobody_decided_is_refused(world: World) -> None:
    twin, _ = started(world)
    before = world.dump()
    assert isinstance(twin.schedules(99).error, NoSuchOperation)
    assert world.dump() == before


@pytest.mark.both_databases
def test_a_warning_is_told_once_in_six_hours(world: World) -> None:
    twin = vault(world)
    n = len(world.public)
    for _ in range(3):
        twin.asks("chain warned", what="low_gas", detail="0.001 ETH left")
    twin.asks("chain warned", what="node_away")
    assert len(world.public) == n + 2
    assert "short of the chain's coin" in seen(world.public[n])
    assert "0.001 ETH left" in world.public[n]
    world.advance(hours=6)
    twin.asks("chain warned", what="low_gas")
    assert len(world.public) == n + 3


@pytest.mark.parametrize("what", Alarm)
def test_every_warning_is_a_sentence(world: World, what: Alarm) -> None:
    twin = vault(world)
    twin.asks("chain warned", what=what.value, detail="{x} *y*")
    assert "About payments on the chain" in world.public[-1]
    assert "{x} *y*" in world.public[-1]


TX = {"tx": hash_of(1)}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "chain scheduled": {"proposal": 1, "block": 1, "ready_ms": 1, **TX},
    "chain executed": {"proposal": 1, "block": 1, **TX},
    "chain paid": {"proposal": 1, "block": 1, **TX},
    "chain undone": {"proposal": 1},
    "chain vetoed": {"proposal": 1, "by": BEN, **TX},
    "chain failed": {"proposal": 1, "why": "reverted"},
    "chain warned": {"what": "low_gas"},
    "chain frozen": {"why": "x"},
    "chain treasury": {
        "name": "x", "chain_id": 1, "timelock": BEN, "guardian_note": "x", "tokens": [],
    },
    "wallet checked": {"id": 1, "is_proved": True},
}  # fmt: skip


def test_every_report_is_tried_below(world: World) -> None:
    declared = [kind.declaration for kind in world.house.commands.values()]
    assert {one.path for one in declared if one.may is May.SIGNER} == ARGUMENTS.keys()


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.SIGNER])
@pytest.mark.parametrize("path", ARGUMENTS)
def test_only_the_signer_may_report(world: World, kind: Kind, path: str) -> None:
    started(world)
    asker = somebody("ana", kind=kind, is_admin=True)
    words: dict[str, Any] = {"asker": asker}
    if kind is not Kind.PERSON:
        words |= {"place": None, "community": 1, "is_stored": True}
    with world.unchanged():
        reply = ask_door(world, path, ARGUMENTS[path], **words)
    assert type(reply.error) is UnknownCommand


@pytest.mark.both_databases
def test_two_admins_let_payments_go_on_after_a_freeze(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = passed(world)
    ana, zoe = world.member("ana*"), world.member("zoe*")
    twin.asks("chain frozen", why="The chain knows a payment that the books do not")
    assert "The chain knows a payment" in seen(world.public[-1])
    assert "The signer froze all payments" in seen(world.card(number))
    world.advance(days=2)
    assert state(world) is State.WAITING
    ana.is_refused("/pause payments", rules.PausedBefore)
    ana.says("/resume payments")
    assert "The signer froze" in seen(world.member("ben").says("/pool list"))
    zoe.says("/resume payments")
    world.advance(seconds=1)
    assert state(world) is State.ASKED


def test_what_is_frozen_while_payments_are_paused_is_told(world: World) -> None:
    """With the resumption the signer goes on, so who resumes has to have read it."""
    twin, _ = started(world)
    for name in ("ana*", "zoe*"):
        world.member(name).says("/pause payments")
    twin.asks("chain frozen", why="The chain knows a payment that the books do not")
    assert "The chain knows a payment" in seen(world.public[-1])


def test_a_pause_holds_what_waits_and_what_would_be_tried_again(world: World) -> None:
    twin, number = started(world)
    second = passed(world, what="Seeds")
    twin.fails(number, "reverted")
    ana, zoe = world.member("ana*"), world.member("zoe*")
    for admin in (ana, zoe):
        admin.says("/pause payments")
    due = world.tx.all("select 1 from agenda where command = 'chain send'")
    assert due == [], "a paused clock has nothing to decide"
    world.advance(days=2)
    assert state(world, second) is State.WAITING
    ana.is_refused(f"/retry {number}", onchain_rules.AgainWhenPaused)
    for admin in (ana, zoe):
        admin.says("/resume payments")
    world.advance(seconds=1)
    assert state(world, second) is State.ASKED
