"""Spans of time as people write them: `45m`, `36h`, `3d`, `2w`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from core.kernel.errors import UserError
from core.kernel.fields import Choices, Domain, Suggestion, Typing
from core.kernel.words import clean

if TYPE_CHECKING:
    from core.kernel.call import Call
    from core.kernel.feature import House

_PART = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
# Longer than anything here may last; keeps sums inside what a datetime holds.
_LONGEST = timedelta(days=3650)
_COMMON = ("1h", "6h", "12h", "24h", "2d", "3d", "1w", "2w")


class NotADuration(UserError):
    """I read "{written}" where a length of time belongs: write 45m, 36h, 3d or 2w."""


def read_duration(written: str) -> timedelta:
    """Return the span that `3d` or `1d12h` says; raises ValueError."""
    text = "".join(written.split()).casefold()
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(written)
    try:
        total = sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())
    except OverflowError as error:
        raise ValueError(written) from error
    if total > _LONGEST:
        raise ValueError(written)
    return total


def write_duration(span: timedelta) -> str:
    """Return a span as `read_duration` takes it, in the largest whole unit up to days.

    A single day is written as people say it of deadlines: 24h.
    """
    if not span:
        return "0m"
    names = ("d", "h", "m", "s") if span >= 2 * _UNITS["d"] else ("h", "m", "s")
    units = [unit for unit in names if not span % _UNITS[unit]]
    return f"{span // _UNITS[units[0]]}{units[0]}" if units else f"{span.seconds}s"


def _read(raw: Any, _: "Call", __: Mapping[str, Any]) -> timedelta:
    if isinstance(raw, timedelta):
        return raw
    try:
        return read_duration(str(raw))
    except ValueError as error:
        raise NotADuration(written=clean(str(raw))[:40]) from error


def _suggest(typing: Typing, _: "House") -> list[Suggestion]:
    typed = typing.typed.strip()
    return [Suggestion(one, one) for one in _COMMON if one.startswith(typed)]


DURATION = Domain("duration", _read, suggest=Choices(_suggest), is_word=True)
# Stored as people write it: in the journal a reader sees `3d`, not an ISO period.
Duration = Annotated[
    timedelta,
    DURATION,
    BeforeValidator(lambda kept: read_duration(kept) if isinstance(kept, str) else kept),
    PlainSerializer(write_duration, return_type=str, when_used="json"),
]
