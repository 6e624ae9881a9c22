"""What is shown, with no platform in it: titles, blocks and buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from core.kernel.text import Text, collect_members

if TYPE_CHECKING:
    from core.kernel.command import Command


class Tone(StrEnum):
    """What a view says at a glance; renderers add a colour, never only a colour."""

    PLAIN = "plain"
    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    QUIET = "quiet"


class Style(StrEnum):
    """How a button stands out."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: Text


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own longer words, set apart from ours."""

    text: Text


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines of our own to be copied letter by letter, such as a text to sign; no backticks."""

    lines: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: the rule in force, a hash, a hint."""

    text: Text


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts, each with a label."""

    rows: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one line each."""

    rows: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; every row as long as the header."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One option's share: a label, what to write beside it, and a part in 0..1."""

    label: Text
    figure: Text
    part: Fraction
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A small chart, one bar an option."""

    rows: tuple[Bar, ...]


Block = Paragraph | Quote | Verbatim | Note | Fields | Items | Table | Bars


@dataclass(frozen=True, slots=True)
class Button:
    """A label and a command."""

    label: Text
    command: "Command"
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which drawing a view is, and of what: enough to draw it again."""

    name: str
    ids: tuple[int | str, ...]


@dataclass(frozen=True)
class View:
    """One answer or card."""

    title: Text | None = None
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.PLAIN
    drawn: Drawn | None = None

    @cached_property
    def members(self) -> frozenset[int]:
        """The members that it names."""
        found: set[int] = set()
        for text in texts_of(self):
            collect_members(text, found)
        return frozenset(found)


def texts_of(view: View) -> Iterator[Text]:
    """Yield every text of a view, in reading order."""
    if view.title is not None:
        yield view.title
    for block in view.blocks:
        yield from _texts_of_block(block)
    for button in view.buttons:
        yield button.label


def _texts_of_block(block: Block) -> Iterator[Text]:
    match block:
        case Paragraph(text) | Quote(text) | Note(text):
            yield text
        case Fields(rows):
            for label, value in rows:
                yield label
                yield value
        case Items(rows):
            yield from rows
        case Table(header, rows):
            yield from header
            for row in rows:
                yield from row
        case Bars(rows):
            for bar in rows:
                yield bar.label
                yield bar.figure
