"""Pools: purses of the community, requests to them, and what is paid."""

from core import execution
from core.kernel.call import Call
from core.kernel.feature import Feature
from core.ledger import entries_naming
from core.pools import (
    exports,
    onchain,
    onchain_views,
    pausing,
    payments,
    store,
    verifying,
    views,
)
from core.pools.commands import COMMANDS, FUNDED, SETTLED
from core.pools.fields import Amount, NoSuchPool, PoolRef, in_books, load_pool
from core.pools.model import Pool
from core.pools.order import is_paused_in, opened_at, order_of
from core.pools.payments import TREASURY, is_paused
from core.pools.settings import REWARD_LIMIT, SETTINGS
from core.pools.store import pools


def _forget(call: Call, member: int) -> None:
    """Give back what waits for a member who goes, and erase name and reasons where they show."""
    community = call.community.id
    for here in execution.operations(call.tx, community):
        if here.member == member and here.is_stoppable:
            onchain.stop(call, here, member, "")
        if member in {here.member, here.stopped_by}:
            payments.redraw(call, here.proposal)
            call.refresh(onchain_views.news, here.proposal)
    execution.erase_reasons(call.tx, community, member)
    for one in store.waiting(call.tx, community):
        if one.member == member:
            payments.give_back(call, one, member, "")
    for number in store.naming(call.tx, community, member):
        payments.redraw(call, number)
        call.refresh(views.news, number)
    store.erase_reasons(call.tx, community, member)
    for entry in entries_naming(call.tx, community, member, (FUNDED, SETTLED)):
        call.refresh(views.posted, entry.number)
    pausing.redraw_switches(call, member)


def _merged(call: Call, gone: int, into: int) -> None:
    """Have what waits for one member wait for another, who is the same person."""
    for one in store.waiting(call.tx, call.community.id):
        if one.member == gone:
            store.move_payee(call.tx, call.community.id, one.proposal, into)
            payments.redraw(call, one.proposal)
    for here in execution.operations(call.tx, call.community.id):
        if here.member == gone and not here.is_over:
            execution.move_payee(call.tx, call.community.id, here.proposal, into)
            payments.redraw(call, here.proposal)
    store.move_asked(call.tx, call.community.id, gone, into)


FEATURE = Feature(
    "pools",
    commands=COMMANDS,
    settings=SETTINGS,
    me=views.mine,
    forget=_forget,
    verify=verifying.verify,
    export=exports.export,
    on_card=views.on_card,
    on_operation=onchain.on_operation,
    on_retry=onchain.on_retry,
    merged=_merged,
)

__all__ = [
    "FEATURE",
    "REWARD_LIMIT",
    "TREASURY",
    "Amount",
    "NoSuchPool",
    "Pool",
    "PoolRef",
    "in_books",
    "is_paused",
    "is_paused_in",
    "load_pool",
    "opened_at",
    "order_of",
    "pools",
]
