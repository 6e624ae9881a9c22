"""Cards, posts and notices on their way out. This file is what Telegram's refusals mean to us."""

import logging

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.outbox import MessageGone, Postponed, Undeliverable
from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.render import render
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.seats import Seats
from bot.platforms.telegram.sending import NO_RIGHT, Sender, is_unreachable, says, seconds
from core.kernel.outbox import Delivery, Kind, outline

_LOG = logging.getLogger("folkmoot.telegram")

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_OUT = ("bot was kicked", "bot is not a member", "chat was deleted")
_NO_CHAT = ("chat not found", "chat_id_invalid", "peer_id_invalid")


class Deliverer:
    """Shows what the outbox holds."""

    def __init__(self, sender: Sender, chats: Chats, seats: Seats, rights: Rights) -> None:
        """Take who writes, who tells the core what we learn by it, and who looks things up."""
        self._sender = sender
        self._chats = chats
        self._seats = seats
        self._rights = rights

    async def show(self, delivery: Delivery) -> str:
        """Send or edit; return the message's number. Raises as `bot.outbox.Shower` says."""
        chat = _chat(delivery)
        try:
            return await self._show(chat, delivery)
        except RetryAfter as trouble:
            raise Postponed(f"Telegram asks to wait for {seconds(trouble):.0f} s") from trouble
        except ChatMigrated as trouble:
            await self._chats.moved(chat, trouble.new_chat_id)
            raise Postponed("the group has become a supergroup") from trouble
        except (BadRequest, Forbidden) as trouble:
            raise await self._meaning(chat, delivery, trouble) from trouble

    async def _show(self, chat: int, delivery: Delivery) -> str:
        row, look = delivery.row, render(delivery.shown)
        group = await self._group(delivery) if look.rows else ""
        markup = look.markup(group)
        if row.message:
            await self._sender.edit(chat, _number(row.message), look, markup)
            return row.message
        thread = _number(row.thread) if row.thread else None
        sent = await self._sender.post(chat, look, thread=thread, markup=markup)
        if sent.has_left_topic and row.kind is Kind.CARD:
            what = "a topic is closed or gone, so what belongs there appears in the general one"
            await self._chats.warn(chat, f"{row.key}@{row.created_ms}", what)
        return str(sent.message)

    async def _group(self, delivery: Delivery) -> str:
        """Return the group that buttons in private are about: the first where the person is."""
        if len(delivery.spaces) > 1:
            for group in delivery.spaces:
                seat = await self._seats.look(_number(group), _number(delivery.account))
                if seat.is_member:
                    return group
        return delivery.spaces[0] if delivery.spaces else ""

    async def _meaning(self, chat: int, delivery: Delivery, trouble: TelegramError) -> Exception:
        """Return what a refusal means: gone, undeliverable for a reason, or worth another try."""
        if says(trouble, *_GONE):
            return MessageGone()
        if delivery.account and is_unreachable(trouble):
            return Undeliverable("they take no messages from me")
        if says(trouble, *_OUT):
            # Not given up: whoever invites us again finds the results.
            await self._chats.departed(chat)
            return Postponed("I am not in the group at present")
        if says(trouble, *_NO_CHAT):
            return Undeliverable("the group no longer exists, or I am no longer in it")
        if isinstance(trouble, Forbidden) or says(trouble, *NO_RIGHT):
            self._rights.forget(chat)
            return Undeliverable("I may not write in the group")
        if says(trouble, "topic_closed", "topic_deleted"):
            return Undeliverable("the topic is closed, and the general one too")
        _LOG.error("Telegram refused the form of %s: %s", outline(delivery.row), trouble.message)
        return Undeliverable("Telegram does not take the message")


def _chat(delivery: Delivery) -> int:
    """Return the chat: what was asked in private has no channel, and goes to the group."""
    if delivery.account:
        return _number(delivery.account)
    # A channel can be typed: it must not reach into another community.
    if delivery.row.channel not in ("", delivery.space):
        raise Undeliverable("that is another group")
    return _number(delivery.space)


def _number(written: str) -> int:
    digits = written.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise Undeliverable("there is no such group or topic")
    return int(written)
