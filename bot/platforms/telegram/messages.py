"""Messages sorted by who writes them and where: people, admins without a name, channels."""

from collections.abc import Mapping

import telegram
from telegram.constants import ChatType

from bot.platforms.telegram import refusals
from bot.platforms.telegram.answers import Answerer
from bot.platforms.telegram.asking import Asking
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.private import Private
from bot.platforms.telegram.read import (
    ANONYMOUS_ID,
    CHANNEL_ID,
    SERVICE_ID,
    Group,
    Spot,
    Wish,
    command_of,
    group_of,
    spoken,
    spot_of,
)
from bot.platforms.telegram.sending import Sender
from core.kernel.command import Declaration
from core.kernel.rights import unknown
from core.kernel.text import CommandName, T

HINT = T("I understand commands only. {help} lists them.", help=CommandName("help"))
CANCEL, START = "cancel", "start"


class Messages:
    """Takes what is written to the bot."""

    def __init__(
        self,
        commands: Mapping[str, Declaration],
        asking: Asking,
        answerer: Answerer,
        private: Private,
        memory: Memory,
        sender: Sender,
        username: str,
    ) -> None:
        """Take the declarations, and who goes on with what is understood."""
        self._commands = commands
        self._asking = asking
        self._answerer = answerer
        self._private = private
        self._memory = memory
        self._sender = sender
        self._username = username

    async def take(self, message: telegram.Message, request_id: str) -> None:
        """Take one message; what is not for us is passed over."""
        author = message.from_user if message.sender_chat is None else None
        spot, command = spot_of(message, author), command_of(message, self._username)
        if message.chat.type == ChatType.CHANNEL or _is_nobody(message):
            if command is not None and self._is_known(message):
                await self._answerer.refuse(spot, refusals.ChannelAsks())
            return
        is_anonymous = message.sender_chat is not None
        if not is_anonymous and not spot.is_private and message.from_user is not None:
            await self._memory.note_seen(group_of(message), message.from_user)
        if command is None:
            await self._talk(message, spot, request_id)
            return
        word, is_called = command
        if word == CANCEL and not is_anonymous:
            await self._cancel(message, spot)
        elif word == START:
            await self._private.start(message)
        else:
            await self._command(message, spot, request_id, is_called=is_called)

    async def _command(
        self, message: telegram.Message, spot: Spot, request_id: str, *, is_called: bool
    ) -> None:
        group = self._group(message, spot)
        if group is None:
            await self._private.ask_group(spot, [])
            return
        said, named = spoken(message, self._commands)
        if said.declared is None:
            # A bare word that we do not know may be meant for another bot of the group.
            if spot.is_private or is_called:
                error = unknown(said.command, self._commands.values())
                await self._answerer.refuse(spot, error)
            return
        assert message.from_user is not None
        wish = Wish(
            request_id,
            said.declared.path,
            said.declared,
            dict(said.args),
            message.from_user,
            spot,
            group,
            receivers=named,
            twice=said.twice,
        )
        if message.sender_chat is not None:
            await self._asking.anonymous(wish)
        else:
            await self._asking.start(wish)

    async def _talk(self, message: telegram.Message, spot: Spot, request_id: str) -> None:
        """Take an answer to a question of ours; other talk gets a hint, in private alone."""
        if message.sender_chat is not None or not message.text:
            return
        if await self._asking.take_text(message, request_id) or not spot.is_private:
            return
        await self._private.say(spot, HINT)

    async def _cancel(self, message: telegram.Message, spot: Spot) -> None:
        assert message.from_user is not None
        if await self._asking.cancel(spot.chat, message.from_user.id):
            await self._private.say(spot, T("Taken back; nothing was done."))
        elif spot.is_private:
            await self._private.say(
                spot, T("I have not asked you anything, so there is nothing to take back.")
            )

    def _group(self, message: telegram.Message, spot: Spot) -> Group | None:
        if not spot.is_private:
            return group_of(message)
        assert message.from_user is not None
        return next(iter(self._memory.groups(message.from_user.id)), None)

    def _is_known(self, message: telegram.Message) -> bool:
        return spoken(message, self._commands)[0].declared is not None


def _is_nobody(message: telegram.Message) -> bool:
    """Whether a channel writes here, by itself or by its posts; an anonymous admin is somebody."""
    user, sender = message.from_user, message.sender_chat
    if message.is_automatic_forward or user is None or user.id in (SERVICE_ID, CHANNEL_ID):
        return True
    is_group = sender is not None and sender.id == message.chat.id
    return (sender is not None and not is_group) or (user.id == ANONYMOUS_ID and not is_group)
