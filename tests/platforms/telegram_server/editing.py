"""What the bot changes afterwards: edits, deletions, pins, and its answers to presses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.platforms.telegram_server import limits
from tests.platforms.telegram_server.asks import Ask
from tests.platforms.telegram_server.chats import Kind
from tests.platforms.telegram_server.entities import units
from tests.platforms.telegram_server.messages import Look, Message
from tests.platforms.telegram_server.reach import chat_to_change, message_of
from tests.platforms.telegram_server.refusals import (
    Json,
    bad_request,
    not_modified,
    query_too_old,
)
from tests.platforms.telegram_server.sending import (
    NotBuilt,
    captioned_look,
    document_of,
    keyboard_of,
    message_look,
    photo_of,
)
from tests.platforms.telegram_server.world import World


class Editing:
    """The methods that change what stands there."""

    def __init__(self, world: World) -> None:
        self.world = world

    def edit_text(self, ask: Ask) -> Json:
        """Another text, and the buttons that are sent along: none means none."""
        message = self._own_message(ask)
        if message.file is not None:
            raise bad_request("there is no text in the message to edit")
        look = message_look(self.world, ask, keyboard_of(ask, message.chat))
        return self._change(message, look)

    def edit_caption(self, ask: Ask) -> Json:
        """Another text under the same file."""
        message = self._own_message(ask)
        if message.file is None:
            raise bad_request("there is no caption in the message to edit")
        keyboard = keyboard_of(ask, message.chat)
        return self._change(message, captioned_look(self.world, ask, message.file, keyboard))

    def edit_media(self, ask: Ask) -> Json:
        """Another file, also under what was a text only."""
        message = self._own_message(ask)
        media = ask.json("media", "can't parse input media JSON object")
        if not isinstance(media, dict):
            raise bad_request("can't parse InputMedia: expected an Object")
        inner = Ask(media, ask.uploads)
        file = photo_of(inner) if media.get("type") == "photo" else document_of(inner)
        look = captioned_look(self.world, inner, file, keyboard_of(ask, message.chat))
        return self._change(message, look)

    def edit_markup(self, ask: Ask) -> Json:
        """Other buttons under the same text."""
        message = self._own_message(ask)
        return self._change(message, replace(message.look, keyboard=keyboard_of(ask, message.chat)))

    def _own_message(self, ask: Ask) -> Message:
        if ask.text("inline_message_id"):
            raise NotBuilt("this server has no inline messages")
        chat = chat_to_change(self.world, ask)
        if not ask.text("message_id"):
            raise bad_request("message identifier is not specified")
        message = message_of(chat, ask, "message to edit")
        if not message.is_by_bot or message.is_service or not message.look.keyboard.is_inline:
            raise bad_request("message can't be edited")
        return message

    def _change(self, message: Message, look: Look) -> Json:
        before = message.look
        is_same = (look.text, look.entities, look.file) == (
            before.text,
            before.entities,
            before.file,
        )
        if is_same and look.keyboard.rows == before.keyboard.rows:
            raise not_modified()
        message.change(look)
        return message.as_json()

    def delete_message(self, ask: Ask) -> bool:
        """Take a message away: one's own, or with the right for it anybody's."""
        chat = chat_to_change(self.world, ask)
        message = message_of(chat, ask, "message to delete")
        has_right = chat.bot_seat.may("can_delete_messages", frozenset())
        is_allowed = chat.is_private or message.is_by_bot or has_right
        if not is_allowed:
            raise bad_request("message can't be deleted")
        age = self.world.now() - message.date
        is_young = age < timedelta(hours=limits.DELETE_HOURS_MAX)
        if not is_young and not (has_right and chat.kind is not Kind.PRIVATE):
            raise bad_request("message can't be deleted for everyone")
        message.delete()
        return True

    def pin_message(self, ask: Ask) -> bool:
        """Put a message on top; the chat gets a note of it."""
        chat = chat_to_change(self.world, ask)
        message = message_of(chat, ask, "message to pin")
        self._check_may_pin(message)
        if message not in chat.pinned:
            chat.pinned.append(message)
            told = message.as_json(with_reply=False)
            chat.note(self.world.bot, {"pinned_message": told}, topic=message.topic)
        return True

    def unpin_message(self, ask: Ask) -> bool:
        """Take a message, or the newest pinned one, from the top."""
        chat = chat_to_change(self.world, ask)
        if ask.text("message_id"):
            message = message_of(chat, ask, "message to unpin")
        elif chat.pinned:
            message = chat.pinned[-1]
        else:
            return True
        self._check_may_pin(message)
        if message in chat.pinned:
            chat.pinned.remove(message)
        return True

    def _check_may_pin(self, message: Message) -> None:
        chat = message.chat
        right = "can_edit_messages" if chat.is_channel else "can_pin_messages"
        if not chat.is_private and not chat.bot_seat.may(right, chat.permissions):
            raise bad_request("not enough rights to manage pinned messages in the chat")

    def answer_callback(self, ask: Ask) -> bool:
        """Stop a button from spinning, perhaps with a line for its presser."""
        text = ask.text("text")
        if units(text) > limits.CALLBACK_ANSWER_MAX:
            raise bad_request("MESSAGE_TOO_LONG")
        press = self.world.presses.get(ask.text("callback_query_id"))
        if press is None:
            raise query_too_old()
        press.take_answer(text, ask.text("url"), is_alert=ask.flag("show_alert"))
        return True
