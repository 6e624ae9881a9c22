"""From a request's body to a message that stands. This file is shared by channels and webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.limits import (
    FILE_BYTES_MAX,
    FILES_MAX,
    FLAG_COMPONENTS_V2,
    FLAG_EPHEMERAL,
    FLAG_LOADING,
    FLAG_SUPPRESS_EMBEDS,
    check_message,
)
from tests.platforms.discord_server.messages import Look, Message, pings_of
from tests.platforms.discord_server.people import User
from tests.platforms.discord_server.refusals import Errors, Json, Refusal


@dataclass(frozen=True)
class Upload:
    """One file of a request."""

    field: str
    filename: str
    content: bytes


@dataclass(frozen=True)
class Ask:
    """One request, read: what the handlers work on."""

    body: Json | list[Json] | None
    query: dict[str, str]
    uploads: list[Upload] = field(default_factory=list)

    @property
    def json(self) -> Json:
        """The body, where an object is required."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        return self.body


def compose(ask: Ask, body: Json, before: Look | None = None) -> Look:
    """The look that `body` asks for, on top of `before` when it is an edit; raises 50035, 50006."""
    _check_uploads(ask.uploads)
    flags = _flags(body, before)
    # A deferral shows nothing, so its first real content has nothing to build upon.
    old = before if before is not None and not before.is_loading else Look()
    wanted: Json = {
        "content": old.content,
        "embeds": list(old.embeds),
        "components": list(old.components),
        "poll": old.poll,
    }
    wanted |= {name: body[name] for name in wanted if name in body}
    wanted["allowed_mentions"] = body.get("allowed_mentions")
    wanted["nonce"] = body.get("nonce")
    wanted["attachments"] = _attachments(ask.uploads, body, old)
    check_message(wanted, is_v2=bool(flags & FLAG_COMPONENTS_V2))
    return Look(
        content=(wanted["content"] or "").strip(),
        embeds=tuple(wanted["embeds"] or ()),
        components=tuple(wanted["components"] or ()),
        attachments=tuple(wanted["attachments"]),
        poll=wanted["poll"],
        flags=flags & ~FLAG_EPHEMERAL & ~FLAG_LOADING,
    )


def _flags(body: Json, before: Look | None) -> int:
    asked = int(body.get("flags") or 0)
    if before is None:
        return asked
    # An edit may hide embeds and switch to the new layout, but never back from it.
    kept = before.flags if "flags" not in body else before.flags & FLAG_COMPONENTS_V2
    return kept | asked & (FLAG_SUPPRESS_EMBEDS | FLAG_COMPONENTS_V2)


def _check_uploads(uploads: list[Upload]) -> None:
    errors = Errors()
    errors.length(("attachments",), uploads, FILES_MAX)
    errors.refuse_if_any()
    if any(len(upload.content) > FILE_BYTES_MAX for upload in uploads):
        raise Refusal(413, 40005, "Request entity too large")


def _attachments(uploads: list[Upload], body: Json, old: Look) -> list[Json]:
    listed = {str(item.get("id")): item for item in body.get("attachments") or []}
    kept = list(old.attachments)
    if "attachments" in body:
        kept = [item for item in kept if item["id"] in listed]
    for upload in uploads:
        number = upload.field.removeprefix("files[").removesuffix("]")
        url = f"http://127.0.0.1/attachments/{upload.filename}"
        described: Json = {
            "id": str(1000 + len(kept)),
            "filename": upload.filename,
            "size": len(upload.content),
            "url": url,
            "proxy_url": url,
            "content": upload.content.decode(errors="replace"),
        }
        if description := listed.get(number, {}).get("description"):
            described["description"] = description
        kept.append(described)
    return kept


def post(
    channel: Channel,
    author: User,
    look: Look,
    *,
    body: Json | None = None,
    seen_only_by: User | None = None,
    interaction: Json | None = None,
) -> Message:
    """Let a message stand in a channel, and tell those who may hear of it."""
    world = channel.world
    asked = body or {}
    reply = asked.get("message_reference") or {}
    message = Message(
        id=world.new_id(),
        channel=channel,
        author=author,
        created_at=world.now(),
        look=look,
        seen_only_by=seen_only_by,
        nonce=str(asked["nonce"]) if asked.get("nonce") is not None else None,
        reply_to=int(reply["message_id"]) if reply.get("message_id") else None,
        interaction=interaction,
        pinged=pings_of(look.content, asked.get("allowed_mentions"), channel.id),
    )
    channel.log.append(message)
    if seen_only_by is None:
        world.emit("MESSAGE_CREATE", message.as_json(), channel)
    world.watch.changed()
    return message
