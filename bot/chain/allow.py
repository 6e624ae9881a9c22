"""What the signer will sign at all, held against its own configuration and the decision's bytes.

Two walls: `check_order` asks whether this payment may be made, `check_payload` whether the very
bytes that are about to be signed do this payment and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chain.store import Purpose
from bot.chain.timelock import (
    EXECUTE,
    NO_PREDECESSOR,
    SCHEDULE,
    Batch,
    read_execute,
    read_schedule,
)
from core.execution.address import ZERO, is_exact
from core.execution.model import Why
from core.execution.operation import TRANSFER, operation_id, transfer_call
from core.execution.port import Order


class NotAllowed(Exception):
    """The signer does not sign this, and says which of the books' causes it is."""

    def __init__(self, why: Why, detail: str) -> None:
        """Take the cause and what it was in words."""
        super().__init__(detail)
        self.why = why
        self.detail = detail


class NotTheOrder(Exception):
    """The bytes to sign are not what the order says; a bug or an attack, never signed."""


@dataclass(frozen=True, slots=True)
class AllowedToken:
    """A token that may be paid, and the most of it in base units: at once, and in a day."""

    symbol: str
    address: str
    decimals: int
    cap: int
    cap_per_day: int


@dataclass(frozen=True, slots=True)
class AllowedTreasury:
    """A treasury of one community, as the configuration has it."""

    community: int
    name: str
    chain_id: int
    timelock: str
    tokens: tuple[AllowedToken, ...]


@dataclass(frozen=True, slots=True)
class Payload:
    """A transaction as it is about to be signed."""

    chain_id: int
    nonce: int
    to: str
    value: int
    call: bytes
    gas: int
    max_fee: int
    tip: int


def check_order(
    order: Order, treasuries: Iterable[AllowedTreasury], lately: Iterable[bytes]
) -> None:
    """Raise NotAllowed unless the configuration has exactly this treasury and token, and room.

    `lately` are the calls of scheduleBatch that were signed in the last day, this order's aside.
    """
    token = _token(order, treasuries)
    if not is_exact(order.to) or order.to in {ZERO, order.token, order.timelock}:
        raise NotAllowed(Why.NOT_ALLOWED, f"nothing is paid to {order.to}")
    if order.amount < 1:
        raise NotAllowed(Why.NOT_ALLOWED, "the amount is not positive")
    if order.amount > token.cap:
        raise NotAllowed(
            Why.OVER_CAP, f"{order.amount} is more than {token.cap}, the cap of {token.symbol}"
        )
    spent = sum(_amount(call, order) for call in lately)
    if spent + order.amount > token.cap_per_day:
        raise NotAllowed(
            Why.OVER_DAY_CAP,
            f"with {spent} of the last 24 hours it is more than {token.cap_per_day}, the cap of "
            f"{token.symbol} for a day",
        )


def _token(order: Order, treasuries: Iterable[AllowedTreasury]) -> AllowedToken:
    mine = [one for one in treasuries if one.community == order.community]
    treasury = next((one for one in mine if one.name == order.treasury), None)
    if treasury is None:
        raise NotAllowed(Why.NOT_ALLOWED, f"no treasury {order.treasury} is configured here")
    if (treasury.chain_id, treasury.timelock) != (order.chain_id, order.timelock):
        raise NotAllowed(
            Why.NOT_ALLOWED, "the treasury is configured with another chain or timelock"
        )
    token = next((one for one in treasury.tokens if one.address == order.token), None)
    if token is None or token.symbol != order.symbol:
        raise NotAllowed(Why.UNKNOWN_TOKEN, f"{order.token} is no token of {order.treasury}")
    if token.decimals != order.decimals:
        raise NotAllowed(
            Why.DECIMALS_CHANGED,
            f"voted on with {order.decimals} decimals, configured with {token.decimals}",
        )
    return token


def _amount(call: bytes, order: Order) -> int:
    """Return what a signed schedule takes of the order's token out of any treasury."""
    batch, _ = read_schedule(call)
    if batch.targets != (order.token,):
        return 0
    return int.from_bytes(batch.payloads[0][36:68], "big")


def check_void(payload: Payload, chain_id: int, sender: str) -> None:
    """Raise NotTheOrder unless these fields only use up a nonce."""
    _same("chain", payload.chain_id, chain_id)
    _same("value", payload.value, 0)
    _same("receiver", payload.to, sender)
    _same("call", payload.call, b"")


def check_payload(payload: Payload, order: Order, purpose: Purpose, delay_s: int) -> None:
    """Raise NotTheOrder unless these fields do what the order says; read back from the bytes."""
    _same("chain", payload.chain_id, order.chain_id)
    _same("value", payload.value, 0)
    _same("receiver", payload.to, order.timelock)
    wanted = SCHEDULE if purpose is Purpose.SCHEDULE else EXECUTE
    _same("function", payload.call[:4], wanted)
    try:
        if purpose is Purpose.SCHEDULE:
            batch, delay = read_schedule(payload.call)
            _same("delay", delay, delay_s)
        else:
            batch = read_execute(payload.call)
    except NotTheOrder:
        raise
    except Exception as error:  # whatever a decoder says of bytes that are none of ours
        raise NotTheOrder(f"the call cannot be read: {error}") from error
    _check_batch(batch, order)


def _check_batch(batch: Batch, order: Order) -> None:
    _same("targets", batch.targets, (order.token,))
    _same("values", batch.values, (0,))
    _same("predecessor", batch.predecessor, NO_PREDECESSOR)
    _same("salt", batch.salt, order.salt)
    _same("number of calls", len(batch.payloads), 1)
    (paying,) = batch.payloads
    _same("selector", paying[:4], TRANSFER)
    _same("payment", paying, transfer_call(order.to, order.amount))


def _same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise NotTheOrder(f"the {what} is not that of the order")


def id_of(order: Order) -> str:
    """Return the id of an order in its timelock."""
    return operation_id(order.token, order.to, order.amount, order.salt)
