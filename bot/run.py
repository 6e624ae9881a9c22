"""Running the bot: its platforms until somebody ends it, or the local room in a terminal."""

import asyncio
import contextlib
import io
import logging
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from bot import log
from bot.completion import Completion
from bot.compose import Bot
from bot.database.lock import InUse
from bot.database.schema import SchemaTooNew
from bot.outbox import Deliveries, Shower
from bot.settings import Log, Settings
from bot.system import spare_the_collector
from bot.trouble import Trouble
from core.kernel.errors import Unavailable

_LOG = logging.getLogger("folkmoot")


class Platform(Shower, Protocol):
    """A platform that stays connected; `ready` once it was for the first time."""

    ready: asyncio.Event

    async def run(self) -> None:
        """Stay connected; raises where a person has to change something."""
        ...

    async def close(self) -> None:
        """Take nothing new, answer what runs, disconnect."""
        ...


async def run(settings: Settings) -> int:
    """Run the bot with its platforms until SIGTERM or SIGINT; return an exit code."""
    _check_platforms(settings)
    _check_chain(settings)
    log.set_up(settings.log, settings.secrets)
    log.log_uncaught()
    ending = _ending()
    async with _started(settings) as bot:
        platforms = _platforms(settings, bot)
        if not await _is_at_work(bot, ending):
            return 0
        for platform in platforms:
            bot.deliver(Deliveries(bot.engine, platform, platform.ready))
        spare_the_collector()
        running = [asyncio.create_task(platform.run()) for platform in platforms]
        done, _ = await asyncio.wait({*running, ending}, return_when=asyncio.FIRST_COMPLETED)
        await bot.end_deliveries()
        await asyncio.gather(*(platform.close() for platform in platforms))
        for task in running:
            if task in done and (error := task.exception()) is not None:
                raise Trouble(str(error)) from error
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    _LOG.info("ended")
    return 0


def _check_platforms(settings: Settings) -> None:
    telegram = settings.telegram
    if not settings.discord.is_on and not telegram.is_on:
        raise Trouble(
            "No platform is set up: give a Discord bot token in [discord] token, or a Telegram bot "
            "token in [telegram] token, or try the local room with the command folkmoot alone."
        )
    if telegram.is_on and telegram.mode == "webhook" and not telegram.webhook_url:
        raise Trouble(
            "In webhook mode Telegram has to know where to call: give the public address of the "
            'bot in [telegram] webhook_url, or set mode = "polling".'
        )


def _check_chain(settings: Settings) -> None:
    if gaps := settings.chain.gaps:
        raise Trouble(" ".join(gaps))


def _platforms(settings: Settings, bot: Bot) -> list[Platform]:
    """Return the platforms that are set up; only their libraries are imported."""
    found: list[Platform] = []
    parts = (bot.engine, bot.readers, bot.app.house)
    if settings.discord.is_on:
        from bot.platforms.discord import DiscordPlatform

        found.append(DiscordPlatform(settings.discord, *parts))
    if settings.telegram.is_on:
        from bot.platforms.telegram import TelegramPlatform

        found.append(TelegramPlatform(settings.telegram, *parts))
    return found


async def room(settings: Settings) -> int:
    """Open the local room on standard input until it ends; return an exit code."""
    _check_chain(settings)
    log.set_up(Log(level="warning"), settings.secrets)
    ending = _ending()
    async with _started(settings) as bot:
        from bot.platforms.console.terminal import Terminal

        completion = Completion(bot.app.house, bot.readers)
        kept = settings.database
        folder = kept.path.parent if kept.is_file else Path.cwd()
        terminal = Terminal(bot.engine, completion, bot.app.house, kept.shown, folder)
        if not await _is_at_work(bot, ending):
            return 0
        bot.deliver(terminal.deliveries)
        running = asyncio.create_task(terminal.run(sys.stdin or io.StringIO()))
        done, _ = await asyncio.wait({running, ending}, return_when=asyncio.FIRST_COMPLETED)
        if running not in done:
            # The line that was taken gets its answer; no other is taken.
            await terminal.finish()
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return 0


async def _is_at_work(bot: Bot, ending: "asyncio.Task[bool]") -> bool:
    """Have the clock make up for an outage; return False where we are asked to end meanwhile."""
    starting = asyncio.create_task(bot.run_clock())
    await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    return False


@contextlib.asynccontextmanager
async def _started(settings: Settings) -> AsyncIterator[Bot]:
    bot = Bot(settings)
    try:
        try:
            await bot.start()
        except InUse as error:
            raise Trouble(
                f"Another Folkmoot is working on {settings.database.shown}. End it first, or give "
                "this one a database of its own."
            ) from error
        except SchemaTooNew as error:
            raise Trouble(
                f"{settings.database.shown} was written by a newer Folkmoot (schema {error}). "
                "Install that version, or restore a backup."
            ) from error
        yield bot
    except Unavailable as error:
        raise Trouble(
            f"{settings.database.shown} cannot be written to: it is locked by another program, or "
            "read-only, or its disk is full. See to that, then start again."
        ) from error
    finally:
        await bot.stop()


def _ending() -> asyncio.Task[bool]:
    """Return a task that is done when the process is asked to end."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, asked.set)
    return asyncio.create_task(asked.wait())
