"""Discord, as far as a bot can tell. This file names what tests import.

    async with await DiscordServer.start() as server:       # .token .api_url .gateway_url
        guild = server.add_guild("Makers")
        channel = guild.add_channel("general")
        ana = guild.add_member("ana", permissions=MANAGE_GUILD)
        ...                                                  # start the bot against the two urls
        await server.ready()
        answer = await ana.slash(channel, "poll", question="Lunch?", options="Pizza | Soup")
        assert answer.is_ephemeral and "Lunch?" in answer.text
        card = await server.wait_for(lambda: channel.messages and channel.messages[-1])
        await ana.press(card, label="Pizza")

What a person's client would not send raises WouldNotSend; `raw=True` sends it. The `begin_`
forms of the acts return before anything is answered. Faults are in `server.faults`, the
websocket's in `server.gateway`, what the client did in `server.audit`.
"""

from tests.platforms.discord_server.channels import Channel
from tests.platforms.discord_server.guilds import Guild
from tests.platforms.discord_server.interactions import Choice, Interaction
from tests.platforms.discord_server.messages import Button, Look, Message
from tests.platforms.discord_server.offers import WouldNotSend
from tests.platforms.discord_server.people import Member, Role, User
from tests.platforms.discord_server.server import DiscordServer
from tests.platforms.watch import StillWaiting

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
