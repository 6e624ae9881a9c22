"""Everything the platform knows at one moment. This file is the state the other parts share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.audit import Audit
from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.people import User
from tests.platforms.discord_server.refusals import Json
from tests.platforms.watch import Watch

if TYPE_CHECKING:
    from tests.platforms.discord_server.gateway import Gateway
    from tests.platforms.discord_server.interactions import Interaction

EPOCH_MS = 1_420_070_400_000
SEQUENCE_BITS = 22

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The real time, for tests that have no clock of their own."""
    return datetime.now(UTC)


class World:
    """Accounts, guilds, messages and interactions, with one source of ids and of time."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token = token
        self.now = clock
        self.watch = Watch()
        self.audit = Audit()
        self._last_id = 0
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.guilds: dict[int, Guild] = {}
        self.interactions: dict[str, Interaction] = {}
        # Commands by scope: 0 is global, else a guild's id. Each keeps the order of the sync.
        self.commands: dict[int, list[Json]] = {}
        self.sync_count = 0
        self.gateway: Gateway | None = None
        # Faults of this server itself; `stop` raises the first so that no test hides one.
        self.mistakes: list[Exception] = []
        self.bot = User(self, "folkmoot", is_bot=True)
        self.users[self.bot.id] = self.bot

    @property
    def application_id(self) -> int:
        """The application; like most, it shares the number of its bot."""
        return self.bot.id

    def new_id(self) -> int:
        """A snowflake: the creation time stands in it, and later ones are greater."""
        stamp = int(self.now().timestamp() * 1000) - EPOCH_MS
        self._last_id = max(self._last_id + 1, stamp << SEQUENCE_BITS)
        return self._last_id

    def emit(self, event: str, body: Json, place: Channel | Guild) -> None:
        """Tell the connected clients, as far as their intents and seats let them hear."""
        guild = place if isinstance(place, Guild) else place.guild
        if self.gateway is not None and (guild is None or guild.has_bot):
            self.gateway.dispatch(event, body, is_private=guild is None)

    def emit_guild(self, guild: Guild) -> None:
        """Tell the connected clients that they joined a guild."""
        if self.gateway is not None:
            self.gateway.dispatch_guild(guild)
