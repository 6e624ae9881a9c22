"""Driving Telegram: the real client library against a server of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.platforms.driving import Driver, Rows, faults_in, plain
from tests.platforms.telegram_moot import Moot, open_room
from tests.platforms.telegram_server import Chat, Message, User


class OnTelegram:
    """A supergroup; people are named by links, as a client offers them after an @."""

    def __init__(self, moot: Moot, chat: Chat, people: dict[str, User]) -> None:
        self._moot = moot
        self._chat = chat
        self._people = people
        self._answers: dict[str, list[Message]] = {}
        self._card: Any = None

    async def says(self, who: str, line: str) -> str:
        person, mention = self._people[who], []
        for name, one in self._people.items():
            if f"@{name}" in line.split():
                line = line.replace(f"@{name}", one.name)
                mention.append(one)
        n, mine = len(self._chat.bot_messages), len(person.private_messages)
        person.says(self._chat, line, mention=mention)
        await self._moot.handled()
        found = [*person.private_messages[mine:], *self._chat.bot_messages[n:]]
        if not found:  # what is posted there in any case is its answer
            await self._moot.settle()
            found = self._chat.bot_messages[n:]
        self._answers.setdefault(who, []).insert(0, found[0])
        text = found[0].text
        await self._look()
        return self._plain(text)

    async def presses(self, who: str, label: str) -> str:
        await self._look()
        answer = await self._people[who].presses(self._card, label)
        await self._moot.settle()
        return self._plain(answer.text)

    async def confirms(self, who: str, label: str) -> str:
        """Press; the answer is what the press says, or else what is written after it."""
        person = self._people[who]
        seen = list(self._answers.get(who, ()))
        seen += reversed(person.private_messages)
        found = next(one for one in seen if any(key.text == label for key in one.buttons))
        mine = len(person.private_messages)
        answer = await person.presses(found, label)
        await self._moot.handled()
        written = person.private_messages[mine:]
        text = answer.text or (written[0].text if written else found.text)
        await self._moot.settle()
        return self._plain(text)

    async def told(self, who: str) -> str:
        await self._moot.settle()
        messages = self._people[who].private_messages
        return self._plain(messages[-1].text) if messages else ""

    async def card(self) -> str:
        await self._look()
        return self._plain(self._card.text)

    async def public(self) -> str:
        await self._moot.settle()
        return self._plain("\n".join(one.text for one in self._chat.bot_messages))

    async def elsewhere(self) -> Driver:
        chat = self._moot.server.add_group("Yard")
        zoe = self._moot.server.add_user("Zoe")
        chat.join(zoe, "creator", quietly=True)
        zoe.starts()
        await self._moot.settle()
        return OnTelegram(self._moot, chat, {"zoe": zoe})

    async def joins(self, who: str, *, is_bot: bool = False) -> None:
        user = self._moot.server.add_user(who.title(), is_bot=is_bot)
        self._chat.join(user, by=self._chat.owner)
        self._people[who] = user
        await self._moot.settle()

    async def leaves(self, who: str) -> None:
        self._chat.remove(self._people[who])
        await self._moot.settle()

    async def advance(self, **length: float) -> None:
        await self._moot.advance(**length)

    async def rows(self, sql: str, *args: Any) -> Rows:
        return await self._moot.rows(sql, *args)

    def faults(self) -> list[str]:
        return faults_in(self._moot.database, self._moot.house)

    def _plain(self, text: str) -> str:
        return plain(text, {one.name: name for name, one in self._people.items()})

    async def _look(self) -> None:
        """Note the newest card; one that has ended keeps its place, without buttons."""
        await self._moot.settle()
        answers = [one for theirs in self._answers.values() for one in theirs]
        found = [one for one in self._chat.bot_messages if one.buttons and one not in answers]
        self._card = found[-1] if found else self._card


@asynccontextmanager
async def on_telegram(folder: Path, _: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open a supergroup in which everybody has started the bot."""
    async with open_room(folder) as room:
        dana = room.server.add_user("Dana", username="dana_d")
        room.chat.join(dana, "administrator", quietly=True)
        people = {"ana": room.ana, "ben": room.ben, "cleo": room.cleo, "dana": dana}
        for one in people.values():
            one.starts()
        await room.moot.settle()
        yield OnTelegram(room.moot, room.chat, people)
