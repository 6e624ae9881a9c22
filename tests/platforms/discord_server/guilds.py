"""A guild: its channels, roles and seats. This file is what GUILD_CREATE tells of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.channels import LONG_AGO, PUBLIC_THREAD, Channel
from tests.platforms.discord_server.messages import Message
from tests.platforms.discord_server.people import Member, Role, User
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.world import World


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
        bot = Member(self, self.world.bot, self.world.now())
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

    def add_thread(self, parent: Channel, name: str, *, under: Message | None = None) -> Channel:
        """Somebody opens a public thread; one under a message shares its id."""
        id_ = under.id if under else 0
        thread = Channel(self.world, self, name, kind=PUBLIC_THREAD, parent=parent, id_=id_)
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
        member = Member(self, user, joined_at)
        member.roles = list(roles)
        if permissions:
            # Rights come from roles, and whoever looks a member up has to add them together.
            member.roles.append(self.add_role(f"what {user.name} may", permissions))
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
