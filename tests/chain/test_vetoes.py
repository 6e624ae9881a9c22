"""A guardian's cancel is final: before and after it is ready, and for a signer that was away."""

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
