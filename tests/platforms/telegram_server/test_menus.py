"""The menus that people are offered, set with the real library. This file is setMyCommands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import BotCommand
from telegram import BotCommandScopeAllChatAdministrators as Admins
from telegram import BotCommandScopeAllGroupChats as Groups
from telegram import BotCommandScopeChat as OneChat
from telegram.error import BadRequest

from tests.platforms.telegram_server.tiny_bot import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A group with two people and a bot that polls."""
    async with open_room() as here:
        yield here


async def test_menus_by_scope_and_language(room: Room) -> None:
    await room.bot.set_my_commands([BotCommand("help", "what I do")])
    await room.bot.set_my_commands([BotCommand("poll", "ask")], Groups())
    await room.bot.set_my_commands([BotCommand("poll", "fragen")], Groups(), "de")
    await room.bot.set_my_commands([BotCommand("pause", "stop it")], Admins())
    shown = room.server.menus.shown_to
    dora = room.server.add_user("Dora", language="de")
    assert shown(room.ben, room.chat) == {"poll": "ask"}
    assert shown(dora, room.chat) == {"poll": "fragen"}
    assert shown(room.ana, room.chat) == {"pause": "stop it"}
    assert shown(room.ana, room.ana.private) == {"help": "what I do"}
    assert room.server.menus.of("all_group_chats", language="de") == {"poll": "fragen"}
    assert await room.bot.get_my_commands(Groups()) == (BotCommand("poll", "ask"),)
    await room.bot.set_my_commands([BotCommand("here", "only here")], OneChat(room.chat.id))
    assert shown(room.ben, room.chat) == {"here": "only here"}
    await room.bot.delete_my_commands(OneChat(room.chat.id))
    await room.bot.delete_my_commands(Groups())
    assert shown(room.ben, room.chat) == {"help": "what I do"}


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([("Poll", "x")], "Bot_command_invalid"),
        ([("po-ll", "x")], "Bot_command_invalid"),
        ([("x" * 33, "x")], "Command length must not exceed 32"),
        ([("poll", " ")], "Command description must be non-empty"),
        ([("poll", "x" * 257)], "Command description length must not exceed 256"),
        ([("poll", "x")] * 101, "Bot_commands_too_much"),
    ],
)
async def test_menus_that_are_refused(
    room: Room, commands: list[tuple[str, str]], reason: str
) -> None:
    with pytest.raises(BadRequest, match=reason):
        await room.bot.set_my_commands(commands)
    assert room.server.menus.of() == {}


async def test_a_menu_of_a_chat_that_is_not_known_is_refused(room: Room) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await room.bot.set_my_commands([BotCommand("poll", "ask")], OneChat(-100))


async def test_the_bot_describes_itself(room: Room) -> None:
    await room.bot.set_my_name("Folkmoot")
    await room.bot.set_my_description("Decide together", "de")
    assert room.server.menus.profile == {
        ("name", ""): "Folkmoot",
        ("description", "de"): "Decide together",
    }
