"""How a typed line becomes a command's name and raw arguments (DESIGN 5), for every platform."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from core.kernel.command import Declaration
from core.kernel.fields import Option, OptionKind

_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A typed command: its path as far as it is known, and raw texts by option.

    Nothing more is read of a line that gives an option twice: `twice` names the option.
    """

    command: str
    args: dict[str, str] = field(default_factory=dict)
    declared: Declaration | None = None
    twice: str = ""


def parse(line: str, commands: Mapping[str, Declaration]) -> Spoken:
    """Return what a line such as `/config set quorum 5` asks for.

    `commands` has the declarations by path. An unknown command is returned by the word that
    was typed; the door tells the asker.
    """
    first, *further = line.strip().split("\n")
    path, rest = _path(first.removeprefix("/"), commands)
    declared = commands.get(path)
    if declared is None:
        return Spoken(path)
    args: dict[str, str] = {}
    named = _named(rest, declared)
    names = list(named.values())
    if twice := next((one for at, one in enumerate(names) if one in names[:at]), ""):
        return Spoken(path, {}, declared, twice)
    rest = _take_named(rest, named, declared, args)
    _take_in_order(rest, declared, args)
    _take_further("\n".join(further).strip(), declared, args)
    return Spoken(path, args, declared)


def _path(text: str, commands: Mapping[str, Declaration]) -> tuple[str, str]:
    """Return the longest path that starts the line, and what follows it."""
    words = text.split(maxsplit=2)
    if not words:
        return "", ""
    first = words[0].partition("@")[0].casefold()
    two = f"{first} {words[1].casefold()}" if len(words) > 1 else ""
    if two in commands:
        return two, words[2] if len(words) > 2 else ""
    rest = text.split(maxsplit=1)[1] if len(words) > 1 else ""
    spaced = first.replace("_", " ")
    return (first if first in commands else spaced), rest


def _named(rest: str, declared: Declaration) -> dict[int, str]:
    """Return the options that stand as `key=` outside quotes, by their places."""
    if "=" not in rest or not declared.options:
        return {}
    pattern = _named_or_quoted(tuple(option.name for option in declared.options))
    return {found.start(): found[1] for found in pattern.finditer(rest) if found[1]}


def _take_named(
    rest: str, named: Mapping[int, str], declared: Declaration, args: dict[str, str]
) -> str:
    """Cut `key=value` off the end, as long as the key is an option of this command."""
    if not named:
        return rest.strip()
    last = _last_named(tuple(option.name for option in declared.options))
    while (found := last.search(rest)) and found.start(1) in named:
        args[found[1]] = _unquoted(found[2])
        rest = rest[: found.start()]
    return rest.strip()


@cache
def _named_or_quoted(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a `key=` anywhere, and of quotes, in which none is looked for."""
    keys = "|".join(re.escape(name) for name in names)
    # No quote opens after a letter or digit, as in 5", or closes before one.
    quoted = "|".join(rf"(?<!\w){a}[^{a}{b}]*{b}(?!\w)" for a, b in _QUOTES.items())
    return re.compile(rf"(?<!\S)({keys})=|{quoted}")


@cache
def _last_named(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a `key=value` at the end of a line, for the options of a command."""
    keys = "|".join(re.escape(name) for name in names)
    quoted = "|".join(f"{a}[^{b}]*{b}" for a, b in _QUOTES.items())
    return re.compile(rf"(?:^|\s)({keys})=({quoted}|\S*)\s*$")


def _take_in_order(rest: str, declared: Declaration, args: dict[str, str]) -> None:
    waiting = [one for one in declared.options if one.is_required and one.name not in args]
    if not any(one.is_required for one in declared.options):
        if rest and declared.options:
            args.setdefault(declared.options[0].name, _unquoted(rest))
        return
    for at, option in enumerate(waiting):
        if not rest:
            return
        if at == len(waiting) - 1 and not _is_word(option):
            args[option.name], rest = _unquoted(rest), ""
        else:
            args[option.name], rest = _one(option, rest)
    if rest:
        _take_rest(rest, declared, args)


def _take_rest(rest: str, declared: Declaration, args: dict[str, str]) -> None:
    """Give what is left to the first option that it can be, else to the one that refuses it."""
    free = [one for one in declared.options if _may_follow(one) and one.name not in args]
    if free:
        args[free[0].name] = _unquoted(rest)
        return
    required = [one.name for one in declared.options if one.is_required]
    args[required[-1]] = f"{args[required[-1]]} {rest}"


def _take_further(text: str, declared: Declaration, args: dict[str, str]) -> None:
    """Give further lines of a message to the last optional text, else to the last text."""
    if not text:
        return
    free = [one for one in declared.options if _is_free_text(one)]
    if free:
        name = free[-1].name
    elif declared.options:
        name = next(
            (one.name for one in reversed(declared.options) if one.is_required),
            declared.options[0].name,
        )
    else:
        return
    args[name] = f"{args[name]}\n{text}" if args.get(name) else text


def _one(option: Option, rest: str) -> tuple[str, str]:
    """Return one argument from the start of the text, and what follows it."""
    end = _QUOTES.get(rest[0])
    if end is not None and (at := rest.find(end, 1)) > 0:
        return rest[1:at], rest[at + 1 :].strip()
    stop = option.domain.ends_at if option.domain else ""
    if stop and (at := rest.find(stop)) >= 0:
        return rest[: at + 1].strip(), rest[at + 1 :].strip()
    word = _WORD.match(rest)
    assert word is not None
    return word[0], rest[word.end() :].strip()


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1]
    return text


def _is_word(option: Option) -> bool:
    if option.kind is not OptionKind.TEXT or option.choices:
        return True
    return option.domain is not None and option.domain.is_word


def _may_follow(option: Option) -> bool:
    """Whether an option may stand bare after the required ones: a text, a channel, a person."""
    is_named = option.kind in (OptionKind.CHANNEL, OptionKind.MEMBER)
    return _is_free_text(option) or (is_named and not option.is_required)


def _is_free_text(option: Option) -> bool:
    is_plain = option.kind is OptionKind.TEXT and option.domain is None and not option.choices
    return is_plain and not option.is_required
