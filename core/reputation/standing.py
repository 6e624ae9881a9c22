"""Standing: what a member's points are worth at an instant, and who stands first.

It is computed from the books whenever it is read, for any instant; nothing keeps it. What is kept
is the order of the leaderboard, a whole number a member that time does not change: everybody
fades alike, so log2(standing) + time/H stays as it is until somebody gets or loses points. A leave
moves it, by as much as the member does not fade; who has leave to come is put right when a page
is read. So a page costs an index scan and ten standings, however many members there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.community import settings_of
from core.kernel.call import Call
from core.kernel.clock import span_ms, to_ms
from core.kernel.tx import Tx
from core.ledger import Asset, Book, Holder, asset, asset_of, movements
from core.reputation import decay, store
from core.reputation.model import DECIMALS, SYMBOL, Leave
from core.reputation.settings import HALF_LIFE

# (born_ms, signed milli-points), as the books have them.
Amounts = Iterable[tuple[int, int]]


def points(call: Call) -> Asset:
    """Return the asset that tips are counted in."""
    return asset_of(call, SYMBOL, DECIMALS)


def own_clock(leaves: Sequence[Leave], at_ms: int) -> int:
    """Return an instant on the clock of a member, which stands still while they are on leave.

    >>> [own_clock([Leave(10, 30)], at_ms) for at_ms in (5, 20, 40)]
    [5, 10, 20]
    """
    return at_ms - sum(min(one.to_ms, at_ms) - one.from_ms for one in leaves if one.from_ms < at_ms)


def standing(tx: Tx, community: int, member: int, at: datetime) -> int:
    """Return a member's standing at an instant, in whole milli-points."""
    at_ms = to_ms(at)
    leaves = store.leaves(tx, community, member)
    half_life_ms = span_ms(settings_of(tx, community)[HALF_LIFE])
    clocked = [
        (own_clock(leaves, born), amount) for born, amount in _amounts(tx, community, member, at_ms)
    ]
    return decay.worth(clocked, own_clock(leaves, at_ms), half_life_ms)


def rank_of(amounts: Amounts, leaves: Sequence[Leave], at_ms: int, half_life_ms: int) -> int | None:
    """Return a member's place in the order, as it will be after all leave; None without points."""
    if not half_life_ms:
        return sum(amount for _, amount in amounts) or None
    clocked = ((own_clock(leaves, born), amount) for born, amount in amounts)
    worth = decay.total(clocked, own_clock(leaves, at_ms), half_life_ms)
    if worth <= 0:
        return None
    on_leave = sum(one.to_ms - one.from_ms for one in leaves)
    since = decay.step(own_clock(leaves, at_ms) + on_leave, half_life_ms)
    return decay.log2(worth) + since


def ranked_by(tx: Tx, community: int) -> int:
    """Return the half-life that the kept order is of, in ms.

    After a change of the setting it is the one before, until everybody is in their new place.
    """
    found = store.ranked(tx, community)
    return span_ms(HALF_LIFE.default) if found is None else found


def rank_again(call: Call, member: int) -> None:
    """Put a member where they belong now, after their points or leave changed."""
    community = call.community.id
    half_life_ms = ranked_by(call.tx, community)
    leaves = store.leaves(call.tx, community, member)
    amounts = _amounts(call.tx, community, member, call.now_ms)
    rank = rank_of(amounts, leaves, call.now_ms, half_life_ms)
    store.rank(call.tx, community, member, rank)


def leaders(call: Call, first: int, n: int) -> list[tuple[int, int]]:
    """Return (member, milli-points) of n members from the `first`, who stand highest now."""
    community, half_life_ms = call.community.id, ranked_by(call.tx, call.community.id)
    looked_at = 2 * (first + n)
    while True:
        found = store.top(call.tx, community, looked_at)
        away = store.away(call.tx, community, [who for who, _ in found], call.now_ms)
        # Who has leave to come stands lower than their number says.
        put_right = [(who, rank - _to_come(away[who], call, half_life_ms)) for who, rank in found]
        ordered = sorted(put_right, key=lambda one: (-one[1], one[0]))[: first + n]
        # Nobody further down can stand higher than the last who was looked at.
        if len(found) < looked_at or ordered[-1][1] >= found[-1][1]:
            break
        looked_at *= 2
    shown = [(who, standing(call.tx, community, who, call.now)) for who, _ in ordered[first:]]
    return sorted((one for one in shown if one[1] > 0), key=lambda one: (-one[1], one[0]))


def all_amounts(tx: Tx, community: int, until_ms: int = 2**62) -> dict[int, list[tuple[int, int]]]:
    """Return (born_ms, signed milli-points) of every member."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    kept = asset(tx, community, SYMBOL)
    if kept is not None:
        for holder, born_ms, amount in movements(tx, community, kept.id, until_ms):
            found[holder.owner].append((born_ms, amount))
    return found


def _amounts(tx: Tx, community: int, member: int, at_ms: int) -> Amounts:
    kept = asset(tx, community, SYMBOL)
    if kept is None:
        return []
    holder = Holder(Book.MEMBER, member)
    found = movements(tx, community, kept.id, at_ms, holder)
    return [(born_ms, amount) for _, born_ms, amount in found]


def _to_come(leaves: Sequence[Leave], call: Call, half_life_ms: int) -> int:
    left = sum(one.to_ms - max(one.from_ms, call.now_ms) for one in leaves)
    return decay.step(left, half_life_ms)
