"""The SQL of pools and payments."""

from typing import Any

from core.kernel.tx import Tx
from core.ledger import Asset
from core.pools.model import Asked, Payment, Pool, Switch

# A pool of a token has no asset in the books; six places of its amounts are kept.
_POOL = """
select p.id, p.community, p.name, p.created_ms, p.asset, coalesce(a.symbol, t.symbol),
       coalesce(a.decimals, case when t.decimals < 6 then t.decimals else 6 end), p.token
  from pool p
  left join asset a on a.id = p.asset
  left join chain_token t on t.id = p.token"""
_BY_ID = f"{_POOL} where p.community = ? and p.id = ?"
_BY_NAME = f"{_POOL} where p.community = ? and p.name_key = ?"
_POOLS = f"{_POOL} where p.community = ? order by p.id"
_KEYS = "select id, name_key from pool where community = ?"
_ADD_POOL = """
insert into pool (id, community, name, name_key, asset, created_ms, token)
values (?, ?, ?, ?, ?, ?, ?)"""
SUGGEST = f"{_POOL} where p.community = ? order by p.name_key limit 50"
_COLUMNS = """
proposal, pool, member, amount, reserved_ms, pay_ms, entry, paid_ms, stopped_ms, stopped_by,
stop_reason, end_entry"""
_ONE = f"select {_COLUMNS} from payment where community = ? and proposal = ?"  # noqa: S608
_ALL = f"select {_COLUMNS} from payment where community = ? order by proposal"  # noqa: S608
_WAITING = f"""
select {_COLUMNS} from payment
 where community = ? and paid_ms is null and stopped_ms is null order by proposal"""  # noqa: S608
_BY_ENTRIES = f"""
select {_COLUMNS} from payment
 where community = ? and pool = ? order by proposal desc limit ?"""  # noqa: S608
_RECENT = """
select coalesce(sum(amount), 0) from payment
 where pool = ? and reserved_ms > ? and stopped_ms is null"""
_RESERVE = """
insert into payment (community, proposal, pool, member, amount, reserved_ms, pay_ms, entry)
values (?, ?, ?, ?, ?, ?, ?, ?)"""
_PAY = """
update payment set paid_ms = ?
 where community = ? and proposal = ? and paid_ms is null and stopped_ms is null"""
_STOP = """
update payment set stopped_ms = ?, stopped_by = ?, stop_reason = ?
 where community = ? and proposal = ? and paid_ms is null and stopped_ms is null"""
_END = "update payment set end_entry = ? where community = ? and proposal = ?"
_MOVE_PAYEE = "update payment set member = ? where community = ? and proposal = ?"
_NAMING = "select proposal from payment where community = ? and (member = ? or stopped_by = ?)"
_ERASE = "update payment set stop_reason = '' where community = ? and stopped_by = ?"
_ASKED = """
select what, asked_ms, asked_by, done_ms, done_by from payments_paused where community = ?"""
_ASK = """
insert into payments_paused (community, what, asked_ms, asked_by) values (?, ?, ?, ?)
on conflict (community, what) do update
   set asked_ms = excluded.asked_ms, asked_by = excluded.asked_by"""
_DO = "update payments_paused set done_ms = ?, done_by = ? where community = ? and what = ?"
_MOVE_ASKED_BY = "update payments_paused set asked_by = ? where community = ? and asked_by = ?"
_MOVE_DONE_BY = "update payments_paused set done_by = ? where community = ? and done_by = ?"
_CLEAR = "delete from payments_paused where community = ?"


def read_pool(row: tuple[Any, ...]) -> Pool:
    """Read a row of a pool with its asset."""
    number, community, name, created_ms, asset, symbol, decimals, token = row
    return Pool(number, community, name, Asset(asset, symbol, decimals), created_ms, token)


def pool(tx: Tx, community: int, number: int) -> Pool | None:
    """Return a pool of a community."""
    row = tx.one(_BY_ID, (community, number))
    return read_pool(row) if row else None


def pool_named(tx: Tx, community: int, key: str) -> Pool | None:
    """Return a pool by its name as names are compared."""
    row = tx.one(_BY_NAME, (community, key))
    return read_pool(row) if row else None


