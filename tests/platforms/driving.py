"""What a conversation needs of a platform, be it the room, Discord or Telegram."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

from bot.database.port import Database, open_existing
from bot.verify import checks
from core.kernel.feature import House
from core.kernel.tx import Tx

ADMINS = ("ana", "dana")
PEOPLE = ("ana", "ben", "cleo", "dana")
# What a refusal may leave behind: the kept outcome, and what an adapter remembers by itself.
KEPT_TABLES = frozenset({"request", "state"})
_MARKUP = re.compile(r"^> |-# |[*`\\\u200b\u2068\u2069]", re.MULTILINE)

Rows = list[tuple[Any, ...]]


class Driver(Protocol):
    """A community of ana and dana, who are admins, ben and cleo, on some platform.

    People are named in lines as `@ben`. What is read comes back as one line without markup, with
    people by these names.
    """

    async def says(self, who: str, line: str) -> str:
        """Have somebody type a line; return what the answer says."""
        ...

    async def presses(self, who: str, label: str) -> str:
        """Have somebody press a button of the newest card that has buttons; return the answer."""
        ...

    async def confirms(self, who: str, label: str) -> str:
        """Have somebody press a button that was shown to them: in an answer or in private."""
        ...

    async def told(self, who: str) -> str:
        """Return the newest message that somebody got in private."""
        ...

    async def card(self) -> str:
        """Return the newest card of a vote as everybody reads it now."""
        ...

    async def public(self) -> str:
        """Return all that everybody can read here."""
        ...

    async def elsewhere(self) -> "Driver":
        """Return another space of the platform, with an admin zoe, who is in no other."""
        ...

    async def joins(self, who: str, *, is_bot: bool = False) -> None:
        """Have somebody join, who can be named from then on."""
        ...

    async def leaves(self, who: str) -> None:
        """Have somebody leave, who can still be named."""
        ...

    async def advance(self, **length: float) -> None:
        """Let time pass, with what comes due meanwhile."""
        ...

    async def rows(self, sql: str, *args: Any) -> Rows:
        """Look into the database."""
        ...

    def faults(self) -> list[str]:
        """Return what verify finds."""
        ...


def plain(text: str, people: Mapping[str, str]) -> str:
    """Return what a reader sees as one line; `people` has our names by what stands for them."""
    for written, name in people.items():
        text = text.replace(written, name)
    return " ".join(_MARKUP.sub("", text).split())


def faults_of(tx: Tx, house: House) -> list[str]:
    """Return what verify finds."""
    return [f"{one.where}: {one.what}" for _, part in checks(tx, house) for one in part.faults]


def faults_in(database: Database, house: House) -> list[str]:
    """Return what verify finds in a database that a running bot writes."""
    tx = open_existing(database)
    try:
        return faults_of(tx, house)
    finally:
        tx.close()


@asynccontextmanager
async def unchanged(moot: Driver) -> AsyncIterator[None]:
    """Check that the database is left as it was, but for what is kept of the asking itself."""
    before = await _dump(moot)
    yield
    after = await _dump(moot)
    for table, rows in before.items():
        assert after[table] == rows, f"{table} changed"


async def refused(moot: Driver, who: str, line: str, words: str) -> None:
    """Have somebody be refused with these words, in whole sentences, and nothing be changed."""
    async with unchanged(moot):
        answer = await moot.says(who, line)
    assert words in answer, f"{line!r} gave: {answer}"
    assert answer[-1] in ".)", answer


async def _dump(moot: Driver) -> dict[str, Rows]:
    tables = await moot.rows("select name from sqlite_master where type = 'table'")
    return {
        name: sorted(await moot.rows(f"select * from {name}"), key=repr)
        for (name,) in tables
        if name not in KEPT_TABLES
    }
