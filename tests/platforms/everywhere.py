"""One way to drive every platform. This file is what the shared behaviour suite speaks to."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.platforms.grammar import parse
from tests.platforms import discord_moot, telegram_moot
from tests.platforms.discord_server import Member
from tests.platforms.telegram_server import User
from tests.world import World

PEOPLE = ("ana", "ben", "cleo")


class Driver(Protocol):
    """A community of ana, who is an admin, ben and cleo, on some platform."""

    async def says(self, who: str, line: str) -> str:
        """Have somebody type a line; return what the answer says."""
        ...

    async def presses(self, who: str, label: str) -> str:
        """Have somebody press a button of the newest card that has buttons; return the answer."""
        ...

    async def card(self) -> str:
        """Return the newest card of a vote as everybody reads it now."""
        ...

    async def advance(self, **length: float) -> None:
        """Let time pass, with what comes due meanwhile."""
        ...

    async def ballots(self) -> int:
        """How many ballots there are."""
        ...


_BALLOTS = "select count(*) from ballot"


class InTheRoom:
    """The local room."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people = {name: world.member(name + "*" * (name == "ana")) for name in PEOPLE}

    async def says(self, who: str, line: str) -> str:
        return self._people[who].says(line)

    async def presses(self, who: str, label: str) -> str:
        return self._people[who].presses(label)

    async def card(self) -> str:
        return list(self._world.cards.values())[-1]

    async def advance(self, **length: float) -> None:
        self._world.advance(**length)

    async def ballots(self) -> int:
        row = self._world.tx.one(_BALLOTS)
        assert row is not None
        return int(row[0])


class OnDiscord:
    """A guild."""

    def __init__(self, room: discord_moot.Room) -> None:
        self._room = room
        self._moot = room.moot
        self._card: Any = None

    def _person(self, who: str) -> Member:
        found: Member = getattr(self._room, who)
        return found

    async def says(self, who: str, line: str) -> str:
        spoken = parse(line, {one.path: one for one in self._moot.house.declarations})
        kinds = {one.name: one.kind for one in spoken.declared.options} if spoken.declared else {}
        args: dict[str, Any] = {
            name: text == "true" if kinds[name] == "boolean" else text
            for name, text in spoken.args.items()
        }
        answer = await self._person(who).slash(self._room.channel, spoken.command, **args)
        await self._look()
        return answer.text

    async def presses(self, who: str, label: str) -> str:
        await self._look()
        answer = await self._person(who).press(self._card, label=label)
        await self._moot.settle()
        return answer.text

    async def card(self) -> str:
        await self._look()
        return str(self._card.text)

    async def _look(self) -> None:
        """Note the newest card; one that has ended keeps its place, without buttons."""
        await self._moot.settle()
        found = [one for one in self._room.channel.messages if one.buttons]
        self._card = found[-1] if found else self._card

    async def advance(self, **length: float) -> None:
        await self._moot.advance(**length)

    async def ballots(self) -> int:
        return int((await self._moot.rows(_BALLOTS))[0][0])


class OnTelegram:
    """A supergroup."""

    def __init__(self, room: telegram_moot.Room) -> None:
        self._room = room
        self._moot = room.moot
        self._card: Any = None

    def _person(self, who: str) -> User:
        found: User = getattr(self._room, who)
        return found

    async def says(self, who: str, line: str) -> str:
        chat = self._room.chat
        n = len(chat.bot_messages)
        self._person(who).says(chat, line)
        await self._moot.handled()
        answer = chat.bot_messages[n].text
        await self._look()
        return answer

    async def presses(self, who: str, label: str) -> str:
        await self._look()
        answer = await self._person(who).presses(self._card, label)
        await self._moot.settle()
        return answer.text

    async def card(self) -> str:
        await self._look()
        return str(self._card.text)

    async def _look(self) -> None:
        """Note the newest card; one that has ended keeps its place, without buttons."""
        await self._moot.settle()
        found = [one for one in self._room.chat.bot_messages if one.buttons]
        self._card = found[-1] if found else self._card

    async def advance(self, **length: float) -> None:
        await self._moot.advance(**length)

    async def ballots(self) -> int:
        return int((await self._moot.rows(_BALLOTS))[0][0])


Opening = Callable[[Path, pytest.MonkeyPatch], AbstractAsyncContextManager[Driver]]


@asynccontextmanager
async def in_the_room(folder: Path, _: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open the local room."""
    world = World(folder)
    try:
        yield InTheRoom(world)
    finally:
        world.close()


@asynccontextmanager
async def on_discord(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open a guild."""
    async with discord_moot.open_room(folder, monkeypatch) as room:
        yield OnDiscord(room)


@asynccontextmanager
async def on_telegram(folder: Path, _: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open a supergroup."""
    async with telegram_moot.open_room(folder) as room:
        room.ben.starts()
        await room.moot.handled()
        yield OnTelegram(room)


EVERYWHERE: dict[str, Opening] = {
    "room": in_the_room,
    "discord": on_discord,
    "telegram": on_telegram,
}
