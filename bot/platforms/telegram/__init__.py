"""Telegram, through python-telegram-bot; importing this package is what imports the library."""

import logging
import os

# The library reads it whenever it tells a length of time; without it, each one is a warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# We do not use httpx, but whoever plugs it in must not find the token in the log.
logging.getLogger("httpx").setLevel(logging.WARNING)

from bot.platforms.telegram.adapter import TelegramPlatform, TelegramRefused  # noqa: E402
from bot.platforms.telegram.read import NAME  # noqa: E402
from bot.platforms.telegram.render import BUTTON_BYTES  # noqa: E402

ADMINS = "the owner or an administrator of the group"

__all__ = ["ADMINS", "BUTTON_BYTES", "NAME", "TelegramPlatform", "TelegramRefused"]
