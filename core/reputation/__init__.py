"""Reputation: tips, allowances, standing that fades, taking part."""

from datetime import datetime, timedelta

from core.kernel.call import Call
from core.kernel.clock import span_ms, to_ms
from core.kernel.feature import Feature
from core.kernel.tx import Tx
from core.ledger import entries_naming
from core.reputation import exports, giving, joining, ranking, store, verifying, views
from core.reputation.commands import COMMANDS
from core.reputation.epochs import Epoch, Every, epoch_of, midnight, next_epoch
from core.reputation.model import MILLI, Tip
from core.reputation.settings import HALF_LIFE, SETTINGS
from core.reputation.standing import rank_again, standing
from core.reputation.store import n_counted, tips

# Midnights of every zone are on it: so what is done after an epoch ended never counts for it, also
# where the community moved to another zone, whose day had begun before.
QUARTER_MS = span_ms(timedelta(minutes=15))


def took_part(call: Call, member: int, at: datetime) -> None:
    """Note that a member took part in the quarter of an hour of an instant."""
    at_ms = to_ms(at) - to_ms(at) % QUARTER_MS
    store.took_part(call.tx, call.community.id, member, at_ms)
    call.fact("took_part", at_ms)


def took_part_in(tx: Tx, community: int, from_ms: int, to_ms: int) -> list[int]:
    """Return who took part between the bounds of an epoch, the first one inclusive."""
    return store.took_part_in(tx, community, from_ms, to_ms)


def tips_between(tx: Tx, community: int, from_ms: int, to_ms: int) -> dict[int, int]:
    """Return milli-points by receiver of the tips given in a time that nobody took back."""
    found = store.tips_between(tx, community, from_ms, to_ms)
    return {receiver: points * MILLI for receiver, points in found}


def _forget(call: Call, member: int) -> None:
    """Take a member off the leaderboard, and their name and words off the cards; numbers stay."""
    community = call.community.id
    store.hide(call.tx, community, member, is_hidden=True)
    back = [one.number for one in entries_naming(call.tx, community, member, [giving.REVERSED])]
    for entry in back:
        call.refresh(views.unfunded, entry)
    tips = store.naming(call.tx, community, member)
    for entry in (*tips, *store.reversed_by(call.tx, community, back)):
        call.refresh(views.thanks, entry)


def _on_setting(call: Call, name: str) -> None:
    if name == HALF_LIFE.name:
        ranking.rank_everybody(call)


FEATURE = Feature(
    "reputation",
    commands=(*COMMANDS, ranking.RecordRanks),
    settings=SETTINGS,
    me=views.mine,
    forget=_forget,
    verify=verifying.verify,
    export=exports.export,
    on_setting=_on_setting,
    merged=joining.merged,
    works={views.ranked.name: ranking.rank_snapshot},
)

__all__ = [
    "FEATURE",
    "MILLI",
    "Epoch",
    "Every",
    "Tip",
    "epoch_of",
    "midnight",
    "n_counted",
    "next_epoch",
    "rank_again",
    "standing",
    "tips",
    "tips_between",
    "took_part",
    "took_part_in",
]
