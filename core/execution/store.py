"""The SQL of treasuries, tokens, operations and warnings."""

from dataclasses import astuple
from typing import Any

from core.execution.model import Balance, Operation, State, Token, Treasury, Why
from core.kernel.tx import Tx

_TREASURY = "select id, community, name, chain_id, timelock, guardian_note from chain_treasury"
_TREASURIES = f"{_TREASURY} order by id"
_TREASURIES_OF = f"{_TREASURY} where community = ? order by id"
_ADD_TREASURY = """
insert into chain_treasury (id, community, name, chain_id, timelock, guardian_note)
values (?, ?, ?, ?, ?, ?)"""
_SET_TREASURY = """
update chain_treasury set chain_id = ?, timelock = ?, guardian_note = ? where id = ?"""
_ERC20 = """
select id, treasury, symbol, address, decimals, cap, cap_per_day, is_offered from chain_token"""
_ONE_ERC20 = f"{_ERC20} where id = ?"
_ERC20S = f"{_ERC20} where treasury = ? order by id"
_ADD_ERC20 = """
insert into chain_token
  (id, treasury, symbol, address, decimals, cap, cap_per_day, is_offered)
values (?, ?, ?, ?, ?, ?, ?, ?)"""
_SET_ERC20 = """
update chain_token
   set address = ?, decimals = ?, cap = ?, cap_per_day = ?, is_offered = ? where id = ?"""
_BALANCE = "select amount, block, at_ms from chain_balance where token = ?"
_NOTE_BALANCE = """
insert into chain_balance (token, amount, block, at_ms) values (?, ?, ?, ?)
on conflict (token) do update
   set amount = excluded.amount, block = excluded.block, at_ms = excluded.at_ms"""
_DROP_BALANCE = "delete from chain_balance where token = ?"
_FACTS = """
stopped_ms, stopped_by, stop_reason, asked_ms, scheduled_ms, scheduled_tx, scheduled_block,
ready_ms, executed_ms, executed_tx, executed_block, paid_ms, vetoed_ms, vetoed_by, vetoed_tx,
failed_ms, failed_why, failed_detail, failed_tx"""
_COLUMNS = f"""
community, proposal, token, member, treasury, chain_id, timelock, address, symbol, decimals, payee,
amount, salt, effects_digest, queued_ms, due_ms, {_FACTS}"""
_N_FACTS = _FACTS.count(",") + 1
_SELECT = f"select {_COLUMNS} from chain_operation"  # noqa: S608 - only our own columns
_ONE = f"{_SELECT} where community = ? and proposal = ?"
_ALL = f"{_SELECT} where community = ? order by proposal"
_OF_TOKEN = f"{_SELECT} where token = ? order by proposal"
_OPEN = f"""{_SELECT}
 where asked_ms is not null and paid_ms is null and vetoed_ms is null
   and stopped_ms is null and failed_ms is null
 order by asked_ms, community, proposal"""
_VETOED = f"{_SELECT} where vetoed_ms > ? order by community, proposal"
_ADD = f"""
insert into chain_operation ({_COLUMNS})
values ({", ".join("?" * (_COLUMNS.count(",") + 1))})"""  # noqa: S608 - only our own columns
_KEEP = f"""
update chain_operation set {" = ?, ".join(_FACTS.split(","))} = ?
 where community = ? and proposal = ?"""  # noqa: S608 - only our own columns
_MOVE = "update chain_operation set member = ? where community = ? and proposal = ?"
_ERASE = """
update chain_operation set stop_reason = ''
 where community = ? and stopped_by = ?"""
_WARNED = "select at_ms from chain_warned where community = ? and what = ?"
_WARN = """
insert into chain_warned (community, what, at_ms) values (?, ?, ?)
on conflict (community, what) do update set at_ms = excluded.at_ms"""


def treasuries(tx: Tx, community: int | None = None) -> list[Treasury]:
    """Return the treasuries of a community, or all of them."""
    rows = tx.all(_TREASURIES) if community is None else tx.all(_TREASURIES_OF, (community,))
    return [Treasury(*row) for row in rows]


def add_treasury(tx: Tx, new: Treasury) -> None:
    """Add a treasury."""
    tx.run(_ADD_TREASURY, astuple(new))


def set_treasury(tx: Tx, now: Treasury) -> None:
    """Keep what the configuration says of a treasury now."""
    tx.run(_SET_TREASURY, (now.chain_id, now.timelock, now.guardian_note, now.id))


