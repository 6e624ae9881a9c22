"""The server as tests start it. This file puts the parts together and opens the port."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from tests.platforms.telegram_server.audit import Audit
from tests.platforms.telegram_server.chats import Chat, Kind
from tests.platforms.telegram_server.door import BODY_BYTES_MAX, Door
from tests.platforms.telegram_server.faults import Faults
from tests.platforms.telegram_server.floods import Floods
from tests.platforms.telegram_server.menus import Menus
from tests.platforms.telegram_server.people import User
from tests.platforms.telegram_server.seats import POSTING_RIGHTS, Status
from tests.platforms.telegram_server.updates import Updates
from tests.platforms.telegram_server.webhooks import Webhook
from tests.platforms.telegram_server.world import Clock, World, wall_clock

T = TypeVar("T")

TOKEN_DEFAULT = "1000001:test-token"
USERNAME_DEFAULT = "folkmoot_bot"


class TelegramServer:
    """Telegram on 127.0.0.1: the Bot API, and a driver that acts as the people."""

    def __init__(self, token: str, username: str, clock: Clock) -> None:
        self.world = World(token, username, clock)
        self.faults = Faults()
        self.floods = Floods(clock)
        self.menus = Menus(self.world)
        self.webhook = Webhook(self.world)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @classmethod
    async def start(
        cls,
        token: str = TOKEN_DEFAULT,
        username: str = USERNAME_DEFAULT,
        *,
        clock: Clock = wall_clock,
        port: int = 0,
    ) -> TelegramServer:
        """Open a port; 0 takes a free one. A clock that is set makes dates and floods follow it."""
        server = cls(token, username, clock)
        door = Door(server.world, server.faults, server.floods, server.webhook, server.menus)
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.router.add_route("*", "/bot{token}/{method}", door.handle)
        # A test ends when its client is closed: nothing is left that is worth waiting for.
        server._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await server._runner.setup()
        site = web.TCPSite(server._runner, "127.0.0.1", port)
        await site.start()
        server.port = server._runner.addresses[0][1]
        return server

    async def stop(self) -> None:
        """Close everything; raises the first fault of this server itself, should there be one."""
        self.faults.clear()
        self.updates.end_poll()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self.world.mistakes:
            raise self.world.mistakes[0]

    async def __aenter__(self) -> TelegramServer:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Where it is

    @property
    def token(self) -> str:
        """The only token it takes."""
        return self.world.token

    @property
    def api_url(self) -> str:
        """The part before `/bot<token>`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def patience_s(self) -> float:
        """How long waits last; assign more where the client pauses between retries for real."""
        return self.world.watch.patience_s

    @patience_s.setter
    def patience_s(self, seconds: float) -> None:
        self.world.watch.patience_s = seconds

    # What happens to all of it

    def go_down(self) -> None:
        """An outage: polls are cut, and no request is served until `come_back`."""
        self.faults.is_down = True
        self.updates.end_poll()

    def come_back(self) -> None:
        """The outage is over; updates that happened meanwhile are there."""
        self.faults.is_down = False

    # What there is

    @property
    def bot(self) -> User:
        """The account of the bot under test."""
        return self.world.bot

    @property
    def audit(self) -> Audit:
        """What the client has done so far."""
        return self.world.audit

    @property
    def updates(self) -> Updates:
        """What the bot has heard, and is still to hear."""
        return self.world.updates

    def add_user(
        self, name: str, *, username: str = "", is_bot: bool = False, language: str = ""
    ) -> User:
        """A person, or another bot."""
        return self.world.add_user(name, username=username, is_bot=is_bot, language=language)

    def add_group(
        self,
        title: str,
        *,
        is_supergroup: bool = True,
        is_forum: bool = False,
        has_bot: bool = True,
    ) -> Chat:
        """A group in which the bot has been for long: nothing is told of it."""
        kind = Kind.SUPERGROUP if is_supergroup or is_forum else Kind.GROUP
        chat = self.world.open_chat(kind, title, is_forum=is_forum)
        if has_bot:
            chat.join(self.bot, quietly=True)
        return chat

    def add_channel(
        self, title: str, *, linked: Chat | None = None, username: str = "", has_bot: bool = False
    ) -> Chat:
        """A channel; `linked` is the group where its posts are discussed."""
        channel = self.world.open_chat(Kind.CHANNEL, title)
        channel.username = username or None
        if linked is not None:
            channel.linked = linked
            linked.linked = channel
        if has_bot:
            channel.join(self.bot, Status.ADMINISTRATOR, rights=POSTING_RIGHTS, quietly=True)
        return channel

    # Waiting

    async def wait_for(self, condition: Callable[[], T | None], within_s: float | None = None) -> T:
        """Return the first truthy value of a condition, looked at upon every change."""
        tail = self.audit.tail
        found = await self.world.watch.wait_for(condition, within_s, lambda: f"last: {tail()}")
        assert found is not None, "what is truthy is not None"
        return found

    async def ready(self, within_s: float | None = None) -> None:
        """Wait until somebody listens: a poll waits, or a webhook is set."""
        await self.wait_for(lambda: self.updates.is_polled or self.updates.has_webhook, within_s)

    async def heard(self, within_s: float | None = None) -> None:
        """Wait until the bot has confirmed everything that happened."""
        await self.wait_for(lambda: self.updates.is_heard, within_s)
