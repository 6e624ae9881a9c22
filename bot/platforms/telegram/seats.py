"""Who somebody is in a group at this moment, asked of Telegram and remembered for a minute."""

import logging
from dataclasses import dataclass

import telegram
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.read import NAME, name_of
from core.kernel.clock import Clock, from_ms, to_ms
from core.kernel.request import AccountRef, Asker

_LOG = logging.getLogger("folkmoot.telegram")

CACHE_MS = 60_000
CACHE_MAX = 20_000

_ADMINS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
_GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a group; None is what Telegram did not say."""

    is_member: bool | None = None
    is_admin: bool | None = None
    user: telegram.User | None = None


class Seats:
    """Looks people up in groups."""

    def __init__(self, bot: telegram.Bot, memory: Memory, clock: Clock) -> None:
        """Take whom to ask, what was seen before, and the time."""
        self._bot = bot
        self._memory = memory
        self._clock = clock
        self._known: dict[tuple[int, int], tuple[int, Seat]] = {}

    async def look(self, chat: int, user: int) -> Seat:
        """Return somebody's place in a group; what cannot be known is not guessed, nor kept."""
        now_ms = to_ms(self._clock.now())
        until_ms, seat = self._known.get((chat, user), (0, Seat()))
        if now_ms < until_ms:
            return seat
        try:
            found = await self._bot.get_chat_member(chat, user)
        except TelegramError as trouble:
            _LOG.warning("could not look somebody up in a group: %s", trouble)
            return Seat()
        seat = seat_of(found)
        if len(self._known) >= CACHE_MAX:
            self._known.clear()
        self._known[chat, user] = (now_ms + CACHE_MS, seat)
        return seat

    def note(self, chat: int, member: telegram.ChatMember) -> None:
        """Take a change of which Telegram told us by itself."""
        self._known[chat, member.user.id] = (
            to_ms(self._clock.now()) + CACHE_MS,
            seat_of(member),
        )

    def forget(self, chat: int, user: int) -> None:
        """Ask anew next time."""
        self._known.pop((chat, user), None)

    def asker(self, chat: int, user: telegram.User, seat: Seat) -> Asker:
        """Return who asks, with what Telegram vouches for."""
        joined_at = from_ms(self._memory.joined_ms(chat, user.id)) if seat.is_member else None
        return Asker(
            platform=NAME,
            account=str(user.id),
            name=name_of(user),
            is_bot=user.is_bot,
            is_admin=seat.is_admin,
            joined_at=joined_at,
            locale=user.language_code or "en",
        )

    def account(self, chat: int, user: telegram.User) -> AccountRef:
        """Return a member of a group as somebody's receiver."""
        joined_at = from_ms(self._memory.joined_ms(chat, user.id))
        return AccountRef(NAME, str(user.id), name_of(user), user.is_bot, joined_at)


def seat_of(member: telegram.ChatMember) -> Seat:
    """Return what a membership means; a restricted person may have left all the same."""
    status = member.status
    is_member = status not in _GONE
    if isinstance(member, telegram.ChatMemberRestricted):
        is_member = member.is_member
    return Seat(is_member, status in _ADMINS, member.user)
