"""Whether Telegram takes the token, and how its updates come; asked over the network."""

from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.checks.finding import Finding, fine, note, wrong
from bot.settings import Telegram

# Long enough for a slow line, short enough for somebody who waits at a terminal.
TIMEOUT_S = 8.0


class _Refused(Exception):
    """Telegram answered, but not with what was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def check_telegram(settings: Telegram) -> list[Finding]:
    """Ask Telegram who the bot is, and whether anything stands in the way of its updates."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            me = await _get(session, settings, "getMe")
            hook = await _get(session, settings, "getWebhookInfo")
    except _Refused as refused:
        return [wrong(_refusal(refused.status, settings.api_url))]
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        # Not the error's own words: the address that they repeat holds the token.
        why = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return [wrong(f"Telegram: {settings.api_url} cannot be reached from here ({why}).")]
    return [fine(f"Telegram: the token is that of @{me['username']}"), *_updates(settings, hook)]


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


async def _get(session: aiohttp.ClientSession, settings: Telegram, method: str) -> Any:
    token = settings.token.get_secret_value()
    url = f"{settings.api_url}/bot{token}/{method}"
    async with session.get(url, allow_redirects=False) as answer:
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
