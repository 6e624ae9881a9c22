"""The SQL of communities: spaces, members, accounts, settings, channels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.canonical import sha256
from core.kernel.clock import from_ms
from core.kernel.outbox import Person
from core.kernel.people import Community, Member, Space
from core.kernel.request import AccountRef
from core.kernel.setting import Settings
from core.kernel.tx import Row, Tx, several

_FIND = """
select c.id, c.name, c.home_space, s.id, s.platform, s.space, s.community, s.joined_ms
  from space s join community c on c.id = s.community
 where s.platform = ? and s.space = ?"""
_COMMUNITY = "select id, name, home_space from community where id = ?"
_FOUND = "insert into community (id, name, home_space, salt, founded_ms) values (?, ?, ?, ?, ?)"
_ADD_SPACE = """
insert into space (id, platform, space, community, is_active) values (?, ?, ?, ?, 1)"""
_ACTIVATE = "update space set is_active = ? where id = ? and is_active <> ?"
_MOVE_SPACE = "update space set space = ? where id = ?"
_JOIN_SPACE = "update space set community = ?, joined_ms = ? where id = ?"
_MOVE_CHANNELS = "update channel set channel = ? where space = ? and channel = ?"
_SPACES = """
select id, platform, space, community, joined_ms from space where community = ? order by id"""
_SPACE = "select id, platform, space, community, joined_ms from space where id = ?"
_RENAME = "update community set name = ? where id = ?"
_SALT = "select salt from community where id = ?"
_MEMBER = """
select m.id, m.name, m.first_seen_ms
  from account a join member m on m.id = a.member
 where a.community = ? and a.platform = ? and a.account = ?"""
_BEHIND = """
select a.account, m.id, m.name, m.first_seen_ms
  from account a join member m on m.id = a.member
 where a.community = ? and a.platform = ? and a.account in ({places})"""
_FIRST_SEEN = "select first_seen_ms, id from member where id = ?"
_HAS_MEMBER = "select 1 from member where community = ? and id = ?"
_ADD_MEMBER = "insert into member (id, community, name, first_seen_ms) values (?, ?, ?, ?)"
_ADD_ACCOUNT = """
insert into account (community, platform, account, member) values (?, ?, ?, ?)"""
_MOVE_ACCOUNT = """
update account set account = ? where community = ? and platform = ? and account = ?"""
_NAME = "update member set name = ? where id = ?"
_FORGET_SEALED = """
update sealed set value = null, salt = null
 where community = ? and member = ? and is_text = 1"""
_ACCOUNTS = """
select platform, account from account
 where community = ? and member = ? order by platform, account"""
_FORGOTTEN = """
select member from account where community = ? and substr(account, 1, 10) = 'forgotten:'"""
_PLATFORMS = """
select member, platform, account from account
 where community = ? and member in ({places}) order by member, platform"""
_PEOPLE = """
select m.id, m.name, a.platform, a.account
  from member m left join account a on a.member = m.id
 where m.id in ({places}) order by m.id, a.platform, a.account"""
_MEMBERS = """
select m.id, m.name, m.first_seen_ms, a.platform, a.account
  from member m left join account a
    on a.member = m.id and substr(a.account, 1, 10) <> 'forgotten:'
 where m.community = ? order by m.id, a.platform, a.account"""
_SETTINGS = "select name, value from setting where community = ?"
_SET = """
insert into setting (community, name, value) values (?, ?, ?)
on conflict (community, name) do update set value = excluded.value"""
_CHANNEL = "select channel, thread from channel where space = ? and purpose = ?"
_CHANNELS = "select purpose, channel, thread from channel where space = ?"
_SET_CHANNEL = """
insert into channel (space, purpose, channel, thread) values (?, ?, ?, ?)
on conflict (space, purpose) do update
   set channel = excluded.channel, thread = excluded.thread"""
ALL = "select id, name, home_space from community order by id"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel chosen for a purpose."""

    purpose: str
    channel: str
    thread: str


