"""The SQL of link codes, and of members who turned out to be somebody else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.kernel.canonical import decode, encode
from core.kernel.tx import Tx

_COLUMNS = """
number, what, community, member, expires_ms, secret, other, other_space, place, confirmed_by"""
_ADD = f"""
insert into link_code (digest, {_COLUMNS})
values (?, ?, ?, ?, ?, ?, ?, null, null, null, null)"""  # noqa: S608 - only our own columns
_ONE = f"select {_COLUMNS} from link_code where number = ?"  # noqa: S608
_BY_DIGEST = f"select {_COLUMNS} from link_code where digest = ?"  # noqa: S608
_OF = f"""
select {_COLUMNS} from link_code
 where community = ? and what = ? and (member = ? or other = ?) order by number desc"""  # noqa: S608
_CLAIM = """
update link_code set other = ?, other_space = ?, place = ?, expires_ms = ?, secret = null
 where number = ?"""
_CONFIRM = "update link_code set confirmed_by = ? where number = ?"
_HUSH = "update link_code set secret = null where number = ?"
_DROP = "delete from link_code where number = ?"
_DROP_ALL = "delete from link_code where community = ?"
_PRUNE = "delete from link_code where community = ? and expires_ms < ?"
_MOVE_ACCOUNTS = "update account set member = ? where community = ? and member = ?"
_LEADS_ON = "update linked set into_member = ? where community = ? and into_member = ?"
_LINK = "insert into linked (community, member, into_member, at_ms) values (?, ?, ?, ?)"
_INTO = "select into_member from linked where community = ? and member = ?"
_LINKED = "select member, into_member, at_ms from linked where community = ?"
_STRAY = """
select distinct a.member from account a
  join linked l on l.community = a.community and l.member = a.member
 where a.community = ? order by a.member"""
_FROM = "select member from linked where community = ? and into_member = ? order by member"


class What(StrEnum):
    """What a code links: two accounts of one person, or a space to a community."""

    MEMBER = "member"
    SPACE = "space"


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was given; `secret` is what it is made of, until it is used or expires.

    `other`, `other_space` and `place` (channel and thread) are who typed it, and where;
    `confirmed_by` who confirmed so far.
    """

    number: int
    what: What
    community: int
    member: int
    expires_ms: int
    secret: bytes | None
    other: int | None = None
    other_space: int | None = None
    place: tuple[str, str] | None = None
    confirmed_by: int | None = None

    def waits(self, now_ms: int) -> bool:
        """Whether somebody typed it, and it waits to be confirmed."""
        return self.other is not None and now_ms < self.expires_ms


def _read(row: tuple[Any, ...]) -> Code:
    number, what, community, member, expires_ms, secret, other, space, place, by = row
    kept = None if secret is None else bytes(secret)
    where = None if place is None else (decode(place)[0], decode(place)[1])
    return Code(number, What(what), community, member, expires_ms, kept, other, space, where, by)


def add(tx: Tx, new: Code, digest: str) -> None:
    """Keep a code."""
    row = (digest, new.number, new.what.value, new.community, new.member, new.expires_ms)
    tx.run(_ADD, (*row, new.secret))


def code(tx: Tx, number: int) -> Code | None:
    """Return a code by its number."""
    row = tx.one(_ONE, (number,))
    return _read(row) if row else None


def by_digest(tx: Tx, digest: str) -> Code | None:
    """Return the code that somebody typed."""
    row = tx.one(_BY_DIGEST, (digest,))
    return _read(row) if row else None


def codes_of(tx: Tx, community: int, what: What, member: int) -> list[Code]:
    """Return the codes that a member gave or typed, the newest first."""
    return [_read(row) for row in tx.all(_OF, (community, what.value, member, member))]


def claim(tx: Tx, now: Code) -> None:
    """Note who typed a code, and where; nobody else can use it then."""
    place = None if now.place is None else encode(list(now.place))
    tx.run(_CLAIM, (now.other, now.other_space, place, now.expires_ms, now.number))


def confirm(tx: Tx, number: int, member: int) -> None:
    """Note who confirmed."""
    tx.run(_CONFIRM, (member, number))


def hush(tx: Tx, number: int) -> None:
    """Forget what a code is made of."""
    tx.run(_HUSH, (number,))


def drop(tx: Tx, number: int) -> None:
    """Forget a code."""
    tx.run(_DROP, (number,))


def drop_all(tx: Tx, community: int) -> None:
    """Forget all codes of a community."""
    tx.run(_DROP_ALL, (community,))


def prune(tx: Tx, community: int, before_ms: int) -> None:
    """Forget the codes that expired before an instant."""
    tx.run(_PRUNE, (community, before_ms))


def join(tx: Tx, community: int, gone: int, into: int, at_ms: int) -> None:
    """Have all accounts of one member be another's, and remember who turned out to be whom."""
    tx.run(_MOVE_ACCOUNTS, (into, community, gone))
    tx.run(_LEADS_ON, (into, community, gone))
    tx.run(_LINK, (community, gone, into, at_ms))


def person(tx: Tx, community: int, member: int) -> int:
    """Return who a member turned out to be; mostly that very member."""
    row = tx.one(_INTO, (community, member))
    return int(row[0]) if row else member


def formerly(tx: Tx, community: int, member: int) -> list[int]:
    """Return who turned out to be this member."""
    return [row[0] for row in tx.all(_FROM, (community, member))]


def linked(tx: Tx, community: int) -> dict[int, tuple[int, int]]:
    """Return (who it is now, when that was found, in ms) of each member who is another one now."""
    return {member: (into, at_ms) for member, into, at_ms in tx.all(_LINKED, (community,))}


def stray_accounts(tx: Tx, community: int) -> list[int]:
    """Return who is another member now and still has an account."""
    return [row[0] for row in tx.all(_STRAY, (community,))]
