"""Text as a template and its values; only a renderer makes a string of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from string import Formatter
from typing import Any, Union

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class MemberId(int):
    """A member of a community; renderers turn it into a name or a mention."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(int))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown in percent."""

    part: Fraction


@dataclass(frozen=True, slots=True)
class Code:
    """Something to be copied letter by letter: a hash, a code, an address."""

    exact: str


@dataclass(frozen=True, slots=True)
class CommandName:
    """A command to type, which each platform spells in its own way."""

    path: str


@dataclass(frozen=True, slots=True)
class ChannelName:
    """A channel of a platform, shown as a link where that is possible."""

    channel: str


@dataclass(frozen=True, slots=True)
class Text:
    """A template in English and its values; a `str` value is always somebody's words.

    Where `plural` is given it is used unless the value `n` is 1.
    """

    template: str
    values: Mapping[str, "Value"]
    plural: str | None = None


Value = Union[  # noqa: UP007 - the recursive alias needs the forward reference
    str, int, Fraction, datetime, timedelta, MemberId, Share, Code, CommandName, ChannelName, Text
]

_FORMATTER = Formatter()


def T(template: str, **values: Value) -> Text:  # noqa: N802 - reads like a literal
    """Return a text; placeholders are `{name}` and each needs its value."""
    return Text(template, values)


def counted(n: int, one: str, many: str, **values: Value) -> Text:
    """Return a text that depends on a number: `counted(3, "1 vote", "{n} votes")`."""
    return Text(one, {"n": n, **values}, many)


def placeholders(template: str) -> frozenset[str]:
    """Return the names that a template has places for."""
    return frozenset(name for _, name, _, _ in _FORMATTER.parse(template) if name)


def pieces(text: Text) -> list[tuple[str, Any]]:
    """Return the text cut into (literal, value or None) in order, for a renderer.

    Raises KeyError where a value is missing: that is a bug of the template's author.
    """
    template = text.template
    if text.plural is not None and text.values["n"] != 1:
        template = text.plural
    return [
        (literal, None if name is None else text.values[name])
        for literal, name, _, _ in _FORMATTER.parse(template)
    ]


def tells_time(text: Text) -> bool:
    """Whether an instant is told in a text or in one inside it."""
    values = text.values.values()
    return any(
        isinstance(one, datetime) or (isinstance(one, Text) and tells_time(one)) for one in values
    )


def collect_members(text: Text, found: set[int]) -> None:
    """Add the members that a text names, nested texts included."""
    for value in text.values.values():
        if isinstance(value, MemberId):
            found.add(int(value))
        elif isinstance(value, Text):
            collect_members(value, found)
