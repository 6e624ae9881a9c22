"""Texts with their values, as Telegram shows them. This file is one line a kind of value."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bot.platforms.telegram.marks import Bit, fitted, plain
from bot.platforms.text import clock_time, isolated, percent, span
from core.kernel.outbox import Person, Presented
from core.kernel.text import ChannelName, Code, CommandName, MemberId, Share, Text, pieces

FORMER = "a former member"
# Nothing longer is ever shown whole, so nothing longer is looked at.
_LONGEST = 4_097
# Breaks what Telegram would take for somebody's name, and is not seen.
_NOTHING = "\u200b"
_NAMED = re.compile(r"@(?=\w)")


class Writer:
    """Turns texts into pieces, for one presented view."""

    def __init__(self, shown: Presented) -> None:
        """Take who is named and the community's zone."""
        self._people: Mapping[int, Person] = shown.people
        self._zone = ZoneInfo(shown.zone)

    def bits(self, text: Text, *, newline: str = " ") -> list[Bit]:
        """Return a text in pieces; `newline` is what a line break in somebody's words becomes."""
        found: list[Bit] = []
        for literal, value in pieces(text):
            if literal:
                found.append(Bit(literal))
            if isinstance(value, Text):
                found += self.bits(value, newline=newline)
            elif value is not None:
                found.append(self._value(value, newline))
        return found

    def line(self, text: Text, most: int) -> str:
        """Return a text as one plain line, never empty."""
        return plain(fitted(self.bits(text), most)).strip() or "—"

    def _value(self, value: Any, newline: str) -> Bit:  # noqa: C901 - one line a kind of value
        match value:
            case MemberId():
                person = self._people.get(int(value))
                # No mention: a card that names somebody would ring at each of them.
                return _words(person.name, " ") if person and person.name else Bit(FORMER)
            case str():
                return _words(value, newline)
            case bool() | int():
                return Bit(f"{value:d}")
            case Share(part):
                return Bit(percent(part))
            case Fraction():
                return Bit(str(value))
            case datetime():
                return Bit(clock_time(value.astimezone(self._zone)))
            case timedelta():
                return Bit(span(value))
            case Code(exact):
                return Bit(" ".join(exact.split()) or "(empty)", "code")
            case CommandName(path):
                return Bit("/" + path.replace(" ", "_"))
            case ChannelName(channel):
                is_number = channel.removeprefix("-").isdigit()
                return Bit("this group") if is_number else _words(channel, " ")
            case _:
                raise TypeError(f"no way to write {type(value).__name__}")


def _words(written: str, newline: str) -> Bit:
    text = _NAMED.sub(f"@{_NOTHING}", written[:_LONGEST])
    return Bit(newline.join(isolated(line) for line in text.split("\n")))