def find(tx: Tx, platform: str, space: str) -> tuple[Community, Space] | None:
    """Return the community and space of a platform's guild or chat."""
    row = tx.one(_FIND, (platform, space))
    if row is None:
        return None
    return Community(*row[:3]), _space(row[3:])


def community(tx: Tx, number: int) -> Community | None:
    """Return a community."""
    row = tx.one(_COMMUNITY, (number,))
    return Community(*row) if row else None


def communities(tx: Tx) -> list[Community]:
    """Return every community."""
    return [Community(*row) for row in tx.all(ALL)]


def _space(row: Row) -> Space:
    number, platform, space, community, joined_ms = row
    joined_at = None if joined_ms is None else from_ms(joined_ms)
    return Space(number, platform, space, community, joined_at)


def found(tx: Tx, new: Community, space: Space, salt: bytes, now_ms: int) -> None:
    """Add a community with its home space."""
    tx.run(_FOUND, (new.id, new.name, new.home_space, salt, now_ms))
    tx.run(_ADD_SPACE, (space.id, space.platform, space.space, new.id))


def activate(tx: Tx, space: int, *, is_active: bool) -> bool:
    """Note that the bot is in a space or not; return whether that changed anything."""
    return tx.change(_ACTIVATE, (int(is_active), space, int(is_active))) == 1


def move_space(tx: Tx, space: int, name: str) -> None:
    """Put a space under another id of its platform."""
    tx.run(_MOVE_SPACE, (name, space))


def join_space(tx: Tx, space: int, community: int, at_ms: int) -> None:
    """Have a space belong to a community from an instant on."""
    tx.run(_JOIN_SPACE, (community, at_ms, space))


def move_channels(tx: Tx, space: int, before: str, after: str) -> None:
    """Put the channels chosen in a space under another id."""
    tx.run(_MOVE_CHANNELS, (after, space, before))


def spaces(tx: Tx, number: int) -> list[Space]:
    """Return the spaces of a community, the first one first."""
    return [_space(row) for row in tx.all(_SPACES, (number,))]


def space(tx: Tx, number: int) -> Space | None:
    """Return a space."""
    row = tx.one(_SPACE, (number,))
    return _space(row) if row else None


def rename(tx: Tx, number: int, name: str) -> None:
    """Give a community a name."""
    tx.run(_RENAME, (name, number))


def member(tx: Tx, number: int, platform: str, account: str) -> Member | None:
    """Return the member behind an account."""
    row = tx.one(_MEMBER, (number, platform, account))
    return Member(*row) if row else None


def behind(tx: Tx, number: int, platform: str, accounts: Sequence[str]) -> dict[str, Member]:
    """Return the members behind some accounts; who is not known is not there."""
    places, args = several(accounts)
    rows = tx.all(_BEHIND.format(places=places), [number, platform, *args])
    return {account: Member(who, name, seen) for account, who, name, seen in rows}


def has_member(tx: Tx, number: int, member: int) -> bool:
    """Whether a community has a member of this number."""
    return tx.one(_HAS_MEMBER, (number, member)) is not None


def is_forgotten(tx: Tx, number: int, ref: AccountRef) -> bool:
    """Whether the person behind an account asked to be forgotten, and has not come back."""
    mask = masked(tx, number, ref.platform, ref.account)
    return member(tx, number, ref.platform, mask) is not None


def seniority(tx: Tx, member: int) -> tuple[int, int]:
    """Return what members are ordered by, the elder first."""
    row = tx.one(_FIRST_SEEN, (member,))
    assert row is not None
    return row[0], row[1]


def add_member(tx: Tx, number: int, new: Member, first_seen_ms: int, ref: AccountRef) -> None:
    """Add a member with an account."""
    tx.run(_ADD_MEMBER, (new.id, number, new.name, first_seen_ms))
    tx.run(_ADD_ACCOUNT, (number, ref.platform, ref.account, new.id))


def rename_member(tx: Tx, member: int, name: str) -> None:
    """Note the name that a member goes by now."""
    tx.run(_NAME, (name, member))


