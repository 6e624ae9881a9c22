"""Who somebody is in a server at this moment, for what is pressed in private."""

import logging

import aiohttp
import discord

from bot.platforms.discord.read import Told, guild_of
from core.kernel.errors import UserError
from core.kernel.rights import NotHere

_LOG = logging.getLogger("folkmoot.discord")


class NotInTheServer(UserError):
    """You are not a member of this server, so you cannot take part in it. Join it first."""


class ServerUnknown(UserError):
    """I could not find out whether you are a member of the server. Please try again in a minute,
    or ask there."""


async def seat_of(told: Told) -> discord.Member:
    """Return the seat of who presses a button in private, in the server it is about.

    Raises UserError: who has left a server cannot take part in it through an old message.
    """
    guild = guild_of(told)
    if not guild:
        raise NotHere
    try:
        found = await member_of(told.client, guild, str(told.user.id))
    except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as trouble:
        _LOG.warning("could not look somebody up in a server: %s", trouble)
        raise ServerUnknown from trouble
    if told.client.get_guild(int(guild)) is None:
        raise ServerUnknown
    if found is None:
        raise NotInTheServer
    return found


async def member_of(client: discord.Client, guild: str, account: str) -> discord.Member | None:
    """Return somebody's seat in a server, None where they have none that we can see."""
    here = client.get_guild(int(guild))
    if here is None:
        return None
    try:
        return await here.fetch_member(int(account))
    except discord.NotFound:
        return None
