"""The option types of this feature: a member, a channel, a setting's name."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from core.community import codes, store
from core.community.directory import introduce
from core.community.telling import is_reachable
from core.kernel.call import Call
from core.kernel.errors import UserError
from core.kernel.feature import House
from core.kernel.fields import Choices, Domain, OptionKind, Suggestion, Typing
from core.kernel.request import AccountRef, ChannelRef
from core.kernel.text import MemberId
from core.kernel.words import clean

CHANNEL_MAX = 100
NUMBER_DIGITS_MAX = 12
# A member as buttons and the journal write one.
MEMBER_MARK = "&"


class NotAChannel(UserError):
    """I read "{written}" where a channel belongs. Leave it empty to mean this one."""


class NotAMember(UserError):
    """I read "{written}" where a member belongs. Write @ and their name, as in @ben."""


class NotAPerson(UserError):
    """{name} is a bot, and this needs a person. Choose somebody else."""


class Departed(UserError):
    """{name} is not here any more. Choose somebody who is."""


class NotSeenYet(UserError):
    """I have not seen {name} take part here yet. Choose somebody who has."""


def _read_member(raw: Any, call: Call, _: Mapping[str, Any]) -> MemberId:
    """Return the member behind an account, or the one that a button of ours names: `&12`.

    Somebody whom nobody has seen before is added. Who was forgotten comes back only by asking
    for something themselves.
    """
    if not isinstance(raw, AccountRef):
        found = _of_ours(raw, call)
        if not is_reachable(call, found):
            raise Departed(name=clean(str(raw))[:40])
        return found
    if raw.is_bot:
        raise NotAPerson(name=clean(raw.name)[:40])
    if raw.joined_at is None or store.is_forgotten(call.tx, call.community.id, raw):
        raise Departed(name=clean(raw.name)[:40])
    return MemberId(introduce(call, raw).id)


def _read_known_member(raw: Any, call: Call, _: Mapping[str, Any]) -> MemberId:
    """Return a member whom we know, still here or not; nobody is added."""
    if not isinstance(raw, AccountRef):
        return _of_ours(raw, call)
    known = store.member(call.tx, call.community.id, raw.platform, raw.account)
    if known is None:
        raise NotSeenYet(name=clean(raw.name)[:40])
    return MemberId(known.id)


def _of_ours(raw: Any, call: Call) -> MemberId:
    written = clean(str(raw))
    digits = written.removeprefix(MEMBER_MARK)
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX
    if digits == written or not is_number:
        raise NotAMember(written=written[:40])
    if not store.has_member(call.tx, call.community.id, int(digits)):
        raise NotAMember(written=written)
    return MemberId(codes.person(call.tx, call.community.id, int(digits)))


def _restored(kept: Any) -> Any:
    return int(kept.removeprefix(MEMBER_MARK)) if isinstance(kept, str) else kept


def _read_channel(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    """Return `channel` or `channel/thread` as the platform names them; "" means here."""
    if isinstance(raw, ChannelRef):
        raw = f"{raw.channel}/{raw.thread}" if raw.thread else raw.channel
    written = clean(str(raw))
    if len(written) > CHANNEL_MAX:
        raise NotAChannel(written=written[:40])
    return written


def _suggest_setting(typing: Typing, house: House) -> list[Suggestion]:
    names = sorted(house.settings)
    return [Suggestion(name, name) for name in names if typing.typed.casefold() in name]


def _suggest_value(typing: Typing, house: House) -> list[Suggestion]:
    setting = house.settings.get(clean(typing.given.get("setting", "")).casefold())
    if setting is None:
        return []
    choices = setting.choices or (setting.write(setting.default),)
    typed = typing.typed.casefold()
    return [Suggestion(one, one) for one in choices if typed in one.casefold()]


def _suggest_command(typing: Typing, house: House) -> list[Suggestion]:
    typed = _read_command(typing.typed)
    paths = sorted(one.path for one in house.declarations)
    return [Suggestion(path, path) for path in paths if typed in path]


def _read_command(raw: Any, *_: Any) -> str:
    """Return a command's path however it was written: `/config_set` is `config set`."""
    return " ".join(clean(str(raw)).casefold().lstrip("/").replace("_", " ").split())


def _read_setting(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return clean(str(raw)).casefold()


def _read_words(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return clean(str(raw))


MemberRef = Annotated[
    MemberId,
    Domain("member", _read_member, kind=OptionKind.MEMBER),
    BeforeValidator(_restored),
    PlainSerializer(lambda who: f"{MEMBER_MARK}{int(who)}", return_type=str, when_used="json"),
]
KnownMember = Annotated[
    MemberId,
    Domain("member", _read_known_member, kind=OptionKind.MEMBER),
    BeforeValidator(_restored),
    PlainSerializer(lambda who: f"{MEMBER_MARK}{int(who)}", return_type=str, when_used="json"),
]
Channel = Annotated[str, Domain("channel", _read_channel, kind=OptionKind.CHANNEL)]
SettingName = Annotated[
    str, Domain("setting", _read_setting, suggest=Choices(_suggest_setting), is_word=True)
]
SettingValue = Annotated[str, Domain("value", _read_words, suggest=Choices(_suggest_value))]
CommandPath = Annotated[str, Domain("command", _read_command, suggest=Choices(_suggest_command))]
