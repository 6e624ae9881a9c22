"""Who gets which part of a budget, and when a reward begins: plain values in and out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.kernel.clock import from_ms
from core.kernel.errors import UserError
from core.kernel.text import CommandName
from core.ledger import Asset, said, split
from core.reputation import Epoch, Every, epoch_of, next_epoch
from core.rewards.model import By, Earned, Reward, Share
from core.voting import Lot


class OverRewardLimit(UserError):
    """A reward may give out at most {percent} % of what is free in the pool, which is {most} now.
    Choose that or less, or add to the pool first."""


class NothingToStopHere(UserError):
    """No reward is set here, so there is nothing to stop. Use {command} to set one."""


def check_budget(amount: int, free: int, percent: int, asset: Asset) -> None:
    """Refuse a budget that is over the limit now."""
    if is_over(amount, free, percent):
        raise OverRewardLimit(percent=percent, most=said(free * percent // 100, asset))


def is_over(amount: int, free: int, percent: int) -> bool:
    """Whether a budget is more than so many percent of what is free; whole numbers throughout."""
    return amount * 100 > free * percent


def weights_of(earned: Earned, by: By) -> dict[int, int]:
    """Return whole weights by member, so that a budget is shared out in proportion to them.

    By both, each half is worth the same: with T points given in all and n taking part, a member
    with t points who took part has t/T + 1/n, in whole numbers t n + T. A half that nobody
    earned leaves the other one alone.

    >>> weights_of(Earned({1: 30, 2: 10}, (2, 3)), By.BOTH)
    {1: 60, 2: 60, 3: 40}
    """
    tips = {} if by is By.PARTICIPATION else {who: n for who, n in earned.tips.items() if n}
    parts = set() if by is By.TIPS else set(earned.parts)
    whole, n_parts = sum(tips.values()) or 1, len(parts) or 1
    members = sorted({*tips, *parts})
    return {who: tips.get(who, 0) * n_parts + (who in parts) * whole for who in members}


def share_out(
    amount: int, weights: dict[int, int], lot: Lot
) -> tuple[dict[int, int], list[list[int]]]:
    """Return the parts by member, and who stood before whom where the lot decided.

    Members are named to the lot by their numbers, so the order in which they come never matters.
    """
    members = sorted(weights)
    drawn: list[list[int]] = []

    def order(tied: Sequence[int]) -> list[int]:
        found = [tied[at] for at in lot.order([str(members[position]) for position in tied])]
        drawn.append([members[position] for position in found])
        return found

    parts = split(amount, [weights[who] for who in members], order)
    return dict(zip(members, parts, strict=True)), drawn


def explained(parts: Mapping[int, int], earned: Earned, by: By) -> list[Share]:
    """Return parts with what each is for, in their order."""
    tips = {} if by is By.PARTICIPATION else earned.tips
    took_part = frozenset() if by is By.TIPS else frozenset(earned.parts)
    return [
        Share(who, part, tips.get(who, 0), who in took_part) for who, part in parts.items()
    ]  # fmt: skip


def shares_of(record: Mapping[str, Any]) -> list[Share]:
    """Return who got which part by a record of a payday, in its order."""
    earned = Earned(dict(record["tips"]), tuple(record["parts"]))
    return explained(dict(record["shares"]), earned, By(record["by"]))


def in_brief(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record came to: the facts that are not one a member, and how many got some."""
    kept = {name: record[name] for name in ("outcome", "amount", "free", "percent")}
    return {**kept, "n": sum(1 for _, part in record["shares"] if part)}


def lot_of(key: bytes, community: int, pool: int, from_ms: int) -> Lot:
    """Return the lot of one payday."""
    return Lot(key, f"{community}/{pool}/{from_ms}", ())


def first_start(at: datetime, zone: str, every: Every) -> datetime:
    """Return when the next epoch begins, at once where one begins right now."""
    found = epoch_of(at, zone, every)
    return at if found.start == at else found.end


def epoch_from(start: datetime, zone: str, every: Every) -> Epoch:
    """Return the epoch that begins at an instant and ends where the calendar says.

    Where the community moved to another zone meanwhile, its instants are not those of the
    calendar any more: what would be less than half an epoch goes with the next one.
    """
    found = epoch_of(start, zone, every)
    if found.end - start < (found.end - found.start) / 2:
        found = next_epoch(found, zone, every)
    return Epoch(start, found.end)


def next_payday(
    rewards: Sequence[Reward], after: datetime, zone: str
) -> tuple[Reward, Epoch] | None:
    """Return the next epoch that a reward serves, from an instant on; None: no reward goes on."""
    for one in sorted(rewards, key=lambda reward: reward.starts_ms):
        epoch = epoch_from(max(after, from_ms(one.starts_ms)), zone, one.every)
        if one.ends_ms is None or epoch.end_ms <= one.ends_ms:
            return one, epoch
    return None


def runs_until(rewards: Sequence[Reward], ends: datetime, now: datetime, zone: str) -> datetime:
    """Return when the epoch that runs now is over, from the end of the one that is paid next.

    Paydays wait while payments are paused or the bot is away, and epochs go on: those that began
    meanwhile are paid by what was set before they did.
    """
    while ends <= now:
        found = next_payday(rewards, ends, zone)
        if found is None or found[1].start > now:
            return now
        ends = found[1].end
    return ends


def ended(one: Reward, now_ms: int, at_ms: int) -> int | None:
    """Return when a reward ends that another one follows at an instant; None: as before."""
    if one.is_dropped or (one.ends_ms is not None and one.ends_ms <= now_ms):
        return None
    ends_ms = one.starts_ms if one.starts_ms > now_ms else at_ms
    return None if one.ends_ms is not None and one.ends_ms <= ends_ms else ends_ms


def nothing_to_stop() -> NothingToStopHere:
    """Return the refusal where no reward is set."""
    return NothingToStopHere(command=CommandName("rewards set"))
