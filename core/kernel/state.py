"""Small facts of the running bot itself: heartbeat, what was declared to a platform."""

from core.kernel.tx import Tx

_GET = "select value from state where name = ?"
_PUT = """
insert into state (name, value) values (?, ?)
on conflict (name) do update set value = excluded.value"""


def get(tx: Tx, name: str) -> str | None:
    """Return a fact, if it is known."""
    row = tx.one(_GET, (name,))
    return str(row[0]) if row else None


def put(tx: Tx, name: str, value: str) -> None:
    """Keep a fact."""
    tx.run(_PUT, (name, value))