def _token(row: tuple[Any, ...]) -> Token:
    number, treasury, symbol, address, decimals, cap, per_day, is_offered = row
    caps = (int(cap), int(per_day))
    return Token(number, treasury, symbol, address, decimals, *caps, bool(is_offered))


def token(tx: Tx, number: int) -> Token | None:
    """Return a token."""
    row = tx.one(_ONE_ERC20, (number,))
    return _token(row) if row else None


def tokens(tx: Tx, treasury: int) -> list[Token]:
    """Return the tokens of a treasury, also those that are not offered any more."""
    return [_token(row) for row in tx.all(_ERC20S, (treasury,))]


def add_token(tx: Tx, new: Token) -> None:
    """Add a token."""
    caps = (str(new.cap), str(new.cap_per_day))
    where = (new.id, new.treasury, new.symbol, new.address, new.decimals)
    tx.run(_ADD_ERC20, (*where, *caps, int(new.is_offered)))


def set_token(tx: Tx, now: Token) -> None:
    """Keep what the configuration says of a token now."""
    caps = (str(now.cap), str(now.cap_per_day))
    tx.run(_SET_ERC20, (now.address, now.decimals, *caps, int(now.is_offered), now.id))


def balance(tx: Tx, number: int) -> Balance | None:
    """Return what was last read of a token."""
    row = tx.one(_BALANCE, (number,))
    return Balance(int(row[0]), row[1], row[2]) if row else None


def note_balance(tx: Tx, token_id: int, amount: int, block: int, at_ms: int) -> None:
    """Note what the treasury holds of a token at a block; an observation, not a command."""
    tx.run(_NOTE_BALANCE, (token_id, str(amount), block, at_ms))


def drop_balance(tx: Tx, token_id: int) -> None:
    """Forget what was read of a token that is another one now."""
    tx.run(_DROP_BALANCE, (token_id,))


def _operation(row: tuple[Any, ...]) -> Operation:
    kept = list(row)
    kept[11] = int(kept[11])
    kept[-3] = None if kept[-3] is None else Why(kept[-3])
    return Operation(*kept)


def _row(one: Operation) -> tuple[Any, ...]:
    kept: list[Any] = list(astuple(one))
    kept[11] = str(kept[11])
    kept[-3] = None if kept[-3] is None else kept[-3].value
    return tuple(kept)


def operation(tx: Tx, community: int, proposal: int) -> Operation | None:
    """Return the operation of a proposal."""
    row = tx.one(_ONE, (community, proposal))
    return _operation(row) if row else None


def operations(tx: Tx, community: int) -> list[Operation]:
    """Return every operation of a community."""
    return [_operation(row) for row in tx.all(_ALL, (community,))]


def operations_of(tx: Tx, token_id: int) -> list[Operation]:
    """Return every operation in a token."""
    return [_operation(row) for row in tx.all(_OF_TOKEN, (token_id,))]


def open_operations(tx: Tx) -> list[Operation]:
    """Return what the signer has in hand, in all communities, the longest first."""
    return [_operation(row) for row in tx.all(_OPEN)]


def vetoed_since(tx: Tx, since_ms: int) -> list[Operation]:
    """Return what guardians cancelled since an instant, in all communities."""
    return [_operation(row) for row in tx.all(_VETOED, (since_ms,))]


def waiting(tx: Tx, community: int) -> list[Operation]:
    """Return what waits for its delay."""
    return [one for one in operations(tx, community) if one.state is State.WAITING]


def add_operation(tx: Tx, new: Operation) -> None:
    """Keep a new operation."""
    tx.run(_ADD, _row(new))


def keep_operation(tx: Tx, now: Operation) -> None:
    """Keep the facts of an operation as they are now."""
    tx.run(_KEEP, (*_row(now)[-_N_FACTS:], now.community, now.proposal))


def move_payee(tx: Tx, community: int, proposal: int, member: int) -> None:
    """Have an operation be for a member."""
    tx.run(_MOVE, (member, community, proposal))


def erase_reasons(tx: Tx, community: int, member: int) -> None:
    """Erase the reasons that a member gave."""
    tx.run(_ERASE, (community, member))


def may_warn(tx: Tx, community: int, what: str, now_ms: int, since_ms: int) -> bool:
    """Note that a warning is told now; return False where it was told after an instant."""
    row = tx.one(_WARNED, (community, what))
    if row is not None and row[0] > since_ms:
        return False
    tx.run(_WARN, (community, what, now_ms))
    return True
