"""The running connection to Discord. This file is how an interaction becomes a request."""

import asyncio
import logging
from typing import Any

import aiohttp
import discord
import yarl

from bot.completion import Completion
from bot.database.port import Readers
from bot.engine import Engine
from bot.outbox import Postponed
from bot.platforms.discord import deliver
from bot.platforms.discord.answers import Answerer
from bot.platforms.discord.declare import Declarer, payload
from bot.platforms.discord.gaps import bridge
from bot.platforms.discord.guilds import Guilds
from bot.platforms.discord.read import NAME, Told
from bot.platforms.discord.reconnects import tell_briefly
from bot.settings import Discord
from core.kernel.feature import House
from core.kernel.outbox import Delivery, Kind

_LOG = logging.getLogger("folkmoot.discord")

# Discord allows five edits of a channel's messages in five seconds.
PACE_MS = 1_200
# Guilds arrive after the connection; nothing of ours needs to have heard of all of them.
GUILDS_WAIT_S = 0.2
# A longer pause than this is handed back to the outbox, whose lease would end meanwhile.
RATE_LIMIT_S = 30.0
RETRY_S, RETRY_S_MAX = 2.0, 60.0
# What runs at the end has so long to be answered.
FINISH_S = 10.0

NOT_ACCEPTED = (
    "Discord does not accept the token. Copy it anew from the Bot page of the developer portal "
    "(Reset Token) into [discord] token, or FOLKMOOT_DISCORD__TOKEN."
)
NO_INTENT = (
    "Discord does not give me the members intent. Switch on Server Members Intent on the Bot page "
    "of the developer portal, or set members_intent = false."
)

_TROUBLE = (aiohttp.ClientError, OSError, discord.HTTPException, discord.RateLimited)


class DiscordRefused(Exception):
    """Discord will not have us as things are; a person has to change something."""


def point_at(api_url: str, gateway_url: str | None) -> None:
    """Let the library speak to these addresses: its own, a proxy's, or a test server's.

    They belong to the library's classes, hence to the whole process. Its `_set_api_version`
    must not be called after this: it puts its own address back.
    """
    import discord.gateway
    import discord.http

    discord.http.Route.BASE = api_url
    if gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Client(discord.Client):
    """The library's client with nothing switched on that we do not need."""

    def __init__(self, platform: "DiscordPlatform", *, has_members: bool) -> None:
        """Take who handles the events."""
        # We do not speak: no operator should be warned at each start that we could not.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True, members=has_members),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=GUILDS_WAIT_S,
            max_ratelimit_timeout=RATE_LIMIT_S,
        )
        self._platform = platform
        bridge(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Declare the commands before the first event can come."""
        await self._platform.declarer.sync(self)

    async def on_ready(self) -> None:
        """Compare notes, at each new session."""
        _LOG.info("connected as %s, servers: %d", self.user, len(self.guilds))
        await self._platform.guilds.compare(self)
        self._platform.ready.set()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Compare notes on a server that came late, or was out of order."""
        await self._platform.guilds.heard_of(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet, and declare the commands where they are for chosen guilds only."""
        await self._platform.guilds.invited(guild)
        await self._platform.declarer.sync(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop writing there."""
        await self._platform.guilds.removed(guild)

    async def on_interaction(self, told: Told) -> None:
        """Take a command, a press or half-typed words."""
        await self._platform.take(told)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log a mistake of ours; the arguments can hold tokens and stay out."""
        _LOG.exception("a mistake in %s", event_method)


class DiscordPlatform:
    """Discord as a platform of ours."""

    name = NAME
    pace_ms = PACE_MS

    def __init__(self, settings: Discord, engine: Engine, readers: Readers, house: House) -> None:
        """Take the settings and what requests are handed to; `run` connects."""
        self._settings = settings
        self.ready = asyncio.Event()
        self.guilds = Guilds(engine, readers)
        commands = payload(house.declarations)
        self.declarer = Declarer(engine, commands, settings.guild_ids)
        self._answerer = Answerer(engine, Completion(house, readers), house)
        self._client: Client | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._is_closing = False

    async def run(self) -> None:
        """Connect and stay connected until cancelled or closed; raises DiscordRefused."""
        point_at(self._settings.api_url, self._settings.gateway_url)
        tell_briefly()
        try:
            await self._log_in()
            if self._client is not None and not self._is_closing:
                await self._client.connect()
        except discord.LoginFailure as trouble:
            raise DiscordRefused(NOT_ACCEPTED) from trouble
        except discord.PrivilegedIntentsRequired as trouble:
            raise DiscordRefused(NO_INTENT) from trouble
        except discord.HTTPException as trouble:
            raise DiscordRefused(f"Discord refused the start: {trouble}") from trouble
        except discord.ConnectionClosed as trouble:
            if trouble.code == 4004:
                raise DiscordRefused(NOT_ACCEPTED) from trouble
            raise DiscordRefused(
                f"Discord ended the connection (code {trouble.code})."
            ) from trouble
        finally:
            await self._disconnect()

    async def close(self) -> None:
        """Take nothing new, answer what runs, disconnect."""
        self._is_closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=FINISH_S)
        await self._disconnect()

    async def show(self, delivery: Delivery) -> str:
        """Show a card, a post or a notice; raises as `bot.outbox.Shower` says."""
        if self._client is None or not self.ready.is_set() or self._client.is_closed():
            raise Postponed("there is no connection to Discord")
        if delivery.row.kind is Kind.FORGET:
            return ""  # every interaction says anew who asks; nothing is remembered between two
        return await deliver.show(self._client, delivery)

    async def take(self, told: Told) -> None:
        """Handle one interaction; what goes wrong is logged, and never with its token."""
        if self._is_closing:
            return
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._answerer.take(told)
        except Exception:  # noqa: BLE001 - a person's act must not end the connection
            _LOG.exception("interaction %s failed", told.id)
        finally:
            self._running.discard(task)

    async def _log_in(self) -> None:
        """Log in, however long Discord or the network is away."""
        pause_s = RETRY_S
        while not self._is_closing:
            self._client = Client(self, has_members=self._settings.members_intent)
            try:
                await self._client.login(self._settings.token.get_secret_value())
            except _TROUBLE as trouble:
                if not _is_passing(trouble):
                    raise
                _LOG.warning("Discord is out of reach (%s); next try in %.0f s", trouble, pause_s)
                await self._client.close()
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, RETRY_S_MAX)
            else:
                return

    async def _disconnect(self) -> None:
        if self._client is not None and not self._client.is_closed():
            await self._client.close()


def _is_passing(trouble: Exception) -> bool:
    """Whether the same would work later; what Discord refuses as such stays refused."""
    if not isinstance(trouble, discord.HTTPException):
        return True
    return trouble.status == 429 or trouble.status >= 500
