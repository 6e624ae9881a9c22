"""Treasuries on a chain and payments from them as tables for a spreadsheet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import execution
from core.execution import Operation
from core.kernel.clock import from_ms
from core.kernel.feature import Sheet
from core.kernel.tx import Tx
from core.ledger import write_amount
from core.pools.model import Pool

_TREASURIES = (
    "pool", "name", "treasury", "chain_id", "timelock", "token", "decimals", "cap", "cap_per_day",
    "is_offered", "on_chain", "as_of_block", "as_of",
)  # fmt: skip
_OPERATIONS = (
    "vote", "treasury", "chain_id", "timelock", "token", "symbol", "member", "to", "amount",
    "state", "operation", "salt", "effects_digest", "queued", "due", "stopped", "stopped_by",
    "reason", "handed_over", "scheduled", "scheduled_tx", "scheduled_block", "ready", "executed",
    "executed_tx", "executed_block", "paid", "vetoed", "vetoed_by", "vetoed_tx", "failed",
    "failed_why", "failed_detail", "failed_tx",
)  # fmt: skip


def sheets(tx: Tx, community: int, pools: Sequence[Pool]) -> Sequence[Sheet]:
    """Return the treasuries' pools, and every payment from them; amounts in whole tokens."""
    treasuries = {one.id: one for one in execution.treasuries(tx, community)}
    rows = []
    for pool in pools:
        token = execution.token(tx, pool.token or 0)
        assert token is not None
        treasury, seen = treasuries[token.treasury], execution.balance(tx, token.id)
        read: list[Any] = [None, None, None]
        if seen is not None:
            amount = write_amount(seen.amount, token.decimals)
            read = [amount, seen.block, from_ms(seen.at_ms)]
        caps = (write_amount(cap, token.decimals) for cap in (token.cap, token.cap_per_day))
        where = (treasury.name, treasury.chain_id, treasury.timelock, token.address)
        rows.append([pool.id, pool.name, *where, token.decimals, *caps, token.is_offered, *read])
    found = [_row(one) for one in execution.operations(tx, community)]
    return (
        Sheet("treasuries", _TREASURIES, rows),
        Sheet("operations", _OPERATIONS, found),
    )


def _row(one: Operation) -> list[Any]:
    number = execution.operation_id(one.address, one.to, one.amount, one.salt)
    amount = write_amount(one.amount, one.decimals)
    return [
        one.proposal, one.treasury, one.chain_id, one.timelock, one.address, one.symbol,
        one.member, one.to, amount, one.state.value, number, one.salt, one.effects_digest,
        _at(one.queued_ms), _at(one.due_ms), _at(one.stopped_ms), one.stopped_by, one.stop_reason,
        _at(one.asked_ms), _at(one.scheduled_ms), one.scheduled_tx, one.scheduled_block,
        _at(one.ready_ms), _at(one.executed_ms), one.executed_tx, one.executed_block,
        _at(one.paid_ms), _at(one.vetoed_ms), one.vetoed_by, one.vetoed_tx, _at(one.failed_ms),
        one.failed_why and one.failed_why.value, one.failed_detail, one.failed_tx,
    ]  # fmt: skip


def _at(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else from_ms(at_ms)
