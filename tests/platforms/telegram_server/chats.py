"""A place to write in, and what stands there. This file is chats, topics and what is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.platforms.telegram_server.membership import Membership
from tests.platforms.telegram_server.messages import Look, Message
from tests.platforms.telegram_server.refusals import Json
from tests.platforms.telegram_server.seats import USUAL_PERMISSIONS, Seat

if TYPE_CHECKING:
    from tests.platforms.telegram_server.people import User
    from tests.platforms.telegram_server.world import World


class Kind(StrEnum):
    """The platform's words for a chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its id is that of the note that opened it."""

    id: int
    name: str
    opening: Message | None = None
    is_closed: bool = False
    is_deleted: bool = False


class Chat(Membership):
    """A private chat, group, supergroup or channel. Who is in it: `membership.py`."""

    def __init__(
        self, world: World, id_: int, kind: Kind, title: str, *, is_forum: bool = False
    ) -> None:
        self.world = world
        self.id = id_
        self.kind = kind
        self.title = title
        self.is_forum = is_forum
        self.username: str | None = None
        # The person at the other end of a private chat.
        self.peer: User | None = None
        # A channel and its discussion group know each other.
        self.linked: Chat | None = None
        self.migrated_to: Chat | None = None
        self.permissions = USUAL_PERMISSIONS
        # Members of a supergroup can be hidden from bots that are no administrators.
        self.has_hidden_members = False
        self.description = ""
        self.seats: dict[int, Seat] = {}
        self.topics: dict[int, Topic] = {}
        self.is_general_closed = False
        self.log: list[Message] = []
        self.pinned: list[Message] = []
        self._last_message_id = 0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.title!r} {self.id}>"

    @property
    def is_private(self) -> bool:
        """Tell whether it is between one person and the bot."""
        return self.kind is Kind.PRIVATE

    @property
    def is_channel(self) -> bool:
        """Tell whether only administrators write here."""
        return self.kind is Kind.CHANNEL

    @property
    def messages(self) -> list[Message]:
        """What a member sees now, without service notes; `log` has everything."""
        return [one for one in self.log if not one.deleted and not one.is_service]

    @property
    def bot_messages(self) -> list[Message]:
        """What the bot under test wrote here and what is not deleted."""
        return [one for one in self.messages if one.is_by_bot]

    @property
    def last(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    @property
    def bot_last(self) -> Message | None:
        """The newest message of the bot, once there is one: made to be waited for."""
        return self.bot_messages[-1] if self.bot_messages else None

    def find(self, message_id: int) -> Message | None:
        """A message that is not deleted."""
        for message in reversed(self.log):
            if message.id == message_id:
                return None if message.deleted else message
        return None

    def compose(self, sender: User | None, look: Look | None = None) -> Message:
        """A message with the next number that does not stand here yet."""
        if self.kind in (Kind.SUPERGROUP, Kind.CHANNEL):
            # These count for themselves; all other chats of an account count together.
            self._last_message_id += 1
            number = self._last_message_id
        else:
            number = self.world.new_message_id()
        return Message(number, self, sender, self.world.now(), look or Look())

    def publish(self, message: Message) -> Message:
        """Let it stand here, and tell the bot if it may hear of it."""
        self.log.append(message)
        self.world.tell(message)
        self.world.watch.changed()
        return message

    def note(self, sender: User | None, extra: Json, *, topic: Topic | None = None) -> Message:
        """A service message: somebody joined, pinned, moved."""
        message = self.compose(sender)
        message.extra = extra
        message.topic = topic
        message.is_service = True
        return self.publish(message)

    # Topics

    def add_topic(self, name: str, by: User | None = None) -> Topic:
        """Open a topic; the note that says so gives it its number."""
        assert self.is_forum, "only a forum has topics"
        opening = self.compose(by or self.owner)
        opening.extra = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        opening.is_service = True
        topic = Topic(opening.id, name, opening)
        opening.topic = topic
        self.topics[topic.id] = topic
        self.publish(opening)
        return topic

    def close_topic(self, topic: Topic | None = None, by: User | None = None) -> None:
        """Close a topic, or the general one: only administrators still write there."""
        if topic is None:
            self.is_general_closed = True
        else:
            topic.is_closed = True
        self.note(by or self.owner, {"forum_topic_closed": {}}, topic=topic)

    def reopen_topic(self, topic: Topic | None = None, by: User | None = None) -> None:
        """Open a closed topic again."""
        if topic is None:
            self.is_general_closed = False
        else:
            topic.is_closed = False
        self.note(by or self.owner, {"forum_topic_reopened": {}}, topic=topic)

    def delete_topic(self, topic: Topic) -> None:
        """Take a topic away with everything in it; a bot is not told."""
        topic.is_deleted = True
        for message in self.log:
            if message.topic is topic:
                message.deleted = True

    def is_closed_for(self, seat: Seat, topic: Topic | None) -> bool:
        """Tell whether somebody may not write in a topic because it is closed."""
        is_closed = self.is_general_closed if topic is None else topic.is_closed
        return self.is_forum and is_closed and not seat.may("can_manage_topics", frozenset())

    # Channels

    def posts(self, text: str) -> Message:
        """The channel speaks."""
        assert self.is_channel, "only a channel posts"
        post = self.compose(None, self.world.look_of(text))
        post.sender_chat = self
        self.publish(post)
        self.discuss(post)
        return post

    def discuss(self, post: Message) -> Message | None:
        """Put a post into the discussion group, as the platform does by itself."""
        if self.linked is None:
            return None
        copy = self.linked.compose(self.world.service_account, post.look)
        copy.sender_chat = self
        copy.extra = {
            "is_automatic_forward": True,
            "forward_origin": {
                "type": "channel",
                "date": int(post.date.timestamp()),
                "chat": self.as_json(),
                "message_id": post.id,
            },
        }
        return self.linked.publish(copy)

    # Migration

    def migrate(self, by: User | None = None) -> Chat:
        """Make a supergroup of a group: a new chat with a new id, where messages count anew."""
        assert self.kind is Kind.GROUP, "only a basic group is upgraded"
        moved = self.world.open_chat(Kind.SUPERGROUP, self.title)
        moved.seats = {id_: replace(seat) for id_, seat in self.seats.items()}
        moved.permissions = self.permissions
        self.note(by or self.owner, {"migrate_to_chat_id": moved.id})
        self.migrated_to = moved
        arrival = moved.compose(self.world.anonymous_admin)
        arrival.sender_chat = moved
        arrival.extra = {"migrate_from_chat_id": self.id}
        arrival.is_service = True
        moved.publish(arrival)
        return moved

    def as_json(self) -> Json:
        """The chat as the platform sends it inside of a message."""
        told: Json = {"id": self.id, "type": self.kind.value}
        if self.peer is not None:
            told["first_name"] = self.peer.name
            if self.peer.username:
                told["username"] = self.peer.username
            return told
        told["title"] = self.title
        if self.username:
            told["username"] = self.username
        if self.is_forum:
            told["is_forum"] = True
        return told
