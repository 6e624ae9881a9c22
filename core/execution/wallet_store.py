"""The SQL of wallets, and of the texts that members are asked to sign."""

from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from core.kernel.tx import Tx

_WALLET = "select community, member, chain_id, address, challenge, proved_ms from wallet"
_ONE = f"{_WALLET} where community = ? and member = ? and chain_id = ?"
_OF = f"{_WALLET} where community = ? and member = ? order by chain_id"
_ALL = f"{_WALLET} where community = ? order by member, chain_id"
_PUT = """
insert into wallet (community, member, chain_id, address, challenge, proved_ms)
values (?, ?, ?, ?, ?, ?)
on conflict (community, member, chain_id) do update
   set address = excluded.address, challenge = excluded.challenge, proved_ms = excluded.proved_ms"""
_DROP = "delete from wallet where community = ? and member = ? and chain_id = ?"
_DROP_ALL = "delete from wallet where community = ? and member = ?"
_COLUMNS = """
id, community, member, platform, account, chain_id, address, nonce, issued_ms, expires_ms,
signature, asked_ms, is_proved, why"""
_CHALLENGE = f"select {_COLUMNS} from wallet_challenge where community = ? and id = ?"  # noqa: S608
_CHALLENGES = f"""
select {_COLUMNS} from wallet_challenge
 where community = ? and member = ? order by id desc"""  # noqa: S608
_ADD = f"""
insert into wallet_challenge ({_COLUMNS})
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null, null, null, null)"""  # noqa: S608
_SIGN = "update wallet_challenge set signature = ?, asked_ms = ? where id = ?"
_CHECK = "update wallet_challenge set is_proved = ?, why = ? where id = ?"
_DROP_CHALLENGES = "delete from wallet_challenge where community = ? and member = ?"
_PRUNE = "delete from wallet_challenge where community = ? and expires_ms < ?"


class WalletWhy(StrEnum):
    """What came of checking a signature."""

    OK = "ok"
    OTHER_ACCOUNT = "other_account"
    MALFORMED = "malformed"
    NOT_A_WALLET = "not_a_wallet"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Wallet:
    """An address that a member has shown to be theirs; one a member and chain."""

    community: int
    member: int
    chain_id: int
    address: str
    challenge: int
    proved_ms: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """A text that a member was asked to sign, for one account; with the signature once it came."""

    id: int
    community: int
    member: int
    platform: str
    account: str
    chain_id: int
    address: str
    nonce: bytes
    issued_ms: int
    expires_ms: int
    signature: str | None = None
    asked_ms: int | None = None
    is_proved: bool | None = None
    why: WalletWhy | None = None


def wallet(tx: Tx, community: int, member: int, chain_id: int) -> Wallet | None:
    """Return a member's wallet on a chain."""
    row = tx.one(_ONE, (community, member, chain_id))
    return Wallet(*row) if row else None


def wallets_of(tx: Tx, community: int, member: int) -> list[Wallet]:
    """Return a member's wallets."""
    return [Wallet(*row) for row in tx.all(_OF, (community, member))]


def wallets(tx: Tx, community: int) -> list[Wallet]:
    """Return all wallets of a community."""
    return [Wallet(*row) for row in tx.all(_ALL, (community,))]


def put(tx: Tx, new: Wallet) -> None:
    """Keep a wallet in place of an earlier one."""
    tx.run(_PUT, astuple(new))


def drop(tx: Tx, one: Wallet) -> None:
    """Forget a wallet."""
    tx.run(_DROP, (one.community, one.member, one.chain_id))


def drop_all(tx: Tx, community: int, member: int) -> None:
    """Forget everything about a member's wallets."""
    tx.run(_DROP_ALL, (community, member))
    tx.run(_DROP_CHALLENGES, (community, member))


def _challenge(row: tuple[Any, ...]) -> Challenge:
    kept = list(row)
    kept[7] = bytes(kept[7])
    kept[12] = None if kept[12] is None else bool(kept[12])
    kept[13] = None if kept[13] is None else WalletWhy(kept[13])
    return Challenge(*kept)


def challenge(tx: Tx, community: int, number: int) -> Challenge | None:
    """Return a text that somebody was asked to sign."""
    row = tx.one(_CHALLENGE, (community, number))
    return _challenge(row) if row else None


def challenges(tx: Tx, community: int, member: int) -> list[Challenge]:
    """Return what a member was asked to sign, the newest first."""
    return [_challenge(row) for row in tx.all(_CHALLENGES, (community, member))]


def add(tx: Tx, new: Challenge) -> None:
    """Keep what somebody is asked to sign."""
    tx.run(_ADD, astuple(new)[:10])


def sign(tx: Tx, number: int, signature: str, at_ms: int) -> None:
    """Keep the signature that came; the nonce is used with it."""
    tx.run(_SIGN, (signature, at_ms, number))


def check(tx: Tx, number: int, why: WalletWhy, *, is_proved: bool) -> None:
    """Note what came of the check."""
    tx.run(_CHECK, (int(is_proved), why.value, number))


def drop_challenges(tx: Tx, community: int, member: int) -> None:
    """Forget what a member was asked to sign."""
    tx.run(_DROP_CHALLENGES, (community, member))


def prune(tx: Tx, community: int, before_ms: int) -> None:
    """Forget the texts that could be signed only before an instant."""
    tx.run(_PRUNE, (community, before_ms))
