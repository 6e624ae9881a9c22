"""As little of a bot as proves the server. This file is its commands, and the room it lives in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest

from tests.platforms.discord_server import Channel, DiscordServer, Guild, Member
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.library import Hurry, discord, hurry, point_at
from tests.platforms.watch import Watch

# The library holds a client's class in its own type; written once so that lines stay short.
Told = discord.Interaction[discord.Client]
app_commands = discord.app_commands


class Card(discord.ui.View):
    """Buttons that outlive a restart, and a menu."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Pizza", custom_id="vote:1")
    async def pizza(self, told: Told, _: discord.ui.Button[Card]) -> None:
        """Show the choice on the card itself."""
        await told.response.edit_message(content=f"{told.user.display_name} took pizza")

    @discord.ui.button(label="Soup", custom_id="vote:2")
    async def soup(self, told: Told, _: discord.ui.Button[Card]) -> None:
        """Answer the presser alone, later."""
        await told.response.defer(ephemeral=True, thinking=True)
        await told.edit_original_response(content="you took soup")

    @discord.ui.button(label="Closed", custom_id="vote:3", disabled=True)
    async def closed(self, told: Told, _: discord.ui.Button[Card]) -> None:
        """Never pressed."""

    @discord.ui.select(
        custom_id="vote:menu",
        options=[discord.SelectOption(label="Ana", value="7"), discord.SelectOption(label="Ben")],
    )
    async def menu(self, told: Told, select: discord.ui.Select[Card]) -> None:
        """Answer with what was chosen."""
        await told.response.send_message(f"chose {select.values[0]}", ephemeral=True)


class Form(discord.ui.Modal, title="A proposal"):
    """Two fields."""

    what: discord.ui.TextInput[Form] = discord.ui.TextInput(label="What", custom_id="what")
    why: discord.ui.TextInput[Form] = discord.ui.TextInput(
        label="Why", custom_id="why", required=False
    )

    async def on_submit(self, told: Told) -> None:
        """Show what was filled in; a form after a form is what the platform refuses."""
        if self.what.value == "again":
            with suppress(discord.HTTPException):
                await told.response.send_modal(Form())
        await told.response.send_message(f"{self.what.value}/{self.why.value}", ephemeral=True)


