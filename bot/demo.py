"""A week of a small community, played in seconds on a database that is gone afterwards."""

import tempfile
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot import verify
from bot.database.sqlite import SqliteDatabase
from bot.stage import Stage

MONDAY = 2
EVE = MONDAY - 1
WIDTH = 78

_INTRO = """\
A week in a garden club of five. Everything below is typed by them or said by
the bot; only the clock is faster. Nothing is kept. Lines that start with | are
cards that all can see; a card changes as people vote."""
_OUTRO = """
That was the week. Open a room of your own with the command folkmoot alone."""


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


class Demo:
    """The script: who says what, and when."""

    def __init__(self, stage: Stage, write: Callable[[str], None]) -> None:
        self._stage = stage
        self._write = write
        self._day = 0

    def play(self) -> None:
        """Play the whole week."""
        self._eve()
        self._monday()
        self._tuesday()
        self._wednesday()
        self._thursday()
        self._friday()
        self._saturday()
        self._sunday()
        self._next_monday()

    def _eve(self) -> None:
        stage = self._stage
        self._clock(EVE, 18)
        stage.says("ana*", '/setup "Garden club"')
        self._tell("Results shall stand on the cards alone, without a post of their own:")
        stage.asks("ana*", "/config set announce off")
        self._tell("The club has a jar. From tomorrow on, each week's work gets a part of it:")
        stage.asks("ana*", "/pool create jar EUR")
        stage.asks("ana*", '/pool fund jar 100 "The summer fair"')
        stage.asks("ana*", "/rewards set jar 15 week both")

    def _monday(self) -> None:
        stage = self._stage
        self._clock(MONDAY, 9)
        self._tell("The first question:")
        stage.says("ana", "/poll Lunch on Saturday? Soup | Pizza | Curry closes_in=1d")
        stage.presses("ben", "Soup", is_shown=True)
        stage.presses("cleo", "Curry")
        stage.presses("dan", "Soup")
        stage.presses("eva", "Pizza")
        self._tell("A later ballot replaces the earlier one, and the card counts along:")
        stage.presses("cleo", "Soup")
        stage.look()
        self._clock(MONDAY, 18)
        stage.says("ben", "/propose Buy a bench for the pond closes_in=2d\nOak, about 200.")
        stage.presses("ana", "For")
        stage.presses("dan", "Against")

    def _tuesday(self) -> None:
        stage = self._stage
        self._clock(MONDAY + 1, 9, 30)
        self._tell("The lunch poll closed at nine. Too late is too late:")
        stage.says("eva", "/vote 1 Soup")
        self._tell("Some questions are easier to answer unseen:")
        stage.asks("dan", "/poll Who keeps the keys? Ana | Ben | Cleo closes_in=1d secret=true")
        stage.presses("ana", "Ben", is_shown=True)
        stage.presses("ben", "Cleo")
        stage.presses("eva", "Ben")
        self._tell("And thanks are worth points, fifty a week for each to give:")
        stage.says("cleo", "/tip @ben 20 You mended the pump")
        stage.asks("ben", "/tip @eva 10 The seedlings are lovely")

    def _wednesday(self) -> None:
        stage = self._stage
        self._clock(MONDAY + 2, 10)
        self._tell("The keys are settled. For several answers there are other polls:")
        stage.asks("cleo", "/poll Which evenings suit? Mon | Wed | Fri closes_in=2d multiple=true")
        stage.presses("ana", "Mon", "Wed")
        stage.presses("ben", "Wed", "Fri")
        stage.presses("eva", "Wed")
        stage.look()
        self._clock(MONDAY + 2, 16)
        self._tell(
            "The bench needs three people to take part, and has two. In the last tenth of its "
            "time a third one comes; so that others can still answer, the end moves:"
        )
        stage.asks("eva", "/vote 2 for")
        stage.look()

    def _thursday(self) -> None:
        stage = self._stage
        self._clock(MONDAY + 3, 9)
        self._tell("The bench has passed. Not everything does:")
        stage.asks("dan", "/propose Paint the shed purple closes_in=1d")
        stage.asks("dan", "/vote 5 for")
        self._tell("Who is not in charge cannot give it more time:")
        stage.says("dan", '/extend 5 1d "Nobody has looked yet"')
        self._tell("Money is asked for like anything else, and a vote decides:")
        stage.asks("dan", "/pool request jar 20 @dan Paint for the fence closes_in=1d")
        for name in ("ana", "ben", "eva"):
            stage.asks(name, "/vote 6 for")

    def _friday(self) -> None:
        self._clock(MONDAY + 4, 20)
        self._tell("One of three needed is not enough; Wednesday it is; and the fence gets paint.")
        self._tell("Until tomorrow an admin can still stop that payment. Nobody does.")

    def _saturday(self) -> None:
        self._clock(MONDAY + 5, 10)
        self._tell("The paint is paid. What the jar holds, everybody can see:")
        self._stage.says("cleo", "/pool show jar")

    def _sunday(self) -> None:
        self._clock(MONDAY + 6, 12)
        self._tell("What was that week? Everybody can read it:")
        self._stage.says("eva", "/proposals")
        self._stage.says("eva", "/journal 4")

    def _next_monday(self) -> None:
        self._clock(MONDAY + 7, 8)
        self._tell("The week is over, and its reward is shared out. What is ben owed now?")
        self._stage.says("ben", "/me")
        self._tell("And whoever runs the bot can count it all again:")

    def _clock(self, day: int, hour: int, minute: int = 0) -> None:
        """Let the clock run to an hour, with what happens on the way, and say the day."""
        at = _at(day, hour, minute)
        if day != self._day:
            self._day = day
            self._write(f"\n{f'-- {at:%A} --':^{WIDTH}}".rstrip())
        self._stage.pass_to(at)
        self._stage.look(is_over=True)
        self._write(f"\n{f'({at:%H:%M})':^{WIDTH}}".rstrip() + "\n")

    def _tell(self, words: str) -> None:
        self._write("\n" + textwrap.fill(words, WIDTH))


def play(out: TextIO) -> int:
    """Play the week, then verify what is kept of it; return the exit status."""
    write = Paper(out).write
    write(_INTRO)
    with tempfile.TemporaryDirectory(prefix="folkmoot-demo-") as folder:
        path = Path(folder) / "demo.db"
        stage = Stage(path, _at(EVE, 17), write)
        try:
            Demo(stage, write).play()
        finally:
            stage.close()
        write("$ folkmoot verify")
        status = verify.command(SqliteDatabase(path), None, out)
    write(_OUTRO)
    return status


class Paper:
    """Writes lines, and never two empty ones in a row."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_blank = True

    def write(self, text: str) -> None:
        for line in text.split("\n"):
            if line or not self._is_blank:
                self._out.write(f"{line}\n")
            self._is_blank = not line
