"""Events with gaps. This file is what is said in their place, or what happens instead."""

import logging
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import discord

_LOG = logging.getLogger("folkmoot.discord")

# The library cannot read an interaction without these two.
_SAID = {"version": 1, "attachment_size_limit": 10 << 20}
# Where Discord does not say what we may do, nothing is known to be missing.
_RIGHTS = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, embed_links=True
)
# Nor can it read a channel or thread that it has not heard of without these. Discord promises only
# id, type and name in an interaction, and a thread's parent.
_CHANNEL = {
    "name": "",
    "position": 0,
    "owner_id": "0",
    "message_count": 0,
    "member_count": 0,
    "thread_metadata": {
        "archived": False,
        "auto_archive_duration": 60,
        "archive_timestamp": "2015-01-01T00:00:00+00:00",
    },
}

Read = Callable[[Any], None]


def filled(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an interaction with all that is read of it; what is said is never changed."""
    found: dict[str, Any] = {**_SAID, "app_permissions": str(_RIGHTS.value), **told}
    if found.get("channel"):
        found["channel"] = {**_CHANNEL, **found["channel"]}
    elif found.get("channel_id"):
        # The library reads where something was asked from the channel alone.
        found["channel"] = {"id": found["channel_id"]}
    if found.get("member"):
        found["member"] = _seated(found["member"])
    return found


def _seated(member: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a member who has been here since their account was made, if nothing else is said.

    A guest is said to have joined never (null), and stays one.
    """
    if "joined_at" in member or "user" not in member:
        return member
    made_at = discord.utils.snowflake_time(int(member["user"]["id"]))
    return {"roles": [], "flags": 0, **member, "joined_at": made_at.isoformat()}


def bridge(readers: MutableMapping[str, Read]) -> None:
    """Have the library's readers of events fill gaps, and outlive an event that they cannot read.

    Without this one such event would end the connection, and the bot with it. Only without the
    first one nothing works.
    """
    reads = readers["INTERACTION_CREATE"]
    readers["INTERACTION_CREATE"] = lambda told: reads(filled(told))
    for event, read in readers.items():
        if event != "READY":
            readers[event] = _outliving(event, read)


def _outliving(event: str, read: Read) -> Read:
    def reading(told: Any) -> None:
        try:
            read(told)
        except Exception:  # noqa: BLE001 - whatever Discord sends, others must be heard
            _LOG.exception("could not read an event of Discord's: %s", event)

    return reading
