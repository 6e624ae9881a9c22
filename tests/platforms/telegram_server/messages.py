"""Messages, and how they looked over time. This file is what stands in a chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.platforms.telegram_server.entities import cut
from tests.platforms.telegram_server.markup import NO_KEYBOARD, Button, Keyboard
from tests.platforms.telegram_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.telegram_server.chats import Chat, Topic
    from tests.platforms.telegram_server.people import User


@dataclass(frozen=True)
class File:
    """Something uploaded: a photo, or a document with a name."""

    kind: str
    id: str
    name: str
    content: bytes
    width: int = 0
    height: int = 0

    def as_json(self) -> Json:
        """The part of a message that names the file."""
        told: Json = {"file_id": self.id, "file_unique_id": f"u{self.id}"}
        told["file_size"] = len(self.content)
        if self.kind == "photo":
            return {"photo": [{**told, "width": self.width or 1, "height": self.height or 1}]}
        return {"document": {**told, "file_name": self.name}}


@dataclass(frozen=True)
class Look:
    """What a message shows at one moment."""

    text: str = ""
    entities: tuple[Json, ...] = ()
    # The text as it was sent, tags and all.
    html: str = ""
    keyboard: Keyboard = NO_KEYBOARD
    file: File | None = None

    @property
    def buttons(self) -> list[Button]:
        """The buttons in reading order."""
        return [button for row in self.keyboard.rows for button in row]


@dataclass(eq=False)
class Message:
    """One message. Who wrote it: `sender`; in whose name, if not their own: `sender_chat`."""

    id: int
    chat: Chat
    sender: User | None
    date: datetime
    look: Look
    sender_chat: Chat | None = None
    topic: Topic | None = None
    reply_to: Message | None = None
    # What only some messages carry: a service note, a forward's origin.
    extra: Json = field(default_factory=dict)
    is_service: bool = False
    # In a channel the sender is the channel; this tells which posts the bot may edit.
    is_posted_by_bot: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    history: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append(self.look)

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.text!r}>"

    @property
    def text(self) -> str:
        """What a reader sees, without tags."""
        return self.look.text

    @property
    def html(self) -> str:
        """The text as it was sent."""
        return self.look.html

    @property
    def entities(self) -> tuple[Json, ...]:
        """What is marked in the text."""
        return self.look.entities

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What is marked, as a person would name it: `("bold", "Lunch?")`."""
        return [(one["type"], cut(self.text, one)) for one in self.entities]

    @property
    def buttons(self) -> list[Button]:
        """The buttons in reading order."""
        return self.look.buttons

    @property
    def labels(self) -> list[list[str]]:
        """What stands on the buttons, row by row."""
        return [[button.text for button in row] for row in self.look.keyboard.rows]

    @property
    def file(self) -> File | None:
        """The photo or the document."""
        return self.look.file

    @property
    def is_by_bot(self) -> bool:
        """Tell whether the bot under test wrote it."""
        return self.is_posted_by_bot or self.sender is self.chat.world.bot

    def button(self, label: str | None = None, *, data: str | None = None) -> Button:
        """Find one button by what stands on it or by its data."""
        for button in self.buttons:
            if button.text == label or (data is not None and button.data == data):
                return button
        raise LookupError(f"no button {label or data!r} under {self.text!r}: {self.labels}")

    def change(self, look: Look) -> None:
        """Replace what it shows; the past is kept."""
        self.look = look
        self.history.append(look)
        self.edited_at = self.chat.world.now()
        self.chat.world.watch.changed()

    def delete(self) -> None:
        """Take it away; a bot is not told."""
        self.deleted = True
        self.chat.world.watch.changed()

    def as_json(self, *, with_reply: bool = True) -> Json:
        """The message as the platform sends it."""
        world = self.chat.world
        told: Json = {
            "message_id": self.id,
            "date": int(self.date.timestamp()),
            "chat": self.chat.as_json(),
            **self.extra,
        }
        if self.sender is not None:
            told["from"] = self.sender.as_json()
        if self.sender_chat is not None:
            told["sender_chat"] = self.sender_chat.as_json()
        if self.topic is not None:
            told["message_thread_id"] = self.topic.id
            told["is_topic_message"] = True
        if self.edited_at is not None:
            told["edit_date"] = int(self.edited_at.timestamp())
        prefix = "" if self.look.file is None else "caption_"
        if self.text:
            told["caption" if prefix else "text"] = self.text
        if self.entities:
            told[prefix + "entities"] = [world.tell_entity(one) for one in self.entities]
        if self.look.file is not None:
            told |= self.look.file.as_json()
        if self.look.keyboard.as_json is not None:
            told["reply_markup"] = self.look.keyboard.as_json
        if with_reply and (replied := self._replied()) is not None:
            told["reply_to_message"] = replied.as_json(with_reply=False)
        return told

    def _replied(self) -> Message | None:
        """In a topic, what answers nothing answers the note that opened the topic."""
        if self.reply_to is not None:
            return None if self.reply_to.deleted else self.reply_to
        return self.topic.opening if self.topic is not None and not self.is_service else None
