"""A chain that reorganises, loses, delays and asks for more: still once, and still exactly."""

import pytest

from bot.chain.node import connect
from bot.chain.timelock import Stage
from bot.chain.trouble import OtherChain
from core.execution import State
from tests.chain.anvil import NOT_FOUND, binary
from tests.chain.storms import finish, scheduled, sky
from tests.chain.town import Town

pytestmark = pytest.mark.skipif(binary() is None, reason=NOT_FOUND)


async def test_paid_is_said_only_when_it_is_final(storm: Town) -> None:
    number, payee = await scheduled(storm)
    storm.wait(hours=49)
    await storm.turn()
    sky(storm).mine()
    await storm.turn()
    assert (storm.state(number), storm.balance(payee)) == ("executed", 20)
    await storm.turn(2)
    assert storm.state(number) == State.EXECUTED
    sky(storm).mine(3)
    await storm.turn()
    assert storm.state(number) == State.PAID


async def test_a_schedule_that_a_reorg_takes_back_is_sent_again_as_it_was(storm: Town) -> None:
    number, payee = storm.decide()
    await storm.turn()
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.SCHEDULED
    sky(storm).reorg(1)
    assert storm.stage(number) is Stage.UNSET
    await storm.turn()
    assert storm.state(number) == State.ASKED
    sky(storm).mine()
    await storm.turn()
    assert (storm.state(number), storm.signed("schedule")) == (State.SCHEDULED, 1)
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def test_an_execution_that_a_reorg_takes_back_is_made_again(storm: Town) -> None:
    number, payee = await scheduled(storm)
    storm.wait(hours=49)
    await storm.turn()
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.EXECUTED
    sky(storm).reorg(1)
    assert storm.balance(payee) == 0
    await storm.turn()
    assert storm.state(number) in {State.SCHEDULED, State.ASKED}
    await finish(storm, number)
    assert (storm.balance(payee), storm.signed("execute")) == (20, 1)


async def test_a_transaction_that_a_pool_forgets_is_sent_again_as_it_was(storm: Town) -> None:
    number, payee = storm.decide()
    for _ in range(3):
        await storm.turn()
        assert sky(storm).pending() == 1
        sky(storm).drop_all()
        assert sky(storm).pending() == 0
    await storm.turn()
    sky(storm).mine()
    await storm.turn()
    assert (storm.state(number), storm.signed()) == (State.SCHEDULED, 1)
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def test_what_waits_too_long_is_replaced_by_the_same_for_a_quarter_more(storm: Town) -> None:
    number, _ = storm.decide()
    await storm.turn()
    storm.world.advance(minutes=4)
    await storm.turn()
    assert (storm.signed(), sky(storm).pending()) == (2, 1)
    rows = storm.world.tx.all("select nonce, max_fee, tip from chain_tx order by max_fee")
    (nonce, fee, tip), (again, dearer, higher) = rows
    assert nonce == again
    assert dearer * 4 >= fee * 5
    assert higher * 4 >= tip * 5
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.SCHEDULED
    assert storm.n_calls(number) == (1, 0)


async def test_the_version_that_is_mined_counts_whichever_it_is(storm: Town) -> None:
    number, payee = storm.decide()
    await storm.turn()
    first = storm.world.tx.one("select raw from chain_tx")
    assert first is not None
    storm.world.advance(minutes=4)
    await storm.turn()
    sky(storm).drop_all()
    sky(storm).send(bytes(first[0]))
    sky(storm).mine()
    await storm.turn()
    assert (storm.state(number), storm.n_calls(number)) == (State.SCHEDULED, (1, 0))
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def test_a_fee_over_the_ceiling_waits_and_asks_a_person(storm: Town) -> None:
    number, payee = storm.decide()
    sky(storm).base_fee(400 * 10**9)
    sky(storm).mine()
    await storm.turn(2)
    assert storm.signed() == 0
    assert "ceiling" in storm.world.member("ana*").sees()
    for _ in range(12):  # an empty block asks for an eighth less
        sky(storm).mine()
    await storm.turn()
    sky(storm).mine()
    await storm.turn()
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def test_a_spike_while_it_waits_does_not_raise_it_over_the_ceiling(storm: Town) -> None:
    storm.decide()
    await storm.turn()
    sky(storm).base_fee(10**14)
    sky(storm).mine()
    for _ in range(40):
        storm.world.advance(minutes=4)
        await storm.turn()
    row = storm.world.tx.one("select max(max_fee) from chain_tx")
    assert row is not None
    assert row[0] <= 300 * 10**9


async def test_a_nonce_that_nobody_needs_any_more_is_used_up(storm: Town) -> None:
    number, payee = await scheduled(storm)
    storm.wait(hours=49)
    await storm.turn()  # the execution waits in the pool
    sky(storm).drop_all()
    storm.cancel(number)
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.VETOED
    await storm.turn()
    assert storm.signed("void") == 1
    sky(storm).mine()
    second, other = await scheduled(storm, "5")
    storm.wait(hours=49)
    await finish(storm, second)
    assert (storm.balance(payee), storm.balance(other)) == (0, 5)


async def test_a_veto_that_a_reorg_takes_back_is_told_and_nothing_is_sent(storm: Town) -> None:
    number, payee = await scheduled(storm)
    storm.cancel(number)
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.VETOED
    sky(storm).reorg(1)
    assert storm.stage(number) is Stage.WAITING
    storm.world.advance(minutes=2)
    await storm.turn()
    told = " ".join(storm.world.member("ana*").sees().split())
    assert "The chain took a veto back" in told
    assert f"#{number} waits in the timelock again" in told
    storm.wait(hours=49)
    for _ in range(3):
        await storm.turn()
        sky(storm).mine()
    assert (storm.state(number), storm.signed("execute")) == (State.VETOED, 0)
    assert storm.balance(payee) == 0


async def test_several_payments_go_one_after_another(storm: Town) -> None:
    numbers = [storm.decide("5") for _ in range(3)]
    for _ in range(8):
        await storm.turn()
        assert sky(storm).pending() <= 1
        sky(storm).mine()
    assert [storm.state(number) for number, _ in numbers] == [State.SCHEDULED] * 3
    storm.wait(hours=49)
    for _ in range(10):
        await storm.turn()
        sky(storm).mine(2)
    assert [storm.state(number) for number, _ in numbers] == [State.PAID] * 3
    assert [storm.balance(payee) for _, payee in numbers] == [5, 5, 5]


async def test_a_node_that_restarts_is_found_again(storm: Town) -> None:
    number, payee = await scheduled(storm)
    sky(storm).stop()
    await storm.signer.look()
    storm.world.advance(minutes=6)
    await storm.signer.look()
    storm.world.settle()
    assert "does not answer" in " ".join(storm.world.member("ana*").sees().split())
    assert storm.state(number) == State.SCHEDULED
    sky(storm).launch()
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def test_a_node_on_another_chain_gets_nothing(storm: Town) -> None:
    storm.decide()
    wrong = connect(sky(storm).url, 1)
    storm.signer = storm.hire(wrong)
    with pytest.raises(OtherChain):
        await storm.turn()
    await storm.signer.look()
    storm.world.settle()
    assert (storm.signed(), sky(storm).pending()) == (0, 0)
    assert "not on 1" in " ".join(storm.world.member("ana*").sees().split())
