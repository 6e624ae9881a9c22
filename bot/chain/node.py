"""A node of the chain: what is asked of it, plain values back, one class of trouble a cause.

Everything here waits for an answer, so it is called in a thread of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from web3 import HTTPProvider, Web3
from web3.exceptions import (
    BadFunctionCallOutput,
    BlockNotFound,
    ContractLogicError,
    TransactionNotFound,
    Web3Exception,
)
from web3.types import BlockIdentifier, FilterParams, TxParams

from bot.chain.trouble import Away, OtherChain, WouldRevert, classed

TIMEOUT_S = 15.0
# Providers answer for so many blocks at once; most allow ten times as many.
LOGS_BLOCKS = 2_000
GAS_MAX = 1_500_000

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Head:
    """A block: the hash tells a reorg, which the number does not."""

    number: int
    hash: str
    at_s: int
    base_fee: int


@dataclass(frozen=True, slots=True)
class Log:
    """An event: topics and words in small letters."""

    address: str
    topics: tuple[str, ...]
    words: str
    tx: str
    block: int
    index: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a mined transaction."""

    tx: str
    block: int
    block_hash: str
    is_done: bool
    logs: tuple[Log, ...]
    contract: str = ""


class Node:
    """One node behind JSON-RPC, and the chain that it must be on."""

    def __init__(self, w3: Web3, chain_id: int) -> None:
        """Take a connection; names are never resolved through it."""
        w3.ens = None
        self._w3 = w3
        self.chain_id = chain_id

    def check_chain(self) -> None:
        """Raise OtherChain unless the node is where it should be."""
        found = self._ask(lambda: self._w3.eth.chain_id)
        if found != self.chain_id:
            raise OtherChain(f"it is on chain {found}, not on {self.chain_id}")

    def head(self, at: BlockIdentifier = "latest") -> Head:
        """Return a block."""
        found = self._ask(lambda: self._w3.eth.get_block(at))
        return Head(
            found["number"],
            found["hash"].to_0x_hex(),
            found["timestamp"],
            found.get("baseFeePerGas", 0),
        )

    def has_base_fee(self) -> bool:
        """Whether blocks have a base fee; without one the chain takes no transactions of ours."""
        return "baseFeePerGas" in self._ask(lambda: self._w3.eth.get_block("latest"))

    def final(self, confirmations: int) -> int:
        """Return the last block that counts as final, -1 where none does."""
        if confirmations:
            return self.head().number - confirmations + 1
        return self.head("finalized").number

    def block_since(self, at_s: int) -> int:
        """Return the first block at an instant or later (the head where there is none yet)."""
        low, high = 0, self.head().number
        while low < high:
            middle = (low + high) // 2
            if self.head(middle).at_s < at_s:
                low = middle + 1
            else:
                high = middle
        return low

    def receipt(self, tx: str) -> Receipt | None:
        """Return what became of a transaction, None where it is not mined."""
        try:
            found = self._ask(lambda: self._w3.eth.get_transaction_receipt(cast("Any", tx)))
        except _Missing:
            return None
        if found is None:  # eth-tester, while it waits
            return None
        return Receipt(
            tx,
            found["blockNumber"],
            found["blockHash"].to_0x_hex(),
            found["status"] == 1,
            tuple(_log(one) for one in found["logs"]),
            found.get("contractAddress") or "",
        )

    def parties(self, tx: str) -> tuple[str, str]:
        """Return who sent a transaction, and to whom."""
        found = self._ask(lambda: self._w3.eth.get_transaction(cast("Any", tx)))
        return found["from"], found.get("to") or ""

    def nonce(self, sender: str, at: BlockIdentifier = "latest") -> int:
        """Return how many transactions of an account are mined."""
        return self._ask(lambda: self._w3.eth.get_transaction_count(cast("Any", sender), at))

    def funds(self, account: str) -> int:
        """Return what an account has of the chain's own coin."""
        return self._ask(lambda: self._w3.eth.get_balance(cast("Any", account)))

    def has_code(self, address: str, at: BlockIdentifier = "latest") -> bool:
        """Whether a contract stands there."""
        return bool(self._ask(lambda: self._w3.eth.get_code(cast("Any", address), at)))

    def call(self, to: str, call: bytes, at: BlockIdentifier = "latest", sender: str = "") -> bytes:
        """Ask a contract without changing anything; raises WouldRevert."""
        who = {"from": sender} if sender else {}
        asked = cast("TxParams", {**who, "to": to, "data": "0x" + call.hex()})
        return bytes(self._ask(lambda: self._w3.eth.call(asked, at)))

    def number(self, to: str, call: bytes, at: BlockIdentifier = "latest") -> int:
        """Ask a contract for a number; raises WouldRevert where it gives none."""
        found = self.call(to, call, at)
        if len(found) != 32:
            raise WouldRevert(f"{to} does not answer with a number")
        return int.from_bytes(found, "big")

    def gas(self, sender: str, to: str, call: bytes) -> int:
        """Return what a call would take; raises WouldRevert."""
        asked = cast("TxParams", {"from": sender, "to": to, "data": "0x" + call.hex(), "value": 0})
        found = self._ask(lambda: self._w3.eth.estimate_gas(asked))
        return min(found * 3 // 2, GAS_MAX)

    def tip(self) -> int:
        """Return what miners are given now, in wei per unit of gas."""
        return int(self._ask(lambda: self._w3.eth.max_priority_fee))

    def send(self, raw: bytes) -> None:
        """Hand signed bytes over."""
        self._ask(lambda: self._w3.eth.send_raw_transaction(raw))

    def logs(
        self, address: str, topics: list[Any], since: int, until: int, most: int | None = None
    ) -> list[Log]:
        """Return events between two blocks, both included, in order."""
        found: list[Log] = []
        for start in range(since, until + 1, LOGS_BLOCKS):
            asked = cast(
                "FilterParams",
                {
                    "address": address,
                    "topics": topics,
                    "fromBlock": start,
                    "toBlock": min(until, start + LOGS_BLOCKS - 1),
                },
            )
            found += [_log(one) for one in self._ask(partial(self._w3.eth.get_logs, asked))]
            if most is not None and len(found) >= most:
                break
        return found

    def _ask(self, question: Callable[[], R]) -> R:
        try:
            return question()
        except (TransactionNotFound, BlockNotFound) as error:
            raise _Missing(str(error)) from error
        except (ContractLogicError, BadFunctionCallOutput) as error:
            raise WouldRevert(str(error)) from error
        except OSError as error:
            # Not its words: they repeat the address, which may hold a provider's key, and they
            # would be read in the admin channel.
            raise Away(type(error).__name__) from None
        except (Web3Exception, ValueError, KeyError, TypeError) as error:
            raise classed(str(error))(_short(error)) from error
        except Exception as error:  # a test chain raises its own
            raise classed(f"{type(error).__name__} {error}")(_short(error)) from error


class _Missing(Away):
    """The node does not know that block or transaction."""


def connect(url: str, chain_id: int) -> Node:
    """Return a node behind an address; our own code decides what is tried again."""
    provider = HTTPProvider(
        url, request_kwargs={"timeout": TIMEOUT_S}, exception_retry_configuration=None
    )
    return Node(Web3(provider), chain_id)


def _log(found: Any) -> Log:
    return Log(
        found["address"],
        tuple(one.to_0x_hex() for one in found["topics"]),
        found["data"].to_0x_hex(),
        found["transactionHash"].to_0x_hex(),
        found["blockNumber"],
        found["logIndex"],
    )


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
