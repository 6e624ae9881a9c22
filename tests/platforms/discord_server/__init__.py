"""Discord, as far as a bot can tell. This file names what tests import."""

from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.interactions import Choice, Interaction
from tests.platforms.discord_server.messages import Button, Look, Message
from tests.platforms.discord_server.offers import WouldNotSend
from tests.platforms.discord_server.people import Member, Role, User
from tests.platforms.discord_server.server import DiscordServer
from tests.platforms.discord_server.watch import StillWaiting

__all__ = [
    "Button",
    "Channel",
    "Choice",
    "DiscordServer",
    "Guild",
    "Interaction",
    "Look",
    "Member",
    "Message",
    "Role",
    "StillWaiting",
    "User",
    "WouldNotSend",
]
