"""Whether Discord takes the token, and what the bot may do there; asked over the network."""

from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.checks.finding import Finding, fine, note, wrong
from bot.settings import Discord

# Long enough for a slow line, short enough for somebody who waits at a terminal.
TIMEOUT_S = 8.0
GUILDS_MAX = 200
# The flags of an application that may ask for the members intent (large or small).
MEMBERS_FLAGS = 1 << 14 | 1 << 15
ADMINISTRATOR = 1 << 3
RIGHTS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Send Messages in Threads": 1 << 38,
}
INVITE = (
    "https://discord.com/oauth2/authorize?client_id={application}"
    "&scope=bot+applications.commands&permissions={rights}"
)


class _Refused(Exception):
    """Discord answered, but not with what was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def check_discord(settings: Discord) -> list[Finding]:
    """Ask Discord who the bot is, which intents it has, and what it may do in each server."""
    headers = {"Authorization": f"Bot {settings.token.get_secret_value()}"}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            return await _ask(session, settings)
    except _Refused as refused:
        return [wrong(_refusal(refused.status, settings.api_url))]
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return [wrong(f"Discord: {settings.api_url} cannot be reached from here ({why}).")]


async def _ask(session: aiohttp.ClientSession, settings: Discord) -> list[Finding]:
    me = await _get(session, f"{settings.api_url}/users/@me")
    application = await _get(session, f"{settings.api_url}/applications/@me")
    guilds = await _get(session, f"{settings.api_url}/users/@me/guilds?limit={GUILDS_MAX}")
    found = [fine(f"Discord: the token is that of {me['username']}")]
    if settings.members_intent and not int(application.get("flags", 0)) & MEMBERS_FLAGS:
        found.append(
            wrong(
                "Discord: members_intent is true, but the intent is off in the developer portal. "
                'Switch "Server Members Intent" on under Bot, or set members_intent = false.'
            )
        )
    found += _servers(guilds, settings, INVITE.format(
        application=application["id"], rights=sum(RIGHTS.values())
    ))  # fmt: skip
    return found


def _servers(guilds: list[Any], settings: Discord, invite: str) -> Iterator[Finding]:
    if not guilds:
        yield note(f"Discord: the bot is in no server yet. Invite it with {invite}")
    here = {int(guild["id"]) for guild in guilds}
    for missing in (one for one in settings.guild_ids if one not in here):
        yield wrong(
            f"Discord: the bot is not in the server {missing} of guild_ids. Invite it with {invite}"
        )
    for guild in guilds:
        held = int(guild.get("permissions", 0))
        lacking = [name for name, bit in RIGHTS.items() if not held & bit]
        if held & ADMINISTRATOR:
            yield note(
                f'Discord: in "{guild["name"]}" the bot is an administrator, which is more than '
                "it needs."
            )
        elif lacking:
            yield wrong(
                f'Discord: in "{guild["name"]}" the bot lacks {", ".join(lacking)}. Grant that to '
                "its role, in the server or in the channels where votes are to appear."
            )
    n = len(guilds)
    if n:
        yield fine(f"Discord: the bot is in {n} server{'' if n == 1 else 's'}")


async def _get(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url, allow_redirects=False) as answer:
        if answer.status != 200:
            raise _Refused(answer.status)
        return await answer.json()


def _refusal(status: int, api_url: str) -> str:
    if status == 401:
        return (
            "Discord: the token is not taken. Make a new one in the developer portal under Bot "
            '("Reset Token") and put it into [discord] token.'
        )
    if status == 429:
        return "Discord: too many requests were made from here; try again in some minutes."
    if status >= 500:
        return f"Discord: {api_url} is in trouble itself (it answers {status}); try again later."
    return f"Discord: {api_url} answers {status}; is the address right, with the version?"
