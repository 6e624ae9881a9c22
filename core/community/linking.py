"""One person, one member: two accounts are linked by a code that both sides confirm."""

from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from core.community import codes, linked, store
from core.community.codes import Code, What
from core.community.directory import Directory
from core.community.telling import tell
from core.kernel import doubt, rights
from core.kernel.audit import MERGED
from core.kernel.call import Call
from core.kernel.canonical import sha256
from core.kernel.clock import span_ms
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.people import Member
from core.kernel.text import CommandName, MemberId
from core.kernel.view import View
from core.kernel.words import is_visible

CODE_WRITTEN_MAX = 40
# As long as it takes to pick up the other phone; then also to confirm.
VALID = timedelta(minutes=10)
# So long "expired" and "used" are told apart from a code that never was.
REMEMBERED = timedelta(days=1)


class UnknownCode(UserError):
    """I know no such code. Type it as you got it, or ask for a new one with {command}."""


class OwnCode(UserError):
    """This code is your own. Type it from the other account, the one you want to link."""


class CodeUsed(UserError):
    """Somebody has used this code already, and it works once. Ask for a new one with {command}."""


class CodeExpired(UserError):
    """This code has expired: it works for 10 minutes. Ask for a new one with {command}."""


class CodeElsewhere(UserError):
    """This code is from another community. Type it there, or ask for one here with {command}."""


class CodeForOther(UserError):
    """This code is for something else. Use it with {command}."""


class LinkOver(UserError):
    """This link is no longer waiting to be confirmed. Start again with {command}."""


class NotYourLink(UserError):
    """Only the two who link their accounts can confirm this. To link yours, type {command}."""


class OthersTurn(UserError):
    """You have confirmed already. Now wait until {other} confirms too, from the other account."""


class Link(Command, name="link", may=May.ANYONE, is_personal=True):
    """Be one member with your other account: get a code here, and type it there."""

    code: Sealed[str] = Field(
        default="",
        max_length=CODE_WRITTEN_MAX,
        description="the code from your other account (empty: get one)",
    )

    def run(self, call: Call) -> View:
        """Give a code, or take one and ask both to confirm."""
        member = _asking(call)
        if is_visible(self.code):
            return _take(call, member, self.code)
        for one in codes.codes_of(call.tx, call.community.id, What.MEMBER, member.id):
            if one.waits(call.now_ms):
                return linked.question(call, one.number)
        return linked.code_given(call, give(call, What.MEMBER, member.id))


class LinkConfirm(Command, name="link confirm", is_typed=False):
    """Confirm that an account is yours too; when both have, they are one member."""

    link: int = Field(ge=1, description="the number of the link")

    def run(self, call: Call) -> View:
        """Note it, or join the two where the other has confirmed."""
        found = codes.code(call.tx, self.link)
        is_here = found is not None and found.community == call.community.id
        if found is None or not is_here or found.what is not What.MEMBER:
            raise LinkOver(command=CommandName("link"))
        me = call.member.id
        if found.other is None or me not in (found.member, found.other):
            raise NotYourLink(command=CommandName("link"))
        if not found.waits(call.now_ms):
            raise LinkOver(command=CommandName("link"))
        other = found.member if me == found.other else found.other
        if found.confirmed_by == me:
            raise OthersTurn(other=MemberId(other))
        if found.confirmed_by is None:
            codes.confirm(call.tx, found.number, me)
            return linked.others_turn(call, found.number, me)
        return linked.joined(call, join(call, me, other))


class LinkExpired(Command, name="link expired", may=May.CLOCK):
    """Forget what a code was made of that nobody used in time."""

    link: int = Field(description="the number of the link")

    def run(self, call: Call) -> View:
        """Keep only that there was one."""
        codes.hush(call.tx, self.link)
        return linked.noted(call)


def give(call: Call, what: What, member: int) -> int:
    """Draw a new code for a member in place of an earlier one; return its number."""
    drop_all(call, what, member)
    codes.prune(call.tx, call.community.id, call.now_ms - span_ms(REMEMBERED))
    secret = call.lot("link code")
    expires_ms = call.now_ms + span_ms(VALID)
    number = call.new_id("link")
    new = Code(number, what, call.community.id, member, expires_ms, secret)
    codes.add(call.tx, new, digest_of(linked.code_of(secret)))
    call.later(_key(number), call.now + VALID, LinkExpired(link=number))
    return number


def drop_all(call: Call, what: What, member: int) -> None:
    """Forget the codes that a member gave or typed."""
    for one in codes.codes_of(call.tx, call.community.id, what, member):
        call.never(_key(one.number))
        codes.drop(call.tx, one.number)


def usable(call: Call, written: str, what: What, command: CommandName) -> Code:
    """Return the code that somebody typed, if it can still be used."""
    found = codes.by_digest(call.tx, digest_of(linked.read_code(written)))
    if found is None:
        raise UnknownCode(command=command)
    if found.what is not what:
        other = "link" if found.what is What.MEMBER else "space link"
        raise CodeForOther(command=CommandName(other))
    if found.other is not None:
        raise CodeUsed(command=command)
    if call.now_ms >= found.expires_ms:
        raise CodeExpired(command=command)
    return found


def claim(call: Call, found: Code) -> Code:
    """Have a code be used by the asking member, and give both the time to confirm."""
    expires_ms = call.now_ms + span_ms(VALID)
    now = replace(found, other=call.member.id, expires_ms=expires_ms, secret=None)
    if found.what is What.SPACE and call.space is not None and call.place is not None:
        place = (call.place.channel, call.place.thread)
        now = replace(now, other_space=call.space.id, place=place)
    codes.claim(call.tx, now)
    if found.community == call.community.id:
        call.never(_key(found.number))
    return now


def join(call: Call, one: int, another: int) -> int:
    """Make one member of two, who are one person; the elder one stays, and is returned.

    Every feature joins what it keeps of them, those first who know most of it.
    """
    into, gone = sorted((one, another), key=lambda who: store.seniority(call.tx, who))
    call.fact(MERGED, [gone, into])
    for feature in reversed(call.house.features):
        if feature.merged is not None:
            feature.merged(call, gone, into)
    drop_all(call, What.MEMBER, gone)
    drop_all(call, What.MEMBER, into)
    doubt.erase_all(call.tx, call.community.id)
    codes.join(call.tx, call.community.id, gone, into, call.now_ms)
    tell(call, into, linked.joined, into)
    return into


def digest_of(code: str) -> str:
    """Return what a code is kept as."""
    return sha256(["link", code]).hex()


def _take(call: Call, member: Member, written: str) -> View:
    command = CommandName("link")
    found = usable(call, written, What.MEMBER, command)
    if found.community != call.community.id:
        raise CodeElsewhere(command=command)
    if found.member == member.id:
        raise OwnCode
    claim(call, found)
    tell(call, found.member, linked.question, found.number)
    return linked.question(call, found.number)


def _asking(call: Call) -> Member:
    """Return the asking member; who types this takes part, so they become one."""
    if call.actor.is_bot:
        raise rights.NotForBots
    call.visitor = Directory().join(call)
    return call.visitor


def _key(number: int) -> str:
    return f"link:{number}"


COMMANDS: tuple[type[Command], ...] = (Link, LinkConfirm, LinkExpired)
