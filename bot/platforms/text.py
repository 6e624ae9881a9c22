"""How values read in any language of markup: what all renderers share."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from core.kernel.text import Text, pieces
from core.kernel.view import Block, Fields, Items, Paragraph

_UNITS = (
    ("week", timedelta(weeks=1)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
# A direction isolate around words that turn the line, so that ours stay in order.
_FSI, _PDI = "\u2068", "\u2069"
_RTL = (range(0x0590, 0x0900), range(0xFB1D, 0xFE00), range(0xFE70, 0xFF00), range(0x200E, 0x2010))


def compose(text: Text, write: Callable[[Any], str], literal: Callable[[str], str]) -> str:
    """Return a text with each value written by `write` and each literal by `literal`."""
    parts = []
    for words, value in pieces(text):
        parts.append(literal(words))
        if value is not None:
            parts.append(write(value))
    return "".join(parts)


def span(length: timedelta) -> str:
    """Return a length of time in at most two units: `1 day 12 hours`."""
    said: list[str] = []
    rest = length
    for name, unit in _UNITS:
        n = rest // unit
        if n and len(said) < 2 and not (said and name == "week"):
            said.append(f"{n} {name}{'' if n == 1 else 's'}")
            rest -= n * unit
    return " ".join(said) or "0 seconds"


def percent(part: Fraction) -> str:
    """Return a share in whole percent, half up; what is not nothing is never 0 %."""
    whole = int(part * 100 + Fraction(1, 2))
    if whole == 0 and part > 0:
        return "under 1 %"
    if whole == 100 and part < 1:
        return "over 99 %"
    return f"{whole} %"


def blocks(part: Fraction, width: int) -> str:
    """Return a bar of `width` letters, filled for a part in 0..1; anything above 0 shows."""
    filled = int(part * width + Fraction(1, 2))
    if part > 0:
        filled = max(1, filled)
    if part < 1:
        filled = min(width - 1, filled)
    return "█" * filled + "░" * (width - filled)


def led(view: Iterable[Block]) -> Iterator[tuple[Block, bool]]:
    """Yield each block, and whether it is a list that belongs to the sentence before it."""
    before: Block | None = None
    for block in view:
        yield block, isinstance(before, Paragraph) and isinstance(block, Items | Fields)
        before = block


def isolated(words: str) -> str:
    """Return somebody's words so that their direction cannot turn what stands around them."""
    turns = not words.isascii() and any(ord(char) in rtl for char in words for rtl in _RTL)
    return f"{_FSI}{words}{_PDI}" if turns else words


def shortened(words: str, most: int) -> str:
    """Return words of at most `most` letters, with an ellipsis where some were cut."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    # Never between a letter and what modifies it.
    while cut and (ord(words[len(cut)]) in _JOINING or ord(cut[-1]) == 0x200D):
        cut = cut[:-1]
    return cut.rstrip() + "…"


_JOINING = frozenset(
    {0x200D, *range(0x0300, 0x0370), *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)}
)


def clock_time(at: datetime) -> str:
    """Return an instant that is already in its zone: `Tue 24 Nov 2026, 18:00 UTC`."""
    return at.strftime(f"%a {at.day} %b %Y, %H:%M %Z").strip()
