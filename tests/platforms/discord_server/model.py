"""Guilds, channels and people. This file is what exists on the platform, and its JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.acts import Acts
from tests.platforms.discord_server.command_limits import CHANNEL, ROLE, USER
from tests.platforms.discord_server.messages import Look, Message
from tests.platforms.discord_server.offers import Nameable
from tests.platforms.discord_server.permissions import EVERYTHING, ORDINARY, allows
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.world import World

TEXT_CHANNEL, DM_CHANNEL, PUBLIC_THREAD = 0, 1, 11
LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)


class User:
    """An account: the same person in every guild."""

    def __init__(self, world: World, name: str, *, is_bot: bool = False) -> None:
        self.world = world
        self.id = world.new_id()
        self.name = name
        self.is_bot = is_bot
        self.locale = "en-US"
        self.closed_dms = False
        self.dm: Channel | None = None

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    @property
    def mention(self) -> str:
        """What a message holds where it names this account."""
        return f"<@{self.id}>"

    def open_dm(self) -> Channel:
        """The private channel between this account and the bot."""
        if self.dm is None:
            self.dm = Channel(self.world, None, self.name, kind=DM_CHANNEL, recipient=self)
        return self.dm

    def as_json(self) -> Json:
        """The account as the platform sends it."""
        return {
            "id": str(self.id),
            "username": self.name[:32],
            "global_name": None if self.is_bot else self.name[:32],
            "discriminator": "0" if not self.is_bot else "0001",
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }


class Role(Nameable):
    """A role of a guild."""

    option_kind = ROLE

    def __init__(self, guild: Guild, name: str, permissions: int, *, id_: int = 0) -> None:
        self.guild = guild
        self.id = id_ or guild.world.new_id()
        self.name = name
        self.permissions = permissions
        self.position = len(guild.roles)
        self.is_managed = False

    @property
    def mention(self) -> str:
        """What a message holds where it names this role."""
        return f"<@&{self.id}>"

    @property
    def named_id(self) -> int:
        """The id that stands in an option."""
        return self.id

    def describe(self, resolved: Json) -> None:
        """Stand among the roles that options name."""
        resolved.setdefault("roles", {})[str(self.id)] = self.as_json()

    def as_json(self) -> Json:
        """The role as the platform sends it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.is_managed,
            "mentionable": False,
            "flags": 0,
        }


class Member(Acts, Nameable):
    """A person in a guild, who acts: `slash`, `press`, `completes` are in `acts.py`."""

    option_kind = USER

    def __init__(self, guild: Guild, user: User, permissions: int, joined_at: datetime) -> None:
        self.world = guild.world
        self.guild = guild
        self.user = user
        self.own_permissions = permissions
        self.joined_at = joined_at
        self.roles: list[Role] = []
        self.nick: str | None = None

    def __repr__(self) -> str:
        return f"<{self.user.name} of {self.guild.name}>"

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The account's name."""
        return self.user.name

    @property
    def mention(self) -> str:
        """What a message holds where it names this person."""
        return self.user.mention

    @property
    def permissions(self) -> int:
        """Everything this person may do, as an interaction vouches for it."""
        held = ORDINARY | self.own_permissions
        for role in self.roles:
            held |= role.permissions
        return EVERYTHING if allows(held, EVERYTHING) else held

    @property
    def named_id(self) -> int:
        """The id that stands in an option."""
        return self.id

    def describe(self, resolved: Json) -> None:
        """Stand among the people that options name; who has left is a user only."""
        resolved.setdefault("users", {})[str(self.id)] = self.user.as_json()
        if self.id in self.guild.members:
            seat = self.as_json(with_user=False, with_permissions=True)
            resolved.setdefault("members", {})[str(self.id)] = seat

    @property
    def closed_dms(self) -> bool:
        """Tell whether direct messages are refused with 50007."""
        return self.user.closed_dms

    @closed_dms.setter
    def closed_dms(self, closed: bool) -> None:
        self.user.closed_dms = closed

    @property
    def dm(self) -> Channel:
        """The private channel with the bot, to type commands in."""
        return self.user.open_dm()

    @property
    def dm_messages(self) -> list[Message]:
        """What the bot wrote in private."""
        return self.user.dm.messages if self.user.dm else []

    def as_json(self, *, with_user: bool = True, with_permissions: bool = False) -> Json:
        """The member as the platform sends it."""
        body: Json = {
            "roles": [str(role.id) for role in self.roles],
            "joined_at": self.joined_at.isoformat(),
            "nick": self.nick,
            "avatar": None,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }
        if with_user:
            body["user"] = self.user.as_json()
        if with_permissions:
            body["permissions"] = str(self.permissions)
        return body


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
    ) -> None:
        self.world = world
        self.id = world.new_id()
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

    def write(self, author: Member | User, content: str) -> Message:
        """A human, or another bot, says something here."""
        user = author.user if isinstance(author, Member) else author
        now = self.world.now()
        message = Message(self.world.new_id(), self, user, now, Look(content=content))
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


