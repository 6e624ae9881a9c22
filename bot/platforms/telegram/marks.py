"""Telegram's HTML as pieces that are cut before they are escaped: no tag is ever cut in half."""

import html
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

ELLIPSIS = "…"
_JOINER = "\u200d"
_SKINS = ("\U0001f3fb", "\U0001f3ff")
_FLAGS = ("\U0001f1e6", "\U0001f1ff")
# More than this on one letter is a prank.
_BACK_MAX = 16


@dataclass(frozen=True, slots=True)
class Bit:
    """Plain words under at most one tag."""

    plain: str
    tag: str = ""


def units(text: str) -> int:
    """Return the length in UTF-16 units, in which Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def cut(text: str, most: int) -> str:
    """Return the start of a text, at most so many units; no letter is cut in half."""
    if units(text) <= most:
        return text
    n, end = 0, 0
    for end, char in enumerate(text):  # noqa: B007 - the place where it stops is what we want
        n += 2 if char > "\uffff" else 1
        if n > most:
            break
    for _ in range(_BACK_MAX):
        if 0 < end < len(text) and _belongs(text, end):
            end -= 1
    return text[:end]


def size(bits: Iterable[Bit]) -> int:
    """Return how much some pieces take together."""
    return units(plain(bits))


def fitted(bits: Sequence[Bit], most: int) -> list[Bit]:
    """Return as much as fits into so many units, with an ellipsis where some was left out."""
    if size(bits) <= most:
        return list(bits)
    left = most - len(ELLIPSIS)
    kept: list[Bit] = []
    for one in bits:
        short = cut(one.plain, max(left, 0))
        kept.append(Bit(short, one.tag))
        left -= units(short)
        if short != one.plain:
            break
    return [*kept, Bit(ELLIPSIS)]


def tagged(bits: Iterable[Bit], tag: str) -> list[Bit]:
    """Return pieces under a tag, but for what has one of its own."""
    return [one if one.tag else Bit(one.plain, tag) for one in bits]


def plain(bits: Iterable[Bit]) -> str:
    """Return what is read of some pieces."""
    return "".join([one.plain for one in bits])


def written(bits: Iterable[Bit]) -> str:
    """Return pieces as they are sent."""
    out = []
    for tag, same in groupby(bits, lambda one: one.tag):
        text = html.escape(plain(same), quote=False)
        out.append(f"<{tag}>{text}</{tag}>" if tag and text else text)
    return "".join(out)


def _belongs(text: str, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if _JOINER in {before, char} or _SKINS[0] <= char <= _SKINS[1]:
        return True
    if _FLAGS[0] <= char <= _FLAGS[1] and _FLAGS[0] <= before <= _FLAGS[1]:
        return True
    return unicodedata.category(char).startswith("M")
