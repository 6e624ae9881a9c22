"""What a command declaration may hold. This file is the form check of a sync."""

from __future__ import annotations

import re

from tests.platforms.discord_server.refusals import Errors, Json, Path, Refusal

NAME_MAX = 32
DESCRIPTION_MAX = 100
OPTIONS_MAX = 25
CHOICES_MAX = 25
CHOICE_MAX = 100
COMMAND_CHARACTERS_MAX = 8000
TEXT_LENGTH_MAX = 6000
SAFE_INTEGER_MAX = 2**53
CHAT_INPUT = 1
# How many global commands of each kind an application may have: slash, user, message.
COMMANDS_MAX = {1: 100, 2: 15, 3: 15}

SUB_COMMAND, SUB_GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(
    1, 11
)
ATTACHMENT = 11
WITH_CHOICES = (STRING, INTEGER, NUMBER)

# fmt: off
LOCALES = frozenset((
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi",
    "th", "zh-CN", "ja", "zh-TW", "ko",
))
# fmt: on


def check_commands(commands: list[Json]) -> None:
    """Hold a whole sync against the limits; raises 50035 or 30032."""
    errors = Errors()
    seen: set[tuple[int, str]] = set()
    for place, command in enumerate(errors.objects((), commands)):
        _check_command(errors, (place,), command)
        key = (command.get("type", CHAT_INPUT), str(command.get("name")))
        if key in seen:
            message = "Application command names must be unique"
            errors.add((place, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
    errors.refuse_if_any()
    for kind, most in COMMANDS_MAX.items():
        if sum(command.get("type", CHAT_INPUT) == kind for command in commands) > most:
            message = f"Maximum number of application commands reached ({most})."
            raise Refusal(400, 30032, message)


def _check_command(errors: Errors, at: Path, command: Json) -> None:
    kind = command.get("type", CHAT_INPUT)
    if not errors.choice((*at, "type"), kind, COMMANDS_MAX):
        return
    if kind != CHAT_INPUT:
        errors.text((*at, "name"), command.get("name"), NAME_MAX, 1)
        errors.text((*at, "description"), command.get("description"), 0)
        return
    _check_named(errors, at, command)
    options = errors.objects((*at, "options"), command.get("options"))
    _check_options(errors, (*at, "options"), options, depth=0)
    for name, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for place, value in enumerate(command.get(name) or []):
            errors.choice((*at, name, place), value, allowed)
    rights = command.get("default_member_permissions")
    if rights is not None and not str(rights).isdigit():
        errors.add((*at, "default_member_permissions"), "PERMISSIONS_TYPE_COERCE", "Not a bitset.")
    if _characters(command) > COMMAND_CHARACTERS_MAX:
        message = f"Command exceeds maximum size ({COMMAND_CHARACTERS_MAX})"
        errors.add(at, "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_named(errors: Errors, at: Path, part: Json) -> None:
    _check_name(errors, (*at, "name"), part.get("name"))
    errors.text((*at, "description"), part.get("description"), DESCRIPTION_MAX, 1)
    for locale, text in (part.get("name_localizations") or {}).items():
        if errors.choice((*at, "name_localizations"), locale, LOCALES):
            _check_name(errors, (*at, "name_localizations", locale), text)
    for locale, text in (part.get("description_localizations") or {}).items():
        if errors.choice((*at, "description_localizations"), locale, LOCALES):
            place = (*at, "description_localizations", locale)
            errors.text(place, text, DESCRIPTION_MAX, 1)


def _check_name(errors: Errors, at: Path, name: object) -> None:
    errors.text(at, name, NAME_MAX, 1)
    if isinstance(name, str) and not (re.fullmatch(r"[-_'\w]+", name) and name == name.lower()):
        errors.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(errors: Errors, at: Path, options: list[Json], *, depth: int) -> None:
    errors.length(at, options, OPTIONS_MAX)
    names: set[str] = set()
    was_optional = False
    branches = [option.get("type") in (SUB_COMMAND, SUB_GROUP) for option in options]
    if any(branches) and not all(branches):
        message = "Sub-commands and plain options cannot be mixed"
        errors.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    for place, option in enumerate(options):
        here = (*at, place)
        _check_named(errors, here, option)
        if option.get("name") in names:
            message = "Option name already exists"
            errors.add((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        names.add(str(option.get("name")))
        if option.get("required") and was_optional:
            message = "Required options must be placed before non-required options"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        was_optional |= not option.get("required")
        _check_option(errors, here, option, depth)


def _check_option(errors: Errors, at: Path, option: Json, depth: int) -> None:
    kind = option.get("type")
    if not errors.choice((*at, "type"), kind, _kinds_at(depth)):
        return
    inner = errors.objects((*at, "options"), option.get("options"))
    if kind in (SUB_COMMAND, SUB_GROUP):
        if kind == SUB_GROUP and not inner:
            errors.required((*at, "options"))
        _check_options(errors, (*at, "options"), inner, depth=3 if kind == SUB_COMMAND else 1)
        return
    _check_choices(errors, at, option)
    for bound in ("min_value", "max_value"):
        if option.get(bound) is not None:
            _only_for(errors, (*at, bound), kind, (INTEGER, NUMBER))
            errors.number((*at, bound), option[bound], -SAFE_INTEGER_MAX, SAFE_INTEGER_MAX)
    for bound, least in (("min_length", 0), ("max_length", 1)):
        if option.get(bound) is not None:
            _only_for(errors, (*at, bound), kind, (STRING,))
            errors.number((*at, bound), option[bound], least, TEXT_LENGTH_MAX)
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        if option.get(low) is not None and option.get(high) is not None:
            errors.number((*at, high), option[high], option[low], SAFE_INTEGER_MAX)


def _kinds_at(depth: int) -> tuple[int, ...]:
    plain = tuple(range(STRING, ATTACHMENT + 1))
    match depth:
        case 0:
            return (SUB_COMMAND, SUB_GROUP, *plain)
        case 1:
            return (SUB_COMMAND,)
    return plain


def _only_for(errors: Errors, at: Path, kind: object, kinds: tuple[int, ...]) -> None:
    if kind not in kinds:
        message = f"This field is only allowed for option types {kinds}"
        errors.add(at, "APPLICATION_COMMAND_OPTION_FIELD_INVALID", message)


def _check_choices(errors: Errors, at: Path, option: Json) -> None:
    choices = errors.objects((*at, "choices"), option.get("choices"))
    if not choices and not option.get("autocomplete"):
        return
    _only_for(errors, (*at, "choices"), option["type"], WITH_CHOICES)
    if choices and option.get("autocomplete"):
        message = "Options with autocomplete cannot have choices"
        errors.add((*at, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", message)
    errors.length((*at, "choices"), choices, CHOICES_MAX)
    seen: set[str] = set()
    for place, choice in enumerate(choices):
        here = (*at, "choices", place)
        errors.text((*here, "name"), choice.get("name"), CHOICE_MAX, 1)
        value = choice.get("value")
        if option["type"] == STRING:
            errors.text((*here, "value"), value, CHOICE_MAX, 1)
        else:
            errors.number((*here, "value"), value, -SAFE_INTEGER_MAX, SAFE_INTEGER_MAX)
        if choice.get("name") in seen:
            message = "Choice name already exists"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message)
        seen.add(str(choice.get("name")))


def _characters(part: Json) -> int:
    """Names, descriptions and choice values; of translations only the longest counts."""
    total = 0
    for name in ("name", "description"):
        texts = [part.get(name) or "", *(part.get(f"{name}_localizations") or {}).values()]
        total += max(len(str(text)) for text in texts)
    if isinstance(part.get("value"), str):
        total += len(part["value"])
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return total + sum(_characters(piece) for piece in inner if isinstance(piece, dict))
