"""Whether a wallet signed a sign-in text: EIP-4361 read strictly, EIP-191, EIP-1271.

The text is made again by the core from what it kept, so nothing that was signed is believed; it is
read all the same, since what is signed must be what wallets show and chains mean.
"""

import re
from datetime import UTC, datetime

from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_defunct

from bot.chain.node import Node
from bot.chain.timelock import selector
from bot.chain.trouble import WouldRevert
from core.execution import WalletCheck, WalletWhy, is_exact, keccak256
from core.kernel.clock import from_ms

_TEXT = re.compile(
    r"(?P<domain>[a-z0-9.-]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n\n"
    r"(?P<statement>[^\n]+)\n\n"
    r"URI: (?P<uri>[^\n ]+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain>[1-9][0-9]*)\n"
    r"Nonce: (?P<nonce>[a-zA-Z0-9]{8,})\n"
    r"Issued At: (?P<issued>[^\n ]+)\n"
    r"Expiration Time: (?P<expires>[^\n ]+)"
    r"(?:\nResources:(?P<resources>(?:\n- [^\n ]+)+))?",
    re.ASCII,
)
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_VALID = selector("isValidSignature(bytes32,bytes)")
_IS_VALID = _VALID.ljust(32, b"\0")
SIGNATURE_BYTES = 65


def check(node: Node, asked: WalletCheck) -> WalletWhy:
    """Return whether the wallet signed; raises NodeTrouble where a contract cannot be asked.

    Signature bytes are never a key of anything: there is more than one for the same text.
    """
    if not is_sound(asked):
        return WalletWhy.MALFORMED
    try:
        signature = bytes.fromhex(asked.signature.removeprefix("0x"))
    except ValueError:
        return WalletWhy.MALFORMED
    if len(signature) == SIGNATURE_BYTES:
        signer = _recovered(asked.text, signature)
        if signer == asked.address:
            return WalletWhy.OK
    else:
        signer = None
    return _by_contract(node, asked, signature, signer)


def is_sound(asked: WalletCheck) -> bool:
    """Whether the text is a sign-in of this address on this chain, signed while it was valid."""
    found = _TEXT.fullmatch(asked.text)
    if found is None or not is_exact(asked.address):
        return False
    try:
        issued, expires = _instant(found["issued"]), _instant(found["expires"])
    except ValueError:
        return False
    signed = from_ms(asked.asked_ms)
    return (
        found["address"] == asked.address
        and int(found["chain"]) == asked.chain_id
        and issued <= signed < expires
    )


def _instant(written: str) -> datetime:
    return datetime.strptime(written, _INSTANT).replace(tzinfo=UTC)


def _recovered(text: str, signature: bytes) -> str | None:
    """Return who signed a text as `personal_sign` does, None where nobody can have."""
    try:
        return str(Account.recover_message(encode_defunct(text=text), signature=signature))
    except Exception:  # noqa: BLE001 - whatever the library says of bytes that are no signature
        return None


def _by_contract(node: Node, asked: WalletCheck, signature: bytes, signer: str | None) -> WalletWhy:
    """Ask a wallet that is a contract, at one block (EIP-1271)."""
    node.check_chain()
    block = node.head().number
    if not node.has_code(asked.address, block):
        return WalletWhy.MALFORMED if signer is None else WalletWhy.OTHER_ACCOUNT
    body = asked.text.encode()
    digest = keccak256(b"\x19Ethereum Signed Message:\n" + str(len(body)).encode() + body)
    try:
        answer = node.call(
            asked.address, _VALID + encode(["bytes32", "bytes"], [digest, signature]), block
        )
    except WouldRevert:
        return WalletWhy.OTHER_ACCOUNT
    return WalletWhy.OK if answer == _IS_VALID else WalletWhy.OTHER_ACCOUNT
