"""This file is the house that is measured: the real door on a database file, and people in it."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, islice
from pathlib import Path

from benchmarks.measure import seconds
from bot.batch import Batch
from bot.clock import due_request
from bot.database.port import Database
from bot.database.sqlite import SqliteDatabase
from bot.system import SystemChance, SystemClock
from core.app import App, Reply
from core.community import Directory
from core.features import FEATURES
from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from core.kernel.feature import House
from core.kernel.request import AccountRef, Asker, Place, Request

PLATFORM = "discord"
BUTTON_BYTES = 100
PLACE = Place(PLATFORM, "9100", "9200", space_name="The workshop")
OPTIONS = ("Pizza", "Soup", "Salad")
# Who opens polls; one member may have five open.
AUTHORS = 10**6
AT_ONCE = 500

_IDS = count(1)


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as name:
        yield Path(name)


def person(n: int) -> Asker:
    """Return the n-th person, who has been there since 1970."""
    return Asker(platform=PLATFORM, account=f"{10**17 + n}", name=f"p{n}", joined_at=from_ms(0))


def vote(n: int, choice: int, number: int = 1) -> Request:
    """Return the n-th person's vote: every other one is typed, the rest press a button."""
    request_id = f"discord:{10**18 + next(_IDS)}"
    if n % 2:
        press = f"vote:{number}:#{choice}"
        return Request(request_id, "", {}, person(n), PLACE, press=press)
    args = {"proposal": str(number), "choice": str(choice)}
    return Request(request_id, "vote", args, person(n), PLACE)


def poll(options: Sequence[str] = OPTIONS, *, multiple: bool = False) -> Request:
    """Return the request that opens a poll for 30 days, each by another author."""
    n = next(_IDS)
    args = {"question": "What do we eat?", "options": " | ".join(options), "closes_in": "30d"}
    author = person(AUTHORS + n)
    return Request(f"poll:{n}", "poll", args | {"multiple": str(multiple)}, author, PLACE)


def typed(asker: Asker, command: str, **args: object) -> Request:
    """Return what somebody types."""
    return Request(f"discord:{10**18 + next(_IDS)}", command, args, asker, PLACE)


def admin() -> Asker:
    """Return an admin, who is nobody else."""
    return replace(person(2 * AUTHORS), is_admin=True)


def tip(giver: int, to: int, points: int = 1) -> Request:
    """Return the tip of one person to another, whom nobody need have seen before."""
    taker = AccountRef(PLATFORM, person(to).account, person(to).name, joined_at=from_ms(0))
    return typed(person(giver), "tip", to=taker, points=points, reason="A good roof")


class SetClock:
    """The system's clock, which can be set ahead."""

    def __init__(self) -> None:
        """Begin with now."""
        self._system = SystemClock()
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the instant."""
        now = self._system.now()
        return now + self.ahead if self.ahead else now

    def set(self, at: datetime) -> None:
        """Go on from an instant."""
        self.ahead = at - self._system.now()


class Moot:
    """A community on a database of its own."""

    def __init__(self, at: Path | Database, members: int = 0) -> None:
        """Make the database and its members, who have all voted on the poll of number 1.

        One that is there already is opened as it is. A path is a file of SQLite.
        """
        self.database: Database = SqliteDatabase(at) if isinstance(at, Path) else at
        is_new = self.database.migrate()
        self.house = House(FEATURES, {PLATFORM: "an admin"})
        self.clock = SetClock()
        fits = {PLATFORM: BUTTON_BYTES}
        self.app = App(self.house, Directory(), self.clock, SystemChance(), fits)
        self.tx = self.database.open()
        self.batch = Batch(self.app, self.tx)
        self.n_polls = 0
        if is_new:
            self.open_poll()
        self.ask_in_turn(vote(n, 1) for n in range(members))

    def copy(self, path: Path) -> "Moot":
        """Return this community as it is now, on another file."""
        assert isinstance(self.database, SqliteDatabase)
        self.tx.all("pragma wal_checkpoint(truncate)")
        shutil.copy(self.database.path, path)
        copied = Moot(path)
        copied.clock.ahead = self.clock.ahead
        return copied

    def ask_in_turn(self, requests: Iterable[Request]) -> None:
        """Run many requests, a batch after another."""
        left = iter(requests)
        while some := list(islice(left, AT_ONCE)):
            self.ask(some)

    def run_due(self, command: str) -> list[float]:
        """Run what is due of one command, each alone; return how many seconds each took."""
        now_ms = to_ms(self.clock.now())
        due = map(agenda.due_from, self.tx.all(agenda.DUE, (now_ms, 10**6)))
        waiting = [due_request(one) for one in due if one.command == command]
        return [seconds(partial(self.ask, [one])) for one in waiting]

    def open_poll(self, options: Sequence[str] = OPTIONS, *, multiple: bool = False) -> int:
        """Open a poll; return its number."""
        self.ask([poll(options, multiple=multiple)])
        self.n_polls += 1
        return self.n_polls

    def ask(self, requests: Sequence[Request]) -> None:
        """Run requests in one batch, without the engine's thread."""
        for told in self.batch.run(requests):
            check(told.value)


def check(reply: object) -> None:
    """Stop the measurement where something was not done."""
    if not isinstance(reply, Reply) or reply.error or reply.is_bug or reply.is_unavailable:
        raise RuntimeError(f"not done: {reply}")
