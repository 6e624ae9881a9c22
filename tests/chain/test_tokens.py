"""Tokens that do not deliver, or change their ways: never "paid"."""

from typing import Any

import pytest

from core.execution import Why
from tests.chain.town import FULL, Founded, Town
from tests.chain.twisted import twisted
from tests.world import World


async def town_with(world: World, token: str) -> Town:
    made = Town(world, Founded(), twisted(token))
    await made.found()
    return made


@pytest.mark.parametrize("token", ["FalseCoin", "FeeCoin", "LyingCoin"])
async def test_what_did_not_arrive_exactly_is_not_delivered(world: World, token: str) -> None:
    town = await town_with(world, token)
    number, payee = town.decide("20")
    await town.turn(2)
    town.wait(hours=49)
    await town.turn(3)
    found = town.told(number)
    assert found is not None
    assert found.paid_ms is None
    assert (town.state(number), found.failed_why) == ("failed", Why.NOT_DELIVERED)
    assert town.balance(payee) < 20
    await town.engine.stop()


async def test_decimals_that_changed_before_scheduling_are_refused(world: World) -> None:
    town = await town_with(world, "MoodyCoin")
    number, _ = town.decide("20")
    town.coin.functions.setDecimals(8).transact({"from": town.evm.rich})
    await town.turn(2)
    found = town.told(number)
    assert found is not None
    assert found.failed_why is Why.DECIMALS_CHANGED
    assert town.signed() == 0
    await town.engine.stop()


async def test_decimals_that_changed_before_executing_hold_it_back(world: World) -> None:
    town = await town_with(world, "MoodyCoin")
    number, payee = town.decide("20")
    await town.turn(2)
    town.coin.functions.setDecimals(8).transact({"from": town.evm.rich})
    town.wait(hours=49)
    await town.turn(3)
    assert (town.state(number), town.signed("execute")) == ("scheduled", 0)
    assert "8 decimals" in town.world.member("ana*").sees()
    town.coin.functions.setDecimals(6).transact({"from": town.evm.rich})
    await town.turn(2)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    await town.engine.stop()


async def test_a_token_that_refuses_is_tried_before_it_costs_anything(world: World) -> None:
    town = await town_with(world, "MoodyCoin")
    number, payee = town.decide("20")
    await town.turn(2)
    town.coin.functions.setOff(True).transact({"from": town.evm.rich})
    town.wait(hours=49)
    await town.turn(3)
    assert (town.state(number), town.signed("execute")) == ("scheduled", 0)
    town.coin.functions.setOff(False).transact({"from": town.evm.rich})
    await town.turn(2)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    await town.engine.stop()


@pytest.mark.parametrize("is_scheduled", [False, True])
async def test_a_treasury_that_is_short_pays_nothing(world: World, is_scheduled: bool) -> None:
    town = await town_with(world, "MoodyCoin")
    number, payee = town.decide("20")
    if is_scheduled:
        await town.turn(2)
        town.wait(hours=49)
    town.coin.functions.seize(town.timelock, FULL).transact({"from": town.evm.rich})
    await town.turn(2)
    assert town.balance(payee) == 0
    found = town.told(number)
    assert found is not None
    if is_scheduled:
        assert (town.state(number), town.signed("execute")) == ("scheduled", 0)
        assert "the treasury holds 0 base units" in town.world.member("ana*").sees()
    else:
        assert (found.failed_why, town.signed()) == (Why.NOT_ENOUGH, 0)
    await town.engine.stop()


async def test_what_the_chain_refused_three_times_goes_on_after_a_retry(world: World) -> None:
    town = await town_with(world, "MoodyCoin")

    class Hopeful:
        """A node that never tries a call before it is sent."""

        def __getattr__(self, name: str) -> Any:
            return getattr(town.evm.node, name)

        def gas(self, *_: Any) -> int:
            return 400_000

    town.signer = town.hire(Hopeful())
    number, payee = town.decide("20")
    await town.turn(2)
    town.coin.functions.setOff(True).transact({"from": town.evm.rich})
    town.wait(hours=49)
    await town.turn(5)
    found = town.told(number)
    assert found is not None
    assert (found.failed_why, town.signed("execute")) == (Why.REVERTED, 3)
    town.coin.functions.setOff(False).transact({"from": town.evm.rich})
    town.world.advance(minutes=1)
    town.world.member("ana*").says(f"/retry {number}")
    await town.turn(3)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    await town.engine.stop()
