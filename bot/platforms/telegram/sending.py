"""What the bot writes: sent where it belongs, no sooner than a chat may hear more."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.platforms.telegram.marks import units
from bot.platforms.telegram.read import Spot
from bot.platforms.telegram.render import TEXT_MAX, Look, render
from core.kernel.outbox import Presented

_LOG = logging.getLogger("folkmoot.telegram")

# An answer may wait so long for its turn; later nobody expects it any more.
ANSWER_S = 30.0
PAUSE_S = 0.05
CHATS_MAX = 10_000
PLAIN = {"is_disabled": True}
# In lower case, in which Telegram takes its methods too: for the names as they stand the library
# builds an object of the message that was sent, and of the one it answers, which takes longer
# than sending it. All that we read of either is its number.
SEND, EDIT = "sendmessage", "editmessagetext"

NOT_MODIFIED = "message is not modified"
TOPIC_GONE = ("topic_closed", "topic_deleted", "message thread not found")
NO_CHAT = "chat not found"
NO_RIGHT = (
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_write_forbidden",
)


class Unreachable(Exception):
    """A person has never started the bot, or has blocked it."""


class Muted(Exception):
    """We may not write in a group, so a question to one person cannot be asked there."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that stands: its number, and whether its topic could not be used."""

    message: int
    has_left_topic: bool = False


class Sender:
    """Sends and edits; a chat that asked for a pause gets it."""

    def __init__(self, bot: telegram.Bot, moved: Callable[[int, int], Awaitable[None]]) -> None:
        """Take the library's client, and who is told that a group has a new id."""
        self._bot = bot
        self._moved = moved
        self._quiet_until: dict[int, float] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def post(
        self,
        chat: int,
        look: Look,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        markup: Any = None,
    ) -> Sent:
        """Send a message, beside its topic where that is closed; raises the library's errors."""
        try:
            return Sent(await self._send(chat, look, thread, reply_to, markup))
        except BadRequest as trouble:
            if thread is None or not says(trouble, *TOPIC_GONE):
                raise
        return Sent(await self._send(chat, look, None, None, markup), has_left_topic=True)

    async def edit(self, chat: int, message: int, look: Look, markup: Any = None) -> None:
        """Change a message; the same once more is no mistake."""
        self._check_turn(chat)
        try:
            await self._bot.do_api_request(
                EDIT, {"chat_id": chat, "message_id": message, **_written(look, markup)}
            )
        except RetryAfter as trouble:
            self._note_pause(chat, trouble)
            raise
        except BadRequest as trouble:
            if not says(trouble, NOT_MODIFIED):
                raise

    async def answer(
        self, spot: Spot, shown: Presented | Look, *, group: str = "", markup: Any = None
    ) -> int | None:
        """Answer a person, as far as that is possible; return the message's number.

        Raises Unreachable, in private alone, and Muted, where a question has to be asked in
        another place. Whether they could be told changes nothing about what was carried out.
        """
        look = shown if isinstance(shown, Look) else render(shown)
        is_whole = markup is None  # with buttons of our own it is a question for this very place
        buttons = markup or look.markup(group if spot.is_private else "")
        until_s = asyncio.get_running_loop().time() + ANSWER_S
        # What was asked first is answered first, also where a chat makes us wait.
        async with self._turns.setdefault(spot.chat, asyncio.Lock()):
            try:
                return await self._answer(spot, look, buttons, until_s)
            except TelegramError as trouble:
                if spot.is_private and is_unreachable(trouble):
                    raise Unreachable from trouble
                _LOG.warning("somebody could not be asked or told: %s", trouble)
                is_mute = says(trouble, *NO_RIGHT)
        if spot.asker is None or not is_mute:
            return None
        if not is_whole:
            raise Muted
        await self._aside(spot.asker, look, str(spot.chat))
        return None

    async def _answer(self, spot: Spot, look: Look, markup: Any, until_s: float) -> int:
        """Send an answer as soon as the chat takes it, wherever it is by now."""
        chat, thread, reply_to = spot.chat, spot.thread, spot.message
        while True:
            try:
                sent = await self.post(chat, look, thread=thread, reply_to=reply_to, markup=markup)
            except ChatMigrated as trouble:
                await self._moved(chat, trouble.new_chat_id)
                if chat != spot.chat:
                    raise
                chat, thread, reply_to = trouble.new_chat_id, None, None
            except RetryAfter as trouble:
                pause_s = max(seconds(trouble), PAUSE_S)
                if asyncio.get_running_loop().time() + pause_s > until_s:
                    raise
                await asyncio.sleep(pause_s)
            else:
                return sent.message

    async def _aside(self, user: int, look: Look, group: str) -> None:
        """Answer in private what cannot be answered in the group."""
        there = Spot(user, is_private=True)
        note = "<i>I may not write in the group, so I answer you here.</i>\n\n"
        if units(note + look.html) <= TEXT_MAX:
            look = replace(look, html=note + look.html)
        with contextlib.suppress(Unreachable):
            await self.answer(there, look, group=group)

    async def _send(
        self, chat: int, look: Look, thread: int | None, reply_to: int | None, markup: Any
    ) -> int:
        self._check_turn(chat)
        fields = {"chat_id": chat, "message_thread_id": thread, **_written(look, markup)}
        if reply_to is not None:
            fields["reply_parameters"] = {
                "message_id": reply_to,
                "allow_sending_without_reply": True,
            }
        try:
            sent = await self._bot.do_api_request(SEND, fields)
        except RetryAfter as trouble:
            self._note_pause(chat, trouble)
            raise
        return int(sent["message_id"])

    def _check_turn(self, chat: int) -> None:
        now_s = asyncio.get_running_loop().time()
        left_s = self._quiet_until.get(chat, 0.0) - now_s
        if left_s > 0:
            raise RetryAfter(timedelta(seconds=left_s))

    def _note_pause(self, chat: int, trouble: RetryAfter) -> None:
        if len(self._quiet_until) >= CHATS_MAX:
            self._quiet_until.clear()
        now_s = asyncio.get_running_loop().time()
        self._quiet_until[chat] = now_s + seconds(trouble)


def _written(look: Look, markup: Any) -> dict[str, Any]:
    """Return what a message says, as Telegram takes it; None is left out by the library."""
    return {
        "text": look.html,
        "parse_mode": ParseMode.HTML,
        "link_preview_options": PLAIN,
        "reply_markup": markup,
    }


def seconds(trouble: RetryAfter) -> float:
    """Return how long Telegram asks to wait."""
    pause = trouble.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def says(trouble: TelegramError, *words: str) -> bool:
    """Whether a refusal is of a kind; Telegram tells them apart by words alone."""
    text = trouble.message.casefold()
    return any(word in text for word in words)


def is_unreachable(trouble: TelegramError) -> bool:
    """Whether a person cannot be written to."""
    return isinstance(trouble, Forbidden) or says(trouble, NO_CHAT)
