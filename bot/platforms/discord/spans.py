"""People's words made harmless and cut safely. This file is Discord's markup, as pieces of text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

ELLIPSIS = "…"
# Breaks what Discord would read as a mention, an emoji or a time, and is not seen.
_NOTHING = "\u200b"
_FSI, _PDI = "\u2068", "\u2069"
# Embeddings, overrides and isolates of others: they would turn our words, too.
_TURNERS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_TURNING = frozenset({"R", "AL", "AN"})
_MARKS = frozenset("\u200e\u200f\u061c")
_JOINER = "\u200d"
_FIRST_MARK = "\u0300"
_SKINS = ("\U0001f3fb", "\U0001f3ff")
# Nothing longer is ever shown whole, so nothing longer is looked at.
_LONGEST = 6_001
# More than this on one letter is a prank; the family of emoji with the most parts has eleven.
_CLUSTER_MAX = 16
# The pieces of our templates are some thousand; their letters need looking at only once.
TEMPLATES_MAX = 4_096
_SPECIAL = frozenset("\\*`_~|]<@#>-")
_NAMED = re.compile(r"<(?:[@#:/]|a:|t:|id:)")
_EVERYONE = re.compile(r"@(?:everyone|here)", re.IGNORECASE)
_LINE_START = re.compile(r"#{1,3}\s|>|-[\s#]")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of marked-up text: units that are never cut, between what opens and closes it."""

    units: tuple[str, ...]
    opened: str = ""
    closed: str = ""

    @property
    def size(self) -> int:
        """How many characters it takes."""
        return len(self.opened) + sum(map(len, self.units)) + len(self.closed)

    def __str__(self) -> str:
        """Write the whole of it."""
        return self.opened + "".join(self.units) + self.closed


def whole(text: str) -> Span:
    """Return a piece that is shown whole or not at all."""
    return Span((text,))


def words(text: str) -> Span:
    """Return somebody's words so that they mean nothing to Discord, and turn nothing around."""
    plain = _upright(text)
    units = list(_escaped(plain))
    if plain.endswith("]"):
        # What follows may be somebody else's, and make a link of both.
        units[-1] = "\\]"
    return Span(tuple(units), _FSI, _PDI) if _turns(plain) else Span(tuple(units))


@lru_cache(TEMPLATES_MAX)
def ours(text: str) -> Span:
    """Return words of a template of ours: there is no markup in the core."""
    return Span(tuple(_escaped(text)))


def bare(text: str) -> Span:
    """Return words for a place where Discord reads no markup: the label of a button."""
    plain = _upright(text)
    units = tuple(cluster for _, cluster in _clusters(plain))
    return Span(units, _FSI, _PDI) if _turns(plain) else Span(units)


def code(exact: str) -> Span:
    """Return something to be copied letter by letter."""
    line = " ".join(_upright(exact).split()) or "(empty)"
    before, after = (_FSI, _PDI) if _turns(line) else ("", "")
    if "`" not in line:
        return Span(tuple(line), before + "`", "`" + after)
    # Two in a row would end the code, which two of them began.
    apart = line.replace("``", "`" + _NOTHING + "`").replace("``", "`" + _NOTHING + "`")
    return Span(tuple(apart), before + "`` ", " ``" + after)


def fitted(spans: Iterable[Span], most: int) -> str:
    """Return as much as fits into `most` characters; no markup and no letter is cut in half."""
    kept = list(spans)
    if sum(one.size for one in kept) <= most:
        return "".join(map(str, kept))
    out: list[str] = []
    left = most - len(ELLIPSIS)
    for one in kept:
        if one.size <= left:
            out.append(str(one))
            left -= one.size
            continue
        room = left - len(one.opened) - len(one.closed)
        units = _first(one.units, room)
        if units:
            out.append(one.opened + "".join(units) + one.closed)
        break
    return "".join(out).rstrip() + ELLIPSIS


def _first(units: tuple[str, ...], room: int) -> list[str]:
    found: list[str] = []
    for unit in units:
        room -= len(unit)
        if room < 0:
            break
        found.append(unit)
    return found


def _upright(text: str) -> str:
    return text[:_LONGEST].translate(_TURNERS)


def _turns(text: str) -> bool:
    if text.isascii():
        return False
    return any(char in _MARKS or unicodedata.bidirectional(char) in _TURNING for char in text)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield (where, letter with all that belongs to it), roughly as a reader counts letters."""
    if text.isascii():
        yield from enumerate(text)
        return
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and _belongs(text, at):
            continue
        yield start, text[start : min(at, start + _CLUSTER_MAX)]
        start = at


def _belongs(text: str, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if char < _FIRST_MARK:
        return False
    if _JOINER in {before, char} or _SKINS[0] <= char <= _SKINS[1]:
        return True
    if _is_flag(char) and _is_flag(before):
        start = at
        while start and _is_flag(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return unicodedata.category(char) in {"Mn", "Mc", "Me"}


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _escaped(text: str) -> Iterator[str]:
    for at, cluster in _clusters(text):
        char = cluster[0]
        yield cluster if char not in _SPECIAL else _guarded(text, at, char) + cluster[1:]


def _guarded(text: str, at: int, char: str) -> str:
    """Return a letter that can be markup, with a guard where it would be."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    is_first = before in {"", "\n"}
    match char:
        case "\\" | "*" | "`":
            is_markup = True
        case "_":
            is_markup = not (before.isalnum() and after.isalnum())
        case "~" | "|":
            is_markup = not before or not after or char in {before, after}
        case "]":
            is_markup = after == "("
        case "<":
            return char + _NOTHING if not after or _NAMED.match(text, at) else char
        case "@":
            return char + _NOTHING if _EVERYONE.match(text, at) else char
        case _:
            is_markup = is_first and _LINE_START.match(text, at) is not None
    return "\\" + char if is_markup else char
