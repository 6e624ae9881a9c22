"""The server as tests start it. This file puts the parts together and opens the port."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from tests.platforms.discord_server.audit import Audit
from tests.platforms.discord_server.door import API_PREFIX, BODY_BYTES_MAX, Door
from tests.platforms.discord_server.faults import Faults
from tests.platforms.discord_server.gateway import Gateway
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.people import User
from tests.platforms.discord_server.permissions import ORDINARY
from tests.platforms.discord_server.rates import Rates
from tests.platforms.discord_server.refusals import Json
from tests.platforms.discord_server.world import Clock, World, wall_clock

T = TypeVar("T")

TOKEN_DEFAULT = "test-token"


class DiscordServer:
    """Discord on 127.0.0.1: REST, gateway, and a driver that acts as the people."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.world = World(token, clock)
        self.gateway = Gateway(self.world)
        self.world.gateway = self.gateway
        self.faults = Faults()
        self.rates = Rates()
        self._runner: web.AppRunner | None = None
        self.port = 0

    @classmethod
    async def start(
        cls, token: str = TOKEN_DEFAULT, *, clock: Clock = wall_clock, port: int = 0
    ) -> DiscordServer:
        """Open a port; 0 takes a free one. A clock that is set makes ids and times follow it."""
        server = cls(token, clock)
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.router.add_get("/gateway", server.gateway.serve)
        door = Door(server.world, server.faults, server.rates)
        app.router.add_route("*", API_PREFIX + "/{tail:.*}", door.handle)
        # A test ends when its client is closed: nothing is left that is worth waiting for.
        server._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await server._runner.setup()
        site = web.TCPSite(server._runner, "127.0.0.1", port)
        await site.start()
        server.port = server._runner.addresses[0][1]
        server.gateway.url = server.gateway_url
        return server

    async def stop(self) -> None:
        """Close everything; raises the first fault of this server itself, should there be one."""
        self.faults.clear()
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self.world.mistakes:
            raise self.world.mistakes[0]

    async def __aenter__(self) -> DiscordServer:
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
        """The REST address, up to and with the version."""
        return f"http://127.0.0.1:{self.port}{API_PREFIX}"

    @property
    def gateway_url(self) -> str:
        """The address of the websocket."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @property
    def patience_s(self) -> float:
        """How long waits last; assign more where the client pauses between retries for real."""
        return self.world.watch.patience_s

    @patience_s.setter
    def patience_s(self, seconds: float) -> None:
        self.world.watch.patience_s = seconds

    # What happens to all of it

    def go_down(self) -> None:
        """An outage: every connection is cut, and none is served until `come_back`."""
        self.faults.is_down = True
        self.gateway.is_down = True
        self.gateway.drop()

    def come_back(self) -> None:
        """The outage is over; sessions can be resumed."""
        self.faults.is_down = False
        self.gateway.is_down = False

    # What there is

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def audit(self) -> Audit:
        """What the client has done so far."""
        return self.world.audit

    @property
    def commands(self) -> list[Json]:
        """The global commands, as last synced."""
        return self.world.commands.get(0, [])

    def commands_of(self, guild: Guild) -> list[Json]:
        """The commands of one guild alone, as last synced."""
        return self.world.commands.get(guild.id, [])

    @property
    def sync_count(self) -> int:
        """How many times commands were uploaded as a whole."""
        return self.world.sync_count

    def add_guild(
        self, name: str, *, bot_permissions: int = ORDINARY, has_bot: bool = True
    ) -> Guild:
        """A guild; with a client connected the bot joins it now."""
        guild = Guild(self.world, name, bot_permissions=bot_permissions)
        self.world.guilds[guild.id] = guild
        self.world.users[guild.owner.id] = guild.owner
        if not has_bot:
            guild.has_bot = False
            del guild.members[self.world.bot.id]
        else:
            self.world.emit_guild(guild)
        return guild

    # Waiting

    async def wait_for(self, condition: Callable[[], T], within_s: float | None = None) -> T:
        """Return the first truthy value of a condition, looked at upon every change."""
        tail = self.audit.tail
        return await self.world.watch.wait_for(condition, within_s, lambda: f"last: {tail()}")

    async def ready(self, sessions: int = 1, within_s: float | None = None) -> None:
        """Wait until a client has identified, for the `sessions`th time, and hears events."""

        def is_there() -> bool:
            return self.gateway.is_connected and len(self.audit.identifies) >= sessions

        await self.wait_for(is_there, within_s)

    async def synced(self, times: int = 1, within_s: float | None = None) -> None:
        """Wait until commands have been uploaded."""
        await self.wait_for(lambda: self.sync_count >= times, within_s)
