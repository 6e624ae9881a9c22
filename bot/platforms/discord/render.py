"""How Discord shows things: embeds and buttons inside all of its limits, as one look."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import assert_never

import discord

from bot.platforms.discord.spans import ELLIPSIS, Span, fitted, whole
from bot.platforms.discord.words import Spot, Writer
from bot.platforms.text import blocks, led
from core.kernel.outbox import Presented
from core.kernel.text import Text
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
    Style,
    Table,
    Tone,
    Verbatim,
)

# What Discord takes; characters are counted after escaping, as Discord does.
TITLE_MAX = 256
DESCRIPTION_MAX = 4096
EMBEDS_MAX = 2
TOTAL_MAX = 6000
CONTENT_MAX = 2000
BUTTONS_MAX = 25
LABEL_MAX = 80
CODE_BYTES = 100
# In private a button has to say which server it is about: `@12345678901234567890|` before the code.
GUILD_BYTES = 22
BUTTON_BYTES = CODE_BYTES - GUILD_BYTES

# Ours: what one line may take, so that no single one pushes the others out.
NAME_MAX = 120
LINE_MAX = 600
# Room for what a proposal's details may be; beside it there is room for the rest of a card.
QUOTE_MAX = 3_000
QUOTE_MIN = 300
# Less than this of a line is not worth showing.
CUT_MIN = 40
BAR_WIDTH = 12

_COLOURS = {
    Tone.PLAIN: None,
    Tone.OPEN: 0x3B82F6,
    Tone.PASSED: 0x22A55B,
    Tone.FAILED: 0xD83C3E,
    Tone.QUIET: 0x8A8F98,
}
# Beside the colour, for whoever does not see it.
_SIGNS = {
    Tone.PLAIN: "",
    Tone.OPEN: "🗳️ ",
    Tone.PASSED: "✅ ",
    Tone.FAILED: "❌ ",
    Tone.QUIET: "",
}
_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.MAIN: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Key:
    """One button: what stands on it, its code, its style."""

    label: str
    code: str
    style: discord.ButtonStyle


@dataclass(frozen=True, slots=True)
class Look:
    """A message as Discord shows it."""

    embeds: list[discord.Embed]
    keys: tuple[Key, ...] = ()

    def view(self, guild: str = "") -> discord.ui.View | None:
        """Return the buttons for one sending; presses reach us by their code, not by an object.

        In private each one says which server it is about.
        """
        if not self.keys:
            return None
        made = discord.ui.View(timeout=None)
        before = f"@{guild}|" if guild else ""
        for key in self.keys:
            code = before + key.code
            made.add_item(discord.ui.Button(label=key.label, custom_id=code, style=key.style))
        made.stop()  # or the library would keep every view it ever sent
        return made

    def plain(self) -> str:
        """Return it as a text without embeds, for a channel where we may not send any."""
        parts = [
            part
            for embed in self.embeds
            for part in (embed.title and f"**{embed.title}**", embed.description)
            if part
        ]
        lines = "\n".join(parts).split("\n")
        return fitted([whole(line + "\n") for line in lines], CONTENT_MAX).rstrip("\n")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the description; `is_apart` leaves a blank one before it."""

    spans: list[Span]
    prefix: str = ""
    is_apart: bool = False
    is_quote: bool = False

    @property
    def size(self) -> int:
        return len(self.prefix) + sum(one.size for one in self.spans)

    def written(self, most: int) -> str:
        return self.prefix + fitted(self.spans, most - len(self.prefix))


def render(shown: Presented) -> Look:
    """Return a view as embeds and buttons that Discord takes, whatever stands in it."""
    writer, view = Writer(shown), shown.view
    sign = _SIGNS[view.tone]
    title = ""
    if view.title is not None:
        title = sign + writer.line(view.title, TITLE_MAX - len(sign), Spot.TITLE)
    lines = list(_all_lines(writer, view.blocks))
    if not title:
        lines = _signed(lines, sign)
    made = _Pages(TOTAL_MAX - len(title))
    made.fill(_shrunk(lines, TOTAL_MAX - len(title)))
    embeds = [
        discord.Embed(description=text or None, colour=_COLOURS[view.tone]) for text in made.pages
    ]
    embeds[0].title = title or None
    return Look(embeds, tuple(_keys(writer, view.buttons, shown.codes)))


def _signed(lines: list[_Line], sign: str) -> list[_Line]:
    """Put the sign before the first line; a view with nothing in it says at least that."""
    if not lines:
        return [_Line([whole(f"{sign or '✅ '}Done.")])]
    first = lines[0]
    return [_Line(first.spans, sign + first.prefix, is_quote=first.is_quote), *lines[1:]]


def _all_lines(writer: Writer, view: Sequence[Block]) -> Iterator[_Line]:
    for block, is_led in led(view):
        for line in _lines(writer, block):
            yield replace(line, is_apart=False) if is_led else line


