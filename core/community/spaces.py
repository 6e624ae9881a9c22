"""One community in several spaces: a space joins by a code that both sides' admins agree on."""

from pydantic import Field

from core.community import codes, linked, linking, store
from core.community.codes import Code, What
from core.community.commands import NoChannel, Purpose
from core.community.linking import LinkOver, NotYourLink
from core.community.telling import post_at
from core.kernel import agenda, outbox
from core.kernel.call import Call
from core.kernel.canonical import encode
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.journal import last
from core.kernel.outbox import Kind, Letter
from core.kernel.people import Space
from core.kernel.request import Kind as AskerKind
from core.kernel.text import CommandName
from core.kernel.view import View
from core.kernel.words import is_visible

# What may have happened in a space that joins: it was founded and set up, and nothing else.
SETTING_UP = frozenset(
    {"found", "setup", "config set", "channel", "arrived", "departed", "warn", "moved",
     "space link", "link expired"}
)  # fmt: skip
# Whoever set up more than this has a community of their own.
SETTING_UP_MAX = 100


class SpaceInUse(UserError):
    """{name} has votes, entries or links of its own already, so it cannot join another community.
    Use a space that nobody has used with me yet."""


class SpaceIsHere(UserError):
    """This space belongs to {name} already. Type the code in the space that is to join."""


class SpaceLink(Command, name="space link", may=May.ADMINS, is_personal=True):
    """Have another space join this community: get a code here, and type it there."""

    code: Sealed[str] = Field(
        default="",
        max_length=linking.CODE_WRITTEN_MAX,
        description="the code from the community's home (empty: get one)",
    )

    def run(self, call: Call) -> View:
        """Give a code, or take one where a space is to join."""
        if is_visible(self.code):
            return _take(call, self.code)
        me = call.member.id
        for one in codes.codes_of(call.tx, call.community.id, What.SPACE, me):
            if one.waits(call.now_ms):
                return linked.space_question(call, one.number)
        return linked.code_given(call, linking.give(call, What.SPACE, me))


class SpaceConfirm(Command, name="space confirm", may=May.ADMINS, is_typed=False):
    """Let a space join this community."""

    link: int = Field(ge=1, description="the number of the link")

    def run(self, call: Call) -> View:
        """Check once more that the space is unused, and take it in."""
        command = CommandName("space link")
        found = codes.code(call.tx, self.link)
        is_here = found is not None and found.community == call.community.id
        if found is None or not is_here or found.what is not What.SPACE:
            raise LinkOver(command=command)
        if found.member != call.member.id:
            raise NotYourLink(command=command)
        space = store.space(call.tx, found.other_space or 0)
        if not found.waits(call.now_ms) or space is None or found.place is None:
            raise LinkOver(command=command)
        _check_unused(call, space.community)
        store.join_space(call.tx, space.id, call.community.id, call.now_ms)
        channel, thread = found.place
        chosen = store.Channel(Purpose.PROPOSALS.value, channel, thread)
        store.set_channel(call.tx, space.id, chosen)
        call.fact("space_joined", [space.id, space.community])
        _end(call, space)
        codes.drop(call.tx, found.number)
        call.unit.forget()
        post_at(call, space, channel, thread, linked.space_joined, space.id, space.community)
        for feature in call.house.features:
            if feature.on_space is not None:
                feature.on_space(call, space)
        return linked.space_joined(call, space.id, space.community)


def _take(call: Call, written: str) -> View:
    assert call.space is not None
    assert call.place is not None
    found = linking.usable(call, written, What.SPACE, CommandName("space link"))
    if found.community == call.community.id:
        raise SpaceIsHere(name=call.community.name)
    if not call.place.channel:
        raise NoChannel
    _check_unused(call, call.community.id)
    _ask_there(call, linking.claim(call, found))
    return linked.space_asked(call, found.number)


def _check_unused(call: Call, community: int) -> None:
    """Refuse a space whose community has done more than to be set up."""
    done = last(call.tx, community, SETTING_UP_MAX)
    is_full = len(done) == SETTING_UP_MAX
    is_used = is_full or any(one.command not in SETTING_UP for one in done)
    if is_used or len(store.spaces(call.tx, community)) != 1:
        known = store.community(call.tx, community)
        assert known is not None
        raise SpaceInUse(name=known.name)


def _end(call: Call, space: Space) -> None:
    """End the community that a space leaves behind: its journal says so, and nothing is due."""
    agenda.drop_all(call.tx, space.community)
    codes.drop_all(call.tx, space.community)
    args = encode({"space": space.id, "into": call.community.id})
    line = (call.now_ms, "ended", 1, AskerKind.WORKER.value, None, "", args, encode({}))
    call.unit.pages.write(space.community, line, ())


def _ask_there(call: Call, found: Code) -> None:
    """Tell who gave the code, in their community, that a space wants to join it."""
    accounts = store.accounts(call.tx, found.community, found.member)
    known = [platform for platform, account in accounts if not account.startswith("forgotten:")]
    if not known:
        return
    letter = Letter(
        key=call.letter_key("notice"),
        kind=Kind.NOTICE,
        platform=known[0],
        community=found.community,
        space=None,
        subject=linked.space_question.subject(found.number),
        member=found.member,
    )
    outbox.put(call.tx, letter, call.now_ms)


COMMANDS: tuple[type[Command], ...] = (SpaceLink, SpaceConfirm)
