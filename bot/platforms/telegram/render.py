"""How Telegram shows things: one text in HTML and rows of buttons, inside all of its limits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.platforms.telegram.marks import ELLIPSIS, Bit, fitted, plain, size, tagged, units, written
from bot.platforms.telegram.words import Writer
from bot.platforms.text import blocks, led
from core.kernel.outbox import Presented
from core.kernel.view import (
    Bar,
    Bars,
    Block,
    Button,
    Fields,
    Items,
    Note,
    Paragraph,
    Quote,
    Table,
    Tone,
    Verbatim,
)

TEXT_MAX = 4096
TOAST_MAX = 200
# What is longer than this would be gone from the screen before it is read.
GLANCE_MAX = 60
CODE_BYTES = 64
BUTTONS_MAX = 100
# In private a button has to say which group it is about: `@-1001234567890123|` before the code.
GROUP_BYTES = 20
BUTTON_BYTES = CODE_BYTES - GROUP_BYTES

# Ours: what one line may take, so that no single one pushes the others out.
NAME_MAX = 120
TITLE_MAX = 256
LINE_MAX = 600
LABEL_MAX = 64
# Where all of it is too much, no line is longer than the first of these that helps.
WIDTHS = (TEXT_MAX, 600, 300, 150, 100, 60)
QUOTE_MAX = 2_200
QUOTE_MIN = 150
BAR_WIDTH = 12
# Labels in one row share its width, about 40 letters on a telephone.
ROW_LETTERS = 32
ROW_BUTTONS = 4
# A quote of more lines than this is folded until somebody opens it.
FOLDED_FROM = 600

_SIGNS = {
    Tone.PLAIN: "",
    Tone.OPEN: "🗳️ ",
    Tone.PASSED: "✅ ",
    Tone.FAILED: "❌ ",
    Tone.QUIET: "",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One button: what stands on it, and its code or its link."""

    label: str
    code: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A message as Telegram shows it."""

    html: str
    rows: tuple[tuple[Key, ...], ...] = ()

    def markup(self, group: str = "") -> InlineKeyboardMarkup | None:
        """Return the buttons; in private each one says which group it is about."""
        if not self.rows:
            return None
        before = f"@{group}|" if group else ""
        return InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(key.label, url=key.url)
                    if key.url
                    else InlineKeyboardButton(key.label, callback_data=before + key.code)
                    for key in row
                ]
                for row in self.rows
            ]
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text; `is_apart` leaves a blank one before it."""

    bits: list[Bit] = field(default_factory=list)
    is_apart: bool = False
    is_quote: bool = False
    is_note: bool = False

    def fitted(self, most: int) -> "_Line":
        return replace(self, bits=fitted(self.bits, most))

    @property
    def html(self) -> str:
        inner = written(self.bits)
        if not self.is_quote:
            return inner
        folded = " expandable" if size(self.bits) > FOLDED_FROM else ""
        return f"<blockquote{folded}>{inner}</blockquote>"


def render(shown: Presented) -> Look:
    """Return a view as a text and buttons that Telegram takes, whatever stands in it."""
    writer = Writer(shown)
    lines = _signed(list(_all_lines(writer, shown)), _SIGNS[shown.view.tone])
    keys = list(_keys(writer, shown.view.buttons, shown.codes))
    return Look(_joined(_shrunk(lines)), tuple(_rows(keys)))


def toast(shown: Presented) -> str:
    """Return a view as the few plain words that an answered press can show.

    Where they are a glance without the notes, the notes are left out: nobody wants to press OK
    after each vote.
    """
    lines, sign = list(_all_lines(Writer(shown), shown)), _SIGNS[shown.view.tone]
    words = _plain(lines, sign)
    if units(words) > GLANCE_MAX and any(not isinstance(one, Note) for one in shown.view.blocks):
        brief = _plain([line for line in lines if not line.is_note], sign)
        words = brief if units(brief) <= GLANCE_MAX else words
    return plain(fitted([Bit(words)], TOAST_MAX))


def _plain(lines: list[_Line], sign: str) -> str:
    return "\n".join(plain(line.bits) for line in _signed(lines, sign))


def _signed(lines: list[_Line], sign: str) -> list[_Line]:
    """Put the sign before the first line; a view with nothing in it says at least that."""
    if not lines:
        return [_Line([Bit(f"{sign or '✅ '}Done.")])]
    if not sign:
        return lines
    first = lines[0]
    return [replace(first, bits=[Bit(sign), *first.bits]), *lines[1:]]


