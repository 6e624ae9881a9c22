"""What people ask about the community itself: its name, settings, channels, journal, help."""

from enum import StrEnum

from pydantic import Field

from core.community import codes, journal_views, linking, store, views
from core.community.codes import What
from core.community.fields import Channel, CommandPath, SettingName, SettingValue
from core.community.settings import SET
from core.community.telling import have_forgotten, post_at, warn_admins
from core.kernel import doubt, outbox
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.people import Community
from core.kernel.request import Place
from core.kernel.text import CommandName
from core.kernel.view import View

NAME_MAX = 100
JOURNAL_MAX = 50


class UnknownSetting(UserError):
    """There is no setting {setting}. {command} lists them."""


class BadValue(UserError):
    """{setting} cannot be "{written}". It takes {bounds}."""


class NoSuchCommand(UserError):
    """There is no command {command}. Type {help} to see them all."""


class SayYes(UserError):
    """To be forgotten, repeat the command with the word yes. {what}"""


class NothingKnown(UserError):
    """You have not taken part in anything here, so you need do nothing to be forgotten."""


class NoChannel(UserError):
    """I cannot tell which channel you mean. Ask in that channel, or name it."""


class Purpose(StrEnum):
    """What a channel can be for."""

    PROPOSALS = "proposals"
    TREASURY = "treasury"
    ADMIN = "admin"


class Setup(Command, name="setup", may=May.ADMINS):
    """Name the community, choose where votes appear, and see the first steps."""

    name: Sealed[str] = Field(
        min_length=1, max_length=NAME_MAX, description="what the community is called"
    )
    channel: Channel = Field(default="", description="where votes appear (empty: here)")

    def run(self, call: Call) -> View:
        """Keep the name and the channel."""
        store.rename(call.tx, call.community.id, self.name)
        _choose(call, Purpose.PROPOSALS, self.channel)
        call.unit.forget()
        call.community = Community(call.community.id, self.name, call.community.home_space)
        return views.ready(call)


class ConfigShow(Command, name="config show", may=May.ANYONE):
    """Show the settings in force here, with what each one means."""

    setting: SettingName = Field(default="", description="one setting (empty: all of them)")

    def run(self, call: Call) -> View:
        """Show one or all."""
        if not self.setting:
            return views.settings(call)
        if self.setting not in call.house.settings:
            raise UnknownSetting(setting=self.setting, command=CommandName("config show"))
        return views.setting(call, self.setting)


class ConfigSet(Command, name="config set", may=May.ADMINS):
    """Change a setting; votes that are open keep the rules they opened with."""

    setting: SettingName = Field(description="which setting")
    value: SettingValue = Field(max_length=100, description="its new value")

    def run(self, call: Call) -> View:
        """Read the value as the setting does, and keep it as the setting writes it."""
        setting = call.house.settings.get(self.setting)
        if setting is None:
            raise UnknownSetting(setting=self.setting, command=CommandName("config show"))
        try:
            value = setting.write(setting.read(self.value))
        except ValueError as error:
            raise BadValue(
                setting=setting.name, written=self.value, bounds=setting.bounds
            ) from error
        before = call.settings.written(setting)
        store.set_setting(call.tx, call.community.id, setting.name, value)
        call.fact(SET, [setting.name, value])
        call.unit.forget()
        call.settings = store.settings_of(call.tx, call.community.id)
        for feature in call.house.features:
            if feature.on_setting is not None:
                feature.on_setting(call, setting.name)
        return views.changed(call, setting.name, before, value)


class ChannelCommand(Command, name="channel", may=May.ADMINS, is_local=True):
    """Choose the channel where votes, money matters or admin messages appear."""

    purpose: Purpose = Field(description="what the channel is for")
    channel: Channel = Field(default="", description="which channel (empty: here)")

    def run(self, call: Call) -> View:
        """Keep the choice for this space."""
        _choose(call, self.purpose, self.channel)
        return views.channel_chosen(call, self.purpose.value)


class JournalCommand(Command, name="journal", may=May.ANYONE):
    """Show the newest entries of the journal and its head, which nobody can change quietly."""

    last: int = Field(default=20, ge=1, le=JOURNAL_MAX, description="how many entries")

    def run(self, call: Call) -> View:
        """Show the newest, newest first."""
        return journal_views.journal(call, self.last)


