"""Which community a treasury of the configuration is meant for."""

from bot.platforms import console
from core.community import find
from core.kernel.tx import Tx


def community_at(tx: Tx, written: str) -> int:
    """Return the number of `discord:<server id>` and the like, 0 where it is not known yet."""
    platform, _, space = written.partition(":")
    found = find(tx, platform, console.SPACE if platform == console.NAME else space)
    return found[0].id if found else 0
