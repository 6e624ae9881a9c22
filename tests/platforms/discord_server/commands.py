"""The routes of application commands. This file is the book of what the bot has declared."""

from __future__ import annotations

from tests.platforms.discord_server.command_limits import CHAT_INPUT, check_commands
from tests.platforms.discord_server.posting import Ask
from tests.platforms.discord_server.refusals import (
    Json,
    Refusal,
    missing_access,
    unknown_command,
)
from tests.platforms.discord_server.world import World

GLOBAL = 0


class Commands:
    """Commands of one scope: global, or of one guild."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _scope(self, application: str, guild_id: str | None) -> int:
        if application != str(self.world.application_id):
            raise Refusal(403, 20012, "You are not authorized to perform this action on this app")
        if guild_id is None:
            return GLOBAL
        guild = self.world.guilds.get(int(guild_id))
        if guild is None or not guild.has_bot:
            raise missing_access()
        return guild.id

    def held(self, _: Ask, application: str, guild_id: str | None = None) -> list[Json]:
        """Everything declared in a scope."""
        return list(self.world.commands.get(self._scope(application, guild_id), []))

    def replace(self, ask: Ask, application: str, guild_id: str | None = None) -> list[Json]:
        """Declare everything anew; what is not in the list is gone."""
        scope = self._scope(application, guild_id)
        if not isinstance(ask.body, list):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        check_commands(ask.body)
        old = {_key(command): command for command in self.world.commands.get(scope, [])}
        fresh = [self._kept(command, old.get(_key(command)), scope) for command in ask.body]
        self.world.commands[scope] = fresh
        self.world.sync_count += 1
        return fresh

    def add(self, ask: Ask, application: str, guild_id: str | None = None) -> Json:
        """Declare one; one of the same name is replaced."""
        scope = self._scope(application, guild_id)
        others = [
            command
            for command in self.world.commands.get(scope, [])
            if _key(command) != _key(ask.json)
        ]
        check_commands([*others, ask.json])
        old = {_key(command): command for command in self.world.commands.get(scope, [])}
        fresh = self._kept(ask.json, old.get(_key(ask.json)), scope)
        self.world.commands[scope] = [*others, fresh]
        return fresh

    def remove(self, _: Ask, application: str, command_id: str) -> None:
        """Withdraw a global one."""
        self._remove(self._scope(application, None), command_id)

    def remove_from(self, _: Ask, application: str, guild_id: str, command_id: str) -> None:
        """Withdraw one of a guild."""
        self._remove(self._scope(application, guild_id), command_id)

    def _remove(self, scope: int, command_id: str) -> None:
        held = self.world.commands.get(scope, [])
        left = [command for command in held if command["id"] != command_id]
        if len(left) == len(held):
            raise unknown_command()
        self.world.commands[scope] = left

    def _kept(self, command: Json, old: Json | None, scope: int) -> Json:
        """Names keep their id over syncs; the version tells that the content changed."""
        filled: Json = {
            "type": CHAT_INPUT,
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            **command,
            "application_id": str(self.world.application_id),
            "id": old["id"] if old else str(self.world.new_id()),
            "version": str(self.world.new_id()),
        }
        rights = filled["default_member_permissions"]
        filled["default_member_permissions"] = None if rights is None else str(rights)
        # The older field is still sent by libraries, and read as "not in private".
        if filled["contexts"] is None and filled.get("dm_permission") is False:
            filled["contexts"] = [0]
        if scope != GLOBAL:
            filled["guild_id"] = str(scope)
        return filled


def _key(command: Json) -> tuple[int, str]:
    return command.get("type", CHAT_INPUT), str(command.get("name"))
