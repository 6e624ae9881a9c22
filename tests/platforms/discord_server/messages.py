"""A message, as it looks now and as it looked before. This file is what a reader can see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.components import BUTTON, SELECTS, TEXT_DISPLAY, walk
from tests.platforms.discord_server.limits import (
    FLAG_COMPONENTS_V2,
    FLAG_EPHEMERAL,
    FLAG_LOADING,
)
from tests.platforms.discord_server.refusals import Json, unknown_message

if TYPE_CHECKING:
    from tests.platforms.discord_server.channels import Channel
    from tests.platforms.discord_server.people import User


@dataclass(frozen=True)
class Button:
    """One button of a message."""

    label: str
    custom_id: str
    style: int
    is_disabled: bool
    url: str | None = None


@dataclass(frozen=True)
class Look:
    """One state of a message: what stood there between two edits."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    poll: Json | None = None
    flags: int = 0

    @property
    def is_loading(self) -> bool:
        """Tell whether it only says that the bot is thinking."""
        return bool(self.flags & FLAG_LOADING)

    @property
    def parts(self) -> list[Json]:
        """Every component, nested ones too."""
        return [part for _, part in walk(list(self.components))]

    @property
    def buttons(self) -> list[Button]:
        """The buttons in reading order."""
        return [
            Button(
                label=part.get("label") or (part.get("emoji") or {}).get("name") or "",
                custom_id=part.get("custom_id") or "",
                style=part["style"],
                is_disabled=bool(part.get("disabled")),
                url=part.get("url"),
            )
            for part in self.parts
            if part.get("type") == BUTTON
        ]

    @property
    def selects(self) -> list[Json]:
        """The menus in reading order."""
        return [part for part in self.parts if part.get("type") in SELECTS]

    @property
    def text(self) -> str:
        """Everything a reader sees, line by line; buttons are in square brackets."""
        lines = [self.content]
        for embed in self.embeds:
            lines += _embed_lines(embed)
        lines += [part["content"] for part in self.parts if part.get("type") == TEXT_DISPLAY]
        for select in self.selects:
            lines.append(select.get("placeholder") or "")
            lines += [f"({option['label']})" for option in select.get("options") or []]
        lines += [f"[{button.label}]" for button in self.buttons]
        lines += [file["filename"] for file in self.attachments]
        return "\n".join(line for line in lines if line)


def _embed_lines(embed: Json) -> list[str]:
    lines = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    for part in embed.get("fields") or []:
        lines += [part["name"], part["value"]]
    lines.append((embed.get("footer") or {}).get("text"))
    return [line for line in lines if line]


@dataclass(eq=False)
class Message:
    """A message with its whole past; deleted ones are kept for the test to look at."""

    id: int
    channel: Channel
    author: User
    created_at: datetime
    look: Look
    seen_only_by: User | None = None
    nonce: str | None = None
    reply_to: int | None = None
    interaction: Json | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    pinged: set[int] = field(default_factory=set)
    history: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append(self.look)

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.look.text!r}>"

    @property
    def content(self) -> str:
        """The plain text above the embeds."""
        return self.look.content

    @property
    def embeds(self) -> tuple[Json, ...]:
        """The embeds, as sent."""
        return self.look.embeds

    @property
    def components(self) -> tuple[Json, ...]:
        """The components, as sent."""
        return self.look.components

    @property
    def buttons(self) -> list[Button]:
        """The buttons, in reading order."""
        return self.look.buttons

    @property
    def text(self) -> str:
        """Everything a reader sees."""
        return self.look.text

    @property
    def is_ephemeral(self) -> bool:
        """Tell whether only one person sees it."""
        return self.seen_only_by is not None

    @property
    def is_v2(self) -> bool:
        """Tell whether it is laid out with components alone."""
        return bool(self.look.flags & FLAG_COMPONENTS_V2)

    def button(self, *, label: str | None = None, custom_id: str | None = None) -> Button:
        """Find one button by what stands on it or by its id."""
        for button in self.buttons:
            if button.label == label or (custom_id and button.custom_id == custom_id):
                return button
        raise LookupError(f"no button {label or custom_id!r} on: {self.text}")

    def edit(self, look: Look) -> None:
        """Replace what it shows; the past is kept."""
        world = self.channel.world
        self.look = look
        self.history.append(look)
        self.edited_at = world.now()
        if not self.is_ephemeral:
            world.emit("MESSAGE_UPDATE", self.as_json(), self.channel)
        world.watch.changed()

    def delete(self) -> None:
        """Remove it, as its author or a moderator would."""
        if self.deleted:
            raise unknown_message()
        self.deleted = True
        if not self.is_ephemeral:
            body: Json = {"id": str(self.id), "channel_id": str(self.channel.id)}
            if self.channel.guild:
                body["guild_id"] = str(self.channel.guild.id)
            self.channel.world.emit("MESSAGE_DELETE", body, self.channel)
        self.channel.world.watch.changed()

    def as_json(self) -> Json:
        """The message as the platform sends it."""
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.as_json(),
            "type": 0 if self.reply_to is None else 19,
            "content": self.look.content,
            "embeds": [{"type": "rich", **embed} for embed in self.look.embeds],
            "components": list(self.look.components),
            "attachments": list(self.look.attachments),
            "flags": self.look.flags | (FLAG_EPHEMERAL if self.is_ephemeral else 0),
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": self.channel.id in self.pinged,
            "pinned": False,
            "tts": False,
        }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction
            body["webhook_id"] = str(self.author.id)
            body["application_id"] = str(self.author.id)
        if self.reply_to is not None:
            reference = {"message_id": str(self.reply_to), "channel_id": str(self.channel.id)}
            body["message_reference"] = reference
        return body


def pings_of(content: str, allowed: Json | None, channel_id: int) -> set[int]:
    """The ids that a text really pings; the channel's own id stands for everyone.

    Without `allowed_mentions` the platform pings whatever the text names, which is why a
    bot that quotes people has to send it.
    """
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    named = {int(found) for found in re.findall(r"<@!?(\d+)>", content)}
    roles = {int(found) for found in re.findall(r"<@&(\d+)>", content)}
    rules = allowed or {}
    pinged = named if "users" in parse else named & {int(i) for i in rules.get("users") or []}
    pinged |= roles if "roles" in parse else roles & {int(i) for i in rules.get("roles") or []}
    if "everyone" in parse and re.search(r"@(everyone|here)", content):
        pinged |= {channel_id}
    return pinged
