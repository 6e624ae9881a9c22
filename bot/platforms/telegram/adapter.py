"""The running connection to Telegram. This file is how an update becomes something to do."""

import asyncio
import contextlib
import logging
import secrets
import socket
from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import telegram
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Updater

from bot.database.port import Readers
from bot.engine import Engine
from bot.outbox import Postponed
from bot.platforms.telegram import declare
from bot.platforms.telegram.desk import Desk
from bot.platforms.telegram.read import NAME
from bot.platforms.telegram.request import AiohttpRequest
from bot.platforms.telegram.sending import seconds
from bot.settings import Telegram
from core.kernel.feature import House
from core.kernel.outbox import Delivery

_LOG = logging.getLogger("folkmoot.telegram")

# Twenty messages a minute are what a group takes; a lively card leaves room for the others.
PACE_MS = 3_000
POLL_S = 30
RETRY_S, RETRY_S_MAX = 2.0, 60.0
# What runs at the end has so long to be answered.
FINISH_S = 10.0
# The shortest age at which something goes is an hour.
TIDY_S = 600.0
# Telegram repeats an update at most within a day; more than these nobody sends us meanwhile.
REMEMBERED_MAX = 4_096
SECRET_BYTES = 32

UPDATES = ["message", "channel_post", "callback_query", "my_chat_member", "chat_member"]

NOT_ACCEPTED = (
    "Telegram does not accept the token. Copy it anew from @BotFather (/mybots, API Token) into "
    "[telegram] token, or FOLKMOOT_TELEGRAM__TOKEN."
)
SECOND_POLLER = (
    "Somebody else takes the updates of this bot: another Folkmoot or another program runs with "
    "the same token, or it has a webhook. End that, then start again."
)


class TelegramRefused(Exception):
    """Telegram will not have us as things are; a person has to change something."""


