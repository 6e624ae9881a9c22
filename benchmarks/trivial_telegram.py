"""This file is the least that a bot on Telegram can do: it answers presses and lines."""

import sys

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.platforms.telegram.request import AiohttpRequest

TEXT = "Your ballot is in the fire."
# The names of the transports: the library's own, and the one that the bot uses.
HTTPX, AIOHTTP = "httpx", "aiohttp"
# So many updates are answered side by side.
AT_ONCE = 50


async def press(told: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer whatever was pressed."""
    if told.callback_query is not None:
        await told.callback_query.answer(TEXT)


async def line(told: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer whatever was written."""
    if told.effective_message is not None:
        await told.effective_message.reply_text(TEXT)


def main(api_url: str, token: str, transport: str) -> None:
    """Run until told to stop."""
    builder = (
        ApplicationBuilder().token(token).base_url(f"{api_url}/bot").concurrent_updates(AT_ONCE)
    )
    if transport == AIOHTTP:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    app: Application = builder.build()  # type: ignore[type-arg]
    app.add_handler(CallbackQueryHandler(press))
    app.add_handler(MessageHandler(filters.ALL, line))
    app.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
