"""Small facts of the running bot itself: heartbeat, what was declared to a platform."""

from core.kernel.tx import Tx

_GET = "select value from state where name = ?"
_PUT = """
insert into state (name, value) values (?, ?)
on conflict (name) do update set value = excluded.value"""
_DROP = "delete from state where name = ?"
_UNDER = "select name, value from state where name >= ? and name < ?"


def get(tx: Tx, name: str) -> str | None:
    """Return a fact, if it is known."""
    row = tx.one(_GET, (name,))
    return str(row[0]) if row else None


def put(tx: Tx, name: str, value: str) -> None:
    """Keep a fact."""
    tx.run(_PUT, (name, value))


def drop(tx: Tx, name: str) -> None:
    """Forget a fact."""
    tx.run(_DROP, (name,))


def under(tx: Tx, prefix: str) -> dict[str, str]:
    """Return the facts whose names start with a prefix that ends in a dot."""
    after = prefix[:-1] + "/"  # the next sign after the dot
    return dict[str, str](tx.all(_UNDER, (prefix, after)))
