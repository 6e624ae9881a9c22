"""The room in a real terminal, or on piped lines: reads, shows, completes, remembers."""

import asyncio
import contextlib
import shutil
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

from bot.completion import Completion
from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms.console import NAME
from bot.platforms.console.read import take_apart
from bot.platforms.console.render import WIDTH
from bot.platforms.console.room import Room
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable
from core.kernel.feature import House
from core.kernel.outbox import Delivery

# The frame of a card, and two columns that stay free.
_MARGIN = 6
_LEAVE = frozenset({"/quit", "/exit", "/bye"})
_MORE_HELP = (
    "(In this room also: ana: <line> speaks for ana, ana*: for an admin, /as ana stays ana,\n"
    "    a number presses a button, /quit leaves.)"
)
WELCOME = """\
Folkmoot, the local room. Everything is kept in {path}.
You speak as {name}, an admin. Speak for others with their name, as in
  ana: /poll Lunch? Pizza | Soup
  ben: 1
A number presses a button, /help lists the commands, /quit leaves."""


class Terminal:
    """The console as a platform: one operator, any number of people."""

    name = NAME
    pace_ms = 0

    def __init__(
        self, engine: Engine, completion: Completion, house: House, shown: str, folder: Path
    ) -> None:
        """Take the engine, what completes options, the database to name, where lines are kept."""
        self._engine = engine
        self._completion = completion
        self._house = house
        self._shown = shown
        self._folder = folder
        self.room = Room(house, self._write, width)
        self.deliveries = Deliveries(engine, self)
        self._started_ms = to_ms(engine.app.clock.now())
        self._n = 0
        # An answer comes before the card that it is about.
        self._speaking = asyncio.Lock()

    async def show(self, delivery: Delivery) -> str:
        """Print a card, a post or a notice."""
        async with self._speaking:
            self.room.show(delivery, is_again=bool(delivery.row.message))
        return delivery.row.message or f"{self._started_ms}:{delivery.row.key}"

    async def run(self, lines: TextIO) -> None:
        """Take lines until they end or somebody leaves."""
        is_terminal = lines.isatty() and sys.stdout.isatty()
        if is_terminal:
            self._write(WELCOME.format(path=self._shown, name=self.room.speaker.name))
        source = self._typed() if is_terminal else self._piped(lines)
        # What happened while the room was closed comes before what is said in it now.
        await self._settle()
        async for line in source:
            if take_apart(line).said.casefold() in _LEAVE:
                return
            await self.hear(line)
            await self._settle()

    async def hear(self, line: str) -> None:
        """Carry out one line and print its answer."""
        async with self._speaking:
            self._n += 1
            heard = self.room.hear(line, f"room:{self._started_ms}:{self._n}")
            if heard is None:
                return
            speaker, request = heard
            reply = await self._engine.ask(request)
            self.room.answer(speaker, reply)
            if request.command == "help" and not request.args:
                self._write(_MORE_HELP)

    async def _settle(self) -> None:
        """Show everything that was said so far has led to, before the next line is read.

        What the store does not let us claim now is shown when it does.
        """
        with contextlib.suppress(Unavailable):
            await self.deliveries.settle()

    async def finish(self) -> None:
        """Wait until the line that is being carried out has its answer."""
        async with self._speaking:
            return

    async def _piped(self, lines: TextIO) -> AsyncIterator[str]:
        read: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        # A daemon thread of our own: the loop's executor would wait for a line at the end.
        def follow() -> None:
            try:
                for line in iter(lines.readline, ""):
                    loop.call_soon_threadsafe(read.put_nowait, line)
            finally:  # the room ends with its lines, also where they break off
                loop.call_soon_threadsafe(read.put_nowait, "")

        threading.Thread(target=follow, name="folkmoot-lines", daemon=True).start()
        while line := await read.get():
            # Files from elsewhere begin with a mark of their encoding and end lines in their way.
            said = line.lstrip("\ufeff").rstrip("\r\n")
            if said.strip():
                self._write(said)
                yield said

    async def _typed(self) -> AsyncIterator[str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import FileHistory
        from prompt_toolkit.patch_stdout import patch_stdout

        from bot.platforms.console.complete import LineCompleter

        session: PromptSession[str] = PromptSession(
            history=FileHistory(str(self._folder / ".folkmoot_history")),
            completer=LineCompleter(self._completion, self._house),
            complete_while_typing=False,
        )
        with patch_stdout():
            while True:
                mark = "*" if self.room.speaker.is_admin else ""
                try:
                    yield await session.prompt_async(f"{self.room.speaker.name}{mark}: ")
                except KeyboardInterrupt:
                    continue  # as in a shell: the half-typed line is dropped
                except EOFError:
                    return

    def _write(self, text: str) -> None:
        print(text, flush=True)  # noqa: T201 - printing is what this platform is for


def width() -> int:
    """Return how many letters a line has: the terminal's, and always the same where it is none."""
    if not sys.stdout.isatty():
        return WIDTH
    return shutil.get_terminal_size().columns - _MARGIN
