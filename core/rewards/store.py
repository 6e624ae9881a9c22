"""The SQL of rewards and paydays."""

from collections.abc import Sequence
from typing import Any

from core.kernel.canonical import decode
from core.kernel.tx import Tx, several
from core.reputation import Every
from core.rewards.model import By, Payday, Reward

_REWARD = "seq, pool, amount, every, by_key, set_ms, set_by, starts_ms, ends_ms"
_ADD = f"insert into reward (community, {_REWARD}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_ONE = f"select {_REWARD} from reward where community = ? and seq = ?"  # noqa: S608
_ALL = f"select {_REWARD} from reward where community = ? order by seq"  # noqa: S608
_END = "update reward set ends_ms = ? where community = ? and seq = ?"
_PAYDAY = "pool, from_ms, to_ms, reward, lot_key, paid_ms, seq, record"
_OPEN = """
insert into payday (community, pool, from_ms, to_ms, reward, lot_key) values (?, ?, ?, ?, ?, ?)
on conflict (community, pool, from_ms) do update
   set to_ms = excluded.to_ms, reward = excluded.reward"""
_CALL_OFF = """
update payday set reward = null
 where community = ? and pool = ? and from_ms = ? and paid_ms is null"""
_PAYDAY_ONE = f"""
select {_PAYDAY} from payday where community = ? and pool = ? and from_ms = ?"""  # noqa: S608
_AFTER = f"""
select {_PAYDAY} from payday
 where community = ? and pool = ? and from_ms >= ? and reward is not null
 order by from_ms limit 1"""  # noqa: S608
_WAITING = f"""
select {_PAYDAY} from payday
 where community = ? and paid_ms is null and reward is not null order by pool"""  # noqa: S608
_LAST = """
select to_ms, brief from payday
 where community = ? and pool = ? and paid_ms is not null
 order by from_ms desc limit 1"""
_BRIEFS = """
select pool, from_ms, brief from payday where community = ? and brief is not null"""
_PAYDAYS = f"select {_PAYDAY} from payday where community = ? order by pool, from_ms"  # noqa: S608
_IN = "select pool, from_ms from payday where community = ? and seq in ({places})"
_PAY = """
update payday set paid_ms = ?, seq = ?, record = ?, brief = ?
 where community = ? and pool = ? and from_ms = ? and paid_ms is null and reward is not null"""


def add(tx: Tx, community: int, new: Reward) -> None:
    """Add a reward."""
    row = (new.seq, new.pool, new.amount, new.every.value, new.by.value, new.set_ms, new.set_by)
    tx.run(_ADD, (community, *row, new.starts_ms, new.ends_ms))


def reward(tx: Tx, community: int, seq: int) -> Reward | None:
    """Return a reward by the journal entry that set it."""
    row = tx.one(_ONE, (community, seq))
    return _reward(row) if row else None


def rewards(tx: Tx, community: int) -> list[Reward]:
    """Return every reward that was ever set, the oldest first."""
    return [_reward(row) for row in tx.all(_ALL, (community,))]


def end(tx: Tx, community: int, seq: int, ends_ms: int) -> None:
    """Have a reward end."""
    tx.run(_END, (ends_ms, community, seq))


def open_payday(tx: Tx, community: int, new: Payday) -> None:
    """Keep the epoch that runs or comes next; one that was called off keeps its key."""
    args = (community, new.pool, new.from_ms, new.to_ms, new.reward, new.lot_key)
    tx.run(_OPEN, args)


def call_off(tx: Tx, community: int, of: Payday) -> None:
    """Note that an epoch will not be rewarded after all."""
    tx.run(_CALL_OFF, (community, of.pool, of.from_ms))


def payday(tx: Tx, community: int, pool: int, from_ms: int) -> Payday | None:
    """Return the payday of an epoch."""
    row = tx.one(_PAYDAY_ONE, (community, pool, from_ms))
    return _payday(row) if row else None


def payday_after(tx: Tx, community: int, pool: int, at_ms: int) -> Payday | None:
    """Return the first payday of an epoch that begins at an instant or later."""
    row = tx.one(_AFTER, (community, pool, at_ms))
    return _payday(row) if row else None


def waiting(tx: Tx, community: int) -> list[Payday]:
    """Return the paydays to come, one a pool."""
    return [_payday(row) for row in tx.all(_WAITING, (community,))]


def last(tx: Tx, community: int, pool: int) -> tuple[int, dict[str, Any]] | None:
    """Return when a pool's last epoch ended, and its record in brief."""
    row = tx.one(_LAST, (community, pool))
    return (row[0], decode(row[1])) if row else None


def briefs(tx: Tx, community: int) -> dict[tuple[int, int], dict[str, Any]]:
    """Return every record in brief, by pool and start."""
    rows = tx.all(_BRIEFS, (community,))
    return {(pool, from_ms): decode(brief) for pool, from_ms, brief in rows}


def paydays(tx: Tx, community: int) -> list[Payday]:
    """Return every payday of a community."""
    return [_payday(row) for row in tx.all(_PAYDAYS, (community,))]


def paydays_in(tx: Tx, community: int, entries: Sequence[int]) -> list[tuple[int, int]]:
    """Return (pool, start) of the epochs whose paydays were some entries of the journal."""
    if not entries:
        return []
    places, args = several(entries)
    rows = tx.all(_IN.format(places=places), (community, *args))
    return [(pool, from_ms) for pool, from_ms in rows]


def pay(tx: Tx, community: int, of: Payday, at_ms: int, seq: int, records: Sequence[str]) -> bool:
    """Keep how an epoch ended; return False where it had ended before.

    `records` are the record as canonical JSON, in full and in brief.
    """
    return tx.change(_PAY, (at_ms, seq, *records, community, of.pool, of.from_ms)) == 1


def _reward(row: tuple[Any, ...]) -> Reward:
    seq, pool, amount, every, by, *rest = row
    return Reward(seq, pool, amount, Every(every), By(by), *rest)


def _payday(row: tuple[Any, ...]) -> Payday:
    pool, from_ms, to_ms, reward, key, paid_ms, seq, record = row
    kept = None if record is None else decode(record)
    return Payday(pool, from_ms, to_ms, reward, bytes(key), paid_ms, seq, kept)
