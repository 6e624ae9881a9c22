"""How the room shows things: plain lines, buttons by number."""

import textwrap
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from bot.platforms.text import blocks, clock_time, compose, isolated, percent, span
from core.kernel.outbox import Person, Presented
from core.kernel.text import ChannelName, Code, CommandName, MemberId, Share, Text
from core.kernel.view import (
    Bars,
    Block,
    Fields,
    Items,
    Note,
    Paragraph,
    Quote,
    Table,
    Tone,
    Verbatim,
)

# Room for the frame and a name before it, in a terminal of 80 columns.
WIDTH = 74
# Narrower, words would stand one below the other.
WIDTH_MIN = 24
BAR_WIDTH = 16
LABEL_MAX = 34
_MARKS = {
    Tone.PLAIN: "",
    Tone.OPEN: "[open] ",
    Tone.PASSED: "",
    Tone.FAILED: "",
    Tone.QUIET: "",
}


class Writer:
    """Turns texts into the room's plain words, for one presented view."""

    def __init__(self, shown: Presented, width: int = WIDTH) -> None:
        """Take who is named, the community's zone, and how many letters a line has."""
        self.width = max(width, WIDTH_MIN)
        self._people: Mapping[int, Person] = shown.people
        self._zone = ZoneInfo(shown.zone)

    def write(self, text: Text) -> str:
        """Return a text as words."""
        return compose(text, self._value, lambda literal: literal)

    def write_lines(self, text: Text) -> str:
        """Return a text as words that keep their line breaks."""
        return compose(text, self._lines, lambda literal: literal)

    def _lines(self, value: Any) -> str:
        if isinstance(value, str):
            return "\n".join(isolated(line) for line in value.split("\n"))
        return self._value(value)

    def _value(self, value: Any) -> str:  # noqa: C901 - one line a kind of value
        match value:
            case MemberId():
                person = self._people.get(int(value))
                return isolated(person.name) if person and person.name else "a former member"
            case Text():
                return self.write(value)
            case str():
                return isolated(" ".join(value.split("\n")) if "\n" in value else value)
            case bool() | int():
                return f"{value:d}"
            case Share(part):
                return percent(part)
            case Fraction():
                return str(value)
            case datetime():
                return clock_time(value.astimezone(self._zone))
            case timedelta():
                return span(value)
            case Code(exact):
                return exact
            case CommandName(path):
                return f"/{path}"
            case ChannelName(channel):
                return f"#{channel}"
            case _:
                raise TypeError(f"no way to write {type(value).__name__}")


def render(shown: Presented, width: int = WIDTH, taken: int = 0) -> str:
    """Return a view as lines of at most `width` letters (but for long words and codes).

    Of the first line `taken` letters are taken by what will stand before it.
    """
    writer = Writer(shown, width)
    view = shown.view
    lines: list[str] = []
    if view.title is not None:
        lines += _wrapped(writer, _MARKS[view.tone] + writer.write(view.title), taken=taken)
    for block in view.blocks:
        lines += _block(writer, block, 0 if lines else taken)
    buttons = [
        f"[{code.removeprefix('#')}] {writer.write(button.label)}"
        for button, code in zip(view.buttons, shown.codes, strict=True)
    ]
    if buttons:
        lines += _packed(buttons, writer.width)
    return "\n".join(lines)


def _block(writer: Writer, block: Block, taken: int = 0) -> list[str]:
    write = writer.write
    match block:
        case Paragraph(text):
            return _wrapped(writer, write(text), taken=taken)
        case Quote(text):
            return _wrapped(writer, writer.write_lines(text), "> ")
        case Verbatim(lines):
            return lines.split("\n")
        case Note(text):
            return _wrapped(writer, f"({write(text)})", taken=taken)
        case Fields(rows):
            return _fields(writer, rows)
        case Items(rows):
            return [line for row in rows for line in _wrapped(writer, write(row), "- ", "  ")]
        case Table(header, rows):
            return _table([[write(cell) for cell in row] for row in (header, *rows)])
        case Bars(bars):
            labels = [_cut(write(bar.label)) for bar in bars]
            width = max(len(label) for label in labels)
            return [
                f"{'*' if bar.is_marked else ' '} {label:<{width}} "
                f"{blocks(bar.part, BAR_WIDTH)} {write(bar.figure)}"
                for bar, label in zip(bars, labels, strict=True)
            ]
        case _:
            assert_never(block)


def _fields(writer: Writer, rows: tuple[tuple[Text, Text], ...]) -> list[str]:
    lines = []
    for label, value in rows:
        words = f"{writer.write(label)}: {writer.write(value)}"
        lines += _wrapped(writer, words, "  ", "      ")
    return lines


def _table(cells: list[list[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _packed(buttons: list[str], width: int) -> list[str]:
    """Return buttons on as few lines as they fit."""
    lines = [""]
    for button in buttons:
        if lines[-1] and len(lines[-1]) + 2 + len(button) > width:
            lines.append("")
        lines[-1] += ("  " if lines[-1] else "") + button
    return lines


def _cut(label: str) -> str:
    return label if len(label) <= LABEL_MAX else label[: LABEL_MAX - 1] + "…"


def _wrapped(
    writer: Writer, text: str, first: str = "", rest: str | None = None, *, taken: int = 0
) -> list[str]:
    """Return a text as lines; `first` stands before its first one, `rest` before the others.

    The first line is `taken` letters shorter.
    """
    after = first if rest is None else rest
    # Letters that no wrapping breaks at or drops, taken out again below.
    gap = "\0" * min(taken, writer.width - 1)
    lines: list[str] = []
    for part in text.split("\n"):
        before = after if lines else first + gap
        lines += textwrap.wrap(
            part,
            writer.width,
            initial_indent=before,
            subsequent_indent=after,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [before.rstrip()]
    return [lines[0].replace(gap, "", 1), *lines[1:]]
