"""Our declarations as Discord's commands, uploaded when they have changed."""

import hashlib
import json
import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import discord

from bot.engine import Engine
from bot.platforms.discord import read
from core.kernel import state
from core.kernel.command import DESCRIPTION_MAX, Declaration, May
from core.kernel.errors import Unavailable
from core.kernel.fields import Option, OptionKind

_LOG = logging.getLogger("folkmoot.discord")

CHAT_INPUT = 1
IN_GUILDS = 0
TEXT_MAX = 6000
# Discord keeps numbers as floats: whole ones are exact up to here.
INTEGER_MAX = 2**53
GLOBAL = "0"

Json = dict[str, Any]

_KINDS = {
    OptionKind.TEXT: read.STRING,
    OptionKind.INTEGER: read.INTEGER,
    OptionKind.BOOLEAN: read.BOOLEAN,
    OptionKind.MEMBER: read.USER,
    OptionKind.CHANNEL: read.CHANNEL,
}
_WRITABLE = sorted({read.TEXT_CHANNEL, read.NEWS_CHANNEL, *read.THREADS})


def payload(declarations: Sequence[Declaration]) -> list[Json]:
    """Return the commands as Discord takes them: `config set` is a subcommand of `config`."""
    ordered = sorted(declarations, key=lambda one: one.words)
    return [
        _command(first, list(group)) for first, group in groupby(ordered, lambda one: one.words[0])
    ]


def _command(first: str, group: Sequence[Declaration]) -> Json:
    if len(group[0].words) == 1:
        if len(group) > 1:
            raise TypeError(f"on Discord /{first} cannot be both a command and a group")
        body: Json = {"description": group[0].help, "options": _options(group[0])}
    else:
        said = f"{first}: {', '.join(one.words[1] for one in group)}"
        subcommands = [
            {
                "type": read.SUBCOMMAND,
                "name": one.words[1],
                "description": one.help,
                "options": _options(one),
            }
            for one in group
        ]
        body = {"description": said[:DESCRIPTION_MAX], "options": subcommands}
    # Who manages the server can overrule this, and our own check is always made.
    is_for_admins = all(one.may is May.ADMINS for one in group)
    rights = str(discord.Permissions(manage_guild=True).value) if is_for_admins else None
    return {
        "type": CHAT_INPUT,
        "name": first,
        **body,
        "default_member_permissions": rights,
        "contexts": [IN_GUILDS],
        "integration_types": [IN_GUILDS],
    }


def _options(declared: Declaration) -> list[Json]:
    return [_option(one) for one in declared.options]


def _option(option: Option) -> Json:
    body: Json = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": option.description,
        "required": option.is_required,
    }
    if option.kind is OptionKind.TEXT:
        _bound(body, "length", option.shortest, option.longest, TEXT_MAX)
        if option.choices:
            body["choices"] = [{"name": one, "value": one} for one in option.choices]
        elif option.domain is not None and option.domain.suggest is not None:
            body["autocomplete"] = True
    elif option.kind is OptionKind.INTEGER:
        _bound(body, "value", option.at_least, option.at_most, INTEGER_MAX)
    elif option.kind is OptionKind.CHANNEL:
        body["channel_types"] = _WRITABLE
    return body


def _bound(body: Json, what: str, least: int | None, most: int | None, limit: int) -> None:
    if least is not None:
        body[f"min_{what}"] = max(-limit, min(least, limit))
    if most is not None:
        body[f"max_{what}"] = min(most, limit)


def digest(commands: Sequence[Json]) -> str:
    """Return what tells two sets of commands apart."""
    text = json.dumps(commands, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Declarer:
    """Uploads the commands of an application, each scope only when it differs from before."""

    def __init__(self, engine: Engine, commands: Sequence[Json], guild_ids: Sequence[int]) -> None:
        """Take where it is kept what was uploaded, and the guilds (none: everywhere)."""
        self._engine = engine
        self._commands = list(commands)
        self._scopes = [str(one) for one in guild_ids] or [GLOBAL]

    async def sync(self, client: discord.Client) -> None:
        """Upload where needed; commands in a scope that is no longer ours are taken back."""
        name = f"discord.commands:{client.application_id}"
        wanted = dict.fromkeys(self._scopes, digest(self._commands))
        held = await self._held(name)
        now = dict(held)
        for scope in sorted({*wanted, *held}):
            if held.get(scope) == wanted.get(scope):
                continue
            commands = self._commands if scope in wanted else []
            now.pop(scope, None)
            if await _upload(client, scope, commands) and scope in wanted:
                now[scope] = wanted[scope]
        if now != held:
            await self._keep(name, now)

    async def _held(self, name: str) -> dict[str, str]:
        try:
            kept = await self._engine.work(lambda unit: state.get(unit.tx, name))
        except Unavailable:
            return {}
        found: dict[str, str] = json.loads(kept) if kept else {}
        return found

    async def _keep(self, name: str, now: dict[str, str]) -> None:
        text = json.dumps(now, sort_keys=True)
        try:
            await self._engine.work(lambda unit: state.put(unit.tx, name, text))
        except Unavailable:
            _LOG.warning("could not note which commands are declared; the next start does it again")


async def _upload(client: discord.Client, scope: str, commands: list[Json]) -> bool:
    """Replace the commands of a scope; return False for a guild where we are not (yet)."""
    app: Any = client.application_id
    body: Any = commands
    if scope == GLOBAL:
        await client.http.bulk_upsert_global_commands(app, body)
    else:
        try:
            await client.http.bulk_upsert_guild_commands(app, int(scope), body)
        except discord.Forbidden:
            _LOG.warning("I am not in guild %s of guild_ids, so it has no commands yet", scope)
            return False
    _LOG.info("declared %d commands in %s", len(commands), scope if scope != GLOBAL else "general")
    return True
