"""Coming into servers and leaving them. This file is what the core is told of it."""

import logging

import discord

from bot.database.port import Readers
from bot.engine import Engine
from bot.platforms.discord.read import NAME
from bot.platforms.discord.rights import listed, missing, rights_of
from core.kernel.clock import to_ms
from core.kernel.request import Asker, Kind, Place, Request

_LOG = logging.getLogger("folkmoot.discord")

_KNOWN = "select space, is_active from space where platform = ?"
_SINCE = """
select min(c.founded_ms) from community c join space s on s.community = c.id
 where s.platform = ?"""


class Guilds:
    """Tells the core where the bot is."""

    def __init__(self, engine: Engine, readers: Readers) -> None:
        """Take the engine, and where it is read which servers are known."""
        self._engine = engine
        self._readers = readers
        # Servers of which nothing but the number was heard when notes were compared.
        self._unheard: set[int] = set()

    async def invited(self, guild: discord.Guild) -> None:
        """Greet a server that we came into; one that was ours at the start is only told of late."""
        if guild.id in self._unheard:
            await self.heard_of(guild)
        else:
            await self.joined(guild)

    async def joined(self, guild: discord.Guild) -> None:
        """Greet a server, once for each time that the bot is invited."""
        channel, lacking = _greeting_place(guild)
        # Discord repeats events after an outage; the moment of joining tells a repetition. One that
        # does not say it is taken for new: better two greetings than none.
        stamp = (_joined_ms(guild) or to_ms(self._engine.app.clock.now())) // 1000
        place = Place(NAME, str(guild.id), channel, space_name=guild.name)
        args = {"missing": listed(lacking)}
        await self._tell("arrived", f"{NAME}:join:{guild.id}:{stamp}", place, args)

    async def removed(self, guild: discord.Guild) -> None:
        """Note that the bot is no longer in a server; one that never was a community stays none."""
        self._unheard.discard(guild.id)
        known = await self._known()
        if known.get(str(guild.id)):
            await self._departed(str(guild.id))

    async def compare(self, client: discord.Client) -> None:
        """Make up for what happened while we were not connected; nobody is greeted again."""
        self._unheard = {guild.id for guild in client.guilds if guild.unavailable}
        present = {str(guild.id) for guild in client.guilds}
        known, since_ms = await self._known(), await self._since_ms()
        for guild in client.guilds:
            if _is_new(guild, known, since_ms):
                await self.joined(guild)
        for space, is_active in known.items():
            if space in present and not is_active:
                # Without a channel nothing is posted: what was parked for it is sent again.
                await self._tell("arrived", _fresh(client, "back", space), Place(NAME, space), {})
            elif space not in present and is_active:
                await self._departed(space)

    async def heard_of(self, guild: discord.Guild) -> None:
        """Make up for a server that Discord told of only after notes were compared."""
        if guild.id in self._unheard:
            self._unheard.discard(guild.id)
            if _is_new(guild, await self._known(), await self._since_ms()):
                await self.joined(guild)

    async def _departed(self, space: str) -> None:
        request_id = f"{NAME}:left:{space}:{to_ms(self._engine.app.clock.now())}"
        await self._tell("departed", request_id, Place(NAME, space), {})

    async def _known(self) -> dict[str, bool]:
        rows = await self._readers.all(_KNOWN, (NAME,))
        return {str(space): bool(is_active) for space, is_active in rows}

    async def _since_ms(self) -> int | None:
        """Return since when there is a community here, None where there is none."""
        found: int | None = (await self._readers.all(_SINCE, (NAME,)))[0][0]
        return found

    async def _tell(
        self, command: str, request_id: str, place: Place, args: dict[str, str]
    ) -> None:
        asker = Asker(kind=Kind.WORKER)
        request = Request(request_id, command, args, asker, place, is_stored=True)
        reply = await self._engine.ask(request)
        if reply.error is not None or reply.is_bug or reply.is_unavailable:
            _LOG.warning("could not note %s of guild %s", command, place.space)


def _is_new(guild: discord.Guild, known: dict[str, bool], since_ms: int | None) -> bool:
    """Whether a server has invited us meanwhile.

    With a new database every server is unknown, and none has just invited us.
    """
    return since_ms is not None and str(guild.id) not in known and _joined_ms(guild) > since_ms


def _joined_ms(guild: discord.Guild) -> int:
    """Return when we joined, 0 where Discord does not say."""
    joined_at = guild.me.joined_at if guild.me is not None else None
    return to_ms(joined_at) if joined_at else 0


def _fresh(client: discord.Client, what: str, space: str) -> str:
    """Return an id that no other session of ours uses."""
    session = client.ws.session_id if client.ws is not None else ""
    return f"{NAME}:{what}:{space}:{session}"


def _greeting_place(guild: discord.Guild) -> tuple[str, tuple[str, ...]]:
    """Return the channel for the greeting and the rights we lack there; "" where we cannot write.

    The system channel if we may write there, else the first where we may; a channel where only
    embeds are missing will do, since a greeting can be plain.
    """
    first = guild.system_channel
    places = [first] if first is not None else []
    places += [one for one in guild.text_channels if one != first]
    lacking = {one.id: _lacking(one) for one in places}
    for one in places:
        if not lacking[one.id]:
            return str(one.id), ()
    for one in places:
        if lacking[one.id] == ("Embed Links",):
            return str(one.id), lacking[one.id]
    return "", lacking[places[0].id] if places else ()


def _lacking(channel: discord.TextChannel) -> tuple[str, ...]:
    rights = rights_of(channel)
    return () if rights is None else missing(rights)
