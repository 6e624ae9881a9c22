"""What we may do in a channel. This file is what is needed there, and what is known to be held."""

from collections.abc import Iterable
from typing import Any

import discord


def rights_of(channel: Any) -> discord.Permissions | None:
    """Return our rights in a channel or thread, None where nothing is known of them.

    They follow from roles that came with the server. Where those were left out, or say that we
    may not even see the channel, only trying tells: Discord itself says what is missing.
    """
    guild = getattr(channel, "guild", None)
    if guild is None or guild.me is None or guild.default_role is None:
        return None
    try:
        found: discord.Permissions = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose channel we were not told of
        return None
    return found if found.value else None


def missing(held: discord.Permissions, *, is_thread: bool = False) -> tuple[str, ...]:
    """Return the rights that a card needs and that are not held, as Discord's settings say."""
    if held.administrator:
        return ()
    write = held.send_messages_in_threads if is_thread else held.send_messages
    needed = {
        "View Channel": held.view_channel,
        "Send Messages in Threads" if is_thread else "Send Messages": write,
        "Embed Links": held.embed_links,
    }
    return tuple(name for name, is_held in needed.items() if not is_held)


def listed(names: Iterable[str]) -> str:
    """Return the names of rights for a sentence."""
    return ", ".join(names)
