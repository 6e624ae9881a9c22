"""Folkmoot on Discord as tests run it: the real client, a set clock, a server of our own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import due_request
from bot.database.sqlite import SqliteDatabase
from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms.discord import ADMINS, BUTTON_BYTES, NAME, DiscordPlatform
from bot.settings import Discord
from core.app import App
from core.community import Directory
from core.features import FEATURES
from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from core.kernel.feature import House
from tests.databases.stores import fresh_database
from tests.platforms.discord_server import Channel, DiscordServer, Guild, Interaction, Message
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.library import Hurry, hurry, point_at
from tests.platforms.watch import PATIENCE_S
from tests.world import SeededChance, SetClock

LOOK_S = 0.005

Rows = list[tuple[Any, ...]]


class Moot:
    """A running bot on a database, connected to a server; it can be stopped and started again."""

    def __init__(self, server: DiscordServer, database: SqliteDatabase, quick: Hurry) -> None:
        self.server = server
        self.database = database
        self.hurry = quick
        self.clock = SetClock()
        self.settings: dict[str, Any] = {}
        self.house = House(FEATURES, {NAME: ADMINS})
        self._told: dict[str, int] = {}

    async def start(self) -> None:
        """Start, as a process would."""
        self.app = App(self.house, Directory(), self.clock, SeededChance(), {NAME: BUTTON_BYTES})
        self.engine = Engine(self.app, self.database.open())
        self.engine.start()
        self.readers = self.database.readers()
        await self.readers.open()
        given = {"api_url": self.server.api_url, "gateway_url": self.server.gateway_url}
        settings = Discord.model_validate({"token": self.server.token, **given, **self.settings})
        self.platform = DiscordPlatform(settings, self.engine, self.readers, self.house)
        self.deliveries = Deliveries(self.engine, self.platform)
        self.running = asyncio.create_task(self.platform.run())
        ready = asyncio.create_task(self.platform.ready.wait())
        await asyncio.wait({ready, self.running}, timeout=PATIENCE_S, return_when="FIRST_COMPLETED")
        ready.cancel()
        if self.running.done():
            await self.running

    async def stop(self) -> None:
        """Stop, as at SIGTERM."""
        await self.deliveries.end()
        await self.platform.close()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.engine.stop()
        await self.readers.close()

    async def restart(self) -> None:
        """Stop and start on the same database."""
        await self.stop()
        await self.start()

    async def deliver(self) -> int:
        """Deliver what is due after the pause between two edits; return how many that were."""
        self.clock.set(self.clock.now() + timedelta(milliseconds=self.platform.pace_ms))
        return await self.deliveries.settle()

    async def settle(self) -> None:
        """Deliver everything that waits, and again what fails, until nothing is due."""
        while await self.deliver():
            pass

    async def told(self, command: str) -> None:
        """Wait until the core was told that the bot arrived or departed, once more."""
        n = self._told.get(command, 0)
        for _ in range(round(PATIENCE_S / LOOK_S)):
            lines = await self.rows("select count(*) from journal where command = ?", command)
            found = int(lines[0][0])
            if found > n:
                self._told[command] = found
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError(f"nobody told that the bot {command}")

    async def advance(self, **length: float) -> None:
        """Let time pass: what comes due meanwhile runs at its time, and is delivered."""
        await self.run_due(**length)
        await self.settle()

    async def run_due(self, **length: float) -> None:
        """Let time pass, and deliver nothing yet."""
        until = self.clock.now() + timedelta(**length)
        while rows := await self.readers.all(agenda.DUE, (to_ms(until), 1)):
            due = agenda.due_from(rows[0])
            self.clock.set(max(self.clock.now(), from_ms(due.due_ms)))
            await self.engine.ask(due_request(due))
        self.clock.set(until)

    async def troubles(self) -> list[str]:
        """What stands in the way of rows of the outbox."""
        rows = await self.rows("select trouble from outbox where trouble <> '' order by key")
        return [str(trouble) for (trouble,) in rows]

    async def rows(self, sql: str, *args: Any) -> Rows:
        """Look into the database."""
        return await self.readers.all(sql, args)

    async def turnout(self, number: int = 1) -> int:
        """How many ballots a vote has."""
        sql = "select count(*) from ballot b join proposal p on p.id = b.proposal where number = ?"
        return int((await self.rows(sql, number))[0][0])


class Room:
    """A guild with people in which the bot is live."""

    def __init__(self, moot: Moot, guild: Guild, channel: Channel) -> None:
        self.moot = moot
        self.server = moot.server
        self.guild = guild
        self.channel = channel
        self.ana = guild.add_member("ana", permissions=rights.MANAGE_GUILD)
        self.ben = guild.add_member("ben")
        self.cleo = guild.add_member("cleo")

    async def ask(self, question: str) -> None:
        """Ben opens a poll, wherever its card goes."""
        await self.ben.slash(self.channel, "poll", question=question, options="a | b")
        await self.moot.settle()

    async def poll(self, question: str = "Lunch?", **more: Any) -> Message:
        """Ben opens a poll; return its card."""
        more.setdefault("options", "Pizza | Soup")
        await self.ben.slash(self.channel, "poll", question=question, **more)
        return await self.card()

    async def propose(self, title: str = "Paint the hall", **more: Any) -> Message:
        """Ben proposes something; return its card."""
        await self.ben.slash(self.channel, "propose", title=title, **more)
        return await self.card()

    async def card(self) -> Message:
        """Return the newest message of the channel, when all is delivered."""
        await self.moot.settle()
        return self.channel.messages[-1]


@asynccontextmanager
async def open_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any
) -> AsyncIterator[Room]:
    """A guild with three people and a running bot, whose retry pauses take no time."""
    async with await DiscordServer.start() as server:
        # The bot sets the addresses itself; this has them put back after the test.
        point_at(server, monkeypatch)
        monkeypatch.setattr("bot.platforms.discord.adapter.GUILDS_WAIT_S", 0.01)
        # Nobody here throws away what comes late, as a busy machine may have it come.
        monkeypatch.setattr("bot.platforms.discord.answers.SUGGEST_S", PATIENCE_S)
        moot = Moot(server, fresh_database(folder), hurry(monkeypatch))
        moot.settings = settings
        guild = server.add_guild("Makers")
        here = Room(moot, guild, guild.add_channel("general"))
        await moot.start()
        try:
            yield here
        finally:
            await moot.stop()


def answered(answer: Interaction) -> str:
    """What the asker reads; it must be for their eyes only."""
    assert answer.is_ephemeral
    return answer.text
