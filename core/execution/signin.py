"""The text that a member signs to show that a wallet is theirs.

It is an EIP-4361 message, so that wallets show it as what it is. It binds the address to one
account of one community on one chain, by a nonce that works once, for ten minutes. The signer
checks exactly this text, made again from what was kept. This file is its one recipe.
"""

from datetime import datetime
from urllib.parse import quote

from core.execution.wallet_store import Challenge
from core.kernel.clock import from_ms

DOMAIN = "folkmoot"
STATEMENT = (
    "I say that this wallet is mine, so that payments to me can go there. "
    "Signing this moves nothing and costs nothing."
)
NONCE_BYTES = 16


def message(one: Challenge, founding: bytes) -> str:
    """Return the text to sign; `founding` is the hash that the community's journal began with."""
    account = f"{quote(one.platform, safe='')}:{quote(one.account, safe='')}"
    lines = (
        f"{DOMAIN} wants you to sign in with your Ethereum account:",
        one.address,
        "",
        STATEMENT,
        "",
        f"URI: urn:{DOMAIN}:wallet",
        "Version: 1",
        f"Chain ID: {one.chain_id}",
        f"Nonce: {one.nonce[:NONCE_BYTES].hex()}",
        f"Issued At: {_instant(from_ms(one.issued_ms))}",
        f"Expiration Time: {_instant(from_ms(one.expires_ms))}",
        "Resources:",
        f"- urn:{DOMAIN}:community:{founding.hex()}",
        f"- urn:{DOMAIN}:account:{account}",
    )
    return "\n".join(lines)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
