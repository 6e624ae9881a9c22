"""`python -m bot.reference` writes docs/commands.md and docs/settings.md from the declarations."""

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from bot.cli import parser
from bot.compose import house as our_house
from bot.platforms.text import compose
from bot.settings import SECTIONS
from core.kernel.command import Declaration, May
from core.kernel.duration import write_duration
from core.kernel.feature import House
from core.kernel.fields import Option, OptionKind
from core.kernel.setting import Setting

DOCS = Path(__file__).parent.parent / "docs"
_MADE = "<!-- Written by python -m bot.reference from the declarations; do not edit. -->"
_WHO = {
    May.ANYONE: "anyone",
    May.MEMBERS: "members",
    May.ADMINS: "admins",
    May.AUTHOR_OR_ADMINS: "the author or an admin",
}
_KINDS = {
    OptionKind.TEXT: "text",
    OptionKind.INTEGER: "whole number",
    OptionKind.BOOLEAN: "true or false",
    OptionKind.MEMBER: "member",
    OptionKind.CHANNEL: "channel",
}
_COMMANDS = """\
# Commands

What members type. On Discord each is a slash command with its options in fields; in the local
room and on other platforms of plain text the required options follow in order, the last text
takes the rest of the line, and optional ones stand at the end as `name=value`. A command of two
words may be joined there: `/config_set quorum 5`.
"""
_SETTINGS = """\
# Settings

## Of a community

Admins change them with `/config set`, everybody sees them with `/config show`. A vote keeps the
values that were in force at its opening.
"""
_CONFIG = """\
## Of the bot

`config.toml` holds what whoever runs the bot decides, and each key can also come from the
environment, which wins. `config.example.toml` is the file with every default; `folkmoot check`
says what is wrong with yours.
"""
_LINE = """\
## On the command line

Without a command, `folkmoot` opens a local room in the terminal. Every command takes
`--config FILE`; without it the environment and `./folkmoot.db` are used. The exit status is 0
where all is well, 1 where something failed or differs, 2 where it was asked wrongly.
"""


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name."""
    house = our_house()
    return {
        "commands.md": _page(_COMMANDS, _commands(house), _LINE, _command_line()),
        "settings.md": _page(_SETTINGS, _settings(house), _CONFIG, _config()),
    }


def _page(*parts: str | Iterator[str]) -> str:
    texts = [part if isinstance(part, str) else "\n".join(part) for part in (_MADE, *parts)]
    return "\n\n".join(text.strip() for text in texts) + "\n"


def _commands(house: House) -> Iterator[str]:
    found = sorted(house.declarations, key=lambda one: one.path)
    yield from _table(
        ("command", "what it does", "who may ask"),
        [(f"[`/{one.path}`](#{one.path.replace(' ', '-')})", one.help, _WHO[one.may])
         for one in found],
    )  # fmt: skip
    for one in found:
        yield ""
        yield from _command(one)


def _command(declared: Declaration) -> Iterator[str]:
    yield f"### {declared.path}"
    yield ""
    words = [f"<{one.name}>" if one.is_required else f"[{one.name}]" for one in declared.options]
    yield f"`{' '.join([f'/{declared.path}', *words])}`"
    yield ""
    personal = " The answer is about you and shown to you alone." if declared.is_personal else ""
    yield f"{declared.help} Who may ask: {_WHO[declared.may]}.{personal}"
    if declared.options:
        yield ""
        yield from _table(
            ("option", "takes", "default", "what it is"),
            [(f"`{one.name}`", _takes(one), _default(one), one.description)
             for one in declared.options],
        )  # fmt: skip


def _takes(option: Option) -> str:
    if option.choices:
        return ", ".join(f"`{choice}`" for choice in option.choices)
    bounds = ""
    if option.at_least is not None or option.at_most is not None:
        bounds = f", {_between(option.at_least, option.at_most)}"
    elif option.shortest or option.longest:
        bounds = f", {_between(option.shortest, option.longest)} letters"
    domain = option.domain.name if option.domain and option.kind is OptionKind.TEXT else ""
    return f"{domain or _KINDS[option.kind]}{bounds}"


def _between(least: int | None, most: int | None) -> str:
    if most is None:
        return f"at least {least}"
    return f"{least} to {most}" if least is not None else f"at most {most}"


def _default(option: Option) -> str:
    if option.is_required:
        return "(required)"
    value = option.default
    if value is None or value == "":
        return ""
    return f"`{write_duration(value) if isinstance(value, timedelta) else _toml(value)}`"


def _settings(house: House) -> Iterator[str]:
    return _table(
        ("setting", "default", "takes", "what it does"),
        [_setting(one) for one in house.settings.values()],
    )


def _setting(setting: Setting[Any]) -> tuple[str, ...]:
    takes = compose(setting.bounds, str, str)
    return (f"`{setting.name}`", f"`{setting.write(setting.default)}`", takes, setting.description)


def _config() -> Iterator[str]:
    rows = [
        (f"`[{name}] {field.alias or key}`", _default_of(field), field.description or "",
         f"`FOLKMOOT_{name}__{field.alias or key}`".upper())
        for name, section in SECTIONS.items()
        for key, field in section.model_fields.items()
    ]  # fmt: skip
    return _table(("key", "default", "value", "environment"), rows)


def _default_of(field: FieldInfo) -> str:
    value = field.default
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return '""'
        case tuple():
            return "[]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _command_line() -> Iterator[str]:
    for one in parser().subcommands.values():
        for help_of in (one, *one.subcommands.values()):
            yield f"```text\n{help_of.format_help().strip()}\n```\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def main() -> int:
    """Write the pages; return the exit status."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
