"""What long work says on a terminal while it goes on: what it is at, and since when."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

# What is done sooner needs no word; a line that changes more often is hard to read.
SILENT_S = 2.0
TICK_S = 0.5
CLEAR = "\r\x1b[K"


class Progress:
    """One line that comes and goes; nothing at all where nobody looks on."""

    def __init__(self, terminal: TextIO | None, now: Callable[[], float] = time.monotonic) -> None:
        """Take where to write, which is no terminal where it is a file or a pipe."""
        self._terminal = terminal if terminal is not None and terminal.isatty() else None
        self._now = now
        self._began = now()
        self._what = ""
        self._is_shown = False
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        """Begin to say what is done."""
        if self._terminal is not None:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing behind."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        with self.aside():
            pass

    def at(self, what: str) -> None:
        """Note what is done now."""
        self._what = what

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Have the line out of the way while something else is written."""
        with self._lock:
            if self._is_shown:
                self._write(CLEAR)
                self._is_shown = False
            yield

    def draw(self) -> None:
        """Write the line as things stand."""
        since_s = self._now() - self._began
        if since_s < SILENT_S or not self._what:
            return
        with self._lock:
            self._write(f"{CLEAR}{self._what} ... {since_s:.0f} s")
            self._is_shown = True

    def _write(self, words: str) -> None:
        if self._terminal is not None:
            self._terminal.write(words)
            self._terminal.flush()

    def _tick(self) -> None:
        while not self._is_over.wait(TICK_S):
            self.draw()