class TelegramPlatform:
    """Telegram as a platform of ours."""

    name = NAME
    pace_ms = PACE_MS

    def __init__(self, settings: Telegram, engine: Engine, readers: Readers, house: House) -> None:
        """Take the settings and what requests are handed to; `run` connects."""
        self._settings = settings
        self._engine = engine
        self._readers = readers
        self._house = house
        self.ready = asyncio.Event()
        self._updates: asyncio.Queue[object] = asyncio.Queue()
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[Any]] = set()
        self._ended: asyncio.Future[None] | None = None
        self._polls = AiohttpRequest()
        self._updater: Updater | None = None
        self._desk: Desk | None = None
        self._is_closing = False

    async def run(self) -> None:
        """Connect and stay connected until cancelled or closed; raises TelegramRefused."""
        self._ended = asyncio.get_running_loop().create_future()
        try:
            await self._patiently(self._connect)
            if self._is_closing:
                return
            beside = [asyncio.create_task(one) for one in (self._take_all(), self._tidy_all())]
            try:
                await self._ended
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
        except InvalidToken:
            # The library's own words repeat the token.
            raise TelegramRefused(NOT_ACCEPTED) from None
        except (BadRequest, Forbidden) as trouble:
            raise TelegramRefused(f"Telegram refused the start: {trouble.message}") from trouble
        except OSError as trouble:
            where = self._settings.webhook_listen
            raise TelegramRefused(f"Cannot listen on {where}: {trouble.strerror}.") from trouble
        finally:
            await self.close()

    async def close(self) -> None:
        """Take nothing new, answer what was accepted, disconnect."""
        if self._is_closing:
            return
        self._is_closing = True
        if self._updater is not None and self._updater.running:
            await self._updater.stop()
        while not self._updates.empty():
            await self._begin(self._updates.get_nowait())
        if self._running:
            await asyncio.wait(self._running, timeout=FINISH_S)
        self.ready.clear()
        if self._updater is not None:
            with contextlib.suppress(TelegramError):
                await self._updater.shutdown()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    async def show(self, delivery: Delivery) -> str:
        """Show a card, a post or a notice; raises as `bot.outbox.Shower` says."""
        if self._desk is None or not self.ready.is_set():
            raise Postponed("there is no connection to Telegram")
        return await self._desk.show(delivery)

    async def _connect(self) -> None:
        """Say who we are, set the menus, and have updates come."""
        token = self._settings.token.get_secret_value()
        api = self._settings.api_url
        bot = telegram.Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=AiohttpRequest(),
            get_updates_request=self._polls,
        )
        updater = Updater(bot, self._updates)
        try:
            await updater.initialize()
            desk = Desk(bot, self._engine, self._readers, self._house)
            await desk.memory.load()
            await declare.sync(bot, self._engine, declare.menus(self._house.declarations))
            self._desk, self._updater = desk, updater
            await self._listen(updater)
        except BaseException:
            self._updater = None
            with contextlib.suppress(TelegramError):
                await bot.shutdown()
            raise
        self.ready.set()
        _LOG.info("connected as @%s", bot.username)

    async def _listen(self, updater: Updater) -> None:
        if self._settings.mode == "polling":
            await updater.start_polling(
                timeout=POLL_S, allowed_updates=UPDATES, error_callback=self._failed
            )
            return
        host, port = self._settings.listens_on
        _check_free(host, port)
        secret = self._settings.webhook_secret.get_secret_value()
        await updater.start_webhook(
            listen=host,
            port=port,
            url_path=urlsplit(self._settings.webhook_url).path or "/",
            webhook_url=self._settings.webhook_url,
            allowed_updates=UPDATES,
            secret_token=secret or secrets.token_urlsafe(SECRET_BYTES),
        )

    def _failed(self, trouble: TelegramError) -> None:
        """Take a failed poll: the library tries again, but for what cannot become better."""
        if self._ended is None or self._ended.done():
            return
        if isinstance(trouble, Conflict):
            self._polls.is_resting = True
            self._ended.set_exception(TelegramRefused(SECOND_POLLER))
        elif isinstance(trouble, InvalidToken):
            self._ended.set_exception(TelegramRefused(NOT_ACCEPTED))
        else:
            _LOG.warning("could not fetch updates: %s", trouble)

    async def _patiently(self, act: Any) -> None:
        """Do something however long Telegram or the network is away."""
        pause_s = RETRY_S
        while not self._is_closing:
            try:
                await act()
            except (BadRequest, Forbidden, InvalidToken):
                raise
            except (NetworkError, RetryAfter) as trouble:
                wait_s = seconds(trouble) if isinstance(trouble, RetryAfter) else pause_s
                _LOG.warning("Telegram is out of reach (%s); next try in %.0f s", trouble, wait_s)
                await asyncio.sleep(wait_s)
                pause_s = min(pause_s * 2, RETRY_S_MAX)
            else:
                return

    async def _take_all(self) -> None:
        while True:
            await self._begin(await self._updates.get())

    async def _tidy_all(self) -> None:
        """Drop what is too old to be remembered, now and then."""
        while True:
            await asyncio.sleep(TIDY_S)
            assert self._desk is not None
            await self._desk.tidy()

    async def _begin(self, update: object) -> None:
        """Begin with an update: what changes groups at once, what people ask in their own turn."""
        if not isinstance(update, telegram.Update) or update.update_id in self._taken:
            return
        assert self._desk is not None
        self._taken[update.update_id] = None
        if len(self._taken) > REMEMBERED_MAX:
            self._taken.popitem(last=False)
        if self._desk.is_about_seats(update):
            await asyncio.wait({self._start(update, None)})
            return
        user = update.effective_user
        turn = self._turns.setdefault(user.id if user else 0, asyncio.Lock())
        self._start(update, turn)

    def _start(self, update: telegram.Update, turn: asyncio.Lock | None) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(update, turn))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _guarded(self, update: telegram.Update, turn: asyncio.Lock | None) -> None:
        """Handle one update; what goes wrong is logged, and never with what was written.

        Everybody's updates run one after another, in the order of arrival: a quick second press
        must not overtake the first.
        """
        assert self._desk is not None
        try:
            async with turn or contextlib.nullcontext():
                await self._desk.take(update)
        except Exception:  # noqa: BLE001 - a person's act must not end the connection
            _LOG.exception("update %d failed", update.update_id)


def _check_free(host: str, port: int) -> None:
    """Raise OSError where nobody can listen; the library would leave its own socket open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, port), family=family).close()