def _all_lines(writer: Writer, shown: Presented) -> Iterator[_Line]:
    if shown.view.title is not None:
        yield _Line(tagged(fitted(writer.bits(shown.view.title), TITLE_MAX), "b"))
    for block, is_led in led(shown.view.blocks):
        for line in _lines(writer, block):
            yield replace(line, is_apart=False) if is_led else line


def _lines(writer: Writer, block: Block) -> Iterator[_Line]:  # noqa: C901, PLR0912 - one case a block
    match block:
        case Paragraph(text):
            yield _Line(writer.bits(text, newline="\n"), is_apart=True)
        case Quote(text):
            yield _Line(writer.bits(text, newline="\n"), is_quote=True)
        case Verbatim(lines):
            yield _Line([Bit(lines, "pre")], is_apart=True)
        case Note(text):
            yield _Line(tagged(writer.bits(text), "i"), is_note=True)
        case Fields(rows):
            for at, (label, value) in enumerate(rows):
                bits = [*_bold(writer.bits(label)), Bit(": "), *writer.bits(value)]
                yield _one(bits, is_apart=not at)
        case Items(rows):
            for at, row in enumerate(rows):
                yield _one([Bit("• "), *writer.bits(row)], is_apart=not at)
        case Table(header, rows):
            yield _one(_row(_bold(writer.bits(cell)) for cell in header), is_apart=True)
            for cells in rows:
                yield _one(_row(writer.bits(cell) for cell in cells))
        case Bars(rows):
            for at, bar in enumerate(rows):
                yield from _bar(writer, bar, is_apart=not at)
        case _:
            assert_never(block)


def _bar(writer: Writer, bar: Bar, *, is_apart: bool) -> Iterator[_Line]:
    mark = [Bit("✅ ")] if bar.is_marked else []
    yield _Line([*mark, *_bold(writer.bits(bar.label))], is_apart=is_apart)
    drawn = Bit(blocks(bar.part, BAR_WIDTH), "code")
    yield _one([drawn, Bit(" "), *writer.bits(bar.figure)])


def _one(bits: list[Bit], *, is_apart: bool = False) -> _Line:
    return _Line(fitted(bits, LINE_MAX), is_apart)


def _row(cells: Iterable[list[Bit]]) -> list[Bit]:
    found: list[Bit] = []
    for cell in cells:
        found += [Bit(" · ")] if found else []
        found += fitted(cell, NAME_MAX)
    return found


def _bold(bits: list[Bit]) -> list[Bit]:
    return tagged(fitted(bits, NAME_MAX), "b")


def _shrunk(lines: list[_Line]) -> list[_Line]:
    """Cut the longest lines first, so that the last ones are not pushed out by them.

    A quote has what the others leave: what we say about it counts for more.
    """
    quotes = sum(line.is_quote for line in lines)
    if not quotes and sum(2 + size(line.bits) for line in lines) <= TEXT_MAX:
        return lines  # as nearly all do
    others, left = lines, 0
    for most in WIDTHS:
        others = [line if line.is_quote else line.fitted(most) for line in lines]
        left = TEXT_MAX - sum(2 + size(line.bits) for line in others if not line.is_quote)
        if left >= QUOTE_MIN * quotes:
            break
    each = max(QUOTE_MIN, min(QUOTE_MAX, left // quotes - 2)) if quotes else 0
    return [line.fitted(each) if line.is_quote else line for line in others]


def _joined(lines: Sequence[_Line]) -> str:
    """Return the lines that fit; what is left out is never left out unseen."""
    text, left = "", TEXT_MAX - units("\n" + ELLIPSIS)
    for line in lines:
        gap = ("\n\n" if line.is_apart else "\n") if text else ""
        room, whole = left - len(gap), size(line.bits)
        if room <= 1 or not line.bits:
            return text + "\n" + ELLIPSIS
        if whole > room:
            return text + gap + line.fitted(room).html
        text += gap + line.html
        left = room - whole
    return text


def _keys(writer: Writer, buttons: Sequence[Button], codes: Sequence[str]) -> Iterator[Key]:
    for button, code in zip(buttons[:BUTTONS_MAX], codes, strict=False):
        if code and len(code.encode()) <= BUTTON_BYTES:
            yield Key(writer.line(button.label, LABEL_MAX), code)


def _rows(keys: Sequence[Key]) -> Iterator[tuple[Key, ...]]:
    """Yield buttons side by side where their labels can be read there."""
    row: list[Key] = []
    for key in keys:
        most = max([units(one.label) for one in [*row, key]]) * (len(row) + 1)
        if row and (most > ROW_LETTERS or len(row) == ROW_BUTTONS):
            yield tuple(row)
            row = []
        row.append(key)
    if row:
        yield tuple(row)
