"""This file is the limits of a method: named whole numbers, each with a range and a default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category

from core.voting.errors import (
    BadLimit,
    BadOption,
    SameOption,
    TooFewOptions,
    TooManyOptions,
    UnknownLimit,
)
from core.voting.words import key

OPTIONS_MAX = 120  # a rank of any of them still fits the signed byte it is stored in
OPTION_LENGTH_MAX = 200  # twice what platforms show on a button
# Controls, lone surrogates and line breaks; the joiners of emoji and scripts are letters to people.
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # of the reading

Limits = Mapping[str, "int | Sequence[int]"]


@dataclass(frozen=True)
class Limit:
    """A whole number that a decision may set, or (`is_each`) one number for each option."""

    default: int | None
    least: int
    most: int
    is_each: bool = False
    is_required: bool = False


def check_options(options: Sequence[str], least: int = 1) -> tuple[str, ...]:
    """Return the options, trimmed, or say which cannot be told apart or written."""
    texts = tuple(" ".join(option.split()) for option in options)
    if len(texts) < least:
        raise TooFewOptions(least=least, given=len(texts))
    if len(texts) > OPTIONS_MAX:
        raise TooManyOptions(most=OPTIONS_MAX, given=len(texts))
    seen: set[str] = set()
    for text in texts:
        if not text:
            raise BadOption(option=text, reason="it is empty")
        if len(text) > OPTION_LENGTH_MAX:
            raise BadOption(option=text[:40] + "…", reason=f"over {OPTION_LENGTH_MAX} characters")
        if "|" in text or _TURNING & set(text) or not _CONTROL.isdisjoint(map(category, text)):
            raise BadOption(option=text, reason='it holds "|" or a control character')
        if text[0] == "#" and text[1:].isdecimal():
            raise BadOption(option=text, reason='"#" and a number stand for an option\'s number')
        if key(text) in seen:
            raise SameOption(option=text)
        seen.add(key(text))
    return texts


def check_limits(
    method: str, known: Mapping[str, Limit], given: Limits, n_options: int
) -> dict[str, int | tuple[int, ...]]:
    """Return every limit of a method, given or by default, each inside its range."""
    for name in given:
        if name not in known:
            raise UnknownLimit(method=method, limit=name)
    settled: dict[str, int | tuple[int, ...]] = {}
    for name, limit in known.items():
        value = given.get(name, limit.default)
        if value is None:
            continue
        numbers = (value,) if isinstance(value, int) else tuple(value)
        wanted = n_options if limit.is_each else 1
        fits = len(numbers) == wanted and all(limit.least <= n <= limit.most for n in numbers)
        if not fits or isinstance(value, int) is limit.is_each:
            raise BadLimit(
                limit=name, method=method, least=limit.least, most=limit.most, given=str(value)
            )
        settled[name] = numbers if limit.is_each else numbers[0]
    return settled