def pools(tx: Tx, community: int) -> list[Pool]:
    """Return the pools of a community, the oldest first."""
    return [read_pool(row) for row in tx.all(_POOLS, (community,))]


def name_keys(tx: Tx, community: int) -> dict[int, str]:
    """Return what each pool's name is compared by."""
    return dict[int, str](tx.all(_KEYS, (community,)))


def add_pool(tx: Tx, new: Pool, key: str) -> None:
    """Add a pool."""
    args = (new.id, new.community, new.name, key, new.asset.id, new.created_ms, new.token)
    tx.run(_ADD_POOL, args)


def payment(tx: Tx, community: int, proposal: int) -> Payment | None:
    """Return what a proposal reserved."""
    row = tx.one(_ONE, (community, proposal))
    return Payment(*row) if row else None


def payments(tx: Tx, community: int) -> list[Payment]:
    """Return every payment of a community."""
    return [Payment(*row) for row in tx.all(_ALL, (community,))]


def waiting(tx: Tx, community: int) -> list[Payment]:
    """Return what is neither paid nor stopped."""
    return [Payment(*row) for row in tx.all(_WAITING, (community,))]


def latest(tx: Tx, of: Pool, limit: int) -> list[Payment]:
    """Return a pool's newest payments."""
    return [Payment(*row) for row in tx.all(_BY_ENTRIES, (of.community, of.id, limit))]


def recent(tx: Tx, pool: int, since_ms: int) -> int:
    """Return what requests took from a pool since an instant and did not give back."""
    row = tx.one(_RECENT, (pool, since_ms))
    assert row is not None
    return int(row[0])


def reserve(tx: Tx, community: int, new: Payment) -> None:
    """Keep a payment that waits."""
    tx.run(
        _RESERVE,
        (
            community,
            new.proposal,
            new.pool,
            new.member,
            new.amount,
            new.reserved_ms,
            new.pay_ms,
            new.entry,
        ),
    )


def pay(tx: Tx, community: int, proposal: int, at_ms: int) -> bool:
    """Note that a payment is paid; return False where it was over before."""
    return tx.change(_PAY, (at_ms, community, proposal)) == 1


def stop(tx: Tx, community: int, proposal: int, at_ms: int, by: int, reason: str) -> bool:
    """Note that a payment is stopped; return False where it was over before."""
    return tx.change(_STOP, (at_ms, by, reason, community, proposal)) == 1


def end(tx: Tx, community: int, proposal: int, entry: int) -> None:
    """Note the entry that paid or gave back."""
    tx.run(_END, (entry, community, proposal))


def move_payee(tx: Tx, community: int, proposal: int, member: int) -> None:
    """Have a payment that waits go to a member."""
    tx.run(_MOVE_PAYEE, (member, community, proposal))


def move_asked(tx: Tx, community: int, gone: int, into: int) -> None:
    """Have what one admin asked for be what another one did, who is the same person."""
    tx.run(_MOVE_ASKED_BY, (into, community, gone))
    tx.run(_MOVE_DONE_BY, (into, community, gone))


def naming(tx: Tx, community: int, member: int) -> list[int]:
    """Return the proposals of the payments to a member, and of those that a member stopped."""
    return [row[0] for row in tx.all(_NAMING, (community, member, member))]


def erase_reasons(tx: Tx, community: int, member: int) -> None:
    """Erase the reasons that a member gave."""
    tx.run(_ERASE, (community, member))


def asked(tx: Tx, community: int) -> dict[Switch, Asked]:
    """Return what admins asked for together."""
    found = [Asked(Switch(what), *rest) for what, *rest in tx.all(_ASKED, (community,))]
    return {one.what: one for one in found}


def ask(tx: Tx, community: int, new: Asked) -> None:
    """Keep what one admin asks for."""
    tx.run(_ASK, (community, new.what.value, new.asked_ms, new.asked_by))


def do(tx: Tx, community: int, what: Switch, at_ms: int, by: int) -> None:
    """Note that a second admin confirmed."""
    tx.run(_DO, (at_ms, by, community, what.value))


def clear(tx: Tx, community: int) -> None:
    """Let payments go on."""
    tx.run(_CLEAR, (community,))
