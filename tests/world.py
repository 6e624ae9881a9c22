"""The driver of feature tests: people who speak in a room, and a clock that is set."""

import contextlib
import hashlib
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.batch import Batch
from bot.database.sqlite import SqliteDatabase
from bot.letters import Report, claim, report
from bot.platforms import console
from bot.platforms.console.read import Speaker
from bot.platforms.console.room import Room
from core.app import App, Reply
from core.community import Directory
from core.features import FEATURES
from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from core.kernel.errors import UserError
from core.kernel.feature import House
from core.kernel.outbox import Delivery, Kind
from core.kernel.request import Asker, Request
from core.kernel.request import Kind as AskerKind
from tests.databases import stores

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# What a refusal may leave behind: the kept outcome of the request.
KEPT_TABLES = frozenset({"request"})


class SetClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        self._now = at


class SeededChance:
    """Chance that repeats itself."""

    def __init__(self, seed: str = "folkmoot") -> None:
        self._seed = seed
        self._n = 0
        # A replay needs the keys that the database has forgotten, such as those of link codes.
        self.drawn: list[bytes] = []

    def draw(self, n: int) -> bytes:
        self._n += 1
        drawn = hashlib.shake_256(f"{self._seed}:{self._n}".encode()).digest(n)
        self.drawn.append(drawn)
        return drawn


@dataclass
class Person:
    """Somebody in the room."""

    world: "World"
    speaker: Speaker
    private: list[str] = field(default_factory=list)
    reply: Reply | None = None

    def says(self, line: str) -> str:
        """Say a line; return the private answer."""
        self.world.say(self, line)
        return self.private[-1] if self.private else ""

    def presses(self, label: str, card: int | None = None) -> str:
        """Press the button with this label on the newest card that has it."""
        return self.says(str(self.world.button(label, card)))

    def is_refused(self, line: str, error: type[UserError]) -> str:
        """Say a line that must be refused with this error, and leave the database as it was."""
        with self.world.unchanged():
            answer = self.says(line)
        assert self.reply is not None
        found = type(self.reply.error).__name__
        assert found == error.__name__, f"{line!r} gave {found}: {answer}"
        return answer

    def sees(self) -> str:
        """Return everything that this person can read, in order."""
        return "\n".join([*self.world.public, *self.private])


