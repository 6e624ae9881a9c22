"""Checking rewards: each payday reckoned again, and held against the journal and the books."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.kernel import agenda, audit
from core.kernel.audit import FORGETTING
from core.kernel.canonical import digest
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.ledger import Book, Holder, entries, entry
from core.pools import Pool, pools
from core.reputation import MILLI, Every, Tip, tips
from core.rewards import paying, rules, store
from core.rewards.handing import PURPOSE, HandOut
from core.rewards.model import By, Earned, Payday, Reward, Share
from core.voting import commitment

PaydayKey = tuple[int, int]
_FACTS = (audit.MERGED, "rewards_end", "reward", "epochs", "payday", "took_part")


class Told:
    """What the journal says of rewards and paydays, as the tables should have it."""

    def __init__(self, tx: Tx, community: int) -> None:
        """Read the journal once."""
        self.rewards: dict[int, Reward] = {}
        # (its end, the reward, the digest of the lot's key) by pool and start.
        self.epochs: dict[PaydayKey, tuple[int, int | None, str]] = {}
        # (when, in which entry, the digest of the record, what the books moved) likewise.
        self.paydays: dict[PaydayKey, tuple[int, int, str, list[Any]]] = {}
        # (entry, what was handed out, what the books moved) by the entry of the payday.
        self.portions: dict[int, list[tuple[int, list[Share], list[Any]]]] = defaultdict(list)
        # In which entry each member asked to be forgotten first.
        self.forgotten: dict[int, int] = {}
        # (entry, who, when) of taking part.
        self.parts: list[tuple[int, int, int]] = []
        # (entry, who, whom they turned out to be), in order.
        self.merges: list[tuple[int, int, int]] = []
        for line in audit.saying(tx, community, _FACTS, (FORGETTING, HandOut.declaration.path)):
            self._take(line)

    def _take(self, line: Entry) -> None:
        facts, args = line.facts, line.args
        if line.command == FORGETTING and line.member is not None:
            self.forgotten.setdefault(line.member, line.seq)
        if "took_part" in facts and line.member is not None:
            self.parts.append((line.seq, line.member, facts["took_part"]))
        if audit.MERGED in facts:
            self.merges.append((line.seq, *facts[audit.MERGED]))
        for seq, ends_ms in facts.get("rewards_end", ()):
            self.rewards[seq] = replace(self.rewards[seq], ends_ms=ends_ms)
        if "reward" in facts and line.member is not None:
            pool, amount, starts_ms = facts["reward"]
            every, by = Every(args["every"]), By(args["by"])
            self.rewards[line.seq] = Reward(
                line.seq, pool, amount, every, by, line.at_ms, line.member, starts_ms
            )
        for pool, from_ms, *rest in facts.get("epochs", ()):
            self.epochs[pool, from_ms] = tuple(rest)
        if "payday" in facts:
            pool, from_ms, record = facts["payday"]
            moved = facts.get("entries", [])
            self.paydays[pool, from_ms] = (line.at_ms, line.seq, record, moved)
        if line.command == HandOut.declaration.path:
            moved = facts.get("entries", [])
            self.portions[args["seq"]].append((line.seq, _shares(args), moved))


def verify(tx: Tx, community: int) -> Checked:
    """Reckon every payday of a community again, from tips, participation and books."""
    told = Told(tx, community)
    rewards = {one.seq: one for one in store.rewards(tx, community)}
    paydays = store.paydays(tx, community)
    where = f"community {community}"
    faults = [
        Fault(f"{where}, reward {seq}", "it is not what the journal says")
        for seq in sorted({*rewards, *told.rewards})
        if rewards.get(seq) != told.rewards.get(seq)
    ]
    again = _Again(tx, community, told)
    for one in paydays:
        place = f"{where}, payday of pool {one.pool} from {one.from_ms}"
        reward = rewards.get(one.reward or 0)
        faults += [Fault(place, what) for what in again.problems(one, reward)]
    kept = {(one.pool, one.from_ms) for one in paydays}
    faults += [
        Fault(f"{where}, payday of pool {pool} from {from_ms}", "the table does not have it")
        for pool, from_ms in sorted({*told.epochs, *told.paydays} - kept)
    ]
    n_paid = sum(one.paid_ms is not None for one in paydays)
    return Checked("paydays", n_paid, tuple(faults))


class _Again:
    """Reckons paydays again, each as things stood then."""

    def __init__(self, tx: Tx, community: int, told: Told) -> None:
        self._tx = tx
        self._community = community
        self._told = told
        self._tips = tips(tx, community)
        # The books name who got a tip as who that was then.
        self._receivers = {one.number: one.taker.owner for one in entries(tx, community)}
        self._briefs = store.briefs(tx, community)
        self._pools = {one.id: one for one in pools(tx, community)}
        # What is still to be handed out, by the entry of the payday.
        self._waiting: dict[int, dict[int, int]] = defaultdict(dict)
        for args in agenda.args_of(tx, community, HandOut.declaration.path):
            self._waiting[args["seq"]] |= {one.member: one.part for one in _shares(args)}

    def problems(self, one: Payday, reward: Reward | None) -> list[str]:
        """Return what is wrong with a payday."""
        key = (one.pool, one.from_ms)
        said = (one.to_ms, one.reward, commitment(one.lot_key).hex())
        if self._told.epochs.get(key) != said:
            return ["its epoch is not what the journal says"]
        paid = self._told.paydays.get(key)
        if paid is None or one.record is None or one.seq is None:
            kept = (paid, one.record, one.seq, one.paid_ms, self._briefs.get(key))
            return (
                []
                if kept == (None,) * len(kept)
                else ["whether it is over, the journal says otherwise"]
            )
        at_ms, seq, record, moved = paid
        closed = (one.paid_ms, one.seq, digest(one.record), self._briefs.get(key))
        if closed != (at_ms, seq, record, rules.in_brief(one.record)):
            return ["it is not what the journal says"]
        pool = self._pools.get(one.pool)
        if reward is None or pool is None:
            return ["its pool or its reward is missing"]
        problems = []
        if not self._is_counted(one.record, self._earned(one, seq), seq):
            problems.append("what it counted is not what tips and participation say")
        if _reckoned(self._community, one, reward) != one.record:
            problems.append("it was reckoned wrongly")
        if not self._is_moved(one.record, pool, seq, moved):
            problems.append("the books moved something else")
        return problems

    def _earned(self, one: Payday, seq: int) -> Earned:
        """Return what counted before a journal entry, by who everybody was then.

        What was taken back later still counts, as does what was two members' and is one's now.
        """
        points: dict[int, int] = defaultdict(int)
        for tip in self._tips:
            if one.from_ms <= tip.at_ms < one.to_ms and self._stood(tip, seq):
                points[self._now(self._receivers.get(tip.entry, 0), 0, seq)] += tip.points * MILLI
        parts = {
            self._now(who, 0, seq)
            for at, who, at_ms in self._told.parts
            if at < seq and one.from_ms <= at_ms < one.to_ms
        }
        return Earned(dict(points), tuple(sorted(parts)))

    def _stood(self, tip: Tip, seq: int) -> bool:
        by = tip.undone_by or tip.reversed_by
        back = None if by is None else entry(self._tx, self._community, by)
        return back is None or back.journal_seq > seq

    def _is_counted(self, record: dict[str, Any], earned: Earned, seq: int) -> bool:
        """Whether a record counts what was earned, but for who was forgotten by then."""
        if any(self._told.forgotten.get(who, seq) >= seq for who in record["gone"]):
            return False
        left = paying.without(earned, record["gone"])
        return (dict(record["tips"]), tuple(record["parts"])) == (left.tips, left.parts)

    def _now(self, who: int, seq: int, until: float = math.inf) -> int:
        """Return who a member of that time is today, or was in another entry."""
        for at, of, into in self._told.merges:
            if seq < at < until and of == who:
                who = into
        return who

    def _is_moved(self, record: dict[str, Any], pool: Pool, seq: int, moved: list[Any]) -> bool:
        """Whether everybody got their part, or it is set aside and waits for nothing but time."""
        shares = {who: part for who, part in record["shares"] if part}
        aside, portions = Holder(Book.PAYDAY, seq), self._told.portions.get(seq, [])
        if _without_numbers(moved) != _expected(pool, pool.free, [(aside, sum(shares.values()))]):
            paid = [(Holder(Book.MEMBER, who), part) for who, part in shares.items()]
            return _without_numbers(moved) == _expected(pool, pool.free, paid) and not portions
        for at, handed, gave in portions:
            paid = [
                (Holder(Book.MEMBER, self._now(one.member, seq, at)), one.part) for one in handed
            ]
            if _without_numbers(gave) != _expected(pool, aside, paid):
                return False
            if any(shares.pop(one.member, None) != one.part for one in handed):
                return False
        return shares == self._waiting.get(seq, {})


def _reckoned(community: int, one: Payday, reward: Reward) -> dict[str, Any]:
    """Return the record as it should be, from what it counted and found."""
    assert one.record is not None
    earned = Earned(dict(one.record["tips"]), tuple(one.record["parts"]))
    gone, free, percent = (one.record[name] for name in ("gone", "free", "percent"))
    again = paying.record_of(community, reward, one, earned, gone, free, percent)
    return paying.short(again) if again["shares"] and reward.amount > free else again


def _expected(pool: Pool, giver: Holder, paid: Iterable[tuple[Holder, int]]) -> list[Any]:
    """Return what the books should have moved, as the journal's line has it, without numbers."""
    return [
        [giver.book.value, giver.owner, taker.book.value, taker.owner, pool.asset.id, part,
         PURPOSE, None, False]
        for taker, part in paid
    ]  # fmt: skip


def _without_numbers(moved: list[Any]) -> list[Any]:
    return [line[1:] for line in moved]


def _shares(args: dict[str, Any]) -> list[Share]:
    return [Share(*one) for one in args["shares"]]
