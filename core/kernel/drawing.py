"""Drawings: views that can be drawn again from a name and some ids, at any later time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.kernel.canonical import decode, encode
from core.kernel.view import Drawn, View

if TYPE_CHECKING:
    from core.kernel.call import Call

# Each ballot names its answer and its card, and most ballots are on the same few votes.
SUBJECTS_MAX = 1_024

DRAWINGS: dict[str, "Drawing"] = {}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A view as a function of ids; cards, notices and kept answers are all drawings."""

    name: str
    draw: Callable[..., View]

    def __call__(self, call: "Call", *ids: int | str) -> View:
        """Draw it, and remember in the view how to draw it again."""
        return self.of(self.draw(call, *ids), *ids)

    def subject(self, *ids: int | str) -> str:
        """Return the text that it is kept under."""
        return _subject(self.name, ids)

    def of(self, view: View, *ids: int | str) -> View:
        """Return a view that is this drawing of these ids, as it was made by who knew them."""
        return View(view.title, view.blocks, view.buttons, view.tone, Drawn(self.name, ids))


def drawing(name: str) -> Callable[[Callable[..., View]], Drawing]:
    """Register a function `(call, *ids) -> View` under a name that is kept in the database."""

    def register(draw: Callable[..., View]) -> Drawing:
        if name in DRAWINGS:
            raise TypeError(f"two drawings are named {name}")
        DRAWINGS[name] = Drawing(name, draw)
        return DRAWINGS[name]

    return register


def subject_of(drawn: Drawn) -> str:
    """Return the text that a drawing is kept under."""
    return _subject(drawn.name, drawn.ids)


@lru_cache(SUBJECTS_MAX)
def _subject(name: str, ids: tuple[int | str, ...]) -> str:
    return encode([name, *ids])


@lru_cache(SUBJECTS_MAX)
def outcome_of(subject: str, *, is_posted: bool) -> str:
    """Return what is kept of a request that was answered with a drawing: a text of JSON."""
    return encode({"drawn": subject, "posted": True} if is_posted else {"drawn": subject})


def redraw(call: "Call", subject: str) -> View:
    """Draw what a subject names; raises Gone where it no longer exists."""
    name, *ids = decode(subject)
    known: Any = DRAWINGS[name]
    view: View = known(call, *ids)
    return view
