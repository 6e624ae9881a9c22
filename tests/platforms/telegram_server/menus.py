"""The commands that a person's client offers, by scope and language. This file is setMyCommands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.platforms.telegram_server import limits
from tests.platforms.telegram_server.asks import Ask
from tests.platforms.telegram_server.reach import chat_to_read
from tests.platforms.telegram_server.refusals import Json, bad_request

if TYPE_CHECKING:
    from tests.platforms.telegram_server.chats import Chat
    from tests.platforms.telegram_server.people import User
    from tests.platforms.telegram_server.world import World

BROAD = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
OF_A_CHAT = ("chat", "chat_administrators", "chat_member")


@dataclass(frozen=True)
class Scope:
    """Whom a menu is for."""

    kind: str = "default"
    chat_id: int = 0
    user_id: int = 0


@dataclass(frozen=True)
class MenuLine:
    """One command of a menu."""

    command: str
    description: str


class Menus:
    """All menus, as last set."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: dict[tuple[Scope, str], list[MenuLine]] = {}
        # What the bot calls itself, by method and language.
        self.profile: dict[tuple[str, str], str] = {}
        self.uploads = 0

    def of(self, kind: str = "default", *, language: str = "", chat: Chat | None = None) -> Json:
        """The commands of one scope, by name: what a test looks at."""
        scope = Scope(kind, chat.id if chat is not None else 0)
        return {line.command: line.description for line in self.kept.get((scope, language), [])}

    def shown_to(self, user: User, chat: Chat) -> Json:
        """What a person's client offers in a chat: the narrowest scope that has a menu."""
        for scope in _scopes(user, chat):
            for language in (user.language, ""):
                if lines := self.kept.get((scope, language)):
                    return {line.command: line.description for line in lines}
        return {}

    # What a bot asks for

    def set_commands(self, ask: Ask) -> bool:
        """Replace the menu of a scope and a language; an empty one is deleted."""
        key = self._key(ask)
        given = ask.json("commands", "can't parse commands JSON object")
        if not isinstance(given, list):
            raise bad_request("expected an Array of BotCommand")
        if len(given) > limits.COMMANDS_MAX:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        lines = [_line(one) for one in given]
        self.uploads += 1
        if lines:
            self.kept[key] = lines
        else:
            self.kept.pop(key, None)
        return True

    def get_commands(self, ask: Ask) -> list[Json]:
        """The menu of exactly this scope and language."""
        lines = self.kept.get(self._key(ask), [])
        return [{"command": line.command, "description": line.description} for line in lines]

    def delete_commands(self, ask: Ask) -> bool:
        """Let the broader scopes show."""
        self.kept.pop(self._key(ask), None)
        return True

    def set_profile(self, method: str, ask: Ask) -> bool:
        """Keep a name or a description of the bot."""
        value = ask.text({"setmyname": "name", "setmydescription": "description"}.get(method, ""))
        value = value or ask.text("short_description")
        self.profile[method.removeprefix("setmy"), ask.text("language_code")] = value
        return True

    def _key(self, ask: Ask) -> tuple[Scope, str]:
        language = ask.text("language_code")
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad_request("LANG_CODE_INVALID")
        given = ask.json("scope", "can't parse BotCommandScope JSON object")
        if given is None:
            return Scope(), language
        where = "can't parse BotCommandScope: "
        if not isinstance(given, dict):
            raise bad_request(where + "BotCommandScope must be an Object")
        kind = given.get("type")
        if kind in BROAD:
            return Scope(kind), language
        if kind not in OF_A_CHAT:
            raise bad_request(where + "Unsupported type specified")
        chat = chat_to_read(self.world, Ask({"chat_id": given.get("chat_id")}))
        user_id = int(given.get("user_id") or 0) if kind == "chat_member" else 0
        return Scope(kind, chat.id, user_id), language


def _line(one: object) -> MenuLine:
    where = "can't parse BotCommand: "
    if not isinstance(one, dict):
        raise bad_request(where + "expected an Object")
    for name in ("command", "description"):
        if not isinstance(one.get(name), str):
            raise bad_request(where + f'Can\'t find field "{name}"')
    # A leading slash is forgiven, as the platform does.
    command = one["command"].strip().removeprefix("/")
    description = one["description"].strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > limits.COMMAND_MAX:
        raise bad_request(f"command length must not exceed {limits.COMMAND_MAX}")
    if not re.fullmatch("[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > limits.DESCRIPTION_MAX:
        raise bad_request(f"command description length must not exceed {limits.DESCRIPTION_MAX}")
    return MenuLine(command, description)


def _scopes(user: User, chat: Chat) -> Iterator[Scope]:
    """From the narrowest to the broadest."""
    if chat.is_private:
        yield Scope("chat", chat.id)
        yield Scope("all_private_chats")
    else:
        is_admin = chat.seat_of(user).is_admin
        yield Scope("chat_member", chat.id, user.id)
        if is_admin:
            yield Scope("chat_administrators", chat.id)
        yield Scope("chat", chat.id)
        if is_admin:
            yield Scope("all_chat_administrators")
        yield Scope("all_group_chats")
    yield Scope()
