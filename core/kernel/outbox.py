"""The outbox: what must still be told, claimed with a lease, delivered after the commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from core.kernel.canonical import encode
from core.kernel.held import Held
from core.kernel.tx import Tx
from core.kernel.view import View

LEASE_MS = 60_000
CLAIM_MAX = 32
# Later than any clock of ours: parked until somebody wakes it.
NEVER_MS = 2**62
BACKOFF_MS, BACKOFF_MS_MAX = 1_000, 900_000
# A wait that a platform asks for grows with the age of what waits: a bot that is just
# connecting is asked again at once, a server that it has left once a minute.
POSTPONED_MS, POSTPONED_MS_MAX = 1_000, 60_000
# A notice or a post that could not be told for so long is given up; cards and work are kept.
TRIES_MAX = 20


class Kind(StrEnum):
    """What a row is: how often it may be told differs."""

    CARD = "card"
    POST = "post"
    NOTICE = "notice"
    POINTER = "pointer"
    WORK = "work"
    # Nothing to show: a platform drops what it remembers by itself of an account, the subject.
    FORGET = "forget"


ENDLESS = frozenset({Kind.CARD, Kind.WORK, Kind.FORGET})

_PUT = """
insert into outbox
  (key, kind, platform, community, space, subject, channel, thread, member,
   message, version, sent_version, due_ms, lease_ms, tries, created_ms, trouble)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, 0, 0, ?, '')
on conflict (key) do update
   set version = outbox.version + 1, channel = excluded.channel, thread = excluded.thread,
       message = excluded.message, due_ms = excluded.due_ms, created_ms = excluded.created_ms,
       tries = 0, trouble = ''"""
# A post is edited where it stands; one that was not sent yet is drawn when it is, and one that
# is on its way is drawn already: it is edited once it is out. One given up stays unsent.
_REFRESH = """
update outbox set version = version + 1
 where community = ? and subject = ?
   and (kind = 'card' or (kind = 'post' and (message <> '' or lease_ms > 0)))"""
_REFRESH_POSTS = """
update outbox set version = version + 1
 where community = ? and subject >= ? and subject < ? and kind = 'post'
   and (message <> '' or lease_ms > 0)"""
# The lease is looked at twice: another process may take a row between the two.
_CLAIM = """
update outbox set lease_ms = ?
 where lease_ms <= ? and key in (
   select key from outbox
    where platform = ? and version > sent_version and due_ms <= ? and lease_ms <= ?
    order by due_ms, created_ms, key limit ?)
returning key, kind, platform, community, space, subject, channel, thread, member, message,
          version, created_ms"""
_CONSUME = "update outbox set sent_version = version where key = ?"
# A row that was parked while it was on its way stays parked. One that was moved meanwhile keeps
# its new place: what came out in the old one is no longer the card.
_DELIVERED = """
update outbox set sent_version = ?, lease_ms = 0, tries = 0, trouble = '',
       message = case when channel = ? and thread = ? and message = ? then ? else message end,
       due_ms = case when due_ms >= ? then due_ms else ? end
 where key = ? and version >= ?"""
_TRIES = "select tries, trouble from outbox where key = ?"
# Told to forget somebody, or unable to, nobody may go on keeping whom.
_DONE = "delete from outbox where key = ? and version = ?"
_FAILED = """
update outbox set lease_ms = 0, tries = tries + 1, trouble = ?, sent_version = ?,
       due_ms = case when due_ms >= ? then due_ms else ? end
 where key = ?"""
_PUT_OFF = """
update outbox set lease_ms = 0, trouble = ?, sent_version = 0,
       due_ms = case when due_ms >= ? then due_ms else ? end
 where key = ?"""
_LOST = "update outbox set message = '', lease_ms = 0, version = version + 1 where key = ?"
_LIVE = """
select key, channel, thread, message, created_ms from outbox
 where community = ? and subject = ? and space = ? and kind = 'card'"""
_IS_WORK = "select 1 from outbox where community = ? and subject = ? and kind = 'work' limit 1"
_PARK = """
update outbox set due_ms = ?
 where space = ? and version >= sent_version and kind <> 'forget'"""
_WAKE = "update outbox set lease_ms = 0, due_ms = ? where platform = ? and lease_ms > 0"
_PRUNE = """
delete from outbox
 where kind in ('notice', 'post', 'pointer', 'work') and version <= sent_version
   and created_ms < ?"""
# No more than CLAIM_MAX are on their way, so one of the first in due order is not; of very many
# that wait all would be read otherwise.
_NEXT = f"""
select min(case when due_ms > lease_ms then due_ms else lease_ms end)
  from (select due_ms, lease_ms from outbox
         where platform = ? and version > sent_version order by due_ms limit {2 * CLAIM_MAX}) w"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Person:
    """A member as renderers name them: the name, and the account on each platform."""

    name: str
    accounts: Mapping[str, str]


class Presented(NamedTuple):
    """A view with all that a renderer needs: who is named in it, a code per button, the zone."""

    view: View
    people: Mapping[int, Person]
    codes: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Row:
    """A claimed row of the outbox."""

    key: str
    kind: Kind
    platform: str
    community: int
    space: int | None
    subject: str
    channel: str
    thread: str
    member: int | None
    message: str
    version: int
    created_ms: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed row and what to show: a new message, or an edit where `message` is not empty.

    `account` is the receiver of a notice or whom to forget, empty otherwise; `space` is the
    platform's own id. A notice has no space: its buttons are pressed for one of `spaces`, of which
    the home comes first.
    """

    row: Row
    space: str
    account: str
    shown: Presented
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """Where a card lives in one space, and since when."""

    key: str
    channel: str
    thread: str
    message: str
    moved_ms: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A row to put: `to_member` for a notice, a channel for the rest."""

    key: str
    kind: Kind
    platform: str
    community: int
    space: int | None
    subject: str
    channel: str = ""
    thread: str = ""
    member: int | None = None
    message: str = ""


