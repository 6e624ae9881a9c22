"""Another program sends with the signer's key, and its transactions wait in the node's pool."""

import pytest

from bot.chain.allow import Payload
from bot.chain.inprocess import CHAIN_ID
from core.execution import State
from tests.chain.anvil import NOT_FOUND, binary
from tests.chain.storms import finish, sky
from tests.chain.town import Town

pytestmark = pytest.mark.skipif(binary() is None, reason=NOT_FOUND)
GWEI = 10**9


def foreign(town: Town, ahead: int, gwei: int) -> str:
    """Have another program send with a nonce so far ahead of the next one."""
    nonce = town.evm.node.nonce(town.key.address) + ahead
    bare = Payload(CHAIN_ID, nonce, town.evm.rich, 1, b"", 21_000, gwei * GWEI, gwei * GWEI)
    return town.evm.send(town.key.sign(bare).raw)


def resumed(town: Town) -> None:
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")


def in_pool(town: Town) -> tuple[int, int]:
    """Return how many could be mined now, and how many wait for a nonce below theirs."""
    found = sky(town).rpc("txpool_status")
    return int(found["pending"], 16), int(found["queued"], 16)


def told(town: Town) -> str:
    """Return what admins have read, on one line."""
    return " ".join(town.world.member("ana*").sees().split())


async def test_one_that_waits_for_ours_freezes_payments_and_ours_is_paid_once(
    storm: Town,
) -> None:
    """Its nonce is one too high: the pool holds it back until ours has filled the gap."""
    number, payee = storm.decide()
    foreign(storm, 1, 3)
    assert in_pool(storm) == (0, 1)
    await storm.turn()
    assert in_pool(storm) == (2, 0)
    sky(storm).mine()
    await storm.turn()
    assert "the signer's key has sent" in told(storm)
    assert storm.state(number) == State.ASKED
    resumed(storm)
    await storm.turn()
    storm.wait(hours=49)
    await finish(storm, number)
    assert (storm.balance(payee), storm.signed()) == (20, 1)
    assert storm.n_calls(number) == (1, 1)


async def test_one_with_our_nonce_that_pays_more_is_waited_for_and_told(storm: Town) -> None:
    number, payee = storm.decide()
    other = foreign(storm, 0, 299)
    for _ in range(26):
        await storm.turn()
        assert storm.world.tx.all("select 1 from chain_tx where max_fee > ?", (300 * GWEI,)) == []
        storm.world.advance(minutes=4)
    assert in_pool(storm) == (1, 0)
    assert "above the ceiling" in told(storm)
    sky(storm).mine()
    assert storm.evm.node.receipt(other) is not None
    await storm.turn()
    assert "was used by another program" not in told(storm), "it is not final yet"
    sky(storm).mine(3)
    await storm.turn()
    assert "was used by another program" in told(storm)
    resumed(storm)
    await storm.turn(2)
    sky(storm).mine()
    await storm.turn()
    assert storm.state(number) == State.SCHEDULED
    storm.wait(hours=49)
    await finish(storm, number)
    assert (storm.balance(payee), storm.n_calls(number)) == (20, (1, 1))


async def test_one_with_our_nonce_that_pays_less_is_replaced(storm: Town) -> None:
    number, payee = storm.decide()
    other = foreign(storm, 0, 1)
    await storm.turn()
    sky(storm).mine()
    assert storm.evm.node.receipt(other) is None
    await storm.turn()
    assert storm.state(number) == State.SCHEDULED
    storm.wait(hours=49)
    await finish(storm, number)
    assert storm.balance(payee) == 20


async def behind_a_gap(storm: Town) -> tuple[int, str]:
    """Have ours wait for a nonce that a reorganisation took from another program."""
    number, payee = storm.decide()
    before = storm.evm.node.head().number
    foreign(storm, 0, 3)
    sky(storm).mine()
    await storm.turn()
    resumed(storm)
    await storm.turn()
    sky(storm).reorg(storm.evm.node.head().number - before)
    sky(storm).drop_all()
    await storm.turn()
    assert (in_pool(storm), storm.signed()) == ((0, 1), 1)
    return number, payee


async def test_a_nonce_that_is_missing_before_ours_is_used_up(storm: Town) -> None:
    number, payee = await behind_a_gap(storm)
    for _ in range(3):
        await storm.turn()
    assert storm.signed("void") == 0, "the other program may send it again"
    storm.world.advance(minutes=4)
    await storm.turn()
    assert (storm.signed("void"), in_pool(storm)) == (1, (2, 0))
    sky(storm).mine()
    await storm.turn()
    assert (storm.state(number), storm.n_calls(number)) == (State.SCHEDULED, (1, 0))
    storm.wait(hours=49)
    await finish(storm, number)
    assert (storm.balance(payee), storm.signed(), storm.signed("void")) == (20, 1, 1)


async def test_what_fills_a_gap_is_sent_again_and_raised_until_it_is_mined(storm: Town) -> None:
    """It is the first in line, so it alone pays more; what waits behind it is left as it is."""
    number, payee = await behind_a_gap(storm)
    storm.world.advance(minutes=4)
    await storm.turn()
    sky(storm).drop_all()
    storm.signer = storm.hire()
    await storm.turn()
    assert (storm.signed("void"), in_pool(storm)) == (1, (2, 0))
    storm.world.advance(minutes=4)
    await storm.turn()
    assert (storm.signed("void"), storm.signed()) == (2, 1)
    sky(storm).mine()
    await storm.turn()
    storm.wait(hours=49)
    await finish(storm, number)
    assert (storm.balance(payee), storm.n_calls(number)) == (20, (1, 1))
