"""One payment from the vote to the wallet, and what everybody sees of it."""

import pytest

from tests.chain.town import Town


@pytest.mark.both_databases
async def test_a_passed_request_is_scheduled_waits_is_executed_and_paid(town: Town) -> None:
    number, payee = town.decide("20")
    assert town.state(number) == "asked"
    await town.turn()
    assert town.state(number) == "asked", "sent, and not yet seen to be mined"
    await town.turn()
    assert town.state(number) == "scheduled"
    assert town.balance(payee) == 0
    town.wait(hours=47)
    await town.turn(2)
    assert town.state(number) == "scheduled"
    assert town.balance(payee) == 0
    town.wait(hours=2)
    await town.turn()
    assert town.balance(payee) == 20
    assert town.state(number) == "scheduled", "executed, and not yet seen to be final"
    await town.turn()
    assert town.state(number) == "paid"
    assert town.n_calls(number) == (1, 1)
    assert (town.signed("schedule"), town.signed("execute")) == (1, 1)
    assert "Paid" in town.world.card(number)
