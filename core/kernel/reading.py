"""Raw arguments to a command: read, checked, and each mistake told in a sentence."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from core.kernel.command import Command, Declaration
from core.kernel.errors import UserError
from core.kernel.fields import Option, OptionKind
from core.kernel.words import clean, is_visible

if TYPE_CHECKING:
    from core.kernel.call import Call

# Options longer than this keep their line breaks.
ONE_LINE_MAX = 300
# No integer of ours is longer; more digits are refused before they are read.
DIGITS_MAX = 20
# Databases keep none that is larger.
INTEGER_MAX = 2**63 - 1
# A hundred ballots on one vote spell a handful of commands.
PLAIN_MAX = 256

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


class Missing(UserError):
    """{option} is missing. Please add it: {description}."""


class ChoiceMissing(UserError):
    """{option} is missing. Please add one of: {choices}."""


class UnknownOption(UserError):
    """There is no option {option}. The options are: {options}."""


class GivenTwice(UserError):
    """{option} is given twice. Write it once; put in quotes what is only a part of a text."""


class NotANumber(UserError):
    """{option} is a whole number in digits, such as 3; I read "{written}"."""


class NotYesOrNo(UserError):
    """{option} is on or off, true or false; I read "{written}"."""


class NotAChoice(UserError):
    """{option} cannot be "{written}". Write one of: {choices}."""


class NothingToSee(UserError):
    """{option} has no letters that people could see. Please write it in words."""


class TooLong(UserError):
    """{option} has {n} letters, and at most {longest} fit. Please shorten it."""


class TooShort(UserError):
    """{option} needs at least {shortest} letters. Please write more."""


class TooSmall(UserError):
    """{option} is too small. Write {least} or more."""


class TooLarge(UserError):
    """{option} is too large. Write {most} or less."""


class NotUnderstood(UserError):
    """I could not read {option}. Please write it again: {description}."""


def read_command(call: "Call", declared: Declaration, raw: Mapping[str, Any]) -> Command:
    """Return the command that raw arguments spell; raises UserError for the first mistake."""
    if declared.is_plain:
        # With their types, since True == 1 and is written otherwise.
        return _read_plain(declared.command, tuple(raw.items()), tuple(map(type, raw.values())))
    return _read_all(call, declared, raw)


@lru_cache(PLAIN_MAX)
def _read_plain(
    command: type[Command], raw: tuple[tuple[str, Any], ...], _: tuple[type, ...]
) -> Command:
    nobody = cast("Call", None)  # no plain option looks at who asks
    return _read_all(nobody, command.declaration, dict(raw))


def _read_all(call: "Call", declared: Declaration, raw: Mapping[str, Any]) -> Command:
    known = declared.by_name
    for name in raw:
        if name not in known:
            raise UnknownOption(option=clean(name)[:40], options=", ".join(known) or "none")
    values: dict[str, Any] = {}
    for name, option in known.items():
        given = raw.get(name)
        if given is None or (given == "" and not option.is_required):
            if option.is_required:
                raise _missing(option)
            continue
        values[name] = _read(call, option, given, values)
    try:
        return declared.command.model_validate(values)
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        raise NotUnderstood(option=where, description=known[where].description) from error


def _read(call: "Call", option: Option, given: Any, values: Mapping[str, Any]) -> Any:
    if option.domain is not None:
        value = option.domain.read(given, call, values)
        if isinstance(value, str):
            _check_text(option, value)
        return value
    if option.kind is OptionKind.BOOLEAN:
        return _boolean(option, given)
    if option.kind is OptionKind.INTEGER:
        return _integer(option, given)
    text = clean(str(given), is_long=(option.longest or ONE_LINE_MAX + 1) > ONE_LINE_MAX)
    if option.choices:
        if text.casefold() not in option.choices:
            raise NotAChoice(
                option=option.name, choices=", ".join(option.choices), written=text[:40]
            )
        return text.casefold()
    _check_text(option, text)
    return text


def _missing(option: Option) -> UserError:
    if option.choices:
        return ChoiceMissing(option=option.name, choices=", ".join(option.choices))
    return Missing(option=option.name, description=option.description)


def _check_text(option: Option, text: str) -> None:
    if text and not is_visible(text):
        raise NothingToSee(option=option.name)
    if option.is_required and not text:
        raise _missing(option)
    if option.longest is not None and len(text) > option.longest:
        raise TooLong(option=option.name, n=len(text), longest=option.longest)
    if option.shortest is not None and len(text) < option.shortest:
        raise TooShort(option=option.name, shortest=option.shortest)


def _boolean(option: Option, given: Any) -> bool:
    word = str(given).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise NotYesOrNo(option=option.name, written=clean(str(given))[:40])


def _integer(option: Option, given: Any) -> int:
    written = str(given).strip()
    digits = written.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX):
        raise NotANumber(option=option.name, written=clean(written)[:40])
    value = int(written)
    least = -INTEGER_MAX if option.at_least is None else option.at_least
    most = INTEGER_MAX if option.at_most is None else option.at_most
    if value < least:
        raise TooSmall(option=option.name, least=least)
    if value > most:
        raise TooLarge(option=option.name, most=most)
    return value