def put(tx: Tx, letter: Letter, now_ms: int) -> None:
    """Put a letter in, or put its newer version in its place."""
    tx.run(_PUT, _row(letter, now_ms))


def put_all(tx: Tx, letters: Iterable[Letter], now_ms: int) -> None:
    """Put many letters in."""
    tx.many(_PUT, (_row(letter, now_ms) for letter in letters))


def _row(letter: Letter, now_ms: int) -> tuple[Any, ...]:
    return (
        letter.key,
        letter.kind.value,
        letter.platform,
        letter.community,
        letter.space,
        letter.subject,
        letter.channel,
        letter.thread,
        letter.member,
        letter.message,
        now_ms,
        now_ms,
    )


def refresh(tx: Held, changed: tuple[int, str]) -> None:
    """Note that cards and posts of (community, subject) changed: many votes, one edit."""
    tx.hold(_REFRESH, changed, key=changed)


def refresh_posts(tx: Tx, community: int, name: str, *first: int | str) -> None:
    """Note that the posts changed of a drawing whose ids begin so; one too many does no harm."""
    begin = encode([name, *first])[:-1]
    tx.run(_REFRESH_POSTS, (community, begin, f"{begin}~"))


def live(tx: Tx, community: int, subject: str, space: int) -> Live | None:
    """Return where a subject's card lives in a space."""
    row = tx.one(_LIVE, (community, subject, space))
    return Live(*row) if row else None


def claim(tx: Tx, platform: str, now_ms: int, limit: int = CLAIM_MAX) -> list[Row]:
    """Lease what is due on a platform. A notice counts as told from here: at most once."""
    rows = tx.all(_CLAIM, (now_ms + LEASE_MS, now_ms, platform, now_ms, now_ms, limit))
    claimed = [Row(key, Kind(kind), *rest) for key, kind, *rest in rows]
    for row in claimed:
        if row.kind is Kind.NOTICE:
            tx.run(_CONSUME, (row.key,))
    return sorted(claimed, key=lambda row: (row.created_ms, row.key))


def next_due(tx: Tx, platform: str) -> int | None:
    """Return when the next row may be claimed (ms), None where none waits."""
    row = tx.one(_NEXT, (platform,))
    return int(row[0]) if row and row[0] is not None else None


def delivered(tx: Tx, row: Row, message: str, next_ms: int) -> None:
    """Note that a version is out, under which message, and when the next may follow."""
    if row.kind is Kind.FORGET:
        tx.run(_DONE, (row.key, row.version))
        return
    shown = (row.channel, row.thread, row.message, message)
    due = (NEVER_MS, next_ms)
    tx.run(_DELIVERED, (row.version, *shown, *due, row.key, row.version))


def failed(tx: Tx, row: Row, trouble: str, now_ms: int, *, is_final: bool) -> tuple[int, bool]:
    """Put a row off, or give this version up; return its failures, and if the trouble is new."""
    tries, known = tx.one(_TRIES, (row.key,)) or (0, "")
    is_over = is_final or (tries >= TRIES_MAX and row.kind not in ENDLESS)
    wait = min(BACKOFF_MS * 2 ** min(tries, 20), BACKOFF_MS_MAX)
    if is_over and row.kind is Kind.FORGET:
        tx.run(_DONE, (row.key, row.version))
    sent = row.version if is_over else 0
    tx.run(_FAILED, (trouble, sent, NEVER_MS, now_ms + wait, row.key))
    return tries + 1, trouble != known


def put_off(tx: Tx, row: Row, trouble: str, now_ms: int) -> None:
    """Put a row off because the platform asked to wait: that is not a failed try."""
    wait = min(max((now_ms - row.created_ms) // 2, POSTPONED_MS), POSTPONED_MS_MAX)
    tx.run(_PUT_OFF, (trouble, NEVER_MS, now_ms + wait, row.key))


def lost(tx: Tx, row: Row) -> None:
    """Note that a card's message is gone: the next delivery sends a new one."""
    tx.run(_LOST, (row.key,))


def is_work(tx: Tx, community: int, subject: str) -> bool:
    """Whether something was given to a worker."""
    return tx.one(_IS_WORK, (community, subject)) is not None


def release(tx: Tx, platform: str, now_ms: int) -> None:
    """Free what a process that is gone had leased; called once when a platform starts."""
    tx.run(_WAKE, (now_ms, platform))


def prune(tx: Tx, before_ms: int) -> None:
    """Drop letters that were told before an instant; cards stay, as they are live."""
    tx.run(_PRUNE, (before_ms,))


def park(tx: Tx, space: int, until_ms: int) -> None:
    """Hold back, or let go again, what is for a space that the bot has left or come back to."""
    tx.run(_PARK, (until_ms, space))


def outline(row: Row) -> dict[str, Any]:
    """Return what a log line says of a row: no texts, no people."""
    return {"key": row.key, "kind": row.kind, "version": row.version}
