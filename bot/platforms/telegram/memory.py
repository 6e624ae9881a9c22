"""What Telegram tells once and does not tell again: who joined when, who writes, who waits."""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from bot.platforms.telegram.kept import DAY_MS, Changes, Kept, Sort, key_of
from bot.platforms.telegram.read import Group

GROUPS_MAX = 8
# Most people act in the same one or two groups, so their lists are few.
LISTS_MAX = 1_024
SALT_BYTES = 16
# So many signs of a digest are enough to tell the people of one bot apart.
DIGEST = 24


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command whose answer waits in private until its asker comes there."""

    request_id: str
    path: str
    args: dict[str, str]
    group: Group
    twice: str = ""


class Memory:
    """What is remembered of people and groups."""

    def __init__(self, kept: Kept) -> None:
        """Take where it is kept."""
        self._kept = kept

    async def load(self) -> None:
        """Read what is kept."""
        await self._kept.load()
        if self._kept.get(Sort.SALT, "") is None:
            await self._kept.put({(Sort.SALT, ""): self._kept.fresh(secrets.token_hex(SALT_BYTES))})

    async def note_seen(self, group: Group, user: Any) -> None:
        """Note that somebody writes in a group: under which username, and that they do.

        Both are noted once a day, so that a lively group does not write all the time.
        """
        changes: Changes = {}
        if user.username:
            key = self._named(group.chat, user.username)
            if self._kept.get(Sort.SEEN, key) != str(user.id) or self._is_old(Sort.SEEN, key):
                changes[Sort.SEEN, key] = self._kept.fresh(str(user.id))
        groups = self.groups(user.id)
        if not groups or groups[0] != group or self._is_old(Sort.GROUPS, str(user.id)):
            others = [one for one in groups if one.chat != group.chat]
            listed = _listed([group, *others][:GROUPS_MAX])
            changes[Sort.GROUPS, str(user.id)] = self._kept.fresh(listed)
        await self._kept.put(changes)

    def seen(self, chat: int, username: str) -> int | None:
        """Return who was last seen under a username in a group within 30 days."""
        found = self._kept.get(Sort.SEEN, self._named(chat, username))
        return int(found) if found is not None else None

    def groups(self, user: int) -> list[Group]:
        """Return the groups in which somebody has acted, the last one first."""
        found = self._kept.get(Sort.GROUPS, str(user))
        return list(_groups_in(found)) if found else []

    async def leave(self, user: int, chat: int) -> None:
        """Forget that somebody acted in a group: they are not in it any more."""
        groups = self.groups(user)
        left = [one for one in groups if one.chat != chat]
        if left != groups:
            fact = self._kept.fresh(_listed(left)) if left else None
            await self._kept.put({(Sort.GROUPS, str(user)): fact})

    async def note_joined(self, chat: int, user: int) -> None:
        """Note that we saw somebody join now."""
        await self._kept.put({(Sort.JOINED, key_of(chat, user)): self._kept.fresh("")})

    def joined_ms(self, chat: int, user: int) -> int:
        """Return when we saw somebody join, 0 where they were there before us."""
        joined_ms = self._kept.at_ms(Sort.JOINED, key_of(chat, user))
        return joined_ms or self._kept.at_ms(Sort.JOINED, self._masked(chat, user))

    async def wait(self, user: int, waiting: Waiting) -> None:
        """Keep a command for when its asker opens the private chat; the last one counts."""
        group = [waiting.group.chat, waiting.group.title]
        text = json.dumps([waiting.request_id, waiting.path, waiting.args, group, waiting.twice])
        await self._kept.put({(Sort.WAITS, str(user)): self._kept.fresh(text)})

    async def waiting(self, user: int) -> Waiting | None:
        """Take out the command that waits for somebody."""
        found = self._kept.get(Sort.WAITS, str(user))
        if found is None:
            return None
        await self._kept.put({(Sort.WAITS, str(user)): None})
        return _waiting(found)

    async def move(self, old: int, new: int) -> None:
        """Note that a group lives on under another id, with all that is kept of it."""
        changes: Changes = {(Sort.MOVED, str(old)): self._kept.fresh(str(new))}
        for sort in (Sort.SEEN, Sort.JOINED):
            for key, fact in self._kept.all_of(sort).items():
                chat, _, rest = key.partition(":")
                if chat == str(old):
                    changes[sort, key] = None
                    changes[sort, key_of(new, rest)] = fact
        for key, (at_ms, text) in self._kept.all_of(Sort.GROUPS).items():
            groups = [
                replace(one, chat=new) if one.chat == old else one for one in _groups_in(text)
            ]
            if _listed(groups) != text:
                changes[Sort.GROUPS, key] = at_ms, _listed(groups)
        await self._kept.put(changes)

    def moved(self, chat: int) -> int:
        """Return the id that a chat has now."""
        return int(self._kept.get(Sort.MOVED, str(chat)) or chat)

    async def forget(self, user: int, chat: int, asked_ms: int) -> None:
        """Drop what is remembered of somebody in a group since before they asked for it.

        When they joined stays under a digest that only this bot can compute: else a newcomer who
        is forgotten could vote on what was open before they came.
        """
        await self.leave(user, chat)
        changes: Changes = {
            (Sort.SEEN, key): None
            for key, (_, text) in self._kept.all_of(Sort.SEEN).items()
            if text == str(user) and key.startswith(f"{chat}:")
        }
        waits = self._kept.get(Sort.WAITS, str(user))
        # What waits since then is the answer to that very request.
        is_older = self._kept.at_ms(Sort.WAITS, str(user)) < asked_ms
        if waits is not None and is_older and self.moved(_waiting(waits).group.chat) == chat:
            changes[Sort.WAITS, str(user)] = None
        if joined_ms := self._kept.at_ms(Sort.JOINED, key_of(chat, user)):
            changes[Sort.JOINED, key_of(chat, user)] = None
            changes[Sort.JOINED, self._masked(chat, user)] = joined_ms, ""
        await self._kept.put(changes)

    def _masked(self, chat: int, user: int) -> str:
        return key_of(chat, self._digest(str(user)))

    def _named(self, chat: int, username: str) -> str:
        return key_of(chat, self._digest(username.casefold()))

    def _digest(self, of: str) -> str:
        """Return what stands for a name or a number: neither is kept, nor can be guessed at."""
        salt = self._kept.get(Sort.SALT, "") or ""
        return hashlib.sha256(f"{salt}:{of}".encode()).hexdigest()[:DIGEST]

    def _is_old(self, sort: Sort, key: str) -> bool:
        return self._kept.at_ms(sort, key) < self._kept.now_ms() - DAY_MS


def _listed(groups: list[Group]) -> str:
    return json.dumps([[one.chat, one.title] for one in groups], ensure_ascii=False)


@lru_cache(LISTS_MAX)
def _groups_in(text: str) -> tuple[Group, ...]:
    """Return a list of groups as it was before it was kept; it is asked for with each message."""
    return tuple(Group(chat, title) for chat, title in json.loads(text))


def _waiting(text: str) -> Waiting:
    # What was kept before `twice` was is that much shorter.
    request_id, path, args, (chat, title), *twice = json.loads(text)
    return Waiting(request_id, path, args, Group(chat, title), *twice)
