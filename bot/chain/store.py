"""The SQL of the signer: every version that was ever signed, kept before it was sent."""

from dataclasses import dataclass
from enum import StrEnum

from core.kernel.tx import Tx

_COLUMNS = """
hash, chain_id, sender, nonce, community, proposal, purpose, raw, max_fee, tip, created_ms"""
_ADD = f"""
insert into chain_tx ({_COLUMNS})
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""  # noqa: S608 - only our own columns
_OF = f"""
select {_COLUMNS}
  from chain_tx
 where chain_id = ? and sender = ? and community = ? and proposal = ?
 order by nonce, max_fee"""  # noqa: S608
_SINCE = f"""
select {_COLUMNS}
  from chain_tx
 where chain_id = ? and sender = ? and nonce >= ?
 order by nonce, max_fee"""  # noqa: S608
_LATELY = f"""
select {_COLUMNS}
  from chain_tx
 where chain_id = ? and purpose = 'schedule' and created_ms > ?
 order by nonce, max_fee"""  # noqa: S608
_LAST = "select max(nonce) from chain_tx where chain_id = ? and sender = ?"
_BEGIN = """
insert into chain_order (community, proposal, operation, since_block, measured)
values (?, ?, ?, ?, '')
on conflict (community, proposal) do update
   set operation = excluded.operation, since_block = excluded.since_block, measured = ''"""
_BEGUN = """
select operation, since_block, measured from chain_order where community = ? and proposal = ?"""
_MEASURE = "update chain_order set measured = ? where community = ? and proposal = ?"


class Purpose(StrEnum):
    """What a transaction is for; a void one only uses up its nonce."""

    SCHEDULE = "schedule"
    EXECUTE = "execute"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Version:
    """Signed bytes; versions of one nonce differ in what they pay, and any may be mined."""

    hash: str
    chain_id: int
    sender: str
    nonce: int
    community: int
    proposal: int
    purpose: Purpose
    raw: bytes
    max_fee: int
    tip: int
    created_ms: int


@dataclass(frozen=True, slots=True)
class Begun:
    """An order that the signer took up: its id on the chain, the first block that may tell of it.

    `measured` says what a block's balances showed: the block's hash and the verdict.
    """

    operation: str
    since_block: int
    measured: str


def add(tx: Tx, new: Version) -> None:
    """Keep signed bytes."""
    tx.run(
        _ADD,
        (
            new.hash,
            new.chain_id,
            new.sender,
            new.nonce,
            new.community,
            new.proposal,
            new.purpose.value,
            new.raw,
            new.max_fee,
            new.tip,
            new.created_ms,
        ),
    )


def of(tx: Tx, chain_id: int, sender: str, community: int, proposal: int) -> list[Version]:
    """Return everything that was signed for an operation, by nonce, then by fee."""
    return _read(tx, _OF, (chain_id, sender, community, proposal))


def since(tx: Tx, chain_id: int, sender: str, nonce: int) -> list[Version]:
    """Return everything that was signed with a nonce or a later one."""
    return _read(tx, _SINCE, (chain_id, sender, nonce))


def scheduled_since(tx: Tx, chain_id: int, at_ms: int) -> list[Version]:
    """Return what was signed to be scheduled after an instant."""
    return _read(tx, _LATELY, (chain_id, at_ms))


def last_nonce(tx: Tx, chain_id: int, sender: str) -> int | None:
    """Return the highest nonce that was signed."""
    row = tx.one(_LAST, (chain_id, sender))
    return None if row is None or row[0] is None else int(row[0])


def begin(tx: Tx, community: int, proposal: int, operation: str, since_block: int) -> None:
    """Note that an order is taken up."""
    tx.run(_BEGIN, (community, proposal, operation, since_block))


def begun(tx: Tx, community: int, proposal: int) -> Begun | None:
    """Return what is noted of an order."""
    row = tx.one(_BEGUN, (community, proposal))
    return Begun(*row) if row else None


def measure(tx: Tx, community: int, proposal: int, found: str) -> None:
    """Note what balances showed."""
    tx.run(_MEASURE, (found, community, proposal))


def _read(tx: Tx, sql: str, args: tuple[object, ...]) -> list[Version]:
    return [
        Version(*row[:6], Purpose(row[6]), bytes(row[7]), *row[8:])  # type: ignore[call-arg]
        for row in tx.all(sql, args)
    ]