def _lines(writer: Writer, block: Block) -> Iterator[_Line]:  # noqa: C901, PLR0912 - one case a block
    match block:
        case Paragraph(text):
            yield _Line(writer.spans(text, newline="\n", is_roomy=True), is_apart=True)
        case Quote(text):
            yield _Line(writer.spans(text, newline="\n> "), "> ", is_apart=True, is_quote=True)
        case Verbatim(lines):
            yield _Line([whole(f"```\n{lines}\n```")], is_apart=True)
        case Note(text):
            yield _Line(writer.spans(text), "-# ")
        case Fields(rows):
            for at, (label, value) in enumerate(rows):
                spans = [_bold(writer, label), whole(": "), *writer.spans(value)]
                yield _one(spans, is_apart=not at)
        case Items(rows):
            for at, row in enumerate(rows):
                yield _one(writer.spans(row), "• ", is_apart=not at)
        case Table(header, rows):
            yield _one(_row([_bold(writer, cell)] for cell in header), is_apart=True)
            for cells in rows:
                yield _one(_row(writer.spans(cell) for cell in cells))
        case Bars(rows):
            for at, bar in enumerate(rows):
                yield from _bar(writer, bar, is_apart=not at)
        case _:
            assert_never(block)


def _bar(writer: Writer, bar: Bar, *, is_apart: bool) -> Iterator[_Line]:
    mark = [whole("✅ ")] if bar.is_marked else []
    yield _Line([*mark, _bold(writer, bar.label)], is_apart=is_apart)
    drawn = whole(f"`{blocks(bar.part, BAR_WIDTH)}` ")
    yield _one([drawn, *writer.spans(bar.figure)])


def _one(spans: list[Span], prefix: str = "", *, is_apart: bool = False) -> _Line:
    return _Line([whole(fitted(spans, LINE_MAX))], prefix, is_apart)


def _row(cells: Iterable[list[Span]]) -> list[Span]:
    parted = [[whole(" · "), whole(fitted(cell, NAME_MAX))] for cell in cells]
    return list(chain.from_iterable(parted))[1:]


def _bold(writer: Writer, text: Text) -> Span:
    return whole(f"**{writer.line(text, NAME_MAX)}**")


def _shrunk(lines: list[_Line], total: int) -> list[_Line]:
    """Cut quotes first: what we say about them must not be pushed out by what is quoted."""
    quotes = sum(line.is_quote for line in lines)
    if not quotes:
        return lines
    gaps = 2 * len(lines)
    others = gaps + sum(line.size for line in lines if not line.is_quote)
    each = min(QUOTE_MAX, max(QUOTE_MIN, (total - others) // quotes))
    return [
        _Line([whole(line.written(each))], is_apart=line.is_apart) if line.is_quote else line
        for line in lines
    ]


@dataclass(slots=True)
class _Pages:
    """Descriptions being filled, one an embed, with so many characters for all of them."""

    left: int
    pages: list[str] = field(default_factory=lambda: [""])

    def fill(self, lines: Sequence[_Line]) -> None:
        """Add lines while there is room; what is left out is never left out unseen."""
        for line in lines:
            if not self._add(line):
                return

    def _add(self, line: _Line) -> bool:
        """Add a line, on the next page if need be; return whether all of it is there."""
        size = line.size
        if self._room(line) < size and self._has_next():
            self.pages.append("")
        room, gap = self._room(line), self._gap(line)
        text = line.written(room) if room >= CUT_MIN or room >= size else ""
        self._put(gap + text if text else "\n" + ELLIPSIS)
        return size <= room

    def _gap(self, line: _Line) -> str:
        if not self.pages[-1]:
            return ""
        return "\n\n" if line.is_apart else "\n"

    def _room(self, line: _Line) -> int:
        """Return what a line may take here, with room left to say that more would follow."""
        here = min(DESCRIPTION_MAX - len(self.pages[-1]), self.left)
        return here - len(self._gap(line)) - len("\n" + ELLIPSIS)

    def _has_next(self) -> bool:
        spare = self.left - (DESCRIPTION_MAX - len(self.pages[-1]))
        return bool(self.pages[-1]) and len(self.pages) < EMBEDS_MAX and spare > CUT_MIN

    def _put(self, text: str) -> None:
        self.pages[-1] += text
        self.left -= len(text)


def _keys(writer: Writer, buttons: Sequence[Button], codes: Sequence[str]) -> Iterator[Key]:
    """Yield the buttons that fit; Discord refuses a message that carries one code twice."""
    seen: set[str] = set()
    for button, code in zip(buttons[:BUTTONS_MAX], codes, strict=False):
        if code and code not in seen and len(code) <= BUTTON_BYTES:
            seen.add(code)
            yield Key(writer.line(button.label, LABEL_MAX, Spot.LABEL), code, _STYLES[button.style])
