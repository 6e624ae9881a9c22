"""Buttons as short codes: `name:args`, positional; what is too long is stored and referred to."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core.kernel.canonical import encode
from core.kernel.command import Command, Declaration
from core.kernel.errors import UserError
from core.kernel.tx import Tx

# Everybody who presses the same button sends the same code.
SPLIT_MAX = 1_024
_ESCAPES = {"%": "%25", ":": "%3A"}
_FIND = "select id from button where community = ? and code = ?"
_ADD = """
insert into button (community, id, code)
select ?, coalesce(max(id), 0) + 1, ? from button where community = ?
returning id"""
_CODE = "select code from button where community = ? and id = ?"


class UnknownButton(UserError):
    """This button is not one of mine here. Type {command} to see what is open."""


def button_code(command: Command) -> str:
    """Return a command as a button carries it; trailing defaults are left out."""
    declared, options = command.declaration, command.declaration.options
    written = [_write(command.dumped[option.name]) for option in options]
    defaults = [None if one.is_required else _write(declared.unsaid[one.name]) for one in options]
    while written and written[-1] == defaults[len(written) - 1]:
        written.pop()
    name = declared.joined if declared.version == 1 else f"{declared.joined}.{declared.version}"
    return ":".join([name, *written])


@lru_cache(SPLIT_MAX)
def split_code(code: str) -> tuple[str, int, tuple[str, ...]]:
    """Return (joined name, version, arguments) of a code; nothing of it is trusted."""
    name, *written = code.split(":")
    joined, _, version = name.partition(".")
    args = tuple(part.replace("%3A", ":").replace("%25", "%") for part in written)
    return joined, int(version) if version.isascii() and version.isdigit() else 1, args


def named(declared: Declaration, args: Sequence[str]) -> dict[str, Any]:
    """Return positional button arguments by name; too many of them are dropped as forged."""
    return {option.name: text for option, text in zip(declared.options, args, strict=False)}


def number(tx: Tx, community: int, code: str) -> int:
    """Return the number that a code is stored under; the same code keeps its number."""
    row = tx.one(_FIND, (community, code)) or tx.one(_ADD, (community, code, community))
    assert row is not None
    return int(row[0])


def stored(tx: Tx, community: int, number: int) -> str | None:
    """Return the code under a number, if this community has it."""
    row = tx.one(_CODE, (community, number))
    return str(row[0]) if row else None


def _write(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if not text and value != "":
        text = encode(value)
    for char, escape in _ESCAPES.items():
        text = text.replace(char, escape)
    return text
