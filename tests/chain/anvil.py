"""A chain that can go wrong: anvil, which reorganises, drops, and asks for more."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from web3 import HTTPProvider, Web3
from web3.middleware import Web3Middleware
from web3.types import MakeRequestFn, RPCEndpoint, RPCResponse

from bot.chain.artifacts import artifact
from bot.chain.inprocess import CHAIN_ID, Evm
from bot.chain.node import connect
from tests.ports import held_port

WAIT_S = 120.0
SENDS = ("eth_sendTransaction", "eth_sendRawTransaction")
NOT_FOUND = "no anvil: install npm's @foundry-rs/anvil and name its binary in FOLKMOOT_ANVIL"


def binary() -> str | None:
    """Return where anvil is, None where it is not installed."""
    return os.environ.get("FOLKMOOT_ANVIL") or shutil.which("anvil")


def mined_at_once(anvil: "Anvil") -> type[Web3Middleware]:
    """Return what has a sender wait for the block: anvil answers a moment before it mines."""

    class MinedAtOnce(Web3Middleware):
        def wrap_make_request(self, make_request: MakeRequestFn) -> MakeRequestFn:
            def middleware(method: RPCEndpoint, params: Any) -> RPCResponse:
                answer = make_request(method, params)
                if method in SENDS and anvil.is_automine and "error" not in answer:
                    receipt = RPCEndpoint("eth_getTransactionReceipt")
                    _wait(lambda: make_request(receipt, [answer["result"]])["result"], "mine")
                return answer

            return middleware

    return MinedAtOnce


def _wait(is_there: Callable[[], object], what: str) -> None:
    until = time.monotonic() + WAIT_S
    while not is_there():
        assert time.monotonic() < until, f"anvil does not {what}"
        time.sleep(0.01)


class Anvil(Evm):
    """One anvil process; as a context it ends with it."""

    def __init__(self, start: datetime, folder: Path) -> None:
        self.port = held_port()
        self._state = folder / "anvil.json"
        self._start = start
        self.url = f"http://127.0.0.1:{self.port}"
        self.node = connect(self.url, CHAIN_ID)  # type: ignore[assignment]
        self.w3 = Web3(HTTPProvider(self.url, exception_retry_configuration=None))
        self.w3.middleware_onion.add(mined_at_once(self))
        self.is_automine = True
        self.launch()
        self.rich = str(self.w3.eth.accounts[0])

    def launch(self) -> None:
        """Start the process, with what it knew when it ended."""
        found = binary()
        assert found is not None
        arguments = ["--port", str(self.port), "--chain-id", str(CHAIN_ID), "--quiet"]
        arguments += ["--state", str(self._state), "--slots-in-an-epoch", "1"]
        if not self._state.exists():
            arguments += ["--timestamp", str(int(self._start.timestamp()))]
        self._process = subprocess.Popen([found, *arguments])
        _wait(self.w3.is_connected, "answer")

    def stop(self) -> None:
        """End the process; it writes down what it knows."""
        self._process.terminate()
        self._process.wait(WAIT_S)

    def rpc(self, method: str, *params: Any) -> Any:
        """Ask for something that only a chain for tests can do."""
        answer = self.w3.provider.make_request(method, list(params))  # type: ignore[arg-type]
        assert "error" not in answer, answer
        return answer.get("result")

    def pass_to(self, at: datetime) -> None:
        at_s = int(at.timestamp())
        if at_s > self.w3.eth.get_block("latest")["timestamp"]:
            self.rpc("evm_setNextBlockTimestamp", at_s)
        self.mine()

    def mine(self, n: int = 1) -> None:
        self.rpc("anvil_mine", hex(n))

    def automine(self, is_on: bool) -> None:
        """Mine each transaction at once, or only when told to."""
        self.rpc("evm_setAutomine", is_on)
        self.is_automine = is_on

    def reorg(self, depth: int) -> None:
        """Take the last blocks back and mine as many without what was in them."""
        self.rpc("anvil_reorg", depth, [])

    def drop_all(self) -> None:
        """Lose everything that waits to be mined."""
        self.rpc("anvil_dropAllTransactions")

    def base_fee(self, wei: int) -> None:
        """Have the next block ask for so much."""
        self.rpc("anvil_setNextBlockBaseFeePerGas", hex(wei))

    def pending(self) -> int:
        """Return how many transactions wait to be mined."""
        return int(self.rpc("txpool_status")["pending"], 16)

    def lock_again(self) -> str:
        """Put a bare timelock there that nobody may use; return its address."""
        lock = self.deploy(artifact("TimelockController"), 3_600, [], [], self.rich)
        return str(lock.address)
