"""The room itself, without a terminal: lines in, lines out, and what everybody sees."""

from collections.abc import Callable, Mapping

from bot.platforms.console.read import (
    Line,
    Speaker,
    is_press,
    read_name,
    request_of,
    take_apart,
)
from bot.platforms.console.render import render
from core.app import Reply
from core.kernel.command import Declaration
from core.kernel.feature import House
from core.kernel.outbox import Delivery, Kind
from core.kernel.request import Request

FIRST_SPEAKER = Speaker("you", is_admin=True)
AS_HELP = "(say who you are: /as ana, or /as ana* for an admin)"
TALK = "(that is talk; commands start with /, a number presses a button; try /help)"


class Room:
    """One room with one terminal, in which anybody can be spoken for."""

    def __init__(self, house: House, write: Callable[[str], None]) -> None:
        """Take the declarations, and where lines go."""
        self.commands: Mapping[str, Declaration] = {one.path: one for one in house.declarations}
        self._write = write
        self.speaker = FIRST_SPEAKER

    def hear(self, line: str, request_id: str) -> tuple[Speaker, Request] | None:
        """Return the request of a line; None where it was for the room itself, or nothing."""
        taken = take_apart(line)
        if not taken.said or taken.said.startswith("//"):
            return None
        speaker = taken.speaker or self.speaker
        word, _, rest = taken.said.partition(" ")
        if word == "/as":
            self._become(Line(taken.speaker, rest))
            return None
        if not taken.said.startswith("/") and not is_press(taken.said):
            self._write(TALK)
            return None
        return speaker, request_of(speaker, taken.said, request_id, self.commands)

    def answer(self, speaker: Speaker, reply: Reply) -> str:
        """Show a private answer to who asked; return it without the mark."""
        text = render(reply.shown)
        self._write(_marked(text, f"(to {speaker.name}) "))
        return text

    def show(self, delivery: Delivery, *, is_again: bool) -> str:
        """Show a card, a post or a notice; return the text."""
        text = render(delivery.shown)
        match delivery.row.kind:
            case Kind.POINTER | Kind.FORGET:
                pass  # what a terminal has printed stays as it is, and a room remembers nobody
            case Kind.NOTICE:
                self._write(_marked(text, f"(to {delivery.account}) "))
            case Kind.CARD | Kind.POST if is_again:
                self._write(_framed(text, "changed"))
            case _:
                self._write(_framed(text, ""))
        return text

    def _become(self, line: Line) -> None:
        speaker = read_name(line.said)
        if speaker is None:
            self._write(AS_HELP)
            return
        self.speaker = speaker
        what = "an admin" if speaker.is_admin else "a member"
        self._write(f"(you speak as {speaker.name}, {what})")


def _marked(text: str, mark: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([mark + first, *("    " + line for line in rest)])


def _framed(text: str, said: str) -> str:
    first, *rest = text.split("\n")
    mark = f" ({said})" if said else ""
    return "\n".join([f"  +-- {first}{mark}", *("  | " + line for line in rest)])
