"""What identifies a payment on the chain: its salt, its call and its id in the timelock.

A timelock keeps an operation under the hash of all it does and a salt. The salt is made of the
decision alone, so the id is known before anything is sent, and the same decision can neither be
scheduled nor executed twice. This file is the one recipe for core and signer.
"""

from core.execution.keccak import keccak256

DOMAIN = "folkmoot:payment"
# `transfer(address,uint256)`, the one function that is ever called.
TRANSFER = bytes.fromhex("a9059cbb")
_WORD = 32


def salt_of(decision: str, chain_id: int, timelock: str) -> str:
    """Return the salt of a decision's payment: 0x and 64 digits.

    `decision` is `decision_of(...)`, `timelock` the checksummed address.
    """
    parts = (DOMAIN, decision, str(chain_id), timelock)
    return "0x" + keccak256("\n".join(parts).encode()).hex()


def decision_of(founding: bytes, proposal: int) -> str:
    """Return what names a decision anywhere: the hash that the journal began with, the number.

    A community's number means something in one database only; two bots might share a treasury.
    """
    return f"{founding.hex()}/{proposal}"


def transfer_call(to: str, amount: int) -> bytes:
    """Return the bytes that tell a token to move an amount of base units."""
    return TRANSFER + _address(to) + _number(amount)


def operation_id(token: str, to: str, amount: int, salt: str) -> str:
    """Return the id under which the timelock keeps the payment: 0x and 64 digits.

    It is the contract's `hashOperationBatch` of one call without value and predecessor:
    keccak256(abi.encode([token], [0], [call], 0, salt)).
    """
    call = transfer_call(to, amount)
    padded = call + bytes(-len(call) % _WORD)
    encoded = b"".join(
        (
            *(_number(offset) for offset in (0xA0, 0xE0, 0x120)),
            _number(0),
            bytes.fromhex(salt.removeprefix("0x")),
            _number(1) + _address(token),
            _number(1) + _number(0),
            _number(1) + _number(_WORD) + _number(len(call)) + padded,
        )
    )
    return "0x" + keccak256(encoded).hex()


def _number(value: int) -> bytes:
    return value.to_bytes(_WORD, "big")


def _address(address: str) -> bytes:
    return bytes(12) + bytes.fromhex(address.removeprefix("0x"))
