"""Coming into groups, leaving them, and their new ids. This file is what the core is told of it."""

import asyncio
import logging
from dataclasses import replace

import telegram

from bot.database.port import Readers
from bot.engine import Engine
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.read import NAME, Group
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.seats import Seats, seat_of
from core.kernel.clock import to_ms
from core.kernel.request import Asker, Kind, Place, Request

_LOG = logging.getLogger("folkmoot.telegram")

_KNOWN = "select community from space where platform = ? and space = ?"


class Chats:
    """Tells the core where the bot is, and remembers who comes after it."""

    def __init__(
        self, engine: Engine, readers: Readers, memory: Memory, rights: Rights, bot_id: int
    ) -> None:
        """Take the engine, where it is read which groups are known, and who we are."""
        self._engine = engine
        self._readers = readers
        self._memory = memory
        self._rights = rights
        self._bot_id = bot_id
        self._moving = asyncio.Lock()

    async def seated(self, update: telegram.Update, seats: Seats) -> tuple[str, ...]:
        """Take a change of somebody's place, ours or a member's.

        Return the rights that we lack where somebody has just invited us.
        """
        told = update.my_chat_member or update.chat_member
        assert told is not None
        chat, was, now = told.chat, seat_of(told.old_chat_member), seat_of(told.new_chat_member)
        if chat.type not in (telegram.Chat.GROUP, telegram.Chat.SUPERGROUP):
            return ()
        if update.chat_member is not None:
            seats.note(chat.id, told.new_chat_member)
            if now.is_member and not was.is_member:
                await self._memory.note_joined(chat.id, told.new_chat_member.user.id)
            return ()
        self._rights.forget(chat.id)
        request_id = f"{NAME}:{self._bot_id}:{update.update_id}"
        if not now.is_member:
            if was.is_member:
                await self.departed(chat.id, request_id)
            return ()
        missing = await self._rights.missing(chat.id)
        if was.is_member and (missing or not _is_mute(told.old_chat_member)):
            return ()
        # Where we may not write we greet as soon as we may.
        place = _place(Group(chat.id, chat.title or ""))
        place = replace(place, channel="") if missing else place
        await self._tell("arrived", request_id, place, {"missing": ""})
        return missing

    async def served(self, message: telegram.Message, seats: Seats) -> None:
        """Take a note of Telegram's own in a group: who came, who went, the group's new id."""
        for user in message.new_chat_members or ():
            if user.id != self._bot_id:
                seats.forget(message.chat.id, user.id)
                await self._memory.note_joined(message.chat.id, user.id)
        if message.left_chat_member is not None:
            seats.forget(message.chat.id, message.left_chat_member.id)
        if message.migrate_to_chat_id is not None:
            await self.moved(message.chat.id, message.migrate_to_chat_id)
        if message.migrate_from_chat_id is not None:
            await self.moved(message.migrate_from_chat_id, message.chat.id)

    async def departed(self, chat: int, request_id: str = "") -> None:
        """Note that we are no longer in a group; one that never was a community stays none."""
        if not await self._knows(chat):
            return
        stamp = to_ms(self._engine.app.clock.now())
        request_id = request_id or f"{NAME}:left:{chat}:{stamp}"
        await self._tell("departed", request_id, Place(NAME, str(chat)), {})

    async def moved(self, old: int, new: int) -> None:
        """Note that a group lives on under another id; we are told so more than once."""
        async with self._moving:
            if self._memory.moved(old) == new:
                return
            if await self._knows(old):
                args = {"old": str(old), "new": str(new)}
                request_id = f"{NAME}:moved:{old}:{new}"
                if not await self._tell("moved", request_id, Place(NAME, str(old)), args):
                    return
            await self._memory.move(old, new)
            _LOG.info("group %d is supergroup %d now", old, new)

    async def warn(self, chat: int, key: str, what: str) -> None:
        """Tell the admins of a group that something needs them."""
        await self._tell("warn", f"{NAME}:warn:{key}", Place(NAME, str(chat)), {"what": what})

    async def _knows(self, chat: int) -> bool:
        return bool(await self._readers.all(_KNOWN, (NAME, str(chat))))

    async def _tell(
        self, command: str, request_id: str, place: Place, args: dict[str, str]
    ) -> bool:
        asker = Asker(kind=Kind.WORKER)
        request = Request(request_id, command, args, asker, place, is_stored=True)
        reply = await self._engine.ask(request)
        is_done = reply.error is None and not reply.is_bug and not reply.is_unavailable
        if not is_done:
            _LOG.warning("could not note %s of group %s", command, place.space)
        return is_done


def _place(group: Group) -> Place:
    return Place(NAME, str(group.chat), str(group.chat), space_name=group.title)


def _is_mute(member: telegram.ChatMember) -> bool:
    return isinstance(member, telegram.ChatMemberRestricted) and not member.can_send_messages
