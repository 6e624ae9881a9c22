"""Small facts of the platform in the state of the bot: read at the start, then written through."""

import logging
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.engine import Engine
from bot.platforms.telegram.read import NAME
from core.kernel import state
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable

_LOG = logging.getLogger("folkmoot.telegram")

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class Sort(StrEnum):
    """What sort of fact it is; each has an age at which it goes."""

    GROUPS = "groups"
    JOINED = "joined"
    SEEN = "seen"
    WAITS = "waits"
    ASKED = "asked"
    PRESSED = "pressed"
    MOVED = "moved"
    SALT = "salt"


AGES_MS: Mapping[Sort, int] = {
    # No vote is open for longer: after that neither a joining nor a group changes anything.
    Sort.GROUPS: 200 * DAY_MS,
    Sort.JOINED: 200 * DAY_MS,
    # A username counts as long as its holder was seen here within this.
    Sort.SEEN: 30 * DAY_MS,
    Sort.WAITS: 2 * DAY_MS,
    # Long enough to say to who answers late that the question is over.
    Sort.ASKED: HOUR_MS,
    Sort.PRESSED: HOUR_MS,
}
NEVER_MS = 2**62

Key = tuple[Sort, str]
# When it was put (ms), and the text.
Fact = tuple[int, str]
Changes = dict[Key, Fact | None]


class Kept:
    """A text and an instant for each key; what has its age is not there any more."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, whose thread alone writes."""
        self._engine = engine
        self._facts: dict[Sort, dict[str, Fact]] = {sort: {} for sort in Sort}

    async def load(self) -> None:
        """Read what is kept."""
        found = await self._engine.work(lambda unit: state.under(unit.tx, f"{NAME}."))
        for name, value in found.items():
            sort, _, key = name.removeprefix(f"{NAME}.").partition(":")
            stamp, _, text = value.partition(":")
            if sort in set(Sort) and stamp.isdecimal():
                self._facts[Sort(sort)][key] = (int(stamp), text)
        for sort, facts in self._facts.items():
            self._facts[sort] = dict(sorted(facts.items(), key=lambda fact: fact[1][0]))
        await self.tidy()

    def get(self, sort: Sort, key: str) -> str | None:
        """Return a text that is not too old."""
        at_ms, text = self._facts[sort].get(key, (0, ""))
        return text if at_ms and at_ms >= self.now_ms() - AGES_MS.get(sort, NEVER_MS) else None

    def at_ms(self, sort: Sort, key: str) -> int:
        """Return when a text was put, 0 where there is none."""
        return self._facts[sort].get(key, (0, ""))[0]

    def all_of(self, sort: Sort) -> Mapping[str, Fact]:
        """Return the facts of a sort by key, put first comes first; some may be too old."""
        return MappingProxyType(self._facts[sort])

    def fresh(self, text: str) -> Fact:
        """Return a text as of now."""
        return self.now_ms(), text

    async def put(self, changes: Changes) -> None:
        """Keep some facts and drop others (None), all or none of them.

        What the store does not take is known here until the next start.
        """
        writes: dict[str, str | None] = {}
        for (sort, key), fact in changes.items():
            before = self._facts[sort].pop(key, None)
            if fact is not None:
                self._facts[sort][key] = fact
                writes[_name(sort, key)] = f"{fact[0]}:{fact[1]}"
            elif before is not None:
                writes[_name(sort, key)] = None
        await self._write(writes)

    async def tidy(self) -> None:
        """Drop what is too old."""
        now_ms = self.now_ms()
        old = [
            (sort, key)
            for sort, age_ms in AGES_MS.items()
            for key, (at_ms, _) in self._facts[sort].items()
            if at_ms < now_ms - age_ms
        ]
        await self.put(dict.fromkeys(old))

    def now_ms(self) -> int:
        """Return the instant that counts here."""
        return to_ms(self._engine.app.clock.now())

    async def _write(self, writes: Mapping[str, str | None]) -> None:
        if not writes:
            return

        def job(unit: Any) -> None:
            for name, value in writes.items():
                if value is None:
                    state.drop(unit.tx, name)
                else:
                    state.put(unit.tx, name, value)

        try:
            await self._engine.work(job)
        except Unavailable:
            _LOG.warning("could not keep %d small facts; a restart forgets them", len(writes))


def key_of(*parts: object) -> str:
    """Return the key of a fact about a few numbers."""
    return ":".join(map(str, parts))


def _name(sort: Sort, key: str) -> str:
    return f"{NAME}.{sort}:{key}"
