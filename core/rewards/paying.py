"""What happens at the end of an epoch: reckoned, paid or not, told, and the next one opened."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from core.community import ZONE, reachable, show_card_near
from core.kernel.call import Call
from core.kernel.canonical import digest_encoded, encode
from core.kernel.clock import from_ms
from core.kernel.command import Command, May
from core.kernel.tx import Tx
from core.kernel.view import Drawn, View
from core.ledger import NotEnough, balance
from core.pools import REWARD_LIMIT, TREASURY, Pool, is_paused, load_pool
from core.reputation import tips_between, took_part_in
from core.rewards import handing, notices, rules, store, views
from core.rewards.model import Earned, Outcome, Payday, Reward
from core.voting import commitment

# While payments are paused a payday looks so often whether they go on.
PAUSE = timedelta(hours=1)
# A missed payday runs at once, but never at the instant of the one before: a row of the agenda is
# known by its key and instant.
AT_ONCE = timedelta(milliseconds=1)


class PayRewards(Command, name="rewards payday", may=May.CLOCK):
    """Share out a pool's reward at the end of an epoch."""

    pool: int = Field(description="the number of the pool")
    from_ms: int = Field(description="when the epoch began")

    def run(self, call: Call) -> View:
        """Pay once, tell everybody, and open the next epoch."""
        found = store.payday(call.tx, call.community.id, self.pool, self.from_ms)
        if found is None or not found.is_open:
            return View()
        if call.now_ms < found.to_ms:
            raise LookupError(f"the payday of pool {found.pool} came before its time")
        if is_paused(call):
            call.later(_key(found.pool), call.now + PAUSE, self)
            return notices.paused(call, found.pool)
        reward = reward_of(call, found)
        reckoned = _pay(call, load_pool(call, found.pool), reward, found)
        record, brief = encode(reckoned), encode(rules.in_brief(reckoned))
        seq = call.head().seq + 1
        if not store.pay(call.tx, call.community.id, found, call.now_ms, seq, (record, brief)):
            raise LookupError(f"the payday of pool {found.pool} was over")
        call.fact("payday", [found.pool, found.from_ms, digest_encoded(record)])
        open_next(call, found.pool, from_ms(found.to_ms))
        near = Drawn(views.reward.name, (reward.seq,))
        show_card_near(call, TREASURY, near, views.payday, found.pool, found.from_ms)
        return notices.ended(call, found.pool)


def open_next(call: Call, pool: int, after: datetime) -> None:
    """Commit to the lot of the next epoch and put its payday on the agenda, if a reward goes on."""
    ours = [one for one in store.rewards(call.tx, call.community.id) if one.pool == pool]
    found = rules.next_payday(ours, after, call.settings[ZONE])
    if found is None:
        return
    reward, epoch = found
    kept = store.payday(call.tx, call.community.id, pool, epoch.start_ms)
    key = kept.lot_key if kept else call.lot(f"reward {pool}/{epoch.start_ms}")
    new = Payday(pool, epoch.start_ms, epoch.end_ms, reward.seq, key)
    store.open_payday(call.tx, call.community.id, new)
    _note(call, new, reward.seq)
    command = PayRewards(pool=pool, from_ms=new.from_ms)
    call.later(_key(pool), max(epoch.end, call.now + AT_ONCE), command)


def call_off(call: Call, payday: Payday) -> None:
    """Take an epoch that has not begun off the agenda."""
    store.call_off(call.tx, call.community.id, payday)
    _note(call, payday, None)
    call.never(_key(payday.pool))


def reward_of(call: Call, payday: Payday) -> Reward:
    """Return the reward that an epoch is paid by."""
    found = store.reward(call.tx, call.community.id, payday.reward or 0)
    assert found is not None
    return found


def earned_in(tx: Tx, community: int, payday: Payday) -> Earned:
    """Return what counts in an epoch as things stand now."""
    tips = tips_between(tx, community, payday.from_ms, payday.to_ms)
    parts = took_part_in(tx, community, payday.from_ms, payday.to_ms)
    return Earned(tips, tuple(parts))


def without(earned: Earned, gone: Iterable[int]) -> Earned:
    """Return what counts, but for some members."""
    left = set(gone)
    tips = {who: n for who, n in earned.tips.items() if who not in left}
    return Earned(tips, tuple(who for who in earned.parts if who not in left))


def record_of(
    community: int,
    reward: Reward,
    payday: Payday,
    earned: Earned,
    gone: list[int],
    free: int,
    percent: int,
) -> dict[str, Any]:
    """Return how an epoch's budget is shared out: facts only, so that anybody can do it again.

    Whether so much is in the pool, the books say.
    """
    weights = rules.weights_of(earned, reward.by)
    lot = rules.lot_of(payday.lot_key, community, payday.pool, payday.from_ms)
    parts, drawn = rules.share_out(reward.amount, weights, lot)
    outcome = Outcome.PAID
    if not weights:
        outcome = Outcome.NOBODY
    elif reward.amount <= free and rules.is_over(reward.amount, free, percent):
        outcome = Outcome.OVER_LIMIT
    is_paid = outcome is Outcome.PAID
    return {
        "outcome": outcome.value,
        "amount": reward.amount,
        "every": reward.every.value,
        "by": reward.by.value,
        "free": free,
        "percent": percent,
        "tips": [[who, n] for who, n in sorted(earned.tips.items())],
        "parts": sorted(earned.parts),
        "gone": gone,
        "shares": [[who, part] for who, part in parts.items()] if is_paid else [],
        "lot": {
            "key": payday.lot_key.hex(),
            "seed": lot.seed.hex(),
            "drawn": drawn if is_paid else [],
        },
    }


def short(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record of an epoch whose budget was not in the pool."""
    lot = {**record["lot"], "drawn": []}
    return {**record, "outcome": Outcome.SHORT.value, "shares": [], "lot": lot}


def _pay(call: Call, pool: Pool, reward: Reward, payday: Payday) -> dict[str, Any]:
    """Pay everybody or nobody; return the record."""
    everybody = earned_in(call.tx, call.community.id, payday)
    members = sorted({*everybody.tips, *everybody.parts})
    here = reachable(call, members)
    gone = [who for who in members if who not in here]
    earned = without(everybody, gone)
    free = balance(call.tx, call.community.id, pool.free, pool.asset.id)
    limit = call.settings[REWARD_LIMIT]
    record = record_of(call.community.id, reward, payday, earned, gone, free, limit)
    try:
        handing.hand_out(call, pool, payday, record)
    except NotEnough:  # the books alone decide what is there: nobody gets half of it
        return short(record)
    return record


def _note(call: Call, payday: Payday, reward: int | None) -> None:
    line = [payday.pool, payday.from_ms, payday.to_ms, reward, commitment(payday.lot_key).hex()]
    call.fact("epochs", [*call.facts.get("epochs", ()), line])


def _key(pool: int) -> str:
    return f"reward:{pool}"
