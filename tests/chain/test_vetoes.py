"""A guardian's cancel is final: before and after it is ready, and for a signer that was away."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.chain.timelock import Stage
from tests.chain.town import Town


@pytest.mark.parametrize("is_ready", [False, True])
async def test_a_cancel_is_told_and_nothing_is_sent_again(town: Town, is_ready: bool) -> None:
    number, payee = town.decide()
    await town.turn(2)
    if is_ready:
        town.wait(hours=49)
        assert town.stage(number) is Stage.READY
    town.cancel(number)
    assert town.stage(number) is Stage.UNSET
    await town.turn(3)
    found = town.told(number)
    assert found is not None
    assert (town.state(number), found.vetoed_by) == ("vetoed", town.guardian)
    town.wait(hours=99)
    await town.turn(3)
    assert (town.n_calls(number), town.balance(payee)) == ((1, 0), 0)
    assert "veto" in town.world.card(number).lower()


@pytest.mark.both_databases
async def test_a_restarted_signer_that_saw_nothing_does_not_schedule_again(town: Town) -> None:
    number, payee = town.decide()
    await town.turn(1)  # sent, and nothing reported
    town.cancel_id(await town.id_from_order(number))
    town.signer = town.hire()
    await town.turn(3)
    town.wait(hours=99)
    await town.turn(2)
    assert (town.state(number), town.n_calls(number)) == ("vetoed", (1, 0))
    assert town.balance(payee) == 0


async def test_a_new_decision_after_a_veto_is_paid(town: Town) -> None:
    first, payee = town.decide("5")
    await town.turn(2)
    town.cancel(first)
    await town.turn(1)
    second, _ = town.decide("5", payee)
    await town.turn(2)
    town.wait(hours=49)
    await town.turn(2)
    assert (town.state(first), town.state(second)) == ("vetoed", "paid")
    assert town.balance(payee) == 5


async def test_what_somebody_else_executes_is_paid_too(town: Town) -> None:
    number, payee = town.decide()
    await town.turn(2)
    town.wait(hours=49)
    town.execute_by_hand(number)
    await town.turn(2)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    assert town.signed("execute") == 0


async def test_while_payments_are_paused_nothing_is_signed(town: Town) -> None:
    number, payee = town.decide()
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/pause payments")
    await town.turn(3)
    assert town.signed() == 0
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(2)
    town.wait(hours=49)
    await town.turn(2)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)


def resumed(town: Town) -> None:
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")


async def test_a_veto_holds_though_the_books_know_only_a_version_that_was_never_mined(
    town: Town,
) -> None:
    """As in a backup from between two versions: the other one was mined, and then cancelled."""
    number, payee = town.decide()
    await town.turn(2)
    town.cancel(number)
    town.world.tx.run("update chain_tx set hash = '0x' || replace(hex(zeroblob(32)), '0', '1')")
    facts = "scheduled_ms = null, scheduled_tx = null, scheduled_block = null, ready_ms = null"
    town.world.tx.run(f"update chain_operation set {facts}")
    town.signer = town.hire()
    await town.turn(2)
    assert "used by another program" in " ".join(town.world.member("ana*").sees().split())
    resumed(town)
    await town.turn(3)
    assert (town.state(number), town.n_calls(number)) == ("vetoed", (1, 0))
    assert town.balance(payee) == 0


async def test_what_is_scheduled_again_after_a_cancel_is_not_executed_and_is_told(
    town: Town,
) -> None:
    number, payee = town.decide()
    await town.turn(2)
    town.cancel(number)
    town.schedule_by_hand(number)
    await town.turn(1)
    resumed(town)
    town.wait(hours=49)
    assert town.stage(number) is Stage.READY
    await town.turn(3)
    assert (town.state(number), town.signed("execute")) == ("vetoed", 0)
    assert town.balance(payee) == 0
    town.world.advance(minutes=2)
    await town.turn(1)
    told = " ".join(town.world.member("ana*").sees().split())
    assert "The chain took a veto back" in told
    assert f"#{number} can be executed by anybody" in told


async def test_payments_that_are_paused_in_the_middle_of_a_round_are_not_signed(
    town: Town,
) -> None:
    number, _ = town.decide()

    class Hasty:
        """An engine before which two admins pause, just as the signer wants to keep its bytes."""

        ask = town.engine.ask

        async def work(self, job: Callable[..., Any]) -> Any:
            if "Books.keep" in getattr(job, "__qualname__", ""):
                for name in ("ana*", "ben*"):
                    town.world.member(name).says("/pause payments")
            return await town.engine.work(job)

    town.signer = town.hire(engine=Hasty())
    await town.turn(1)
    assert (town.signed(), town.stage(number)) == (0, Stage.UNSET)
    town.signer = town.hire()
    resumed(town)
    await town.turn(2)
    assert town.state(number) == "scheduled"


async def test_a_treasury_that_cannot_come_in_does_not_stop_the_others(town: Town) -> None:
    number, _ = town.decide()
    town.world.member("ana*").says("/pool create side-LEAF EUR")
    (treasury,) = town.settings.treasuries
    side = treasury.model_copy(update={"name": "side", "timelock": town.payee()})
    both = town.settings.model_copy(update={"treasuries": (side, treasury)})
    town.settings = both
    town.signer = town.hire()
    await town.turn(2)
    assert town.state(number) == "scheduled"
