"""Accounts, and their seats in guilds. This file is who can act and be named."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tests.platforms.discord_server.acts import Acts
from tests.platforms.discord_server.channels import DM_CHANNEL, Channel
from tests.platforms.discord_server.command_limits import ROLE, USER
from tests.platforms.discord_server.messages import Message
from tests.platforms.discord_server.offers import Nameable
from tests.platforms.discord_server.permissions import EVERYTHING, ORDINARY, allows
from tests.platforms.discord_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.discord_server.guilds import Guild
    from tests.platforms.discord_server.world import World


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

    def __init__(self, guild: Guild, user: User, joined_at: datetime) -> None:
        self.world = guild.world
        self.guild = guild
        self.user = user
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
        held = ORDINARY
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
