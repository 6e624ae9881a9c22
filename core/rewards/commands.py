"""What people ask about rewards."""

from datetime import datetime

from pydantic import Field

from core.community import ZONE, post, show_card
from core.kernel.call import Call
from core.kernel.clock import from_ms, to_ms
from core.kernel.command import Command, May
from core.kernel.view import View
from core.ledger import balance, read_amount
from core.pools import REWARD_LIMIT, TREASURY, Amount, PoolRef, in_books
from core.reputation import Every
from core.rewards import handing, paying, rules, store, views
from core.rewards.model import By, Payday, Reward


class RewardsSet(Command, name="rewards set", may=May.ADMINS):
    """Share out part of a pool each day, week or month, from the next one on."""

    pool: PoolRef = Field(description="which pool")
    amount: Amount = Field(description="how much each time, as 12 or 1.5")
    every: Every = Field(description="day, week or month")
    by: By = Field(description="tips: points received; participation: equal parts; both: halves")

    def run(self, call: Call) -> View:
        """Let it follow what is in force, and announce it."""
        pool = in_books(call, self.pool)
        amount = read_amount(self.amount, pool.asset.decimals)
        free = balance(call.tx, call.community.id, pool.free, pool.asset.id)
        rules.check_budget(amount, free, call.settings[REWARD_LIMIT], pool.asset)
        running = _make_room(call, pool.id)
        after = _runs_until(call, running) if running else call.now
        starts_ms = to_ms(rules.first_start(after, call.settings[ZONE], self.every))
        new = Reward(
            seq=call.head().seq + 1,
            pool=pool.id,
            amount=amount,
            every=self.every,
            by=self.by,
            set_ms=call.now_ms,
            set_by=call.member.id,
            starts_ms=starts_ms,
        )
        _end_others(call, [pool.id], starts_ms)
        store.add(call.tx, call.community.id, new)
        call.fact("reward", [new.pool, new.amount, new.starts_ms])
        if running is None:
            paying.open_next(call, pool.id, call.now)
        show_card(call, TREASURY, views.reward, new.seq)
        return views.reward(call, new.seq)


class RewardsShow(Command, name="rewards show", may=May.ANYONE):
    """Show the rewards that are set, and who would get what in the running epoch."""

    def run(self, call: Call) -> View:
        """Show them all."""
        return views.showing(call)


class RewardsStop(Command, name="rewards stop", may=May.ADMINS):
    """Stop all rewards; the epoch that runs is still paid."""

    def run(self, call: Call) -> View:
        """End them with the running epoch."""
        waiting = store.waiting(call.tx, call.community.id)
        last: list[int] = []
        n_ended = 0
        for one in waiting:
            running = _make_room(call, one.pool)
            ends_ms = to_ms(_runs_until(call, running) if running else call.now)
            n_ended += _end_others(call, [one.pool], ends_ms)
            if running:
                last += [one.pool, ends_ms]
        if not n_ended:
            raise rules.nothing_to_stop()
        post(call, TREASURY, views.stopped, call.member.id, *last)
        return views.stopped(call, call.member.id, *last)


def _make_room(call: Call, pool: int) -> Payday | None:
    """Call off the pool's epoch where it has not begun; return the one that runs."""
    for one in store.waiting(call.tx, call.community.id):
        if one.pool == pool and one.from_ms <= call.now_ms:
            return one
        if one.pool == pool:
            paying.call_off(call, one)
    return None


def _runs_until(call: Call, running: Payday) -> datetime:
    ours = [one for one in store.rewards(call.tx, call.community.id) if one.pool == running.pool]
    return rules.runs_until(ours, from_ms(running.to_ms), call.now, call.settings[ZONE])


def _end_others(call: Call, pools: list[int], at_ms: int) -> int:
    """Have what is set end at an instant, or before it begins; return how many did."""
    facts = []
    for one in store.rewards(call.tx, call.community.id):
        ends_ms = rules.ended(one, call.now_ms, at_ms) if one.pool in pools else None
        if ends_ms is not None:
            store.end(call.tx, call.community.id, one.seq, ends_ms)
            call.refresh(views.reward, one.seq)
            facts.append([one.seq, ends_ms])
    if facts:
        call.fact("rewards_end", [*call.facts.get("rewards_end", ()), *facts])
    return len(facts)


COMMANDS: tuple[type[Command], ...] = (
    RewardsSet,
    RewardsShow,
    RewardsStop,
    paying.PayRewards,
    handing.HandOut,
)
