"""What Discord tells us, as requests. This file is the only one that reads an interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bot.platforms.discord.rights import missing
from core.kernel.request import AccountRef, Asker, ChannelRef, Kind, Place, Request

NAME = "discord"

# The numbers of Discord's option types.
SUBCOMMAND, SUBGROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL = 3, 4, 5, 6, 7
TEXT_CHANNEL, NEWS_CHANNEL, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 0, 5, 10, 11, 12
# As many as a 64-bit number has.
SNOWFLAKE_DIGITS = 20
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})

Told = discord.Interaction[Any]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """A half-typed option: of which command, what stands there, what is given already."""

    path: str
    option: str
    typed: str
    given: Mapping[str, str]


def request_of(told: Told, seat: discord.Member | None = None) -> Request:
    """Return what is asked for, typed or pressed; in private `seat` is the asker's in a server."""
    request_id = f"{NAME}:{told.id}"
    asker, place = asker_of(told, seat), place_of(told, seat)
    told_what: Json = dict(told.data or {})
    if told.type is discord.InteractionType.component:
        press, message = code_of(told), _message(told)
        return Request(request_id, "", {}, asker, place, press=press, message=message)
    path, options = _leaf(told_what)
    resolved = told_what.get("resolved") or {}
    args = {str(one["name"]): _value(one, resolved) for one in options}
    return Request(request_id, path, args, asker, place)


def code_of(told: Told) -> str:
    """Return the code of a pressed button; nothing of it is trusted."""
    return _pressed(told)[1]


def guild_of(told: Told) -> str:
    """Return which server a button in private is about, "" where it does not say."""
    return _pressed(told)[0]


def _pressed(told: Told) -> tuple[str, str]:
    """Return the server and the code of a button; in private it is `@<server>|<code>`."""
    told_what: Json = dict(told.data or {})
    written = str(told_what.get("custom_id", ""))
    if told.guild_id is not None:
        return "", written
    guild, _, code = written.partition("|")
    digits = guild.removeprefix("@")
    is_ours = guild.startswith("@") and digits.isascii() and digits.isdigit()
    return (digits, code) if is_ours and len(digits) <= SNOWFLAKE_DIGITS else ("", "")


def typed_of(told: Told) -> Typed:
    """Return what is being typed."""
    path, options = _leaf(dict(told.data or {}))
    focused = next((one for one in options if one.get("focused")), {})
    given = {str(one["name"]): str(one.get("value", "")) for one in options if one is not focused}
    return Typed(path, str(focused.get("name", "")), str(focused.get("value", "")), given)


def asker_of(told: Told, seat: discord.Member | None = None) -> Asker:
    """Return who asks, with what Discord vouches for at this moment."""
    user = seat or told.user
    rights = seat.guild_permissions if seat else told.permissions
    is_member = isinstance(user, discord.Member)
    roles = user.roles if isinstance(user, discord.Member) else ()
    return Asker(
        kind=Kind.PERSON,
        platform=NAME,
        account=str(user.id),
        name=user.display_name,
        is_bot=user.bot,
        is_admin=is_member and (rights.manage_guild or rights.administrator),
        joined_at=user.joined_at if isinstance(user, discord.Member) else None,
        roles=tuple(str(role.id) for role in roles if not role.is_default()),
        locale=told.locale.value,
    )


def place_of(told: Told, seat: discord.Member | None = None) -> Place:
    """Return where it is asked, and which rights we lack there; in private it has no channel."""
    if seat is not None:
        return Place(NAME, str(seat.guild.id), space_name=seat.guild.name)
    channel, thread = _spot(told.channel)
    return Place(
        platform=NAME,
        space=str(told.guild_id),
        channel=channel,
        thread=thread,
        space_name=told.guild.name if told.guild else "",
        missing=missing(told.app_permissions, is_thread=bool(thread)),
    )


def _spot(channel: Any) -> tuple[str, str]:
    """Return (channel, thread); a thread stands in its parent."""
    if channel is None:
        return "", ""
    if isinstance(channel, discord.Thread):
        return str(channel.parent_id), str(channel.id)
    return str(channel.id), ""


def _message(told: Told) -> str:
    """Return which message everybody sees was pressed; private ones are no cards."""
    message = told.message
    return "" if message is None or message.flags.ephemeral else str(message.id)


def _leaf(told_what: Json) -> tuple[str, Sequence[Json]]:
    """Return the path of a command, subcommands included, and the options of its end."""
    path, options = [str(told_what.get("name", ""))], told_what.get("options") or []
    while options and options[0].get("type") in (SUBCOMMAND, SUBGROUP):
        path.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    return " ".join(path), options


def _value(option: Json, resolved: Json) -> Any:
    value = option.get("value")
    if option.get("type") == USER:
        return _account(str(value), resolved)
    if option.get("type") == CHANNEL:
        return _channel(str(value), resolved)
    return value


def _account(account: str, resolved: Json) -> Any:
    """Return a named account with its seat here; what Discord does not know stays a text."""
    user = (resolved.get("users") or {}).get(account)
    if user is None:
        return account
    seat = (resolved.get("members") or {}).get(account) or {}
    name = seat.get("nick") or user.get("global_name") or user.get("username") or ""
    joined_at: datetime | None = discord.utils.parse_time(seat.get("joined_at"))
    return AccountRef(NAME, account, str(name), bool(user.get("bot")), joined_at)


def _channel(channel: str, resolved: Json) -> Any:
    found = (resolved.get("channels") or {}).get(channel)
    if found is None:
        return channel
    if found.get("type") in THREADS and found.get("parent_id"):
        return ChannelRef(str(found["parent_id"]), channel)
    return ChannelRef(channel)
