"""Whether Telegram takes the token, how its updates come, and whether the bot may write.

This file is what is asked over the network before a start.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import aiohttp

from bot.checks.finding import Finding, fine, note, wrong
from bot.database.port import Database, open_existing
from bot.settings import Telegram
from bot.trouble import Trouble
from core.kernel.errors import Broken

# Long enough for a slow line, short enough for somebody who waits at a terminal.
TIMEOUT_S = 8.0
# Each costs two questions, and Telegram takes 30 a second.
GROUPS_MAX = 10
WRITE = "Send Text Messages"

_GROUPS = """
select space from space
 where platform = 'telegram' and is_active = 1 order by id desc limit ?"""


class _Refused(Exception):
    """Telegram answered, but not with what was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def check_telegram(settings: Telegram, database: Database) -> list[Finding]:
    """Ask Telegram who the bot is, and whether anything stands in the way of its work.

    The groups are those that the database knows, the newest first.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            me = await _get(session, settings, "getMe")
            hook = await _get(session, settings, "getWebhookInfo")
            groups = await _check_groups(session, settings, me["id"], _known_groups(database))
    except _Refused as refused:
        return [wrong(_refusal(refused.status, settings.api_url))]
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        # Not the error's own words: the address that they repeat holds the token.
        why = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return [wrong(f"Telegram: {settings.api_url} cannot be reached from here ({why}).")]
    name = fine(f"Telegram: the token is that of @{me['username']}")
    return [name, *_invitations(me), *_updates(settings, hook), *groups]


def _invitations(me: dict[str, Any]) -> Iterator[Finding]:
    if not me.get("can_join_groups", True):
        yield note(
            "Telegram: nobody can add the bot to a group. Allow it at @BotFather (/setjoingroups)."
        )


def _known_groups(database: Database) -> list[str]:
    try:
        with closing(open_existing(database)) as tx:
            return [str(space) for (space,) in tx.all(_GROUPS, (GROUPS_MAX,))]
    except (OSError, sqlite3.Error, Broken, Trouble):
        return []  # the look at the database says it


async def _check_groups(
    session: aiohttp.ClientSession, settings: Telegram, own: int, groups: list[str]
) -> list[Finding]:
    """Return where the bot is not, or may not write."""
    found = [await _check_group(session, settings, own, group) for group in groups]
    troubles = [one for one in found if one is not None]
    if groups and not troubles:
        n = f"{len(groups)} groups" if len(groups) > 1 else "1 group"
        return [fine(f"Telegram: the bot may write in {n} that it knows")]
    return troubles


async def _check_group(
    session: aiohttp.ClientSession, settings: Telegram, own: int, group: str
) -> Finding | None:
    try:
        chat = await _get(session, settings, "getChat", chat_id=group)
        seat = await _get(session, settings, "getChatMember", chat_id=group, user_id=str(own))
    except _Refused as refused:
        if refused.status not in {400, 403}:
            raise
        return note(f"Telegram: the bot is not in the group {group} any more. Invite it again.")
    title, status = chat.get("title", group), seat["status"]
    if status in {"left", "kicked"}:
        return note(f'Telegram: the bot is not in "{title}" any more. Invite it again.')
    held = seat if status == "restricted" else chat.get("permissions", {})
    if status in {"member", "restricted"} and not held.get("can_send_messages", True):
        return wrong(
            f'Telegram: the bot may not write in "{title}". An admin there has to allow: {WRITE}.'
        )
    return None


def _updates(settings: Telegram, hook: dict[str, Any]) -> Iterator[Finding]:
    url = str(hook.get("url", ""))
    if settings.mode == "polling":
        if url:
            yield note(
                "Telegram: a webhook is set for this bot. The next start takes it away; if another "
                "program uses it, give the two a bot each."
            )
        return
    if not settings.webhook_url:
        yield wrong(
            "Telegram: in webhook mode the bot needs its public address in [telegram] webhook_url."
        )
    elif not settings.webhook_url.startswith("https://"):
        yield note("Telegram: only a Bot API server of your own calls an address without https.")
    if url == settings.webhook_url and (error := hook.get("last_error_message")):
        yield wrong(
            f"Telegram: calling {url} failed the last time ({error}). See that your proxy leads "
            f"from there to {settings.webhook_listen}."
        )


async def _get(
    session: aiohttp.ClientSession, settings: Telegram, method: str, **asked: str
) -> Any:
    token = settings.token.get_secret_value()
    url = f"{settings.api_url}/bot{token}/{method}"
    async with session.get(url, params=asked, allow_redirects=False) as answer:
        if answer.status != 200:
            raise _Refused(answer.status)
        return (await answer.json())["result"]


def _refusal(status: int, api_url: str) -> str:
    if status in {401, 404}:
        return (
            "Telegram: the token is not taken. Ask @BotFather for it (/mybots, API Token) and put "
            "it into [telegram] token."
        )
    if status == 429:
        return "Telegram: too many requests were made from here; try again in some minutes."
    if status >= 500:
        return f"Telegram: {api_url} is in trouble itself (it answers {status}); try again later."
    return f"Telegram: {api_url} answers {status}; is the address the part before /bot<token>?"
