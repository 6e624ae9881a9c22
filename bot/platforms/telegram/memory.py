"""What Telegram tells once and does not tell again: who joined when, who writes, who waits."""

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from bot.engine import Engine
from bot.platforms.telegram.read import NAME, Group
from core.kernel import state
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable

_LOG = logging.getLogger("folkmoot.telegram")

DAY_MS = 86_400_000
# A username counts as long as its holder was seen here within this; it is noted once a day.
SEEN_MS = 30 * DAY_MS
# No vote is open for longer: after that a joining changes nothing.
JOINED_MS = 200 * DAY_MS
WAITS_MS = 2 * DAY_MS
GROUPS_MAX = 8
GROUPS, JOINED, SEEN, WAITS, MOVED = "groups", "joined", "seen", "waits", "moved"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command whose answer waits in private until its asker comes there."""

    request_id: str
    path: str
    args: dict[str, str]
    group: Group


class Memory:
    """A small store of the platform, in the state of the bot: read at the start, then written."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, whose thread alone writes."""
        self._engine = engine
        self._kept: dict[str, str] = {}

    async def load(self) -> None:
        """Read what is kept, and drop what is too old to matter."""
        self._kept = await self._engine.work(lambda unit: state.under(unit.tx, f"{NAME}."))
        now_ms = self._now_ms()
        ages = {SEEN: SEEN_MS, JOINED: JOINED_MS, WAITS: WAITS_MS}
        old = [
            key
            for key, value in self._kept.items()
            if (kind := key.split(".", 2)[1].partition(":")[0]) in ages
            and _stamp(value) < now_ms - ages[kind]
        ]
        await self._write(dict.fromkeys(old))

    async def note_seen(self, group: Group, user: Any) -> None:
        """Note that somebody writes in a group: under which username, and that they do."""
        values: dict[str, str | None] = {}
        if user.username:
            key = _key(SEEN, group.chat, _digest(user.username))
            stamp, _, number = self._kept.get(key, "0:").partition(":")
            if number != str(user.id) or int(stamp) < self._now_ms() - DAY_MS:
                values[key] = f"{self._now_ms()}:{user.id}"
        groups = self.groups(user.id)
        if not groups or groups[0] != group:
            others = [one for one in groups if one.chat != group.chat]
            kept = [group, *others][:GROUPS_MAX]
            listed = [[one.chat, one.title] for one in kept]
            values[_key(GROUPS, user.id)] = json.dumps(listed, ensure_ascii=False)
        await self._write(values)

    def seen(self, chat: int, username: str) -> int | None:
        """Return who was last seen under a username in a group within 30 days."""
        value = self._kept.get(_key(SEEN, chat, _digest(username)), "")
        if not value or _stamp(value) < self._now_ms() - SEEN_MS:
            return None
        return int(value.partition(":")[2])

    def groups(self, user: int) -> list[Group]:
        """Return the groups in which somebody has acted, the last one first."""
        value = self._kept.get(_key(GROUPS, user))
        return [Group(chat, title) for chat, title in json.loads(value)] if value else []

    async def leave(self, user: int, chat: int) -> None:
        """Forget that somebody acted in a group: they are not in it any more."""
        kept = [[one.chat, one.title] for one in self.groups(user) if one.chat != chat]
        text = json.dumps(kept, ensure_ascii=False) if kept else None
        await self._write({_key(GROUPS, user): text})

    async def note_joined(self, chat: int, user: int) -> None:
        """Note that we saw somebody join now."""
        await self._write({_key(JOINED, chat, user): f"{self._now_ms()}:"})

    def joined_ms(self, chat: int, user: int) -> int:
        """Return when we saw somebody join, 0 where they were there before us."""
        return _stamp(self._kept.get(_key(JOINED, chat, user), "0:"))

    async def wait(self, user: int, waiting: Waiting) -> None:
        """Keep a command for when its asker opens the private chat; the last one counts."""
        group = [waiting.group.chat, waiting.group.title]
        text = json.dumps([waiting.request_id, waiting.path, waiting.args, group])
        await self._write({_key(WAITS, user): f"{self._now_ms()}:{text}"})

    async def waiting(self, user: int) -> Waiting | None:
        """Take out the command that waits for somebody."""
        value = self._kept.get(_key(WAITS, user))
        if value is None:
            return None
        await self._write({_key(WAITS, user): None})
        request_id, path, args, (chat, title) = json.loads(value.partition(":")[2])
        return Waiting(request_id, path, args, Group(chat, title))

    async def move(self, old: int, new: int) -> None:
        """Note that a group lives on under another id, with all that is kept of it."""
        values: dict[str, str | None] = {_key(MOVED, old): str(new)}
        for key, value in self._kept.items():
            for kind in (SEEN, JOINED):
                before = _key(kind, old) + ":"
                if key.startswith(before):
                    values[_key(kind, new) + ":" + key.removeprefix(before)] = value
                    values[key] = None
            if key.startswith(f"{NAME}.{GROUPS}:"):
                listed = [[new if one == old else one, name] for one, name in json.loads(value)]
                values[key] = json.dumps(listed, ensure_ascii=False)
        await self._write(values)

    def moved(self, chat: int) -> int:
        """Return the id that a chat has now."""
        return int(self._kept.get(_key(MOVED, chat), chat))

    async def _write(self, values: dict[str, str | None]) -> None:
        """Keep some values and drop others (None); what the store does not take is known here."""
        changed = {key: value for key, value in values.items() if self._kept.get(key) != value}
        if not changed:
            return
        for key, value in changed.items():
            if value is None:
                self._kept.pop(key, None)
            else:
                self._kept[key] = value

        def job(unit: Any) -> None:
            for key, value in changed.items():
                if value is None:
                    state.drop(unit.tx, key)
                else:
                    state.put(unit.tx, key, value)

        try:
            await self._engine.work(job)
        except Unavailable:
            _LOG.warning("could not keep %d small facts; a restart forgets them", len(changed))

    def _now_ms(self) -> int:
        return to_ms(self._engine.app.clock.now())


def _key(kind: str, *of: object) -> str:
    return f"{NAME}.{kind}:" + ":".join(map(str, of))


def _digest(username: str) -> str:
    """Return what stands for a username: no name is kept, and none could be read off the store."""
    return hashlib.sha256(username.casefold().encode()).hexdigest()[:24]


def _stamp(value: str) -> int:
    stamp = value.partition(":")[0]
    return int(stamp) if stamp.isdecimal() else 0
