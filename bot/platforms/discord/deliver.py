"""Cards, posts and notices on their way out. This file is what Discord's refusals mean to us."""

import hashlib
import logging
from typing import Any

import discord

from bot.outbox import MessageGone, Postponed, Undeliverable
from bot.platforms.discord.render import Look, render
from bot.platforms.discord.rights import listed, missing, rights_of
from bot.platforms.discord.seats import member_of
from core.kernel.outbox import Delivery, Row, outline

_LOG = logging.getLogger("folkmoot.discord")

# Discord's codes, as its documentation names them.
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10008, 10013
MISSING_ACCESS, NOT_OURS, CLOSED_DMS, MISSING_PERMISSIONS = 50001, 50005, 50007, 50013
NO_SHARED_GUILD = 50278
# A message in an archived thread cannot be edited; a new one wakes the thread, unless it is locked.
ARCHIVED = 50083
# An edit of an old message too many: it may be edited again later.
OLD_EDITS = 30046
# What Discord keeps of a nonce.
NONCE_LETTERS = 25

_FINAL = {
    UNKNOWN_CHANNEL: "the channel no longer exists",
    UNKNOWN_GUILD: "the server no longer exists, or I am no longer in it",
    UNKNOWN_USER: "the account no longer exists",
    CLOSED_DMS: "they take no direct messages",
    NO_SHARED_GUILD: "they share no server with me any more",
}


async def show(client: discord.Client, delivery: Delivery) -> str:
    """Send or edit; return the message's id. Raises as `bot.outbox.Shower` says."""
    look = render(delivery.shown)
    try:
        if delivery.account:
            channel: Any = await client.create_dm(discord.Object(_number(delivery.account)))
        else:
            channel = _channel(client, delivery)
        view = look.view(await _guild(client, delivery) if look.keys else "")
        if delivery.row.message:
            return await _edit(client, channel, delivery.row, look, view)
        return await _send(client, channel, delivery.row, look, view)
    except discord.RateLimited as trouble:
        raise Postponed(f"Discord asks to wait for {trouble.retry_after:.0f} s") from trouble
    except discord.HTTPException as trouble:
        raise _meaning(client, delivery, trouble) from trouble


async def _guild(client: discord.Client, delivery: Delivery) -> str:
    """Return the server that buttons in private are about: the first where the person is."""
    if len(delivery.spaces) > 1:
        for guild in delivery.spaces:
            if await member_of(client, guild, delivery.account) is not None:
                return guild
    return delivery.spaces[0] if delivery.spaces else ""


async def _edit(
    client: discord.Client, channel: Any, row: Row, look: Look, view: discord.ui.View | None
) -> str:
    message = channel.get_partial_message(_number(row.message))
    # Both are said, since what was sent in the other way would stand beside it.
    plain = None if _may_embed(client, channel) else look.plain()
    embeds = [] if plain is not None else look.embeds
    await message.edit(content=plain, embeds=embeds, view=view)
    return row.message


async def _send(
    client: discord.Client, channel: Any, row: Row, look: Look, view: discord.ui.View | None
) -> str:
    # With the same nonce a repeated send gives the message that stands, should its answer be lost.
    named = f"{row.key}@{row.created_ms}.{row.version}"
    nonce = hashlib.sha256(named.encode()).hexdigest()[:NONCE_LETTERS]
    if _may_embed(client, channel):
        sent = await channel.send(embeds=look.embeds, view=view, nonce=nonce)
    else:
        plain = look.plain()
        sent = await channel.send(plain, view=view, nonce=nonce, suppress_embeds=True)
    return str(sent.id)


def _channel(client: discord.Client, delivery: Delivery) -> discord.PartialMessageable:
    """Return the channel or thread, without asking for it."""
    row = delivery.row
    if client.get_guild(_number(delivery.space)) is None:
        # Not given up: whoever invites us again finds the results.
        raise Postponed("I am not in the server at present")
    number = _number(row.thread or row.channel)
    known: Any = client.get_channel(number)
    # A channel is an option that a person types: it must not reach into another community.
    if known is not None and str(known.guild.id) != delivery.space:
        raise Undeliverable("the channel belongs to another server")
    return client.get_partial_messageable(number, guild_id=_number(delivery.space))


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit()):
        raise Undeliverable("there is no such channel")
    return int(written)


def _may_embed(client: discord.Client, channel: Any) -> bool:
    rights = rights_of(client.get_channel(channel.id))
    return rights is None or rights.embed_links or rights.administrator


def _meaning(
    client: discord.Client, delivery: Delivery, trouble: discord.HTTPException
) -> Exception:
    """Return what a refusal means: gone, undeliverable for a reason, or worth another try."""
    row = delivery.row
    if trouble.code in {UNKNOWN_MESSAGE, NOT_OURS}:
        return MessageGone()
    if trouble.code == ARCHIVED:
        return MessageGone() if row.message else Undeliverable("the thread is locked")
    if trouble.code == OLD_EDITS:
        return Postponed("the message is old, and was edited too often just now")
    if trouble.code in _FINAL:
        return Undeliverable(_FINAL[trouble.code])
    if trouble.code in {MISSING_ACCESS, MISSING_PERMISSIONS}:
        return Undeliverable(_lacking(client, row, trouble.code))
    if trouble.status == 400:
        _LOG.error("Discord refused the form of %s: %s", outline(row), trouble.text)
        return Undeliverable("Discord does not take the message")
    if trouble.status in {403, 404}:
        # Going on with these in number would have Discord lock us out.
        return Undeliverable(f"Discord refuses it (code {trouble.code})")
    return trouble


def _lacking(client: discord.Client, row: Row, code: int) -> str:
    rights = rights_of(client.get_channel(int(row.thread or row.channel or 0)))
    # Without the first the library takes the others for missing, too.
    names = missing(rights, is_thread=bool(row.thread))[:1] if rights is not None else ()
    if not names:
        names = ("View Channel",) if code == MISSING_ACCESS else ("Send Messages", "Embed Links")
    return f"I lack a permission in the channel: {listed(names)}"
