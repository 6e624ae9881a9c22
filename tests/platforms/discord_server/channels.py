"""A place to write in, and what stands there. This file is channels, threads and private ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.command_limits import CHANNEL
from tests.platforms.discord_server.messages import Look, Message
from tests.platforms.discord_server.offers import Nameable
from tests.platforms.discord_server.permissions import EVERYTHING, ORDINARY
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.guilds import Guild
    from tests.platforms.discord_server.people import User
    from tests.platforms.discord_server.world import World

TEXT_CHANNEL, DM_CHANNEL, PUBLIC_THREAD = 0, 1, 11
LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)


class Channel(Nameable):
    """A place to write: of a guild, a thread of one, or private."""

    option_kind = CHANNEL

    def __init__(
        self,
        world: World,
        guild: Guild | None,
        name: str,
        *,
        kind: int = TEXT_CHANNEL,
        recipient: User | None = None,
        parent: Channel | None = None,
        id_: int = 0,
    ) -> None:
        self.world = world
        self.id = id_ or world.new_id()
        self.guild = guild
        self.name = name
        self.kind = kind
        self.recipient = recipient
        self.parent = parent
        self.deleted = False
        self.log: list[Message] = []
        self._bot_permissions: int | None = None
        world.channels[self.id] = self

    def __repr__(self) -> str:
        return f"<#{self.name} {self.id}>"

    @property
    def mention(self) -> str:
        """What a message holds where it names this channel."""
        return f"<#{self.id}>"

    @property
    def channel_kind(self) -> int:
        """The type that an option may ask for."""
        return self.kind

    @property
    def named_id(self) -> int:
        """The id that stands in an option."""
        return self.id

    def describe(self, resolved: Json) -> None:
        """Stand among the channels that options name."""
        told = {**self.as_json(), "permissions": str(self.bot_permissions)}
        resolved.setdefault("channels", {})[str(self.id)] = told

    @property
    def messages(self) -> list[Message]:
        """What everybody in the channel sees now; `log` has deleted and ephemeral ones too."""
        shown = [] if self.deleted else self.log
        return [message for message in shown if not message.deleted and not message.is_ephemeral]

    @property
    def bot_permissions(self) -> int:
        """What the bot may do here; assign to overrule what the guild grants."""
        if self._bot_permissions is not None:
            return self._bot_permissions
        if self.parent is not None:
            return self.parent.bot_permissions
        return self.guild.bot_permissions if self.guild else ORDINARY

    @bot_permissions.setter
    def bot_permissions(self, permissions: int) -> None:
        self._bot_permissions = permissions
        self.world.emit("CHANNEL_UPDATE", self.as_json(), self)

    def find(self, message_id: int) -> Message | None:
        """A message that stands here and is not ephemeral."""
        for message in self.messages:
            if message.id == message_id:
                return message
        return None

    def write(self, author: User, content: str) -> Message:
        """A human, or another bot, says something here."""
        now = self.world.now()
        message = Message(self.world.new_id(), self, author, now, Look(content=content))
        self.log.append(message)
        self.world.emit("MESSAGE_CREATE", message.as_json(), self)
        self.world.watch.changed()
        return message

    def delete(self) -> None:
        """A human deletes the channel."""
        self.deleted = True
        event = "THREAD_DELETE" if self.parent else "CHANNEL_DELETE"
        self.world.emit(event, self.as_json(), self)
        self.world.watch.changed()

    def as_json(self) -> Json:
        """The channel as the platform sends it."""
        body: Json = {"id": str(self.id), "type": self.kind, "flags": 0, "last_message_id": None}
        if self.guild is None:
            assert self.recipient is not None
            return {**body, "recipients": [self.recipient.as_json()]}
        body |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "parent_id": str(self.parent.id) if self.parent else None,
            "permission_overwrites": self._overwrites(),
        }
        if self.parent:
            body |= self._thread_json()
        return body

    def _overwrites(self) -> list[Json]:
        if self._bot_permissions is None or self.guild is None or self.parent:
            return []
        role, allow = self.guild.bot_role, self._bot_permissions
        deny = EVERYTHING & ~allow
        return [{"id": str(role.id), "type": 0, "allow": str(allow), "deny": str(deny)}]

    def _thread_json(self) -> Json:
        return {
            "owner_id": str(self.world.bot.id),
            "message_count": len(self.messages),
            "member_count": 1,
            "total_message_sent": len(self.log),
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": LONG_AGO.isoformat(),
                "locked": False,
            },
        }
