"""How an operation begins, and how it is handed over. This file makes facts of an order."""

from dataclasses import replace

from core.execution.model import Operation
from core.execution.port import Order


def operation_of(
    order: Order, *, token: int, member: int, queued_ms: int, due_ms: int
) -> Operation:
    """Return the operation that an order begins with."""
    return Operation(
        community=order.community,
        proposal=order.proposal,
        token=token,
        member=member,
        treasury=order.treasury,
        chain_id=order.chain_id,
        timelock=order.timelock,
        address=order.token,
        symbol=order.symbol,
        decimals=order.decimals,
        to=order.to,
        amount=order.amount,
        salt=order.salt,
        effects_digest=order.effects_digest,
        queued_ms=queued_ms,
        due_ms=due_ms,
    )


def order_as_kept(one: Operation) -> Order:
    """Return the order as an operation's row has it, to be held against the decision's bytes."""
    return Order(
        community=one.community,
        proposal=one.proposal,
        treasury=one.treasury,
        chain_id=one.chain_id,
        timelock=one.timelock,
        token=one.address,
        symbol=one.symbol,
        decimals=one.decimals,
        to=one.to,
        amount=one.amount,
        salt=one.salt,
        effects_digest=one.effects_digest,
    )


def asked(one: Operation, at_ms: int) -> Operation:
    """Return an operation as it is handed to the signer, also once more after a failure."""
    return replace(
        one,
        asked_ms=at_ms,
        failed_ms=None,
        failed_why=None,
        failed_detail=None,
        failed_tx=None,
    )
