"""The signer's key: opened once, signs what was checked, never shown."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from bot.chain.allow import Payload
from bot.trouble import Trouble
from core.execution.address import checksummed

if TYPE_CHECKING:
    from eth_typing import HexStr

_FILE_BYTES_MAX = 1 << 16


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed bytes and the hash that the chain knows them by."""

    hash: str
    raw: bytes


class Key:
    """A private key that signs transactions of type 2."""

    def __init__(self, account: LocalAccount) -> None:
        """Take an opened account."""
        self._account = account
        self.address: str = account.address

    def sign(self, payload: Payload) -> Signed:
        """Return the bytes to send; the same fields always give the same bytes."""
        made = self._account.sign_transaction(
            {
                "type": 2,
                "chainId": payload.chain_id,
                "nonce": payload.nonce,
                "to": cast("HexStr", payload.to),
                "value": payload.value,
                "data": payload.call,
                "gas": payload.gas,
                "maxFeePerGas": payload.max_fee,
                "maxPriorityFeePerGas": payload.tip,
            }
        )
        return Signed("0x" + bytes(made.hash).hex(), bytes(made.raw_transaction))


def read_payload(raw: bytes) -> Payload:
    """Return the fields of signed bytes of ours."""
    found = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    return Payload(
        chain_id=found["chainId"],
        nonce=found["nonce"],
        to=checksummed("0x" + bytes(found["to"]).hex()),
        value=found["value"],
        call=bytes(found["data"]),
        gas=found["gas"],
        max_fee=found["maxFeePerGas"],
        tip=found["maxPriorityFeePerGas"],
    )


def open_key(file: Path, password: str) -> Key:
    """Open a key file: a keystore (JSON, with a password) or 64 hex digits; raises Trouble."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_FILE_BYTES_MAX).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(
            f"The key file {file} cannot be read ({type(error).__name__}). See that [chain] "
            "key_file names it, and that the bot may read it."
        ) from error
    try:
        is_keystore = text.startswith("{")
        return Key(
            Account.from_key(
                bytes(Account.decrypt(json.loads(text), password))
                if is_keystore
                else bytes.fromhex(text.removeprefix("0x"))
            )
        )
    except Exception as error:  # a library's own words might repeat what is in the file
        raise Trouble(
            f"The key in {file} cannot be opened. It must be a keystore file with its password in "
            "[chain] key_password, or 64 hex digits."
        ) from error


def is_open_to_others(file: Path) -> bool:
    """Whether others on this machine can read the key file."""
    return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
