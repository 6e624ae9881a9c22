"""What an interaction may leave out. This file is what is said in its place."""

from collections.abc import Callable, Mapping
from typing import Any

import discord

# The library cannot read an interaction without these two.
_SAID = {"version": 1, "attachment_size_limit": 10 << 20}
# Where Discord does not say what we may do, nothing is known to be missing.
_RIGHTS = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, embed_links=True
)

Read = Callable[[Any], None]


def filled(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an interaction with all that is read of it; what is said is never changed."""
    found: dict[str, Any] = {**_SAID, "app_permissions": str(_RIGHTS.value), **told}
    if not found.get("channel") and found.get("channel_id"):
        # The library reads where something was asked from here alone.
        found["channel"] = {"id": found["channel_id"]}
    return found


def filling(read: Read) -> Read:
    """Return a reader of interactions that fills them first."""
    return lambda told: read(filled(told))
