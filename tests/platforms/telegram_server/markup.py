"""Keyboards under messages, and why they are refused. This file reads `reply_markup`."""

from __future__ import annotations

from dataclasses import dataclass

from tests.platforms.telegram_server.limits import CALLBACK_DATA_BYTES_MAX, KEYBOARD_BUTTONS_MAX
from tests.platforms.telegram_server.refusals import Json, bad_request

WHERE = "can't parse inline keyboard button: "
# What a button may do besides carrying data and opening links.
OTHER_ACTIONS = (
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "login_url",
    "copy_text",
    "web_app",
)
SCHEMES = ("http://", "https://", "tg://", "ton://")


@dataclass(frozen=True)
class Button:
    """One button under a message, as a person sees it."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Keyboard:
    """What stands under a message: buttons, or a request to the person's own keyboard."""

    rows: tuple[tuple[Button, ...], ...] = ()
    # The markup as sent; a message with anything but buttons cannot be edited.
    source: str = ""
    is_inline: bool = True
    as_json: Json | None = None


NO_KEYBOARD = Keyboard()


def read_keyboard(markup: Json | None, source: str, *, is_private: bool) -> Keyboard:
    """Take a `reply_markup` apart; raises Refusal."""
    if markup is None:
        return NO_KEYBOARD
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return Keyboard((), source, is_inline=False)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    read = tuple(tuple(_button(one, is_private=is_private) for one in row) for row in rows if row)
    if sum(len(row) for row in read) > KEYBOARD_BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    if not read:
        return NO_KEYBOARD
    return Keyboard(read, source, as_json={"inline_keyboard": [row for row in rows if row]})


def _button(button: object, *, is_private: bool) -> Button:
    if not isinstance(button, dict):
        raise bad_request(WHERE + "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request(WHERE + 'Can\'t find field "text"')
    if not isinstance(text, str):
        raise bad_request(WHERE + 'Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    return _action(text, button, is_private=is_private)


def _action(text: str, button: Json, *, is_private: bool) -> Button:
    """What a press does; one that does nothing is refused."""
    if url := button.get("url"):
        if not url.startswith(SCHEMES):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return Button(text, url=url)
    if data := button.get("callback_data"):
        if len(data.encode()) > CALLBACK_DATA_BYTES_MAX:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(text, data=data)
    if "web_app" in button and not is_private:
        raise bad_request("BUTTON_TYPE_INVALID")
    if any(action in button for action in OTHER_ACTIONS):
        return Button(text)
    raise bad_request(WHERE + "Text buttons are unallowed in the inline keyboard")
