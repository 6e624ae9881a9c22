"""Our declarations as Telegram's command menus, one a scope, uploaded when they have changed."""

import hashlib
import json
import logging
from collections.abc import Sequence

import telegram

from bot.engine import Engine
from bot.platforms.telegram.read import NAME
from core.kernel import state
from core.kernel.command import Declaration, May
from core.kernel.errors import Unavailable

_LOG = logging.getLogger("folkmoot.telegram")

COMMANDS_MAX = 100
CANCEL = ("cancel", "Take back the question that I asked you last.")

Menu = list[tuple[str, str]]


def menus(declarations: Sequence[Declaration]) -> dict[str, Menu]:
    """Return (command, description) by scope: admins see all, others what they can use."""
    lines = [(one.joined, one.help) for one in declarations]
    for_all = [(one.joined, one.help) for one in declarations if one.may is not May.ADMINS]
    return {
        "all_private_chats": [*lines, CANCEL][:COMMANDS_MAX],
        "all_group_chats": [*for_all, CANCEL][:COMMANDS_MAX],
        "all_chat_administrators": [*lines, CANCEL][:COMMANDS_MAX],
    }


_SCOPES: dict[str, telegram.BotCommandScope] = {
    "all_private_chats": telegram.BotCommandScopeAllPrivateChats(),
    "all_group_chats": telegram.BotCommandScopeAllGroupChats(),
    "all_chat_administrators": telegram.BotCommandScopeAllChatAdministrators(),
}


async def sync(bot: telegram.Bot, engine: Engine, wanted: dict[str, Menu]) -> None:
    """Upload the menus where they differ from what this bot was given last."""
    text = json.dumps(wanted, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    name = f"{NAME}-menus:{bot.id}"
    try:
        if await engine.work(lambda unit: state.get(unit.tx, name)) == digest:
            return
    except Unavailable:
        pass  # then they are set once too often
    for scope, lines in wanted.items():
        await bot.set_my_commands(lines, scope=_SCOPES[scope])
    _LOG.info("set the menus of %d scopes", len(wanted))
    try:
        await engine.work(lambda unit: state.put(unit.tx, name, digest))
    except Unavailable:
        _LOG.warning("could not note which menus are set; the next start does it again")
