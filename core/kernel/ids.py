"""Ids: drawn from one counter a kind, inside the transaction that uses them."""

from core.kernel.tx import Tx

_NEXT = """
insert into counter (name, value) values (?, 1)
on conflict (name) do update set value = counter.value + 1
returning value"""


def next_id(tx: Tx, kind: str) -> int:
    """Draw the next id of a kind."""
    row = tx.one(_NEXT, (kind,))
    assert row is not None
    return int(row[0])
