"""A node that goes to another chain in the middle of a round gets nothing that was signed."""

from collections.abc import Callable
from typing import Any

import pytest
from web3 import EthereumTesterProvider, Web3
from web3.types import RPCEndpoint, RPCResponse

from bot.chain.inprocess import CHAIN_ID, EvmNode
from bot.chain.trouble import OtherChain
from tests.chain.town import Town


class Line(EthereumTesterProvider):
    """A line to a chain that says it is another, once it was diverted; it counts what is sent."""

    is_diverted = False
    n_sent = 0

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        self.n_sent += method == "eth_sendRawTransaction"
        answer = super().make_request(method, params)
        if method == "eth_chainId" and self.is_diverted:
            return {**answer, "result": hex(1)}
        return answer


def diverted(town: Town, job: str) -> Line:
    """Hire a signer whose node is diverted as soon as the engine has done a job of a round."""
    line = Line(town.evm.tester)
    node = EvmNode(Web3(line), CHAIN_ID)
    node.anybody = town.evm.rich

    class Watched:
        """The engine, and somebody who waits for a job of it."""

        ask = town.engine.ask

        async def work(self, asked: Callable[..., Any]) -> Any:
            done = await town.engine.work(asked)
            if job in getattr(asked, "__qualname__", ""):
                line.is_diverted = True
            return done

    town.signer = town.hire(node, Watched())
    return line


async def is_refused(town: Town, line: Line) -> None:
    """Check that rounds end where the node changed, with nothing sent, and that admins hear."""
    nonce = town.evm.node.nonce(town.key.address)
    with pytest.raises(OtherChain, match=f"on chain 1, not on {CHAIN_ID}"):
        await town.signer.turn()
    assert line.is_diverted, "the round never came as far"
    await town.signer.look()
    town.world.settle()
    assert line.n_sent == 0
    assert town.evm.node.nonce(town.key.address, "pending") == nonce
    assert "answers for another chain" in " ".join(town.world.member("ana*").sees().split())


async def test_what_was_signed_just_before_is_kept_and_sent_when_the_node_is_back(
    town: Town,
) -> None:
    number, payee = town.decide()
    await is_refused(town, diverted(town, "Books.keep"))
    assert town.signed() == 1
    town.signer = town.hire()
    await town.turn(2)
    assert (town.state(number), town.signed()) == ("scheduled", 1)
    town.wait(hours=49)
    await is_refused(town, diverted(town, "Books.keep"))
    assert (town.signed("execute"), town.balance(payee)) == (1, 0)
    town.signer = town.hire()
    await town.turn(2)
    assert (town.state(number), town.signed("execute"), town.balance(payee)) == ("paid", 1, 20)


async def test_what_waits_is_not_sent_again_there(town: Town) -> None:
    town.decide()
    line = diverted(town, "Books.keep")
    with pytest.raises(OtherChain):
        await town.signer.turn()
    assert (town.signed(), line.n_sent) == (1, 0)
    await is_refused(town, diverted(town, "Books._open"))
    assert town.signed() == 1
