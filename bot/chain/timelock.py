"""What the timelock and its tokens are told and asked: calls as bytes, events as topics.

An operation is always one call of a token's `transfer`, without value and without predecessor, as
`scheduleBatch` and `executeBatch` have it; the single forms hash differently.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from eth_abi.abi import decode, encode

from core.execution.address import checksummed
from core.execution.keccak import keccak256
from core.execution.operation import transfer_call
from core.execution.port import Order


def selector(signature: str) -> bytes:
    """Return the four bytes that name a function."""
    return keccak256(signature.encode())[:4]


_BATCH = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"]
SCHEDULE = selector(f"scheduleBatch({','.join(_BATCH)},uint256)")
EXECUTE = selector(f"executeBatch({','.join(_BATCH)})")
NO_PREDECESSOR = bytes(32)

GET_STATE = selector("getOperationState(bytes32)")
GET_TIMESTAMP = selector("getTimestamp(bytes32)")
GET_MIN_DELAY = selector("getMinDelay()")
HAS_ROLE = selector("hasRole(bytes32,address)")
BALANCE_OF = selector("balanceOf(address)")
DECIMALS = selector("decimals()")
SYMBOL = selector("symbol()")

PROPOSER = keccak256(b"PROPOSER_ROLE")
EXECUTOR = keccak256(b"EXECUTOR_ROLE")
CANCELLER = keccak256(b"CANCELLER_ROLE")
ADMIN = bytes(32)


def _topic(event: str) -> str:
    return "0x" + keccak256(event.encode()).hex()


CALL_SCHEDULED = _topic("CallScheduled(bytes32,uint256,address,uint256,bytes,bytes32,uint256)")
CALL_EXECUTED = _topic("CallExecuted(bytes32,uint256,address,uint256,bytes)")
CANCELLED = _topic("Cancelled(bytes32)")
TRANSFER = _topic("Transfer(address,address,uint256)")


class Stage(IntEnum):
    """Where the timelock has an operation; a cancelled one is unset again."""

    UNSET = 0
    WAITING = 1
    READY = 2
    DONE = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """What a call of the timelock would do, read back from its bytes."""

    targets: tuple[str, ...]
    values: tuple[int, ...]
    payloads: tuple[bytes, ...]
    predecessor: bytes
    salt: str


def schedule_call(order: Order, delay_s: int) -> bytes:
    """Return the bytes that have the timelock keep a payment for its delay."""
    return SCHEDULE + encode([*_BATCH, "uint256"], [*_batch(order), delay_s])


def execute_call(order: Order) -> bytes:
    """Return the bytes that have the timelock pay."""
    return EXECUTE + encode(_BATCH, _batch(order))


def read_schedule(call: bytes) -> tuple[Batch, int]:
    """Return what a call of scheduleBatch does and its delay; raises ValueError."""
    *batch, delay_s = _read(SCHEDULE, [*_BATCH, "uint256"], call)
    return _batched(*batch), delay_s


def read_execute(call: bytes) -> Batch:
    """Return what a call of executeBatch does; raises ValueError."""
    return _batched(*_read(EXECUTE, _BATCH, call))


def _read(wanted: bytes, types: list[str], call: bytes) -> tuple[Any, ...]:
    if call[:4] != wanted:
        raise ValueError("another function")
    found: tuple[Any, ...] = decode(types, call[4:])
    # A second way to write the same would be a payload that nobody has compared.
    if encode(types, found) != call[4:]:
        raise ValueError("not as it is written")
    return found


def _batch(order: Order) -> list[Any]:
    paying = transfer_call(order.to, order.amount)
    salt = bytes.fromhex(order.salt.removeprefix("0x"))
    return [[order.token], [0], [paying], NO_PREDECESSOR, salt]


def _batched(
    targets: tuple[str, ...],
    values: tuple[int, ...],
    payloads: tuple[bytes, ...],
    predecessor: bytes,
    salt: bytes,
) -> Batch:
    named = tuple(checksummed(one) for one in targets)
    return Batch(named, values, payloads, predecessor, "0x" + salt.hex())


def ask(function: bytes, *words: str | bytes) -> bytes:
    """Return a call with addresses (text) or 32 bytes each."""
    return function + b"".join(_word(one) for one in words)


def word_of(address: str) -> str:
    """Return an address as the topic of an event."""
    return "0x" + _word(address).hex()


def _word(value: str | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    return bytes.fromhex(value.removeprefix("0x")).rjust(32, b"\0")
