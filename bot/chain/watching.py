"""What the chain shows of an operation: its stage, receipts, logs, and what arrived.

An answer is final only at the finalized tag, or under so many blocks; before that a
reorganisation may take it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chain.node import Log, Node, Receipt
from bot.chain.store import Version
from bot.chain.timelock import (
    BALANCE_OF,
    CALL_EXECUTED,
    CALL_SCHEDULED,
    CANCELLED,
    GET_STATE,
    GET_TIMESTAMP,
    TRANSFER,
    Stage,
    ask,
    word_of,
)
from core.execution import Order

# Chains' clocks and ours differ; what is a day older than the decision cannot tell of it.
SKEW_S = 24 * 3_600


@dataclass(frozen=True, slots=True)
class Seen:
    """An operation at one block, with what became of everything that was signed for it."""

    block: int
    stage: Stage
    receipts: dict[str, Receipt]


@dataclass(frozen=True, slots=True)
class Veto:
    """Who took an operation back, and with which transaction."""

    by: str
    tx: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where something happened."""

    tx: str
    block: int


def look(node: Node, order: Order, operation: str, versions: Iterable[Version]) -> Seen:
    """Return how an operation stands at the head, receipts first: what is newer is not missed."""
    receipts = {
        one.hash: receipt for one in versions if (receipt := node.receipt(one.hash)) is not None
    }
    head = node.head()
    stage = node.number(order.timelock, ask(GET_STATE, _word(operation)), head.number)
    return Seen(head.number, Stage(stage), receipts)


def ready_ms(node: Node, order: Order, operation: str) -> int:
    """Return from when on an operation can be executed."""
    return node.number(order.timelock, ask(GET_TIMESTAMP, _word(operation))) * 1000


def veto(node: Node, order: Order, operation: str, since: int, until: int) -> Veto | None:
    """Return who cancelled an operation, None where nobody did."""
    found = node.logs(order.timelock, [CANCELLED, operation], since, until)
    if not found:
        return None
    sender, receiver = node.parties(found[-1].tx)
    # A guardian may be a contract, which somebody else has called.
    return Veto(sender if receiver == order.timelock else receiver, found[-1].tx)


def scheduled(node: Node, order: Order, operation: str, since: int, until: int) -> Found | None:
    """Return where an operation was scheduled the last time."""
    return _last(node.logs(order.timelock, [CALL_SCHEDULED, operation], since, until))


def executed(node: Node, order: Order, operation: str, since: int, until: int) -> Found | None:
    """Return where an operation was executed, by whomever."""
    return _last(node.logs(order.timelock, [CALL_EXECUTED, operation], since, until))


def _last(found: list[Log]) -> Found | None:
    return Found(found[-1].tx, found[-1].block) if found else None


def missing(node: Node, order: Order, receipt: Receipt) -> str:
    """Return what is missing of a payment in its block, nothing where exactly it arrived.

    The transaction must have one Transfer of the amount from the timelock to the payee, and the
    balances of both must have moved as all Transfers of that block together say: a token that
    takes a fee breaks the first, one that only says so breaks the second.
    """
    mine = [
        one
        for one in receipt.logs
        if one.address == order.token
        and one.topics == (TRANSFER, word_of(order.timelock), word_of(order.to))
        and one.words == f"0x{order.amount:064x}"
    ]
    if len(mine) != 1:
        return "the token did not report the transfer of exactly the amount"
    everything = node.logs(order.token, [TRANSFER], receipt.block, receipt.block)
    for who in (order.to, order.timelock):
        asked = ask(BALANCE_OF, who)
        before = node.number(order.token, asked, receipt.block - 1)
        after = node.number(order.token, asked, receipt.block)
        if after - before != _moved(everything, word_of(who)):
            return f"the balance of {who} did not change by what the token reported"
    return ""


def _moved(transfers: list[Log], who: str) -> int:
    came = sum(int(one.words, 16) for one in transfers if one.topics[2:3] == (who,))
    went = sum(int(one.words, 16) for one in transfers if one.topics[1:2] == (who,))
    return came - went


def _word(operation: str) -> bytes:
    return bytes.fromhex(operation.removeprefix("0x"))