class Me(Command, name="me", may=May.ANYONE, is_personal=True):
    """Show what concerns you here, to you alone."""

    def run(self, call: Call) -> View:
        """Ask every feature for its part."""
        return views.me(call)


class ForgetMe(Command, name="forget me", may=May.ANYONE, is_personal=True):
    """Erase your name and the texts you wrote; counts and results stay verifiable."""

    confirm: str = Field(
        max_length=20, description="the word yes; any other word tells what it does first"
    )

    def run(self, call: Call) -> View:
        """Erase what is personal; the member's number stays, so nothing counts twice."""
        if call.visitor is None:
            raise NothingKnown
        if self.confirm.casefold() != "yes":
            raise SayYes(what=views.WHAT_FORGETTING_DOES)
        member, community = call.visitor.id, call.community.id
        for one in (*codes.formerly(call.tx, community, member), member):
            for feature in call.house.features:
                if feature.forget is not None:
                    feature.forget(call, one)
            store.forget_texts(call.tx, community, one)
            store.rename_member(call.tx, one, "")
        linking.drop_all(call, What.MEMBER, member)
        doubt.erase(call.tx, community, member)
        for platform, account in store.accounts(call.tx, community, member):
            if account.startswith("forgotten:"):
                continue  # its owner has not come back by it, and is known by this very mask
            mask = store.masked(call.tx, community, platform, account)
            store.move_account(call.tx, community, platform, account, mask)
            have_forgotten(call, platform, account, mask)
        return views.forgotten(call)


class Help(Command, name="help", may=May.ANYONE):
    """List the commands, or explain one of them."""

    command: CommandPath = Field(
        default="", max_length=40, description="a command (empty: all of them)"
    )

    def run(self, call: Call) -> View:
        """List or explain."""
        if not self.command:
            return views.help_all(call)
        found = call.house.commands.get(self.command)
        if found is None or found.declaration not in call.house.declarations:
            group = [one for one in call.house.declarations if one.words[0] == self.command]
            if group:
                return views.help_group(call, group)
            raise NoSuchCommand(command=self.command, help=CommandName("help"))
        return views.help_one(call, found.declaration)


class Arrived(Command, name="arrived", may=May.WORKER):
    """Greet a space that the bot has come into."""

    missing: str = Field(default="", description="the rights that the bot lacks there")

    def run(self, call: Call) -> View:
        """Mark the space as live and greet it, once an arrival."""
        assert call.space is not None
        assert call.place is not None
        store.activate(call.tx, call.space.id, is_active=True)
        outbox.park(call.tx, call.space.id, call.now_ms)
        place: Place = call.place
        if place.channel:
            post_at(call, call.space, place.channel, place.thread, views.welcome, self.missing)
        return views.noted(call)


class Warn(Command, name="warn", may=May.WORKER):
    """Tell the admins that something about the bot needs them."""

    what: str = Field(description="what is wrong")

    def run(self, call: Call) -> View:
        """Post it where admins read, in each space that has such a channel."""
        warn_admins(call, views.warning, self.what)
        return views.noted(call)


class Departed(Command, name="departed", may=May.WORKER):
    """Note that the bot is no longer in a space; nothing is deleted."""

    def run(self, call: Call) -> View:
        """Stop sending there until the bot is back."""
        assert call.space is not None
        store.activate(call.tx, call.space.id, is_active=False)
        outbox.park(call.tx, call.space.id, outbox.NEVER_MS)
        return views.noted(call)


def _choose(call: Call, purpose: Purpose, written: str) -> None:
    assert call.space is not None
    assert call.place is not None
    channel, _, thread = written.partition("/")
    if not channel:
        channel, thread = call.place.channel, call.place.thread
        # "Here" is a fact of the platform, without which nobody could replay this.
        call.fact("channel", channel)
        call.fact("thread", thread)
    if not channel:
        raise NoChannel
    store.set_channel(call.tx, call.space.id, store.Channel(purpose.value, channel, thread))


COMMANDS: tuple[type[Command], ...] = (
    Help,
    Setup,
    ConfigShow,
    ConfigSet,
    ChannelCommand,
    JournalCommand,
    Me,
    ForgetMe,
    Arrived,
    Departed,
    Warn,
    doubt.Again,
)
