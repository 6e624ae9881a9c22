"""As little of a bot as proves the server. This file is its commands, and the room it lives in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    JobQueue,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.platforms.telegram_server import Chat, TelegramServer, User
from tests.platforms.telegram_server import Message as Sent
from tests.platforms.watch import PATIENCE_S, Watch

# The library holds all its parts in its own type; written once so that lines stay short.
Context = ContextTypes.DEFAULT_TYPE
App = Application[
    ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], JobQueue[Context]
]

CHOICES = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Pizza", callback_data="vote:1")],
        [InlineKeyboardButton("Soup", callback_data="vote:2")],
        [InlineKeyboardButton("Rules", url="https://moot.example/rules")],
    ]
)


def _patient(connections: int) -> HTTPXRequest:
    """A transport that gives up only where a test says so, however busy the machine is."""
    return HTTPXRequest(
        connections,
        read_timeout=PATIENCE_S,
        write_timeout=PATIENCE_S,
        connect_timeout=PATIENCE_S,
        pool_timeout=PATIENCE_S,
        # Nothing here speaks TLS, and loading the certificates takes longer than most tests.
        httpx_kwargs={"verify": False},
    )


class TinyBot:
    """As little of a bot as shows what the library makes of each update and each answer."""

    def __init__(self, api_url: str, token: str) -> None:
        self.app: App = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{api_url}/bot")
            .base_file_url(f"{api_url}/file/bot")
            .request(_patient(8))
            .get_updates_request(_patient(1))
            .build()
        )
        self.errors: list[Exception] = []
        # What polling itself ran into: these reach no handler.
        self.poll_errors: list[TelegramError] = []
        self.seen: list[str] = []
        self.update_ids: list[int] = []
        self.watch = Watch()
        self._declare()

    @property
    def bot(self) -> Bot:
        """The library's own client."""
        return self.app.bot

    def _declare(self) -> None:
        app = self.app
        app.add_handler(MessageHandler(filters.ALL, self.note), group=-1)
        app.add_handler(CommandHandler("poll", self.poll, filters.UpdateType.MESSAGE))
        app.add_handler(CommandHandler("start", self.start))
        app.add_handler(CallbackQueryHandler(self.pressed))
        app.add_handler(ChatMemberHandler(self.moved, ChatMemberHandler.ANY_CHAT_MEMBER))
        app.add_error_handler(self.failed)

    def see(self, line: str) -> None:
        """Keep what happened to the bot, for tests that wait for it."""
        self.seen.append(line)
        self.watch.changed()

    async def note(self, update: Update, _: Context) -> None:
        """Keep what was heard."""
        self.update_ids.append(update.update_id)
        kind = next(key for key in update.to_dict() if key != "update_id")
        message = update.effective_message
        assert message is not None
        self.see(f"{kind}: {message.text or _service(message)}")

    async def poll(self, update: Update, context: Context) -> None:
        """Put a card into the chat."""
        assert update.message is not None
        question = " ".join(context.args or [])
        await update.message.reply_text(
            f"<b>{question}</b>", parse_mode="HTML", reply_markup=CHOICES
        )

    async def start(self, update: Update, context: Context) -> None:
        """Say hello, with what the link carried."""
        assert update.message is not None
        await update.message.reply_text(f"hello {' '.join(context.args or [])}".strip())

    async def pressed(self, update: Update, _: Context) -> None:
        """Answer first, then show the choice on the card."""
        query = update.callback_query
        assert query is not None
        await query.answer(f"you took {query.data}", show_alert=query.data == "vote:2")
        assert query.message is not None
        # The library makes a message of it all the same, so its type says nothing.
        if not query.message.is_accessible:
            self.see(f"inaccessible {query.message.message_id}")
            return
        try:
            await query.edit_message_text(
                f"{query.from_user.first_name} took {query.data}", reply_markup=CHOICES
            )
        except BadRequest as refusal:
            self.see(refusal.message)

    async def moved(self, update: Update, _: Context) -> None:
        """Note who came and went."""
        told = update.my_chat_member or update.chat_member
        assert told is not None
        who = told.new_chat_member.user.first_name
        self.see(f"{who}: {told.old_chat_member.status} > {told.new_chat_member.status}")

    async def failed(self, _: object, context: Context) -> None:
        """Keep what the library raised in a handler."""
        assert context.error is not None
        self.errors.append(context.error)
        self.watch.changed()

    def poll_failed(self, error: TelegramError) -> None:
        """Keep what the library met while it polled."""
        self.poll_errors.append(error)
        self.watch.changed()

    # Living

    async def start_polling(self, allowed: list[str] | None = None) -> None:
        """Ask for updates."""
        await self.app.initialize()
        await self.app.start()
        assert self.app.updater is not None
        await self.app.updater.start_polling(
            # The library's pauses after a failed poll grow from this interval.
            poll_interval=0.01,
            timeout=10,
            allowed_updates=allowed,
            error_callback=self.poll_failed,
        )

    async def start_webhook(self, port: int, public_url: str, secret: str) -> None:
        """Listen for updates."""
        await self.app.initialize()
        await self.app.start()
        assert self.app.updater is not None
        await self.app.updater.start_webhook(
            listen="127.0.0.1",
            port=port,
            url_path="hook",
            webhook_url=f"{public_url}/hook",
            secret_token=secret,
        )

    async def stop(self) -> None:
        """Go down in good order."""
        updater = self.app.updater
        assert updater is not None
        if updater.running:
            await updater.stop()
        if self.app.running:
            await self.app.stop()
        await self.app.shutdown()


def _service(message: Message) -> str:
    names = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "pinned_message")
    more = ("forum_topic_created", "forum_topic_closed", "migrate_from_chat_id")
    return next((name for name in names + more if getattr(message, name)), "something else")


class Room:
    """A server with a group in which the tiny bot is live."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.chat: Chat = server.add_group("Makers")
        self.ana: User = server.add_user("Ana", username="ana_m")
        self.ben: User = server.add_user("Ben")
        self.chat.join(self.ana, "administrator", quietly=True)
        self.chat.join(self.ben, quietly=True)
        self.tiny: TinyBot

    @property
    def bot(self) -> Bot:
        """The library's own client."""
        return self.tiny.bot

    async def start_bot(self, *allowed: str) -> None:
        """Bring a fresh client up, as after a restart."""
        self.tiny = TinyBot(self.server.api_url, self.server.token)
        await self.tiny.start_polling(list(allowed) or None)
        await self.server.ready()

    async def card(self) -> Sent:
        """Wait for the newest message of the bot."""
        return await self.server.wait_for(lambda: self.chat.bot_last)

    async def saw(self, line: str) -> None:
        """Wait until the bot has seen something."""
        await self.tiny.watch.wait_for(
            lambda: line in self.tiny.seen, None, lambda: f"{line!r}; seen: {self.tiny.seen}"
        )


RoomT = TypeVar("RoomT", bound=Room)


@asynccontextmanager
async def open_room_of(kind: type[RoomT]) -> AsyncIterator[RoomT]:
    """A group with two people and a live bot, which listens in the way of its room."""
    # The library tells of every failed poll; the tests look at the errors themselves.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    async with await TelegramServer.start() as server:
        here = kind(server)
        await here.start_bot()
        try:
            yield here
        finally:
            await here.tiny.stop()


def open_room() -> AbstractAsyncContextManager[Room]:
    """A group with two people and a live bot that polls."""
    return open_room_of(Room)
