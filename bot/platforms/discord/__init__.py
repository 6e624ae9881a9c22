"""Discord, through discord.py; importing this package is what imports the library."""

from bot.platforms.discord.adapter import DiscordPlatform, DiscordRefused
from bot.platforms.discord.read import NAME
from bot.platforms.discord.render import BUTTON_BYTES

ADMINS = 'whoever has "Manage Server"'

__all__ = ["ADMINS", "BUTTON_BYTES", "NAME", "DiscordPlatform", "DiscordRefused"]
