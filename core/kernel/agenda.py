"""The agenda: commands that are due at a time, rows of the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.kernel.canonical import decode, encode
from core.kernel.clock import to_ms
from core.kernel.command import Command
from core.kernel.tx import Tx

# After so many failures the admins are told; then once an hour it is tried again.
TRIES_MAX = 8
BACKOFF_MS = 2_000
BACKOFF_MS_MAX = 3_600_000

_PUT = """
insert into agenda (key, community, due_ms, run_ms, command, version, args, tries)
values (?, ?, ?, ?, ?, ?, ?, 0)
on conflict (key) do update
   set due_ms = excluded.due_ms, run_ms = excluded.run_ms, command = excluded.command,
       version = excluded.version, args = excluded.args, tries = 0"""
_DROP = "delete from agenda where key = ?"
_DROP_ALL = "delete from agenda where community = ?"
_DONE = "delete from agenda where key = ? and due_ms = ?"
_FAILED = """
update agenda set tries = tries + 1, run_ms = ?
 where key = ? and due_ms = ?"""
_TRIES = "select tries from agenda where key = ? and due_ms = ?"
_IS_PUT = "select 1 from agenda where key = ?"
_ARGS_OF = "select args from agenda where community = ? and command = ? order by due_ms, key"
_DUE_OF = "select due_ms, args from agenda where community = ? and command = ?"
DUE = """
select key, community, due_ms, command, version, args, tries
  from agenda where run_ms <= ? order by run_ms, due_ms, key limit ?"""
NEXT = "select min(run_ms) from agenda"


@dataclass(frozen=True, slots=True)
class Due:
    """A row that has come due."""

    key: str
    community: int
    due_ms: int
    command: str
    version: int
    args: dict[str, Any]
    tries: int

    @property
    def request_id(self) -> str:
        """The id that makes it run once: `agenda:<key>@<due ms>`."""
        return f"agenda:{self.key}@{self.due_ms}"


def put(tx: Tx, community: int, key: str, at: datetime, command: Command) -> None:
    """Put a command on the agenda, or move it there."""
    due = to_ms(at)
    declared = command.declaration
    args = encode(command.dumped)
    tx.run(_PUT, (key, community, due, due, declared.path, declared.version, args))


def drop(tx: Tx, key: str) -> None:
    """Take a command off the agenda."""
    tx.run(_DROP, (key,))


def drop_all(tx: Tx, community: int) -> None:
    """Take everything off the agenda that is due for a community."""
    tx.run(_DROP_ALL, (community,))


def is_put(tx: Tx, key: str) -> bool:
    """Whether a command is on the agenda."""
    return tx.one(_IS_PUT, (key,)) is not None


def args_of(tx: Tx, community: int, command: str) -> list[dict[str, Any]]:
    """Return what waits of one command, in due order."""
    return [decode(row[0]) for row in tx.all(_ARGS_OF, (community, command))]


def due_of(tx: Tx, community: int, command: str) -> list[tuple[int, dict[str, Any]]]:
    """Return when each of one command is due in a community, and with what."""
    return [(due_ms, decode(args)) for due_ms, args in tx.all(_DUE_OF, (community, command))]


def done(tx: Tx, key: str, due_ms: int) -> None:
    """Take off the row that has run, unless it moved meanwhile."""
    tx.run(_DONE, (key, due_ms))


def failed(tx: Tx, key: str, due_ms: int, now_ms: int) -> int:
    """Put a row that failed off for a while; return how often it has failed."""
    row = tx.one(_TRIES, (key, due_ms))
    tries = row[0] if row else 0
    wait = BACKOFF_MS * 2**tries if tries + 1 < TRIES_MAX else BACKOFF_MS_MAX
    tx.run(_FAILED, (now_ms + wait, key, due_ms))
    return int(tries) + 1


def due_from(row: tuple[Any, ...]) -> Due:
    """Read a row of `DUE`."""
    key, community, due_ms, command, version, args, tries = row
    return Due(key, community, due_ms, command, version, decode(args), tries)
