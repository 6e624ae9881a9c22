"""A chain inside this process, for the demo and the tests: py-evm behind eth-tester.

Its clock goes where it is told to, but never back, and never behind the machine's own.
"""

from datetime import UTC, datetime
from typing import Any

from eth_account import Account
from eth_tester import EthereumTester, PyEVMBackend
from hexbytes import HexBytes
from web3 import EthereumTesterProvider, Web3
from web3.types import BlockIdentifier

from bot.chain.artifacts import Artifact, artifact
from bot.chain.keys import Key
from bot.chain.node import Node

CHAIN_ID = 131277322940537  # what py-evm gives every chain that it makes up
PAYMENT_GAS = 400_000


class EvmNode(Node):
    """A node that spares py-evm what it is slow at: guessing who calls, searching for gas."""

    anybody = ""  # who asks where nobody is named; py-evm wants somebody who could pay

    def call(self, to: str, call: bytes, at: BlockIdentifier = "latest", sender: str = "") -> bytes:
        """Ask a contract, as somebody."""
        return super().call(to, call, at, sender or self.anybody)

    def gas(self, sender: str, to: str, call: bytes) -> int:
        """Return more than any payment takes; raises WouldRevert."""
        self.call(to, call, sender=sender)
        return PAYMENT_GAS


class Evm:
    """A chain that mines each transaction at once, unless it is told to wait."""

    def __init__(self, start: datetime) -> None:
        """Begin a chain at an instant."""
        genesis = PyEVMBackend.generate_genesis_params({"timestamp": int(start.timestamp())})
        self.tester = EthereumTester(backend=PyEVMBackend(genesis_parameters=genesis))
        self.w3 = Web3(EthereumTesterProvider(self.tester))
        self.node = EvmNode(self.w3, CHAIN_ID)
        self.rich: str = self.w3.eth.accounts[0]
        self.node.anybody = self.rich

    def key(self, seed: str, coins: int = 10) -> Key:
        """Return a key of its own with something for gas."""
        account = Account.from_key(Web3.keccak(text=seed))
        if coins:
            self.w3.eth.send_transaction(
                {"from": self.rich, "to": account.address, "value": Web3.to_wei(coins, "ether")}
            )
        return Key(account)

    def account(self, at: int) -> str:
        """Return an account that needs no key."""
        return str(self.w3.eth.accounts[at])

    def deploy(self, what: Artifact, *args: Any) -> Any:
        """Put a contract on the chain."""
        made = self.w3.eth.contract(abi=what.abi, bytecode=what.bytecode)
        tx = made.constructor(*args).transact({"from": self.rich})
        receipt = self.w3.eth.get_transaction_receipt(tx)
        return self.w3.eth.contract(address=receipt["contractAddress"], abi=what.abi)

    def coin(self, holder: str, amount: int) -> Any:
        """Put a coin on the chain, and give somebody some of it."""
        made = self.deploy(artifact("Coin"))
        made.functions.mint(holder, amount).transact({"from": self.rich})
        return made

    def timelock(self, address: str) -> Any:
        """Return a timelock that stands at an address."""
        return self.w3.eth.contract(
            address=Web3.to_checksum_address(address), abi=artifact("TimelockController").abi
        )

    def now(self) -> datetime:
        """Return the time of the newest block."""
        return datetime.fromtimestamp(self.w3.eth.get_block("latest")["timestamp"], UTC)

    def pass_to(self, at: datetime) -> None:
        """Mine a block at an instant, where that is later than the newest one."""
        at_s = int(at.timestamp())
        if at_s > self.w3.eth.get_block("pending")["timestamp"]:
            self.tester.time_travel(at_s)
        self.tester.mine_block()

    def mine(self, n: int = 1) -> None:
        """Mine blocks with what waits."""
        self.tester.mine_blocks(n)

    def send(self, raw: bytes) -> str:
        """Send signed bytes."""
        return HexBytes(self.w3.eth.send_raw_transaction(raw)).to_0x_hex()
