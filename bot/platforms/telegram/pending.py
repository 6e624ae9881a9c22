"""What waits for somebody's word or press, kept so that a restart does not lose it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import telegram

from bot.platforms.telegram.kept import Kept, Sort, key_of
from bot.platforms.telegram.read import Group, Named, Spot, Wish
from core.kernel.clock import from_ms, to_ms
from core.kernel.command import Declaration
from core.kernel.fields import Option
from core.kernel.request import AccountRef

PENDING_MAX = 5_000
# Nobody remembers later what a question was about.
WAITS_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that waits for a word or a press; `asker` is None where any admin may press."""

    wish: Wish
    option: str = ""
    question: int | None = None
    asker: int | None = None
    is_over: bool = False

    @property
    def asked(self) -> Option | None:
        """The option that was asked for."""
        options = self.wish.declared.options if self.wish.declared else ()
        return next((one for one in options if one.name == self.option), None)


class Pendings:
    """Questions by the chat and the person asked, and buttons by their token; all grow old."""

    def __init__(self, kept: Kept, commands: Mapping[str, Declaration]) -> None:
        """Take where they are kept, and the declarations, which are not kept with them."""
        self._kept = kept
        self._commands = commands

    async def ask(self, chat: int, user: int, pending: Pending) -> None:
        """Keep a question in place of an earlier one."""
        await self._put(Sort.ASKED, key_of(chat, user), pending)

    def asked(self, chat: int, user: int) -> Pending | None:
        """Return the question that somebody has not answered yet."""
        return self._get(Sort.ASKED, key_of(chat, user))

    async def take_back(self, chat: int, user: int) -> bool:
        """Drop the question to somebody; return whether there was one."""
        key = key_of(chat, user)
        if self._kept.get(Sort.ASKED, key) is None:
            return False
        await self._kept.put({(Sort.ASKED, key): None})
        return True

    async def offer(self, token: str, pending: Pending) -> None:
        """Keep what a pair of buttons is about."""
        await self._put(Sort.PRESSED, token, pending)

    def offered(self, token: str) -> Pending | None:
        """Return what a button is about."""
        return self._get(Sort.PRESSED, token)

    async def withdraw(self, token: str) -> None:
        """Drop what a button was about: it works once."""
        await self._kept.put({(Sort.PRESSED, token): None})

    async def forget(self, user: int, chat: int, asked_ms: int) -> None:
        """Drop what somebody began in a group up to an instant, and what is about them."""
        for sort in (Sort.ASKED, Sort.PRESSED):
            for key, (at_ms, text) in list(self._kept.all_of(sort).items()):
                wish = json.loads(text)["wish"]
                is_here = wish["group"]["chat"] == chat
                if at_ms <= asked_ms and is_here and user in _people(wish):
                    await self._kept.put({(sort, key): None})

    def _get(self, sort: Sort, key: str) -> Pending | None:
        text = self._kept.get(sort, key)
        if text is None:
            return None
        is_over = self._kept.at_ms(sort, key) < self._kept.now_ms() - WAITS_MS
        return self._read(json.loads(text), is_over=is_over)

    async def _put(self, sort: Sort, key: str, pending: Pending) -> None:
        """Keep one; of too many the oldest goes."""
        all_of = self._kept.all_of(sort)
        if len(all_of) >= PENDING_MAX:
            await self._kept.put({(sort, next(iter(all_of))): None})
        text = json.dumps(_written(pending), ensure_ascii=False)
        await self._kept.put({(sort, key): self._kept.fresh(text)})

    def _read(self, kept: dict[str, Any], *, is_over: bool) -> Pending | None:
        """Return what was written; None where the command is of an earlier version."""
        told = kept["wish"]
        declared = self._commands.get(told["path"])
        if declared is None or declared.version != told["version"]:
            return None
        wish = Wish(
            told["request_id"],
            told["path"],
            declared,
            {name: _read_value(value) for name, value in told["args"].items()},
            _user(told["user"]),
            Spot(**told["spot"]),
            Group(**told["group"]),
            {
                name: Named(_user(one["user"]) if one["user"] else None, one["username"])
                for name, one in told["receivers"].items()
            },
            _user(told["doubtful"]) if told["doubtful"] else None,
            Spot(**told["typed_at"]) if told["typed_at"] else None,
            told.get("twice", ""),  # which earlier versions did not keep
        )
        return Pending(wish, kept["option"], kept["question"], kept["asker"], is_over)


def _written(pending: Pending) -> dict[str, Any]:
    wish = pending.wish
    told = {
        "request_id": wish.request_id,
        "path": wish.path,
        "version": wish.declared.version if wish.declared else 0,
        "args": {name: _written_value(value) for name, value in wish.args.items()},
        "user": wish.user.to_dict(),
        "spot": asdict(wish.spot),
        "group": asdict(wish.group),
        "receivers": {
            name: {"user": one.user.to_dict() if one.user else None, "username": one.username}
            for name, one in wish.receivers.items()
        },
        "doubtful": wish.doubtful.to_dict() if wish.doubtful else None,
        "typed_at": asdict(wish.typed_at) if wish.typed_at else None,
        "twice": wish.twice,
    }
    return {
        "wish": told,
        "option": pending.option,
        "question": pending.question,
        "asker": pending.asker,
    }


def _people(wish: dict[str, Any]) -> set[int]:
    """Return the accounts that a written wish names."""
    named = [one["user"] for one in wish["receivers"].values()]
    accounts = [int(one["account"]) for one in wish["args"].values() if isinstance(one, dict)]
    return {one["id"] for one in (wish["user"], wish["doubtful"], *named) if one} | set(accounts)


def _user(told: dict[str, Any]) -> telegram.User:
    return telegram.User.de_json(told)


def _written_value(value: Any) -> Any:
    if not isinstance(value, AccountRef):
        return value
    joined_ms = to_ms(value.joined_at) if value.joined_at is not None else None
    return {**asdict(value), "joined_at": joined_ms}


def _read_value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    joined_ms = value["joined_at"]
    joined_at = from_ms(joined_ms) if joined_ms is not None else None
    return AccountRef(**{**value, "joined_at": joined_at})
