"""Whether a payment may go on as things stand on the chain: decimals, and what is there to pay."""

from collections.abc import Iterable

from bot.chain.allow import AllowedTreasury, NotAllowed, check_order
from bot.chain.keys import read_payload
from bot.chain.node import Node
from bot.chain.store import Version
from bot.chain.timelock import BALANCE_OF, DECIMALS, ask
from core.execution import Alarm, Order, Why


def refusal(
    node: Node, order: Order, treasuries: Iterable[AllowedTreasury], lately: Iterable[bytes]
) -> NotAllowed | None:
    """Return why a payment is not even scheduled, None where it is."""
    try:
        check_order(order, treasuries, lately)
    except NotAllowed as refused:
        return refused
    decimals, held = _token(node, order)
    if decimals != order.decimals:
        return NotAllowed(Why.DECIMALS_CHANGED, _decimals(order, decimals))
    if held < order.amount:
        return NotAllowed(Why.NOT_ENOUGH, f"the treasury holds {held} base units")
    return None


def others(mine: Iterable[Version], lately: Iterable[Version]) -> list[bytes]:
    """Return the other payments among what was scheduled; versions of one nonce are one."""
    hashes = {one.hash for one in mine}
    theirs = {(one.sender, one.nonce): one.raw for one in lately if one.hash not in hashes}
    return [read_payload(raw).call for raw in theirs.values()]


def changed(node: Node, order: Order) -> tuple[Alarm, str] | None:
    """Return what keeps a scheduled payment from being executed, None where nothing does."""
    decimals, held = _token(node, order)
    if decimals != order.decimals:
        return Alarm.CONTRADICTION, f"#{order.proposal}: {_decimals(order, decimals)}"
    if held < order.amount:
        return (
            Alarm.TREASURY_SHORT,
            f"#{order.proposal}: the treasury holds {held} base units, {order.amount} are due",
        )
    return None


def _token(node: Node, order: Order) -> tuple[int, int]:
    decimals = node.number(order.token, ask(DECIMALS))
    return decimals, node.number(order.token, ask(BALANCE_OF, order.timelock))


def _decimals(order: Order, found: int) -> str:
    return f"the token has {found} decimals, and {order.decimals} were voted on"
