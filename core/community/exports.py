"""Members and settings as tables, for a spreadsheet or a move elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.community import store
from core.kernel.feature import House, Sheet
from core.kernel.setting import Settings
from core.kernel.tx import Tx


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return the members; of who asked to be forgotten only the number is left."""
    header = ("member", "name", "first_seen", "accounts")
    return (Sheet("members", header, _members(tx, community)),)


def settings_sheet(tx: Tx, community: int, house: House) -> Sheet:
    """Return every setting in force, and whether the community chose the value itself."""
    kept = Settings(store.settings(tx, community))
    rows = [[one.name, kept.written(one), kept.is_set(one)] for one in house.settings.values()]
    return Sheet("settings", ("setting", "value", "chosen"), rows)


def _members(tx: Tx, community: int) -> Iterator[list[Any]]:
    for one, accounts in store.members(tx, community):
        known = " | ".join(f"{platform}:{account}" for platform, account in accounts)
        yield [one.id, one.name, one.first_seen_at, known]