class Guild:
    """A server, as people call it; the bot is in it unless it was kicked."""

    def __init__(self, world: World, name: str, *, bot_permissions: int) -> None:
        self.world = world
        self.id = world.new_id()
        self.name = name
        self.locale = "en-US"
        self.roles: list[Role] = []
        # Rights of the bot come from its own role alone, so that a test which takes one away
        # does not find it granted to everyone.
        self.roles.append(Role(self, "@everyone", 0, id_=self.id))
        self.bot_role = Role(self, world.bot.name, bot_permissions)
        self.bot_role.is_managed = True
        self.roles.append(self.bot_role)
        self.channels: list[Channel] = []
        self.members: dict[int, Member] = {}
        self.events: list[Json] = []
        self.owner = User(world, f"owner of {name}")
        self.has_bot = True
        self._seat_bot()

    def __repr__(self) -> str:
        return f"<guild {self.name} {self.id}>"

    def _seat_bot(self) -> None:
        bot = Member(self, self.world.bot, self.bot_role.permissions, self.world.now())
        bot.roles.append(self.bot_role)
        self.members[bot.id] = bot

    @property
    def bot_permissions(self) -> int:
        """What the bot may do in this guild; assign to change it while the bot runs."""
        return self.bot_role.permissions

    @bot_permissions.setter
    def bot_permissions(self, permissions: int) -> None:
        self.bot_role.permissions = permissions
        body = {"guild_id": str(self.id), "role": self.bot_role.as_json()}
        self.world.emit("GUILD_ROLE_UPDATE", body, self)

    @property
    def dms(self) -> list[Message]:
        """Every direct message the bot has sent to people of this guild."""
        return [note for member in self.members.values() for note in member.dm_messages]

    def add_channel(self, name: str) -> Channel:
        """A human opens a channel."""
        channel = Channel(self.world, self, name)
        self.channels.append(channel)
        self.world.emit("CHANNEL_CREATE", channel.as_json(), self)
        return channel

    def add_thread(self, parent: Channel, name: str) -> Channel:
        """Somebody opens a public thread."""
        thread = Channel(self.world, self, name, kind=PUBLIC_THREAD, parent=parent)
        self.channels.append(thread)
        self.world.emit("THREAD_CREATE", thread.as_json(), self)
        return thread

    def add_role(self, name: str, permissions: int = 0) -> Role:
        """A human makes a role."""
        role = Role(self, name, permissions)
        self.roles.append(role)
        body = {"guild_id": str(self.id), "role": role.as_json()}
        self.world.emit("GUILD_ROLE_CREATE", body, self)
        return role

    def add_member(
        self,
        who: str | Member,
        *,
        permissions: int = 0,
        joined_at: datetime = LONG_AGO,
        roles: Iterable[Role] = (),
        bot: bool = False,
    ) -> Member:
        """Somebody joins; give a member of another guild to let the same account join here."""
        user = who.user if isinstance(who, Member) else User(self.world, who, is_bot=bot)
        self.world.users[user.id] = user
        member = Member(self, user, permissions, joined_at)
        member.roles = list(roles)
        self.members[user.id] = member
        body = {**member.as_json(), "guild_id": str(self.id)}
        self.world.emit("GUILD_MEMBER_ADD", body, self)
        return member

    def remove_member(self, member: Member) -> None:
        """Somebody leaves or is removed."""
        del self.members[member.id]
        body = {"guild_id": str(self.id), "user": member.user.as_json()}
        self.world.emit("GUILD_MEMBER_REMOVE", body, self)

    def kick_bot(self) -> None:
        """The bot is thrown out: its channels are out of reach at once."""
        self.world.emit("GUILD_DELETE", {"id": str(self.id)}, self)
        self.has_bot = False
        self.members.pop(self.world.bot.id, None)
        self.world.watch.changed()

    def add_bot(self) -> None:
        """The bot is invited: the client sees a guild that it joins, not one that came back."""
        self.has_bot = True
        self._seat_bot()
        self.world.emit_guild(self)
        self.world.watch.changed()

    def as_json(self, *, with_everybody: bool) -> Json:
        """The guild as GUILD_CREATE carries it; without the members intent only the bot's seat."""
        seats = [seat for seat in self.members.values() if with_everybody or seat.user.is_bot]
        if not with_everybody:
            seats = [seat for seat in seats if seat.user is self.world.bot]
        open_channels = [channel for channel in self.channels if not channel.deleted]
        bot = self.members.get(self.world.bot.id)
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "preferred_locale": self.locale,
            "features": [],
            "roles": [role.as_json() for role in self.roles],
            "channels": [place.as_json() for place in open_channels if not place.parent],
            "threads": [place.as_json() for place in open_channels if place.parent],
            "members": [seat.as_json() for seat in seats],
            "member_count": len(self.members),
            "joined_at": bot.joined_at.isoformat() if bot else None,
            "large": False,
            "emojis": [],
            "stickers": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": self.events,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "system_channel_id": self._system_channel_id(open_channels),
            "system_channel_flags": 0,
        }

    def _system_channel_id(self, channels: list[Channel]) -> str | None:
        # The first channel receives the platform's own notices, as in a guild made by hand.
        return str(channels[0].id) if channels else None
