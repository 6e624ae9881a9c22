"""Communities: who belongs, where they meet, what they have set."""

from core.community import linking, spaces, verifying
from core.community.commands import COMMANDS
from core.community.directory import Directory, introduce
from core.community.exports import export, settings_sheet
from core.community.fields import KnownMember, MemberRef
from core.community.many import persons, reachable, tell_each
from core.community.moving import Moved
from core.community.settings import SETTINGS, ZONE
from core.community.store import communities, find, settings_of, space
from core.community.telling import (
    goes_here,
    is_reachable,
    live_card,
    move_card,
    person,
    post,
    post_beside,
    show_card,
    show_card_in,
    show_card_near,
    tell,
    warn_admins,
)
from core.kernel.feature import Feature

FEATURE = Feature(
    "community",
    (*COMMANDS, *linking.COMMANDS, *spaces.COMMANDS, Moved),
    SETTINGS,
    verify=verifying.verify,
    export=export,
)

__all__ = [
    "FEATURE",
    "ZONE",
    "Directory",
    "KnownMember",
    "MemberRef",
    "communities",
    "find",
    "goes_here",
    "introduce",
    "is_reachable",
    "live_card",
    "move_card",
    "person",
    "persons",
    "post",
    "post_beside",
    "reachable",
    "settings_of",
    "settings_sheet",
    "show_card",
    "show_card_in",
    "show_card_near",
    "space",
    "tell",
    "tell_each",
    "warn_admins",
]
