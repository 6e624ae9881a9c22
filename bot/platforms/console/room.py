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
from bot.platforms.console.render import WIDTH, render
from bot.platforms.text import isolated
from core.app import Reply
from core.kernel.command import Declaration
from core.kernel.feature import House
from core.kernel.outbox import Delivery, Kind, Presented
from core.kernel.request import Request

FIRST_SPEAKER = Speaker("you", is_admin=True)
AS_HELP = "(say who you are: /as ana, or /as ana* for an admin)"
# What stands before each line but the first of an answer, and of a card.
_INDENT, _FRAME = "    ", "  | "
TALK = "(that is talk; commands start with /, a number presses a button; try /help)"


class Room:
    """One room with one terminal, in which anybody can be spoken for."""

    def __init__(
        self, house: House, write: Callable[[str], None], width: Callable[[], int] = lambda: WIDTH
    ) -> None:
        """Take the declarations, where lines go, and how many letters they have without a frame."""
        self.commands: Mapping[str, Declaration] = {one.path: one for one in house.declarations}
        self._write = write
        self._width = width
        self.speaker = FIRST_SPEAKER

    def hear(self, line: str, request_id: str) -> tuple[Speaker, Request] | None:
        """Return the request of a line; None where it was for the room itself, or nothing."""
        taken = take_apart(line)
        if not taken.said or taken.said.startswith("//"):
            return None
        speaker = taken.speaker or self.speaker
        word, _, rest = taken.said.partition(" ")
        if word.casefold() == "/as":
            self._become(Line(taken.speaker, rest))
            return None
        if not taken.said.startswith("/") and not is_press(taken.said):
            self._write(TALK)
            return None
        return speaker, request_of(speaker, taken.said, request_id, self.commands)

    def answer(self, speaker: Speaker, reply: Reply) -> str:
        """Show a private answer to who asked; return it without the mark."""
        return self._tell(speaker.name, reply.shown)

    def show(self, delivery: Delivery, *, is_again: bool) -> str:
        """Show a card, a post or a notice; return the text."""
        match delivery.row.kind:
            case Kind.POINTER | Kind.FORGET:
                # What a terminal has printed stays as it is, and a room remembers nobody.
                return render(delivery.shown, self._width())
            case Kind.NOTICE:
                return self._tell(delivery.account, delivery.shown)
            case Kind.CARD | Kind.POST if is_again:
                return self._frame(delivery.shown, " (changed)")
            case _:
                return self._frame(delivery.shown, "")

    def _tell(self, name: str, shown: Presented) -> str:
        return self._marked(shown, f"(to {isolated(name)}) ", _INDENT)

    def _frame(self, shown: Presented, said: str) -> str:
        return self._marked(shown, "  +-- ", _FRAME, said)

    def _marked(self, shown: Presented, mark: str, others: str, said: str = "") -> str:
        """Write a view with marks around its first line and before the others."""
        taken = len(mark) + len(said) - len(others)
        text = render(shown, self._width(), taken)
        first, *rest = text.split("\n")
        self._write("\n".join([mark + first + said, *(others + line for line in rest)]))
        return text

    def _become(self, line: Line) -> None:
        speaker = read_name(line.said)
        if speaker is None:
            self._write(AS_HELP)
            return
        self.speaker = speaker
        what = "an admin" if speaker.is_admin else "a member"
        self._write(f"(you speak as {speaker.name}, {what})")
