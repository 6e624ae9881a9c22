"""What core and signer give each other: an order to pay, a wallet to check. This file is the wall.

The signer is asked through the outbox, platform `chain`: a row whose subject is
`["chain.operation", proposal]` or `["wallet.check", id]`. It reports with the commands of
`reports.py` and `wallets.py`, which nobody but a signer may ask.
"""

from dataclasses import dataclass

from core.execution.operation import salt_of
from core.kernel.canonical import decode, digest

PLATFORM = "chain"
OPERATION, WALLET_CHECK = "chain.operation", "wallet.check"
# The effect that a decision carries, and the only one the signer takes an order from.
EFFECT = "chain pay"


class OrderDiffers(Exception):
    """An order is not what was voted on; the signer refuses and says so."""


@dataclass(frozen=True, slots=True)
class Order:
    """A payment as its decision's own record has it; `amount` is in base units."""

    community: int
    proposal: int
    treasury: str
    chain_id: int
    timelock: str
    token: str
    symbol: str
    decimals: int
    to: str
    amount: int
    salt: str
    effects_digest: str


@dataclass(frozen=True, slots=True)
class WalletCheck:
    """A signature to check: whether `address` signed `text`, as it stood at `asked_ms`.

    The text says until when it could be signed; it was handed in before that.
    """

    id: int
    community: int
    address: str
    chain_id: int
    text: str
    signature: str
    asked_ms: int


def read_order(
    community: int, proposal: int, effects: str, effects_digest: str | None, decision: str
) -> Order:
    """Return the order that a decision's bytes are; raises OrderDiffers.

    The salt is reckoned from the decision, never read from a row.
    """
    if effects_digest is None or digest(effects) != effects_digest:
        raise OrderDiffers("the effects are not those whose digest was voted on")
    try:
        ((path, _, said),) = decode(effects)
        found = Order(
            community=community,
            proposal=proposal,
            treasury=said["treasury"],
            chain_id=said["chain_id"],
            timelock=said["timelock"],
            token=said["token"],
            symbol=said["symbol"],
            decimals=said["decimals"],
            to=said["to"],
            amount=int(said["amount"]),
            salt=salt_of(decision, said["chain_id"], said["timelock"]),
            effects_digest=effects_digest,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise OrderDiffers("the effects are not one payment on a chain") from error
    if path != EFFECT:
        raise OrderDiffers(f"the effect is {path}")
    return found
