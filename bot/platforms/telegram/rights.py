"""What the bot may do in a group, asked of Telegram and remembered for a minute."""

import logging

import telegram
from telegram.error import TelegramError

from bot.platforms.telegram.seats import CACHE_MAX, CACHE_MS, seat_of
from core.kernel.clock import Clock, to_ms

_LOG = logging.getLogger("folkmoot.telegram")

# As Telegram's own settings of a group call it; cards, answers and greetings are texts.
WRITE = "Send Text Messages"


class Rights:
    """Looks up which rights the bot lacks."""

    def __init__(self, bot: telegram.Bot, clock: Clock) -> None:
        """Take whom to ask, and the time."""
        self._bot = bot
        self._clock = clock
        self._known: dict[int, tuple[int, tuple[str, ...]]] = {}

    async def missing(self, chat: int) -> tuple[str, ...]:
        """Return the rights that we lack in a group: none where Telegram does not say."""
        now_ms = to_ms(self._clock.now())
        until_ms, known = self._known.get(chat, (0, ()))
        if now_ms < until_ms:
            return known
        try:
            found = await self._look(chat)
        except TelegramError as trouble:
            _LOG.info("could not look up our own rights in a group: %s", trouble)
            return ()
        if len(self._known) >= CACHE_MAX:
            self._known.clear()
        self._known[chat] = (now_ms + CACHE_MS, found)
        return found

    async def may_write(self, chat: int) -> bool:
        """Whether we may write in a group as of now; not where Telegram does not say."""
        self.forget(chat)
        return not await self.missing(chat) and chat in self._known

    def forget(self, chat: int) -> None:
        """Ask anew next time: what we may do there has changed."""
        self._known.pop(chat, None)

    async def _look(self, chat: int) -> tuple[str, ...]:
        own = await self._bot.get_chat_member(chat, self._bot.id)
        if not seat_of(own).is_member or seat_of(own).is_admin:
            return ()  # who is not there lacks no right, but the group
        if isinstance(own, telegram.ChatMemberRestricted):
            return () if own.can_send_messages else (WRITE,)
        permissions = (await self._bot.get_chat(chat)).permissions
        is_open = permissions is None or permissions.can_send_messages is not False
        return () if is_open else (WRITE,)
