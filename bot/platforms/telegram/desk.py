"""Where an update is handed to who deals with it. This file joins the parts of the platform."""

import telegram
from telegram.constants import ChatType

from bot.database.port import Readers
from bot.engine import Engine
from bot.platforms.telegram.answers import Answerer
from bot.platforms.telegram.asking import NO, YES, Asking
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.deliver import Deliverer
from bot.platforms.telegram.kept import Kept
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.messages import Messages
from bot.platforms.telegram.pending import Pendings
from bot.platforms.telegram.private import CHOOSE, Private
from bot.platforms.telegram.read import NAME, Spot, group_of
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.seats import Seats
from bot.platforms.telegram.sending import Sender, Unreachable
from core.kernel.feature import House
from core.kernel.outbox import Delivery, Kind
from core.kernel.text import T


class Desk:
    """The parts for one connected bot."""

    def __init__(self, bot: telegram.Bot, engine: Engine, readers: Readers, house: House) -> None:
        """Put the parts together."""
        commands = {one.path: one for one in house.declarations}
        self._bot_id = bot.id
        self._kept = kept = Kept(engine)
        self.memory = memory = Memory(kept)
        self._pendings = pendings = Pendings(kept, commands)
        self.seats = seats = Seats(bot, memory, engine.app.clock)
        rights = Rights(bot, engine.app.clock)
        self.chats = chats = Chats(engine, readers, memory, rights, bot.id)
        self.sender = sender = Sender(bot, chats.moved)
        self._deliverer = Deliverer(sender, chats, seats, rights)
        self._answerer = answerer = Answerer(engine, house, sender, seats, rights, memory)
        self._asking = asking = Asking(answerer, sender, seats, memory, pendings, bot.username)
        self._private = Private(bot, commands, asking, answerer, sender, seats, memory)
        self._messages = Messages(
            commands, asking, answerer, self._private, memory, sender, bot.username
        )

    async def tidy(self) -> None:
        """Drop what is remembered too long."""
        await self._kept.tidy()

    async def show(self, delivery: Delivery) -> str:
        """Show what the outbox holds, or forget somebody; raises as `bot.outbox.Shower` says."""
        if delivery.row.kind is Kind.FORGET:
            await self._forget(delivery)
            return ""
        return await self._deliverer.show(delivery)

    def is_about_seats(self, update: telegram.Update) -> bool:
        """Whether an update changes who is where, which must be known before what follows."""
        if update.my_chat_member is not None or update.chat_member is not None:
            return True
        message = update.message
        return message is not None and message.text is None

    async def take(self, update: telegram.Update) -> None:
        """Deal with one update."""
        request_id = f"{NAME}:{self._bot_id}:{update.update_id}"
        message = update.message or update.channel_post
        if update.my_chat_member is not None or update.chat_member is not None:
            await self._take_seat(update)
        elif message is not None and message.text is None:
            await self.chats.served(message, self.seats)
        elif message is not None:
            await self._take_message(message, request_id)
        elif update.callback_query is not None:
            await self._take_press(update.callback_query, request_id)

    async def _take_seat(self, update: telegram.Update) -> None:
        missing = await self.chats.seated(update, self.seats)
        told = update.my_chat_member
        if missing and told is not None:
            text = T(
                "You added me to {group}, but I may not write there. An admin has to allow me: "
                "{missing}. Then I say hello.",
                group=told.chat.title or "your group",
                missing=", ".join(missing),
            )
            await self._private.say(Spot(told.from_user.id, is_private=True), text)

    async def _take_message(self, message: telegram.Message, request_id: str) -> None:
        try:
            await self._messages.take(message, request_id)
        except Unreachable:
            return  # they blocked us before we could answer in private

    async def _take_press(self, query: telegram.CallbackQuery, request_id: str) -> None:
        data, message = query.data or "", query.message
        if message is None:
            await self._answerer.glance(query, None)
            return
        if message.chat.type != ChatType.PRIVATE:
            await self.memory.note_seen(group_of(message), query.from_user)
        if data.startswith((YES, NO)):
            await self._asking.take_press(query, request_id)
        elif data.startswith(CHOOSE):
            await self._private.take_press(query)
        else:
            await self._answerer.press(query, request_id)

    async def _forget(self, delivery: Delivery) -> None:
        """Drop what is remembered of somebody in a group from before they asked for it."""
        user, chat = int(delivery.account), self.memory.moved(int(delivery.space))
        self.seats.forget(chat, user)
        await self.memory.forget(user, chat, delivery.row.created_ms)
        await self._pendings.forget(user, chat, delivery.row.created_ms)