class World:
    """A room on a database of its own."""

    def __init__(
        self, folder: Path, *, chance: str = "folkmoot", store: stores.Store | None = None
    ) -> None:
        self.store = store or stores.current()
        self.database = self.store.lay(folder)
        self.clock = SetClock()
        self.house = House(FEATURES, {console.NAME: console.ADMINS})
        self.app = App(
            self.house,
            Directory(),
            self.clock,
            SeededChance(chance),
            {console.NAME: console.BUTTON_BYTES},
        )
        self.tx = self.store.open(self.database)
        self._end = weakref.finalize(self, self.store.free, self.database, self.tx)
        self.batch = Batch(self.app, self.tx)
        self.lines: list[str] = []
        self.public: list[str] = []
        self.cards: dict[str, str] = {}
        self.codes: dict[tuple[str, str], int] = {}
        self.deliveries: list[Delivery] = []
        self.room = Room(self.house, self.lines.append)
        # Who acted as whom: a replay needs the accounts of members who were joined to others.
        self.accounts: dict[int, tuple[str, str]] = {}
        self._people: dict[str, Person] = {}
        self._n = 0

    def close(self) -> None:
        self._end()

    @property
    def path(self) -> Path:
        """Its file, for tests of what only SQLite has."""
        assert isinstance(self.database, SqliteDatabase)
        return self.database.path

    def member(self, name: str) -> Person:
        """Return a member by name; a star marks an admin."""
        speaker = Speaker(name.removesuffix("*"), name.endswith("*"))
        return self._people.setdefault(name, Person(self, speaker))

    def say(self, person: Person, line: str) -> None:
        """Have a person say a line, and everything that follows happen."""
        self._n += 1
        mark = "*" if person.speaker.is_admin else ""
        heard = self.room.hear(f"{person.speaker.name}{mark}: {line}", f"room:test:{self._n}")
        if heard is None:
            person.reply = None
            return
        speaker, request = heard
        person.reply = self.ask(request)
        person.private.append(self.room.answer(speaker, person.reply))
        self.settle()

    def ask(self, request: Request) -> Reply:
        """Ask the door directly."""
        (told,) = self.batch.run([request])
        if told.error is not None:
            raise told.error
        assert isinstance(told.value, Reply)
        assert not told.value.is_bug, f"a bug in {request.command}: see the log"
        if request.command == "link":
            behind = self.tx.all("select member, platform, account from account")
            for member, platform, account in behind:
                self.accounts.setdefault(member, (platform, account))
        return told.value

    def job(self, job: Any) -> Any:
        """Run a job of our own."""
        (told,) = self.batch.run([job])
        if told.error is not None:
            raise told.error
        return told.value

    def settle(self) -> None:
        """Deliver everything that waits."""
        while found := self.job(claim(self.app, console.NAME)):
            reports = [Report(one.row, message=self._shown(one)) for one in found]
            self.job(report(self.app, reports, pace_ms=0))

    def advance(self, **length: float) -> None:
        """Let time pass: everything that comes due meanwhile runs at its time."""
        self.advance_to(self.clock.now() + timedelta(**length))

    def advance_to(self, until: datetime) -> None:
        """Let time pass until an instant."""
        while (row := self.tx.one(agenda.NEXT)) and row[0] is not None and row[0] <= to_ms(until):
            self.clock.set(max(self.clock.now(), from_ms(row[0])))
            self.run_due()
        self.clock.set(until)
        self.settle()

    def run_due(self) -> list[Reply]:
        """Run what is due now, in due order."""
        rows = self.tx.all(agenda.DUE, (to_ms(self.clock.now()), 100))
        replies = [self.ask(due_request(agenda.due_from(row))) for row in rows]
        self.settle()
        return replies

    def button(self, label: str, card: int | None = None) -> int:
        """Return the number of the newest button with a label."""
        for delivery in reversed(self.deliveries):
            if card is not None and delivery.row.subject != f'["proposals.card",{card}]':
                continue
            for at, button in enumerate(delivery.shown.view.buttons):
                shown = str(button.label.values.get("option", button.label.template))
                if shown == label:
                    return int(delivery.shown.codes[at].removeprefix("#"))
        raise AssertionError(f"nobody sees a button {label!r}")

    def card(self, number: int) -> str:
        """Return the live card of a vote as everybody sees it."""
        return self.cards[f'["proposals.card",{number}]']

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [name for name, _ in self.tx.all(self.store.columns, (table,))]

    def keys(self, table: str) -> list[tuple[tuple[str, Any], ...]]:
        """Return the key of each row of a table, as pairs of a column and its value."""
        names = [name for name, is_key in self.tx.all(self.store.columns, (table,)) if is_key]
        listed = ", ".join(names)
        rows = self.tx.all(f"select {listed} from {table} order by {listed}")
        return [tuple(zip(names, row, strict=True)) for row in rows]

    @contextlib.contextmanager
    def unchanged(self) -> Iterator[None]:
        """Check that the database is left as it was, but for kept outcomes."""
        before = self.dump()
        yield
        after = self.dump()
        for table, rows in before.items():
            assert after[table] == rows, f"{table} changed"

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every table's rows."""
        return {
            name: sorted(self.tx.all(f"select * from {name}"), key=repr)
            for (name,) in self.tx.all(self.store.tables)
            if name not in KEPT_TABLES
        }

    def _shown(self, delivery: Delivery) -> str:
        is_again = bool(delivery.row.message)
        text = self.room.show(delivery, is_again=is_again)
        if delivery.row.kind is Kind.FORGET:
            return ""
        self.deliveries.append(delivery)
        if delivery.row.kind is Kind.NOTICE:
            for person in self._people.values():
                if person.speaker.account == delivery.account:
                    person.private.append(text)
            return "notice"
        if delivery.row.kind is Kind.CARD:
            self.cards[delivery.row.subject] = text
        self.public.append(text)
        return delivery.row.message or f"m{len(self.public)}"


def due_request(due: agenda.Due) -> Request:
    """Return the clock's request for a due row."""
    return Request(
        due.request_id,
        due.command,
        due.args,
        Asker(kind=AskerKind.CLOCK),
        is_stored=True,
        version=due.version,
        community=due.community,
        agenda=(due.key, due.due_ms),
    )
