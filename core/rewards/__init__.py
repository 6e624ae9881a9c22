"""Rewards: part of a pool, shared out at the end of each epoch."""

from core.kernel import outbox
from core.kernel.call import Call
from core.kernel.feature import Feature
from core.ledger import Book, entries_naming
from core.rewards import exports, store, verifying, views
from core.rewards.commands import COMMANDS
from core.rewards.handing import PURPOSE


def _forget(call: Call, member: int) -> None:
    """Have a member's name taken off the cards of rewards and paydays."""
    community = call.community.id
    outbox.refresh_posts(call.tx, community, views.stopped.name, member)
    for one in store.rewards(call.tx, community):
        if one.set_by == member:
            call.refresh(views.reward, one.seq)
    got = entries_naming(call.tx, community, member, [PURPOSE])
    # A part comes with its payday, or from the book of one that hands out in portions.
    paid_in = {one.giver.owner if one.giver.book is Book.PAYDAY else one.journal_seq for one in got}
    for pool, from_ms in store.paydays_in(call.tx, community, sorted(paid_in)):
        call.refresh(views.payday, pool, from_ms)


FEATURE = Feature(
    "rewards",
    commands=COMMANDS,
    forget=_forget,
    verify=verifying.verify,
    export=exports.export,
)

__all__ = ["FEATURE"]
