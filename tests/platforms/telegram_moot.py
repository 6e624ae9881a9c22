"""Folkmoot on Telegram as tests run it: the real client, a set clock, a server of our own."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import due_request
from bot.database.sqlite import SqliteDatabase
from bot.engine import Engine
from bot.outbox import Deliveries
from bot.platforms.telegram import ADMINS, BUTTON_BYTES, NAME, TelegramPlatform
from bot.settings import Telegram
from core.app import App
from core.community import Directory
from core.features import FEATURES
from core.kernel import agenda
from core.kernel.clock import from_ms, to_ms
from core.kernel.feature import Feature, House
from tests.databases.stores import fresh_database
from tests.platforms.telegram_server import Chat, Message, TelegramServer, Topic, User
from tests.platforms.watch import PATIENCE_S
from tests.world import SeededChance, SetClock

LOOK_S = 0.002

Rows = list[tuple[Any, ...]]


class Moot:
    """A running bot on a database, connected to a server; it can be stopped and started again."""

    def __init__(self, server: TelegramServer, database: SqliteDatabase) -> None:
        self.server = server
        self.database = database
        self.clock = SetClock()
        self.settings: dict[str, Any] = {}
        self.features: tuple[Feature, ...] = tuple(FEATURES)

    async def start(self) -> None:
        """Start, as a process would."""
        self.house = House(self.features, {NAME: ADMINS})
        self.app = App(self.house, Directory(), self.clock, SeededChance(), {NAME: BUTTON_BYTES})
        self.engine = Engine(self.app, self.database.open())
        self.engine.start()
        self.readers = self.database.readers()
        await self.readers.open()
        given = {"api_url": self.server.api_url, "token": self.server.token, **self.settings}
        settings = Telegram.model_validate(given)
        self.platform = TelegramPlatform(settings, self.engine, self.readers, self.house)
        self.deliveries = Deliveries(self.engine, self.platform)
        self.running = asyncio.create_task(self.platform.run())
        ready = asyncio.create_task(self.platform.ready.wait())
        await asyncio.wait({ready, self.running}, timeout=PATIENCE_S, return_when="FIRST_COMPLETED")
        ready.cancel()
        if self.running.done():
            await self.running
        else:
            await self.server.ready()

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

    async def handled(self) -> None:
        """Wait until the bot has dealt with everything that happened."""
        await self.server.heard()
        for _ in range(round(PATIENCE_S / LOOK_S)):
            if self.platform._updates.empty() and not self.platform._running:
                return
            await asyncio.sleep(LOOK_S)
        raise AssertionError("the bot is still at it")

    async def deliver(self) -> int:
        """Deliver what is due after the pause between two edits; return how many that were."""
        self.clock.set(self.clock.now() + timedelta(milliseconds=self.platform.pace_ms))
        return await self.deliveries.settle()

    async def settle(self) -> None:
        """Deal with what happened and deliver everything that waits, until nothing is due."""
        await self.handled()
        while await self.deliver():
            pass

    async def advance(self, **length: float) -> None:
        """Let time pass: what comes due meanwhile runs at its time, and is delivered."""
        await self.handled()
        until = self.clock.now() + timedelta(**length)
        while rows := await self.readers.all(agenda.DUE, (to_ms(until), 1)):
            due = agenda.due_from(rows[0])
            self.clock.set(max(self.clock.now(), from_ms(due.due_ms)))
            await self.engine.ask(due_request(due))
        self.clock.set(until)
        await self.settle()

    async def rows(self, sql: str, *args: Any) -> Rows:
        """Look into the database."""
        return await self.readers.all(sql, args)

    async def turnout(self, number: int = 1) -> int:
        """How many ballots a vote has."""
        sql = "select count(*) from ballot b join proposal p on p.id = b.proposal where number = ?"
        return int((await self.rows(sql, number))[0][0])

    async def troubles(self) -> list[str]:
        """What stands in the way of rows of the outbox."""
        rows = await self.rows("select trouble from outbox where trouble <> '' order by key")
        return [str(trouble) for (trouble,) in rows]


class Room:
    """A group with people in which the bot is live; ana is its creator."""

    def __init__(self, moot: Moot, chat: Chat) -> None:
        self.moot = moot
        self.server = moot.server
        self.chat = chat
        self.ana = self._person("Ana", "ana_m", "creator")
        self.ben = self._person("Ben", "ben_b")
        self.cleo = self._person("Cleo", "")

    def _person(self, name: str, username: str, status: str = "member") -> User:
        user = self.server.add_user(name, username=username)
        self.chat.join(user, status, quietly=True)
        return user

    async def says(
        self, who: User, text: str, chat: Chat | None = None, **more: Any
    ) -> Message | None:
        """Have somebody write; return what the bot wrote there newly, cards included."""
        chat = chat or self.chat
        before = set(map(id, chat.bot_messages))
        who.says(chat, text, **more)
        await self.moot.handled()
        new = [one for one in chat.bot_messages if id(one) not in before]
        await self.moot.settle()
        return new[-1] if new else None

    async def poll(self, question: str = "Lunch?", topic: Topic | None = None) -> Message:
        """Ben opens a poll; return its card."""
        self.ben.says(self.chat, f"/poll {question} Pizza | Soup", topic=topic)
        return await self.card()

    async def card(self, chat: Chat | None = None) -> Message:
        """Return the newest message with buttons, when all is delivered."""
        await self.moot.settle()
        return next(one for one in reversed((chat or self.chat).bot_messages) if one.buttons)


@asynccontextmanager
async def open_room(
    folder: Path,
    *,
    features: tuple[Feature, ...] = (),
    is_supergroup: bool = True,
    is_forum: bool = False,
    **settings: Any,
) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    async with await TelegramServer.start() as server:
        moot = Moot(server, fresh_database(folder))
        moot.settings = settings
        moot.features = (*FEATURES, *features)
        chat = server.add_group("Makers", is_supergroup=is_supergroup, is_forum=is_forum)
        here = Room(moot, chat)
        await moot.start()
        try:
            yield here
        finally:
            await moot.stop()
