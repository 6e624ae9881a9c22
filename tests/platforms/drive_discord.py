"""Driving Discord: the real client library against a server of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.grammar import parse
from core.kernel.fields import OptionKind
from tests.platforms.discord_moot import Moot, open_room
from tests.platforms.discord_server import Channel, Guild, Member
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.interactions import Interaction
from tests.platforms.discord_server.messages import Message
from tests.platforms.discord_server.offers import WouldNotSend
from tests.platforms.driving import Driver, Rows, faults_in, plain


class OnDiscord:
    """A channel of a guild."""

    def __init__(
        self, moot: Moot, guild: Guild, channel: Channel, people: dict[str, Member]
    ) -> None:
        self._moot = moot
        self._guild = guild
        self._channel = channel
        self._people = people
        self._answers: dict[str, list[Interaction]] = {}
        self._card: Any = None

    async def says(self, who: str, line: str) -> str:
        """Type a command; what one's own client would not send is sent all the same."""
        path, given = self._spoken(line)
        person = self._people[who]
        try:
            answer = await person.slash(self._channel, path, **given)
        except WouldNotSend:
            answer = await person.slash(self._channel, path, raw=True, **given)
        assert answer.is_ephemeral
        self._answers.setdefault(who, []).insert(0, answer)
        await self._look()
        return self._plain(answer.text)

    async def presses(self, who: str, label: str) -> str:
        await self._look()
        answer = await self._people[who].press(self._card, label=label)
        await self._moot.settle()
        return self._plain(answer.text)

    async def confirms(self, who: str, label: str) -> str:
        seen = [one.message for one in self._answers.get(who, ())]
        seen += reversed(self._people[who].dm_messages)
        found = next(one for one in seen if any(key.label == label for key in one.buttons))
        answer = await self._people[who].press(found, label=label)
        self._answers.setdefault(who, []).insert(0, answer)
        await self._moot.settle()
        return self._plain(answer.text)

    async def told(self, who: str) -> str:
        await self._moot.settle()
        messages = self._people[who].dm_messages
        return self._plain(messages[-1].text) if messages else ""

    async def card(self) -> str:
        await self._look()
        return self._plain(self._card.text)

    async def public(self) -> str:
        await self._moot.settle()
        return self._plain("\n".join(one.text for one in self._channel.messages))

    async def elsewhere(self) -> Driver:
        guild = self._moot.server.add_guild("Yard")
        people = {"zoe": guild.add_member("zoe", permissions=rights.MANAGE_GUILD)}
        return OnDiscord(self._moot, guild, guild.add_channel("lobby"), people)

    async def joins(self, who: str, *, is_bot: bool = False) -> None:
        self._people[who] = self._guild.add_member(who, bot=is_bot)

    async def leaves(self, who: str) -> None:
        self._guild.remove_member(self._people[who])

    async def advance(self, **length: float) -> None:
        await self._moot.advance(**length)

    async def rows(self, sql: str, *args: Any) -> Rows:
        return await self._moot.rows(sql, *args)

    def faults(self) -> list[str]:
        return faults_in(self._moot.database, self._moot.house)

    def _spoken(self, line: str) -> tuple[str, dict[str, Any]]:
        declared = {one.path: one for one in self._moot.house.declarations}
        spoken = parse(line, declared)
        options = spoken.declared.by_name if spoken.declared else {}
        given = {name: self._typed(options[name].kind, text) for name, text in spoken.args.items()}
        return spoken.command, given

    def _typed(self, kind: OptionKind, text: str) -> Any:
        """Return what the client makes of the letters, as far as they can be that at all."""
        if kind is OptionKind.BOOLEAN and text in ("true", "false", "on", "off"):
            return text in ("true", "on")
        if kind is OptionKind.INTEGER and text.removeprefix("-").isdecimal() and text.isascii():
            return int(text)
        if kind is OptionKind.MEMBER:
            return self._people.get(text.removeprefix("@"), text)
        return text

    def _plain(self, text: str) -> str:
        return plain(text, {one.mention: name for name, one in self._people.items()})

    async def _look(self) -> None:
        """Note the newest card; one that has ended keeps its place, without buttons."""
        await self._moot.settle()
        found: list[Message] = [one for one in self._channel.messages if one.buttons]
        self._card = found[-1] if found else self._card


@asynccontextmanager
async def on_discord(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open a guild."""
    async with open_room(folder, monkeypatch) as room:
        dana = room.guild.add_member("dana", permissions=rights.MANAGE_GUILD)
        people = {"ana": room.ana, "ben": room.ben, "cleo": room.cleo, "dana": dana}
        yield OnDiscord(room.moot, room.guild, room.channel, people)
