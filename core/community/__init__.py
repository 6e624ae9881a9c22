"""Communities: who belongs, where they meet, what they have set."""

from core.community.commands import COMMANDS
from core.community.directory import Directory, introduce
from core.community.exports import export, settings_sheet
from core.community.settings import SETTINGS
from core.community.store import communities, find, space
from core.community.telling import (
    goes_here,
    live_card,
    move_card,
    post,
    post_beside,
    show_card,
    tell,
)
from core.kernel.feature import Feature

FEATURE = Feature("community", COMMANDS, SETTINGS, export=export)

__all__ = [
    "FEATURE",
    "Directory",
    "communities",
    "find",
    "goes_here",
    "introduce",
    "live_card",
    "move_card",
    "post",
    "post_beside",
    "settings_sheet",
    "show_card",
    "space",
    "tell",
]