class TinyBot(discord.Client):
    """As little of a bot as shows what the library makes of each answer."""

    def __init__(self, intents: discord.Intents) -> None:
        quiet = discord.AllowedMentions.none()
        super().__init__(intents=intents, allowed_mentions=quiet, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.errors: list[BaseException] = []
        self.events: list[str] = []
        self.runs = 0
        self.watch = Watch()
        self.tree.error(self.note_error)
        declare(self)

    async def note_error(self, _: Told, error: app_commands.AppCommandError) -> None:
        """Keep what the library raised inside a command."""
        self.errors.append(error.__cause__ or error)
        self.watch.changed()

    async def setup_hook(self) -> None:
        """Log in as a bot of ours does: old buttons work, commands are uploaded."""
        self.add_view(Card())
        await self.tree.sync()

    async def on_guild_available(self, _: discord.Guild) -> None:
        """Let whoever waits for a server look."""
        self.watch.changed()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note an invitation."""
        self.events.append(f"join {guild.name}")
        self.watch.changed()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note a farewell."""
        self.events.append(f"remove {guild.name}")
        self.watch.changed()

    async def on_member_join(self, member: discord.Member) -> None:
        """Note who came; told with the members intent alone."""
        self.events.append(f"member {member.display_name}")
        self.watch.changed()

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        """Note who left."""
        self.events.append(f"left {event.user.display_name}")
        self.watch.changed()

    async def on_message(self, message: discord.Message) -> None:
        """Note what people say."""
        self.events.append(f"said {message.content}")
        self.watch.changed()

    async def heard_all(self) -> None:
        """Wait until it is told of every server, for which the library waits no longer itself."""
        await self.wait_until_ready()
        await self.watch.wait_for(lambda: not any(one.unavailable for one in self.guilds))

    def channel(self, channel: Channel) -> discord.TextChannel:
        """The library's own object for a channel."""
        found = self.get_channel(channel.id)
        assert isinstance(found, discord.TextChannel)
        return found


def declare(bot: TinyBot) -> None:
    """Declare the commands of the tiny bot."""

    @bot.tree.command(description="ask the room")
    async def poll(told: Told, question: str, options: str = "", last: int = 1) -> None:
        bot.runs += 1
        await told.response.defer(ephemeral=True)
        embed = discord.Embed(title=question, description=options)
        await told.edit_original_response(content=f"last {last}", embed=embed)

    @bot.tree.command(description="thank somebody")
    async def tip(
        told: Told,
        to: discord.Member,
        points: app_commands.Range[int, 1, 5],
        where: discord.TextChannel | None = None,
    ) -> None:
        said = f"{to.display_name} {points} {where} {told.permissions.manage_guild}"
        await told.response.send_message(said, ephemeral=True)

    @bot.tree.command(description="show a card")
    async def card(told: Told, private: bool = False) -> None:
        await told.response.send_message("what shall we eat?", view=Card(), ephemeral=private)

    @bot.tree.command(description="open a form")
    async def form(told: Told) -> None:
        await told.response.send_modal(Form())

    @bot.tree.command(description="answer twice")
    async def twice(told: Told) -> None:
        await told.response.defer(ephemeral=True)
        await told.followup.send("first")
        await told.followup.send("second", ephemeral=True)

    @bot.tree.command(description="vote")
    async def vote(told: Told, proposal: str, choice: str = "") -> None:
        await told.response.send_message(f"{proposal}: {choice}", ephemeral=True)

    @vote.autocomplete("proposal")
    async def suggest(told: Told, typed: str) -> list[app_commands.Choice[str]]:
        given = told.namespace.choice or "none"
        return [app_commands.Choice(name=f"{typed} {given}", value="7")]

    declare_config(bot)


def declare_config(bot: TinyBot) -> None:
    """Declare the group that only those who manage the guild are offered."""
    config = app_commands.Group(
        name="config",
        description="settings",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @config.command(name="set", description="change a setting")
    @app_commands.choices(setting=[app_commands.Choice(name="Quorum", value="quorum")])
    async def set_setting(told: Told, setting: str, value: str) -> None:
        await told.response.send_message(f"{setting}={value}", ephemeral=True)

    bot.tree.add_command(config)


@dataclass
class Room:
    """A server with a guild in which the tiny bot is live."""

    server: DiscordServer
    guild: Guild
    channel: Channel
    ana: Member
    ben: Member
    bot: TinyBot
    running: asyncio.Task[None]
    hurry: Hurry

    async def stop_bot(self) -> None:
        """Log the bot out."""
        await self.bot.close()
        with suppress(discord.DiscordException):
            await self.running

    async def start_bot(self, intents: discord.Intents | None = None) -> None:
        """Log a fresh client in, as after a restart."""
        sessions = len(self.server.audit.identifies) + 1
        self.bot = TinyBot(intents or discord.Intents(guilds=True))
        self.running = asyncio.create_task(self.bot.start(self.server.token))
        await self.server.ready(sessions)
        await self.bot.heard_all()


@asynccontextmanager
async def open_room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with two people and a live bot, whose retry pauses take no time."""
    async with await DiscordServer.start() as server:
        point_at(server, monkeypatch)
        quick = hurry(monkeypatch)
        guild = server.add_guild("Makers")
        channel = guild.add_channel("general")
        ana = guild.add_member("ana", permissions=rights.MANAGE_GUILD)
        ben = guild.add_member("ben")
        bot = TinyBot(discord.Intents(guilds=True))
        running = asyncio.create_task(bot.start(server.token))
        await server.ready()
        await bot.heard_all()
        here = Room(server, guild, channel, ana, ben, bot, running, quick)
        yield here
        await here.stop_bot()
