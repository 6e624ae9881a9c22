"""A small theatre for the demo: a set clock, a database for a moment, people in a room."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.batch import Batch
from bot.clock import due_request
from bot.compose import app as compose_app
from bot.database.sqlite import SqliteDatabase
from bot.letters import Report, claim, report
from bot.platforms.console import NAME
from bot.platforms.console.render import Writer, render
from bot.platforms.console.room import Room
from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from core.kernel.outbox import Delivery, Kind, Presented

SCAN_MAX = 100


class SetClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        self._now = at


class ToldChance:
    """Chance that is the same at every performance; nothing here is a secret."""

    def __init__(self) -> None:
        self._n = 0

    def draw(self, n: int) -> bytes:
        self._n += 1
        return hashlib.shake_256(f"demo:{self._n}".encode()).digest(n)


class Stage:
    """People who speak in a room; what everybody sees is written out, 80 columns wide."""

    def __init__(self, path: Path, start: datetime, write: Callable[[str], None]) -> None:
        database = SqliteDatabase(path)
        database.migrate()
        self.clock = SetClock(start)
        self.app = compose_app(self.clock, ToldChance())
        self.tx = database.open()
        self.tx.run("pragma synchronous = off")  # it is gone in a moment
        self._batch = Batch(self.app, self.tx)
        self._room = Room(self.app.house, write)
        self._write = write
        self._seen: dict[str, Presented] = {}
        self._changed: dict[str, Presented] = {}
        self._n = 0

    def says(self, name: str, line: str) -> None:
        """Have somebody say a line, and write the answer that only they get."""
        self._write(f"{name}: {line}")
        self._ask(name, line, is_shown=True)

    def asks(self, name: str, line: str) -> None:
        """Have somebody say a line, without the answer, which the card makes clear."""
        self._write(f"{name}: {line}")
        self._ask(name, line, is_shown=False)

    def presses(self, name: str, *labels: str, is_shown: bool = False) -> None:
        """Have somebody press buttons, one after another, of the newest card that has them."""
        self._write(f"{name} presses {' and '.join(f'[{label}]' for label in labels)}")
        for label in labels:
            self._ask(name, self._number(label), is_shown=is_shown)

    def pass_to(self, until: datetime) -> None:
        """Let time pass: what comes due meanwhile happens at its time."""
        while (row := self.tx.one(agenda.NEXT)) and row[0] is not None and row[0] <= to_ms(until):
            self.clock.set(max(self.clock.now(), from_ms(row[0])))
            for due in self.tx.all(agenda.DUE, (to_ms(self.clock.now()), SCAN_MAX)):
                self.run(due_request(agenda.due_from(due)))
            self.settle()
        self.clock.set(until)
        self.settle()

    def look(self, *, is_over: bool = False) -> None:
        """Write the cards that have changed since they were last written; only ended votes'."""
        for subject, shown in list(self._changed.items()):
            if not (is_over and shown.view.buttons):
                self._write(_framed(render(shown)))
                del self._changed[subject]

    def close(self) -> None:
        self.tx.close()

    def _ask(self, name: str, line: str, *, is_shown: bool) -> None:
        self._n += 1
        heard = self._room.hear(f"{name}: {line}", f"room:demo:{self._n}")
        assert heard is not None
        reply = self.run(heard[1])
        if is_shown or reply.error is not None:
            self._write(_private(heard[0].name, reply.shown))
        self.settle()

    def run(self, item: Any) -> Any:
        """Run a request or a job of our own, and return what comes of it."""
        (told,) = self._batch.run([item])
        if told.error is not None:
            raise told.error
        return told.value

    def settle(self) -> None:
        """Have everything that waits seen."""
        while found := self.run(claim(self.app, NAME)):
            reports = [Report(one.row, message=self._shown(one)) for one in found]
            self.run(report(self.app, reports, 0))

    def _shown(self, delivery: Delivery) -> str:
        """Write what is new; keep what has changed for the next look."""
        kind, subject = delivery.row.kind, delivery.row.subject
        if kind is Kind.CARD:
            self._seen.pop(subject, None)
            self._seen[subject] = delivery.shown
        if kind is Kind.CARD and delivery.row.message:
            self._changed[subject] = delivery.shown
        elif kind is Kind.NOTICE:
            self._write(_private(delivery.account, delivery.shown))
        elif kind not in (Kind.POINTER, Kind.FORGET):
            self._write(_framed(render(delivery.shown)))
        return delivery.row.message or f"demo:{delivery.row.key}"

    def _number(self, label: str) -> str:
        for shown in reversed(self._seen.values()):
            writer = Writer(shown)
            for button, code in zip(shown.view.buttons, shown.codes, strict=True):
                if writer.write(button.label) == label:
                    return code.removeprefix("#")
        raise LookupError(label)


def _framed(text: str) -> str:
    return "\n".join(["", *(f"| {line}".rstrip() for line in text.split("\n")), ""])


def _private(name: str, shown: Presented) -> str:
    lines = render(shown).split("\n")
    return "\n".join([f"  (to {name} alone)", *(f"  {line}" for line in lines)])
