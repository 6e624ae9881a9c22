"""What the platform refuses, as the real library raises it. This file is one line a limit."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError

from tests.platforms.telegram_server import Chat, Message, TelegramServer
from tests.platforms.telegram_server.sending import PNG, NotBuilt
from tests.platforms.telegram_server.tiny_bot import Room, TinyBot, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A group with two people and a bot that polls."""
    async with open_room() as here:
        yield here


def keyboard(*texts: str, data: str = "x") -> InlineKeyboardMarkup:
    """One button a row."""
    buttons = [[InlineKeyboardButton(text, callback_data=data)] for text in texts]
    return InlineKeyboardMarkup(buttons)


async def sent(room: Room, text: str = "card", **more: object) -> Message:
    """A message of the bot that stands in the room."""
    await room.bot.send_message(room.chat.id, text, **more)  # type: ignore[arg-type]
    return room.chat.last


def png(width: int, height: int) -> bytes:
    """As much of a picture as the platform looks at first."""
    return PNG + b"\0\0\0\rIHDR" + struct.pack(">II", width, height)


# Texts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n ", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
        ("🎉" * 2049, "Message is too long"),
        ("1 < 2", 'Can\'t parse entities: unsupported start tag "" at byte offset 2'),
        ("<b>x", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
    ],
)
async def test_texts_that_are_refused(room: Room, text: str, reason: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await room.bot.send_message(room.chat.id, text, parse_mode="HTML")
    assert refusal.value.message.lower() == reason.lower()
    assert room.chat.bot_messages == []


async def test_texts_that_just_fit(room: Room) -> None:
    assert (await sent(room, f"<b>{'x' * 4096}</b>", parse_mode="HTML")).text == "x" * 4096
    assert (await sent(room, "  Lunch &amp; more\n", parse_mode="HTML")).text == "Lunch & more"


async def test_a_link_to_a_stranger_names_nobody(room: Room) -> None:
    known, strange = room.ben.id, room.server.add_user("Cyd").id
    html = f'<a href="tg://user?id={known}">Ben</a> <a href="tg://user?id={strange}">Cyd</a>'
    message = await sent(room, html, parse_mode="HTML")
    assert message.marks == [("text_mention", "Ben")]


# Buttons


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard("x", data="x" * 65), "Button_data_invalid"),
        (keyboard("x", data="🎉" * 17), "Button_data_invalid"),
        (keyboard(*["x"] * 101), "Reply markup is too long"),
        (keyboard("  "), "Button_text_invalid"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x")]]),
            "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", url="moot")]]),
            "Inline keyboard button url 'moot' is invalid: wrong http url",
        ),
    ],
)
async def test_buttons_that_are_refused(
    room: Room, markup: InlineKeyboardMarkup, reason: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        await room.bot.send_message(room.chat.id, "card", reply_markup=markup)
    assert refusal.value.message.lower() == reason.lower()


async def test_buttons_that_just_fit(room: Room) -> None:
    card = await sent(room, reply_markup=keyboard(*["x"] * 100, data="x" * 64))
    assert len(card.buttons) == 100


# Edits, deletions, pins


async def test_edits_that_are_refused(room: Room) -> None:
    card = await sent(room, "<b>Lunch</b>", parse_mode="HTML", reply_markup=keyboard("Pizza"))
    theirs = room.ana.says(room.chat, "hello")

    async def edit(message_id: int, text: str, **more: object) -> None:
        await room.bot.edit_message_text(text, room.chat.id, message_id, **more)  # type: ignore[arg-type]

    with pytest.raises(BadRequest, match="Message is not modified: specified new message"):
        await edit(card.id, "<b>Lunch</b>", parse_mode="HTML", reply_markup=keyboard("Pizza"))
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await edit(999, "x")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await edit(theirs.id, "x")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await edit(card.id, "")
    await edit(card.id, "<i>Lunch</i>", parse_mode="HTML")
    assert (card.marks, card.labels) == ([("italic", "Lunch")], [])
    await room.bot.edit_message_reply_markup(room.chat.id, card.id, reply_markup=keyboard("Soup"))
    assert (card.text, card.labels) == ("Lunch", [["Soup"]])
    card.delete()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await edit(card.id, "x")
    assert [look.text for look in card.history] == ["Lunch"] * 3


async def test_deletions_need_a_message_and_a_right(room: Room) -> None:
    mine = await sent(room)
    theirs = room.ana.says(room.chat, "hello")
    assert await room.bot.delete_message(room.chat.id, mine.id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await room.bot.delete_message(room.chat.id, mine.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await room.bot.delete_message(room.chat.id, theirs.id)
    room.chat.promote_bot("can_delete_messages")
    assert await room.bot.delete_message(room.chat.id, theirs.id)
    assert room.chat.messages == []


async def test_old_messages_of_others_stay() -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    async with await TelegramServer.start(clock=lambda: now) as server:
        ana = server.add_user("Ana")
        said = ana.starts()
        tiny = TinyBot(server.api_url, server.token)
        await tiny.app.initialize()
        now += timedelta(hours=49)
        with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
            await tiny.bot.delete_message(ana.id, said.id)
        await tiny.app.shutdown()


async def test_pins_need_a_right(room: Room) -> None:
    card = await sent(room)
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages"):
        await room.bot.pin_chat_message(room.chat.id, card.id)
    room.chat.promote_bot("can_pin_messages")
    await room.bot.pin_chat_message(room.chat.id, card.id)
    assert room.chat.pinned == [card]
    await room.saw("message: pinned_message")
    found = await room.bot.get_chat(room.chat.id)
    assert found.pinned_message is not None
    assert found.pinned_message.message_id == card.id


async def test_replies_need_their_message_unless_told_otherwise(room: Room) -> None:
    asked = room.ana.says(room.chat, "/hello")
    room.chat.log[-1].delete()
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await room.bot.send_message(room.chat.id, "x", reply_to_message_id=asked.id)
    told = await room.bot.send_message(
        room.chat.id, "x", reply_to_message_id=asked.id, allow_sending_without_reply=True
    )
    assert told.reply_to_message is None


async def test_a_muted_bot_and_a_press_that_never_was(room: Room) -> None:
    with pytest.raises(BadRequest, match="Query is too old"):
        await room.bot.answer_callback_query("12345")
    card = await sent(room, reply_markup=keyboard("Pizza"))
    answer = room.ana.begin_press(card, "Pizza")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await room.bot.answer_callback_query(answer.id, "x" * 201)
    room.chat.mute_bot()
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await room.bot.send_message(room.chat.id, "x")


# Chats and members


async def test_chats_and_members_are_looked_up(room: Room) -> None:
    found = await room.bot.get_chat(room.chat.id)
    assert (found.title, found.type) == ("Makers", "supergroup")
    seat = await room.bot.get_chat_member(room.chat.id, room.ana.id)
    assert (seat.status, seat.user.first_name) == ("administrator", "Ana")
    admins = await room.bot.get_chat_administrators(room.chat.id)
    assert {admin.user.first_name for admin in admins} == {"Ana", "Owner"}
    assert await room.bot.get_chat_member_count(room.chat.id) == 4
    cyd = room.server.add_user("Cyd")
    assert (await room.bot.get_chat_member(room.chat.id, cyd.id)).status == "left"
    with pytest.raises(BadRequest, match="User not found"):
        await room.bot.get_chat_member(room.chat.id, 99)
    with pytest.raises(BadRequest, match="Chat not found"):
        await room.bot.get_chat(-100)
    room.chat.has_hidden_members = True
    with pytest.raises(BadRequest, match=r"(?i)chat_admin_required"):
        await room.bot.get_chat_member(room.chat.id, room.ana.id)


async def test_a_bot_is_nobody_in_a_group_it_never_joined(room: Room) -> None:
    elsewhere: Chat = room.server.add_group("Elsewhere", has_bot=False)
    with pytest.raises(BadRequest, match="Chat not found"):
        await room.bot.send_message(elsewhere.id, "hello?")
    small = room.server.add_group("Small", is_supergroup=False)
    small.kick_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await room.bot.send_message(small.id, "hello?")


# Files


async def test_pictures_and_files_have_sizes(room: Room) -> None:
    chat_id = room.chat.id
    shown = await room.bot.send_photo(
        chat_id, png(400, 300), caption="<b>now</b>", parse_mode="HTML"
    )
    assert (shown.photo[0].width, shown.caption_html) == (400, "<b>now</b>")
    photo = room.chat.last
    assert (photo.text, photo.file and photo.file.kind) == ("now", "photo")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await room.bot.edit_message_text("x", chat_id, photo.id)
    await room.bot.edit_message_caption(chat_id, photo.id, caption="then")
    await room.bot.edit_message_media(InputMediaPhoto(png(40, 30), caption="x"), chat_id, photo.id)
    assert [look.text for look in photo.history] == ["now", "then", "x"]
    assert [look.file.width for look in photo.history if look.file] == [400, 400, 40]
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await room.bot.send_photo(chat_id, png(2100, 100))
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await room.bot.send_photo(chat_id, b"no picture")
    with pytest.raises(BadRequest, match="Too big for a photo"):
        await room.bot.send_photo(chat_id, png(400, 300) + bytes(10 * 1024 * 1024))
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await room.bot.send_document(chat_id, b"a,b", filename="books.csv", caption="x" * 1025)
    await room.bot.send_document(chat_id, b"a,b", filename="books.csv")
    assert room.chat.last.file is not None
    assert (room.chat.last.file.name, room.chat.last.file.content) == ("books.csv", b"a,b")


# The door


async def test_a_wrong_token_is_refused(room: Room) -> None:
    stranger = TinyBot(room.server.api_url, "7777777:wrong")
    with pytest.raises(InvalidToken, match=r"(?s)rejected|Unauthorized"):
        await stranger.app.initialize()
    # An application that never came up does not close its connections; its bot does.
    await stranger.bot.shutdown()


async def test_arguments_come_in_any_form(room: Room) -> None:
    url = f"{room.server.api_url}/bot{room.server.token}/SendMessage"
    asked = {"chat_id": str(room.chat.id), "text": "<b>x</b>", "parse_mode": "HTML"}
    markup = {"inline_keyboard": [[{"text": "Pizza", "callback_data": "1"}]]}
    async with aiohttp.ClientSession() as client:
        for call in (
            client.get(url, params=asked),
            client.post(url, data=asked),
            client.post(url, data=aiohttp.FormData(asked, default_to_multipart=True)),
            client.post(url, json={**asked, "chat_id": room.chat.id, "reply_markup": markup}),
        ):
            async with call as response:
                assert (await response.json())["result"]["text"] == "x"
        async with client.post(url.replace("SendMessage", "sendNothing")) as response:
            assert (await response.json())["description"] == "Not Found"
        async with client.post(f"{room.server.api_url}/botnonsense/getMe") as response:
            assert response.status == 404
    assert [len(said.buttons) for said in room.chat.bot_messages] == [0, 0, 0, 1]


async def test_what_the_server_does_not_do_fails_the_test(room: Room) -> None:
    async with await TelegramServer.start() as other:
        tiny = TinyBot(other.api_url, other.token)
        await tiny.app.initialize()
        group = other.add_group("Makers")
        with pytest.raises(NetworkError, match="HTML only"):
            await tiny.bot.send_message(group.id, "*x*", parse_mode="MarkdownV2")
        await tiny.app.shutdown()
        assert isinstance(other.world.mistakes.pop(), NotBuilt)
