"""The option types of this feature: a channel, a setting's name."""

from collections.abc import Mapping
from typing import Annotated, Any

from core.kernel.call import Call
from core.kernel.errors import UserError
from core.kernel.feature import House
from core.kernel.fields import Choices, Domain, OptionKind, Suggestion, Typing
from core.kernel.request import ChannelRef
from core.kernel.words import clean

CHANNEL_MAX = 100


class NotAChannel(UserError):
    """I read "{written}" where a channel belongs. Leave it empty to mean this one."""


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
    setting = house.settings.get(typing.given.get("setting", ""))
    if setting is None:
        return []
    choices = setting.choices or (setting.write(setting.default),)
    typed = typing.typed.casefold()
    return [Suggestion(one, one) for one in choices if typed in one.casefold()]


def _read_words(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return clean(str(raw))


Channel = Annotated[str, Domain("channel", _read_channel, kind=OptionKind.CHANNEL)]
SettingName = Annotated[
    str, Domain("setting", _read_words, suggest=Choices(_suggest_setting), is_word=True)
]
SettingValue = Annotated[str, Domain("value", _read_words, suggest=Choices(_suggest_value))]