def masked(tx: Tx, number: int, platform: str, account: str) -> str:
    """Return what stands for the account of a forgotten person: SHA-256 with the salt.

    So nobody can vote twice by being forgotten in between, and no name is kept.
    """
    return "forgotten:" + salted(tx, number, platform, account)


def salted(tx: Tx, number: int, *values: Any) -> str:
    """Return the SHA-256 of some values with a community's salt."""
    row = tx.one(_SALT, (number,))
    assert row is not None
    return sha256([bytes(row[0]).hex(), *values]).hex()


def move_account(tx: Tx, number: int, platform: str, before: str, after: str) -> bool:
    """Put an account under another text; return whether there was one."""
    return tx.change(_MOVE_ACCOUNT, (after, number, platform, before)) == 1


def accounts(tx: Tx, number: int, member: int) -> list[tuple[str, str]]:
    """Return (platform, account) of a member."""
    return [(platform, account) for platform, account in tx.all(_ACCOUNTS, (number, member))]


def forgotten(tx: Tx, number: int) -> list[int]:
    """Return the members who asked to be forgotten with one of their accounts."""
    return [row[0] for row in tx.all(_FORGOTTEN, (number,))]


def platforms(tx: Tx, number: int, members: Sequence[int]) -> dict[int, str]:
    """Return the first platform of each of some members who has an account."""
    places, args = several(members)
    found: dict[int, str] = {}
    for member, platform, account in tx.all(_PLATFORMS.format(places=places), [number, *args]):
        if not account.startswith("forgotten:"):
            found.setdefault(member, platform)
    return found


def forget_texts(tx: Tx, number: int, member: int) -> None:
    """Erase the sealed texts that a member wrote; their digests stay in the journal."""
    tx.run(_FORGET_SEALED, (number, member))


def people(tx: Tx, members: Collection[int]) -> dict[int, Person]:
    """Return members as renderers name them."""
    places = ", ".join("?" * len(members))
    rows = tx.all(_PEOPLE.format(places=places), sorted(members))
    found: dict[int, tuple[str, dict[str, str]]] = {}
    for number, name, platform, account in rows:
        _, known = found.setdefault(number, (name, {}))
        if platform is not None and not account.startswith("forgotten:"):
            known[platform] = account
    return {number: Person(name, known) for number, (name, known) in found.items()}


def members(tx: Tx, number: int) -> list[tuple[Member, list[tuple[str, str]]]]:
    """Return every member with (platform, account) of each; masked accounts are left out."""
    found: dict[int, tuple[Member, list[tuple[str, str]]]] = {}
    for member_id, name, seen_ms, platform, account in tx.all(_MEMBERS, (number,)):
        new = (Member(member_id, name, seen_ms), list[tuple[str, str]]())
        _, known = found.setdefault(member_id, new)
        if platform is not None:
            known.append((platform, account))
    return list(found.values())


def settings(tx: Tx, number: int) -> dict[str, str]:
    """Return the settings that a community chose itself."""
    return dict[str, str](tx.all(_SETTINGS, (number,)))


def settings_of(tx: Tx, number: int) -> Settings:
    """Return the settings in force."""
    return Settings(settings(tx, number))


def set_setting(tx: Tx, number: int, name: str, value: str) -> None:
    """Keep a setting's value."""
    tx.run(_SET, (number, name, value))


def channel(tx: Tx, space: int, purpose: str) -> Channel | None:
    """Return the channel chosen for a purpose in a space."""
    row = tx.one(_CHANNEL, (space, purpose))
    return Channel(purpose, *row) if row else None


def channels(tx: Tx, space: int) -> list[Channel]:
    """Return the channels chosen in a space."""
    return [Channel(*row) for row in tx.all(_CHANNELS, (space,))]


def set_channel(tx: Tx, space: int, chosen: Channel) -> None:
    """Choose a channel for a purpose."""
    tx.run(_SET_CHANNEL, (space, chosen.purpose, chosen.channel, chosen.thread))
