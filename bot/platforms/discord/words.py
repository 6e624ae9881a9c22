"""Texts with their values, as Discord writes them. This file is one line a kind of value."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bot.platforms.discord.read import NAME
from bot.platforms.discord.spans import Span, bare, code, fitted, ours, whole, words
from bot.platforms.text import clock_time, percent, span
from core.kernel.outbox import Person, Presented
from core.kernel.text import ChannelName, Code, CommandName, MemberId, Share, Text, pieces

FORMER = "a former member"


class Spot(StrEnum):
    """Where a text stands: each place understands less of Discord's markup."""

    BODY = "body"
    TITLE = "title"  # markup, but neither mentions nor times
    LABEL = "label"  # no markup at all


class Writer:
    """Turns texts into pieces, for one presented view."""

    def __init__(self, shown: Presented) -> None:
        """Take who is named and the community's zone."""
        self._people: Mapping[int, Person] = shown.people
        self._zone = ZoneInfo(shown.zone)

    def spans(
        self, text: Text, spot: Spot = Spot.BODY, *, newline: str = " ", is_roomy: bool = False
    ) -> list[Span]:
        """Return a text in pieces; `is_roomy` tells times in full, and how far away they are."""
        found: list[Span] = []
        for literal, value in pieces(text):
            if literal:
                made = bare(literal) if spot is Spot.LABEL else ours(literal)
                found.append(_broken(made, newline))
            if isinstance(value, Text):
                found += self.spans(value, spot, newline=newline, is_roomy=is_roomy)
            elif value is not None:
                found.append(self._value(value, spot, newline, is_roomy=is_roomy))
        return found

    def line(self, text: Text, most: int, spot: Spot = Spot.BODY) -> str:
        """Return a text as one line of at most so many characters, never empty."""
        return fitted(self.spans(text, spot), most).strip() or "—"

    def _value(self, value: Any, spot: Spot, newline: str, *, is_roomy: bool) -> Span:  # noqa: C901 - one line a kind of value
        match value:
            case MemberId():
                return self._member(int(value), spot, newline)
            case str():
                return _plain(value, spot, newline)
            case bool() | int():
                return whole(f"{value:d}")
            case Share(part):
                return whole(percent(part))
            case Fraction():
                return whole(str(value))
            case datetime():
                return self._instant(value, spot, is_roomy=is_roomy)
            case timedelta():
                return whole(span(value))
            case Code(exact):
                return bare(exact) if spot is Spot.LABEL else code(exact)
            case CommandName(path):
                return whole(f"`/{path}`" if spot is Spot.BODY else f"/{path}")
            case ChannelName(channel):
                is_link = spot is Spot.BODY and channel.isascii() and channel.isdigit()
                return whole(f"<#{channel}>") if is_link else _plain(channel, spot, newline)
            case _:
                raise TypeError(f"no way to write {type(value).__name__}")

    def _member(self, member: int, spot: Spot, newline: str) -> Span:
        person = self._people.get(member)
        if person is None or not person.name:
            return whole(FORMER)
        account = person.accounts.get(NAME, "")
        if spot is Spot.BODY and account.isascii() and account.isdigit():
            return whole(f"<@{account}>")
        return _plain(person.name, spot, newline)

    def _instant(self, at: datetime, spot: Spot, *, is_roomy: bool) -> Span:
        if spot is not Spot.BODY:
            return whole(clock_time(at.astimezone(self._zone)))
        # Whole seconds, rounded down by whole-number division: no float decides.
        unix = (at - datetime.fromtimestamp(0, at.tzinfo)) // timedelta(seconds=1)
        return whole(f"<t:{unix}:F> (<t:{unix}:R>)" if is_roomy else f"<t:{unix}:f>")


def _plain(text: str, spot: Spot, newline: str) -> Span:
    return _broken(bare(text) if spot is Spot.LABEL else words(text), newline)


def _broken(made: Span, newline: str) -> Span:
    """Return words with line breaks as the place takes them."""
    if "\n" not in made.units:
        return made
    units = tuple(newline if unit == "\n" else unit for unit in made.units)
    return Span(units, made.opened, made.closed)
