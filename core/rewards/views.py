"""What people read about rewards."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.community import reachable
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, MemberId, T, Text, Value, counted
from core.kernel.view import Block, Items, Note, Paragraph, Tone, View
from core.ledger import Book, Holder, balance, said
from core.pools import Pool, is_paused, pools
from core.reputation import Every, n_counted, tips_between, took_part_in
from core.rewards import rules, store
from core.rewards.model import By, Earned, Outcome, Payday, Reward, Share
from core.rewards.notices import pool_of, why
from core.voting import commitment

# As many as a card can hold on every platform; the export has all.
SHOWN = 15
# More tips and rows of taking part are not read for a preview: a member's command has 50 ms.
PREVIEW_MAX = 5_000
_EVERY = {
    Every.DAY: T("each day"),
    Every.WEEK: T("each week"),
    Every.MONTH: T("each month"),
}
_BY = {
    By.TIPS: T("by points received"),
    By.PARTICIPATION: T("in equal parts to those who took part"),
    By.BOTH: T("half by points received, half in equal parts to those who took part"),
}


@drawing("rewards.reward")
def reward(call: Call, seq: int) -> View:
    """The answer to `rewards set`, and the card that announces it."""
    one = store.reward(call.tx, call.community.id, seq)
    if one is None:
        raise Gone
    pool = pool_of(call, one.pool)
    text = T(
        "{who} set a reward: {amount} from this pool {every}, {by}.",
        who=MemberId(one.set_by),
        **_said(one, pool),
    )
    blocks: list[Block] = [Paragraph(text), Paragraph(_when(one))]
    first = store.payday(call.tx, call.community.id, one.pool, one.starts_ms)
    if first is not None and first.reward == one.seq:
        blocks.append(_committed(first))
    tone = Tone.OPEN if one.ends_ms is None else Tone.QUIET
    return View(_title(pool), tuple(blocks), tone=tone)


@drawing("rewards.stopped")
def stopped(call: Call, by: int, *paydays: int) -> View:
    """The answer to `rewards stop`, also posted: `paydays` are (pool, its last end) in turn."""
    who = MemberId(by)
    if not paydays:
        text = T("{who} stopped the rewards, before any began.", who=who)
        return View(None, (Paragraph(text),), tone=Tone.QUIET)
    text = T("{who} stopped the rewards. What runs is still paid:", who=who)
    lines = tuple(
        T("pool {pool}: the last payday is {at}", pool=pool_of(call, pool).name, at=from_ms(at_ms))
        for pool, at_ms in zip(paydays[::2], paydays[1::2], strict=True)
    )
    return View(None, (Paragraph(text), Items(lines)), tone=Tone.QUIET)


@drawing("rewards.payday")
def payday(call: Call, pool: int, start_ms: int) -> View:
    """The card of a payday: who got what, and why; or why nobody got anything."""
    one, record, of = _paid(call, pool, start_ms)
    epoch = T("{start} to {end}", start=from_ms(one.from_ms), end=from_ms(one.to_ms))
    blocks: list[Block] = [Paragraph(epoch), Paragraph(_outcome(rules.in_brief(record), of))]
    shares = [share for share in rules.shares_of(record) if share.part]
    if shares:
        blocks.append(_shares(shares, of))
        blocks.append(Note(_rule(record, of)))
        if balance(call.tx, call.community.id, Holder(Book.PAYDAY, one.seq or 0), of.asset.id):
            wait = T("Each part is set aside; they are handed out one after another now.")
            blocks.append(Note(wait))
    blocks.append(Note(_lot(one, record)))
    following = store.payday_after(call.tx, call.community.id, pool, one.to_ms)
    if following is not None:
        blocks.append(_committed(following))
    tone = Tone.PASSED if shares else Tone.FAILED
    return View(_title(of), tuple(blocks), tone=tone)


def showing(call: Call) -> View:
    """The rewards that are set, and who would get what if the running epoch ended now."""
    rewards = {one.seq: one for one in store.rewards(call.tx, call.community.id)}
    waiting = {one.pool: one for one in store.waiting(call.tx, call.community.id)}
    blocks: list[Block] = []
    for pool in pools(call.tx, call.community.id):
        if pool.id in waiting:
            blocks += _running(call, pool, waiting[pool.id], rewards)
        last = store.last(call.tx, call.community.id, pool.id)
        if last is not None:
            to_ms, brief = last
            done = T("Last payday of the pool {pool}, {at}: {outcome}", pool=pool.name,
                     at=from_ms(to_ms), outcome=_outcome(brief, pool))  # fmt: skip
            blocks.append(Note(done))
    if not waiting:
        none = T("No reward is set here. An admin sets one with {command}.",
                 command=CommandName("rewards set"))  # fmt: skip
        blocks.insert(0, Paragraph(none))
    if waiting and is_paused(call):
        blocks.append(Paragraph(T("Payments are paused: paydays wait until they go on.")))
    return View(T("Rewards"), tuple(blocks))


def _running(call: Call, pool: Pool, one: Payday, rewards: Mapping[int, Reward]) -> list[Block]:
    reward = rewards[one.reward or 0]
    text = T("{amount} from the pool {pool} {every}, {by}.", pool=pool.name, **_said(reward, pool))
    span = T("The epoch from {start} to {end}.", start=from_ms(one.from_ms), end=from_ms(one.to_ms))
    blocks: list[Block] = [Paragraph(text), Paragraph(span)]
    if one.from_ms <= call.now_ms:
        blocks += _preview(call, pool, one, reward)
    else:
        blocks.append(Paragraph(T("It has not begun yet; what is done before does not count.")))
    promised = Code(commitment(one.lot_key).hex())
    blocks.append(Note(T("SHA-256 of the key of its lot: {promised}", promised=promised)))
    later = [
        other
        for other in rewards.values()
        if other.pool == pool.id and other.starts_ms > one.from_ms and not other.is_dropped
    ]
    blocks += [
        Note(T("From {start}: {amount} {every}, {by}.", start=from_ms(other.starts_ms),
               **_said(other, pool)))
        for other in later
    ]  # fmt: skip
    if not later and reward.ends_ms is not None:
        blocks.append(Note(T("It was stopped: this is its last epoch.")))
    return blocks


def _preview(call: Call, pool: Pool, one: Payday, reward: Reward) -> list[Block]:
    """Return who would get what now. The lot's key stays secret: equal remainders are not drawn."""
    if n_counted(call.tx, call.community.id, one.from_ms, one.to_ms, PREVIEW_MAX) >= PREVIEW_MAX:
        return [Paragraph(T("So many earn a part that who gets what is reckoned at the payday."))]
    tips = tips_between(call.tx, call.community.id, one.from_ms, one.to_ms)
    parts = took_part_in(call.tx, call.community.id, one.from_ms, one.to_ms)
    here = reachable(call, {*tips, *parts})
    earned = Earned(
        {who: n for who, n in tips.items() if who in here},
        tuple(who for who in parts if who in here),
    )
    weights = rules.weights_of(earned, reward.by)
    if not weights:
        return [Paragraph(T("Nobody has earned a part of it yet."))]
    whole = sum(weights.values())
    rounded = {who: reward.amount * weight // whole for who, weight in weights.items()}
    free = balance(call.tx, call.community.id, pool.free, pool.asset.id)
    blocks: list[Block] = [
        Paragraph(T("If it ended now, rounded down:")),
        _shares(rules.explained(rounded, earned, reward.by), pool),
    ]
    if reward.amount > free:
        short = T("The pool has only {free}: as it stands, nothing would be paid.",
                  free=said(free, pool.asset))  # fmt: skip
        blocks.append(Paragraph(short))
    return blocks


def _shares(shares: Sequence[Share], pool: Pool) -> Items:
    most_first = sorted(shares, key=lambda share: (-share.part, share.member))
    lines = [
        T("{who}: {amount} ({why})", who=MemberId(one.member), amount=said(one.part, pool.asset),
          why=why(one.milli, took_part=one.took_part))
        for one in most_first[:SHOWN]
    ]  # fmt: skip
    if len(shares) > SHOWN:
        rest = said(sum(one.part for one in most_first[SHOWN:]), pool.asset)
        lines.append(counted(len(shares) - SHOWN, "and 1 more: {rest}", "and {n} more: {rest}",
                             rest=rest))  # fmt: skip
    return Items(tuple(lines))


def _outcome(brief: Mapping[str, Any], pool: Pool) -> Text:
    amount, free = said(brief["amount"], pool.asset), said(brief["free"], pool.asset)
    match Outcome(brief["outcome"]):
        case Outcome.PAID:
            return counted(brief["n"], "{amount} went to 1 member.",
                           "{amount} went to {n} members.", amount=amount)  # fmt: skip
        case Outcome.NOBODY:
            return T("Nobody earned a part of {amount}, so nothing was paid.", amount=amount)
        case Outcome.OVER_LIMIT:
            return T(
                "Nothing was paid: {amount} is more than {percent} % of the {free} that are free "
                "in the pool. Add to it, or set less with {command}.",
                amount=amount, percent=brief["percent"], free=free,
                command=CommandName("rewards set"),
            )  # fmt: skip
        case Outcome.SHORT:
            return T(
                "Nothing was paid: the pool has only {free}, and this takes {amount}. Add to it, "
                "or set less with {command}.",
                amount=amount, free=free, command=CommandName("rewards set"),
            )  # fmt: skip


def _rule(record: Mapping[str, Any], pool: Pool) -> Text:
    facts = {"amount": said(record["amount"], pool.asset), "by": _BY[By(record["by"])]}
    if By(record["by"]) is By.BOTH and not record["tips"]:
        return T("{amount} {by}; nobody received points, so all goes to the other half. Rounded "
                 "by largest remainder.", **facts)  # fmt: skip
    if By(record["by"]) is By.BOTH and not record["parts"]:
        return T("{amount} {by}; nobody took part, so all goes to the other half. Rounded by "
                 "largest remainder.", **facts)  # fmt: skip
    return T("{amount} {by}. Rounded by largest remainder.", **facts)


def _lot(one: Payday, record: Mapping[str, Any]) -> Text:
    key, promised = Code(one.lot_key.hex()), Code(commitment(one.lot_key).hex())
    tied = record["lot"]["drawn"]
    if not tied:
        return T("No lot was needed. Its key was {key}, with the SHA-256 {promised}.",
                 key=key, promised=promised)  # fmt: skip
    first = MemberId(tied[0][0])
    return counted(
        sum(map(len, tied)),
        "The lot put {first} first.",
        "The lot decided among {n} members with equal remainders, {first} first. Its key was "
        "{key}, with the SHA-256 {promised}.",
        first=first,
        key=key,
        promised=promised,
    )


def _committed(one: Payday) -> Note:
    return Note(
        T(
            "Epoch from {start} to {end}; SHA-256 of the key of its lot: {promised}",
            start=from_ms(one.from_ms),
            end=from_ms(one.to_ms),
            promised=Code(commitment(one.lot_key).hex()),
        )
    )


def _when(one: Reward) -> Text:
    start = from_ms(one.starts_ms)
    if one.is_dropped:
        return T("It was replaced or stopped before it began.")
    if one.ends_ms is not None:
        return T("It counts from {start} to {end}.", start=start, end=from_ms(one.ends_ms))
    return T("It counts from the next epoch on, which begins {start}.", start=start)


def _said(one: Reward, pool: Pool) -> dict[str, Value]:
    return {"amount": said(one.amount, pool.asset), "every": _EVERY[one.every], "by": _BY[one.by]}


def _title(pool: Pool) -> Text:
    return T("Reward from the pool {pool}", pool=pool.name)


def _paid(call: Call, pool: int, start_ms: int) -> tuple[Payday, dict[str, Any], Pool]:
    one = store.payday(call.tx, call.community.id, pool, start_ms)
    if one is None or one.record is None:
        raise Gone
    return one, one.record, pool_of(call, pool)
