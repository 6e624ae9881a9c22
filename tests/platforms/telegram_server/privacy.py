"""Which messages a bot gets to see. This file is the privacy mode, as the documentation has it.

With the mode on (the default) a bot that is no administrator receives, of a group: service
messages; replies to it; `/command@it`; and a bare `/command` if no other bot is in the group or
it was the last bot to speak there. `/command@another_bot` is not delivered, nor is a mention of
its name. As an administrator, or with the mode off, it receives everything, also what is meant
for other bots. What bots write is never delivered to a bot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram_server.entities import cut

if TYPE_CHECKING:
    from tests.platforms.telegram_server.messages import Message


def hears(message: Message) -> bool:
    """Tell whether the bot is sent this message."""
    chat = message.chat
    bot = chat.world.bot
    if chat.is_private:
        return True
    if not chat.bot_seat.is_inside:
        return False
    if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
        return message.is_service and message.sender is bot
    if message.is_service or chat.is_channel or chat.bot_seat.is_admin:
        return True
    if chat.world.can_read_all:
        return True
    if message.reply_to is not None and message.reply_to.is_by_bot:
        return True
    return _is_command_for_bot(message)


def _is_command_for_bot(message: Message) -> bool:
    first = next((one for one in message.entities if one["type"] == "bot_command"), None)
    if first is None or first["offset"] != 0:
        return False
    chat = message.chat
    _, at, name = cut(message.text, first).partition("@")
    if at:
        return name.lower() == chat.world.bot.username.lower()
    other_bots = [seat for seat in chat.seats.values() if seat.user.is_bot and seat.is_inside]
    if all(seat.user is chat.world.bot for seat in other_bots):
        return True
    spoken = [one for one in chat.log if one.sender is not None and one.sender.is_bot]
    return bool(spoken) and spoken[-1].is_by_bot
