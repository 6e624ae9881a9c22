"""This file is the house that is measured: the real door on a database file, and people in it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bot.batch import Batch
from bot.database.sqlite import SqliteDatabase
from bot.system import SystemChance, SystemClock
from core.app import App, Reply
from core.community import Directory
from core.features import FEATURES
from core.kernel.clock import from_ms
from core.kernel.feature import House
from core.kernel.request import Asker, Place, Request

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


class Moot:
    """A community on a file of its own."""

    def __init__(self, path: Path, members: int = 0) -> None:
        """Make the database and its members, who have all voted on the poll of number 1."""
        self.database = SqliteDatabase(path)
        self.database.migrate()
        house = House(FEATURES, {PLATFORM: "an admin"})
        fits = {PLATFORM: BUTTON_BYTES}
        self.app = App(house, Directory(), SystemClock(), SystemChance(), fits)
        self.tx = self.database.open()
        self.batch = Batch(self.app, self.tx)
        self.n_polls = 0
        self.open_poll()
        for start in range(0, members, AT_ONCE):
            self.ask([vote(n, 1) for n in range(start, min(start + AT_ONCE, members))])

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
