"""What the bot says. This file is sendMessage and its kin, with every complaint about a text."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable

from tests.platforms.telegram_server import limits
from tests.platforms.telegram_server.asks import Ask, Upload
from tests.platforms.telegram_server.chats import Chat
from tests.platforms.telegram_server.entities import find_entities, trim, units
from tests.platforms.telegram_server.formatting import parse_html
from tests.platforms.telegram_server.markup import NO_KEYBOARD, Keyboard, read_keyboard
from tests.platforms.telegram_server.messages import File, Look
from tests.platforms.telegram_server.reach import chat_to_write
from tests.platforms.telegram_server.refusals import Json, Refusal, bad_request
from tests.platforms.telegram_server.world import World

PNG = b"\x89PNG\r\n\x1a\n"
ACTIONS = {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location"}


class NotBuilt(Exception):
    """The test asks this server for something it does not do."""


def read_text(world: World, ask: Ask, name: str = "text") -> tuple[str, list[Json], str]:
    """The plain text, its entities, and the text as sent; raises Refusal."""
    source = ask.text(name)
    prefix = "caption_" if name == "caption" else ""
    mode = ask.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in ("markdown", "markdownv2"):
        raise NotBuilt("this server reads HTML only")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = ask.json(prefix + "entities", "can't parse message entities JSON object")
        text, entities = source, list(given or [])
    met = [one for one in entities if one.get("user_id") is None or _is_met(world, one["user_id"])]
    body, kept = trim(text, met)
    return body, find_entities(body, kept), source


def _is_met(world: World, user_id: int) -> bool:
    user = world.users.get(user_id)
    return user is not None and world.knows(user)


def message_look(world: World, ask: Ask, keyboard: Keyboard) -> Look:
    """What a text message will show; raises Refusal."""
    if not ask.text("text"):
        raise bad_request("message text is empty")
    text, entities, source = read_text(world, ask)
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > limits.TEXT_MAX:
        raise bad_request("message is too long")
    return Look(text, tuple(entities), source, keyboard)


def captioned_look(world: World, ask: Ask, file: File, keyboard: Keyboard) -> Look:
    """What a message with a file will show; raises Refusal."""
    text, entities, source = read_text(world, ask, "caption")
    if units(text) > limits.CAPTION_MAX:
        raise bad_request("message caption is too long")
    return Look(text, tuple(entities), source, keyboard, file)


def keyboard_of(ask: Ask, chat: Chat) -> Keyboard:
    """What is to stand under a message; raises Refusal."""
    markup = ask.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if not markup:
        return NO_KEYBOARD
    return read_keyboard(markup, ask.text("reply_markup"), is_private=chat.is_private)


class Sending:
    """The methods that put something new into a chat."""

    def __init__(self, world: World) -> None:
        self.world = world

    def send_message(self, ask: Ask) -> Json:
        """A text."""
        return self._send(ask, lambda keyboard: message_look(self.world, ask, keyboard))

    def send_photo(self, ask: Ask) -> Json:
        """A picture, with a caption."""
        return self._send(
            ask, lambda keyboard: captioned_look(self.world, ask, photo_of(ask), keyboard)
        )

    def send_document(self, ask: Ask) -> Json:
        """A file, with a caption."""
        return self._send(
            ask, lambda keyboard: captioned_look(self.world, ask, document_of(ask), keyboard)
        )

    def _send(self, ask: Ask, draw: Callable[[Keyboard], Look]) -> Json:
        chat, topic, replied = chat_to_write(self.world, ask)
        look = draw(keyboard_of(ask, chat))
        sender = None if chat.is_channel else self.world.bot
        message = chat.compose(sender, look)
        message.topic = topic
        message.reply_to = replied
        if chat.is_channel:
            message.sender_chat = chat
            message.is_posted_by_bot = True
        chat.publish(message)
        if chat.is_channel:
            chat.discuss(message)
        return message.as_json()

    def send_chat_action(self, ask: Ask) -> bool:
        """Show that the bot is busy."""
        chat_to_write(self.world, ask)
        if ask.text("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True


def _upload(ask: Ask, name: str) -> Upload:
    # Inside of `media` the file has another name than in a call of its own.
    value = ask.text(name) or ask.text("media")
    found = ask.uploads.get(value.removeprefix("attach://") if value else name)
    if found is None:
        raise bad_request(f"there is no {name} in the request")
    if not found.content:
        raise bad_request("file must be non-empty")
    return found


def photo_of(ask: Ask) -> File:
    """The picture of a request; raises Refusal."""
    upload = _upload(ask, "photo")
    if len(upload.content) > limits.PHOTO_BYTES_MAX:
        raise bad_request(f"too big for a photo: {len(upload.content)} bytes")
    width, height = _size(upload.content)
    if min(width, height) * limits.PHOTO_RATIO_MAX < max(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if width + height > limits.PHOTO_SIDES_SUM_MAX:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return File("photo", _file_id(upload), upload.filename, upload.content, width, height)


def document_of(ask: Ask) -> File:
    """The file of a request; raises Refusal."""
    upload = _upload(ask, "document")
    if len(upload.content) > limits.DOCUMENT_BYTES_MAX:
        raise Refusal(413, "Request Entity Too Large")
    return File("document", _file_id(upload), upload.filename, upload.content)


def _size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or a JPEG; raises Refusal for what is no picture."""
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        # The sides of a JPEG stand behind segments that no test has needed yet.
        return 1, 1
    raise bad_request("IMAGE_PROCESS_FAILED")


def _file_id(upload: Upload) -> str:
    return hashlib.sha256(upload.content).hexdigest()[:24]
