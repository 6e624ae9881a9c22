"""Putting everybody in a new order after the half-life changed: here, or by a worker.

Until that is done the order stays the one by the half-life before, also for whoever gets points
meanwhile, and the leaderboard says so; standings themselves are by the new one at once.
"""

from pydantic import Field

from core.community import settings_of
from core.kernel.call import Call
from core.kernel.clock import span_ms
from core.kernel.command import Command, May
from core.kernel.outbox import Kind, Letter
from core.kernel.tx import Tx
from core.kernel.view import View
from core.ledger import Book, asset, changed_since, newest_ms, next_number
from core.reputation import standing, store, views
from core.reputation.model import SYMBOL
from core.reputation.settings import HALF_LIFE

WORKER = "worker"
# More entries of the books than these are read by a worker: a member's command has 50 ms.
ENTRIES_HERE_MAX = 500
# Whoever got points while the worker computed is put in place with its result; more are too many.
CHANGED_MAX = 2_000

Ranks = list[tuple[int, int]]


class RecordRanks(Command, name="standing ranked", may=May.WORKER):
    """Record the order of the leaderboard that a worker computed."""

    half_life_ms: int = Field(description="the half-life that it is by")
    at_ms: int = Field(description="the instant that it was computed for")
    last: int = Field(description="the newest entry of the books that it knows")
    leaves: int = Field(description="how many leaves it knows")
    ranks: Ranks = Field(description="each member with points, and their place in the order")

    def run(self, call: Call) -> View:
        """Take the order, unless it is of another half-life or of other leaves than there are."""
        community = call.community.id
        if self.half_life_ms != span_ms(call.settings[HALF_LIFE]):
            return View()  # the change that followed has asked for another one
        changed = _changed_since(call, self.last)
        if store.n_leaves(call.tx, community) != self.leaves or len(changed) > CHANGED_MAX:
            return _hand_over(call)
        _keep(call, self.ranks, self.half_life_ms)
        for member in sorted(changed):
            standing.rank_again(call, member)
        return views.ranked(call)


def rank_everybody(call: Call) -> None:
    """Have everybody put in the order of the half-life that is set now."""
    community, half_life_ms = call.community.id, span_ms(call.settings[HALF_LIFE])
    if half_life_ms == standing.ranked_by(call.tx, community):
        return
    if next_number(call.tx, community) > ENTRIES_HERE_MAX:
        _hand_over(call)
        return
    _keep(call, _ranks(call.tx, community, call.now_ms, half_life_ms), half_life_ms)


def rank_snapshot(tx: Tx, community: int) -> RecordRanks:
    """Compute everybody's place in a snapshot, outside the engine."""
    half_life_ms = span_ms(settings_of(tx, community)[HALF_LIFE])
    at_ms = newest_ms(tx, community)
    return RecordRanks(
        half_life_ms=half_life_ms,
        at_ms=at_ms,
        last=next_number(tx, community) - 1,
        leaves=store.n_leaves(tx, community),
        ranks=_ranks(tx, community, at_ms, half_life_ms),
    )


def _ranks(tx: Tx, community: int, at_ms: int, half_life_ms: int) -> Ranks:
    leaves = store.all_leaves(tx, community)
    found = [
        (member, standing.rank_of(amounts, leaves.get(member, []), at_ms, half_life_ms))
        for member, amounts in sorted(standing.all_amounts(tx, community).items())
    ]
    return [(member, rank) for member, rank in found if rank is not None]


def _keep(call: Call, ranks: Ranks, half_life_ms: int) -> None:
    store.rank_all(call.tx, call.community.id, ranks, half_life_ms)
    call.fact("ranked", half_life_ms)


def _changed_since(call: Call, number: int) -> set[int]:
    points = asset(call.tx, call.community.id, SYMBOL)
    if points is None:
        return set()
    changed = changed_since(call.tx, call.community.id, points.id, number)
    return {holder.owner for holder in changed if holder.book is Book.MEMBER}


def _hand_over(call: Call) -> View:
    letter = Letter(
        key=f"{call.community.id}:ranking",
        kind=Kind.WORK,
        platform=WORKER,
        community=call.community.id,
        space=None,
        subject=views.ranked.subject(),
    )
    call.queue(letter)
    return views.ranked(call)
