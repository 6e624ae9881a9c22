"""A week of a small community, played in seconds on a database that is gone afterwards."""

import tempfile
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot import verify
from bot.stage import Stage

MONDAY = 2
WIDTH = 78

_INTRO = """\
A week in a garden club of five. Everything below is typed by them or said by
the bot; only the clock is faster. Nothing is kept. Lines that start with | are
cards that all can see; a card changes as people vote.
"""
_OUTRO = """\
That was the week. Your own room: folkmoot. On Discord: folkmoot run --config
config.toml.
"""


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


class Demo:
    """The script: who says what, and when."""

    def __init__(self, stage: Stage, write: Callable[[str], None]) -> None:
        self._stage = stage
        self._write = write
        self._day = 0

    def play(out: TextIO) -> int:
    """Play the week, then verify what is kept of it; return the exit status."""
    write = _Paper(out).write
    write(_INTRO)
    with tempfile.TemporaryDirectory(prefix="folkmoot-demo-") as folder:
        path = Path(folder) / "demo.db"
        stage = Stage(path, _at(MONDAY, 8), write)
        try:
            Demo(stage, write).play()
        finally:
            stage.close()
        write("\n$ folkmoot verify")
        status = verify.command(path, None, out)
    write(f"\n{_OUTRO.rstrip()}")
    return status


class _Paper:
    """Writes lines, and never two empty ones in a row."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_blank = True

    def write(self, text: str) -> None:
        for line in text.split("\n"):
            if line or not self._is_blank:
                self._out.write(f"{line}\n")
            self._is_blank = not line
