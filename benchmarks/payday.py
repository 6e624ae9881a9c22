"""This file is the end of an epoch with 100,000 tips: how long the engine is held, and by what."""

from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.house import Moot, admin, folder, tip, typed
from benchmarks.measure import Line, Reach, quantile
from bot.system import spare_the_collector
from core.rewards import handing

TIPS = 100_000
# What is paid in one transaction, at most.
AT_ONCE = handing.AT_ONCE_MAX
ROUNDS = 5
DAY = timedelta(days=1)
PAYDAY_MS, MEMBER_MS = Reach(most=1_000), Reach(most=50)


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        return [line for n in (AT_ONCE, TIPS) for line in _payday(here, n)]


def _payday(here: Path, n: int) -> list[Line]:
    moot = _earn(here / f"{n}.db", n)
    spare_the_collector()  # as the bot does when it has started
    ends, portions, longest, wholes = [], [], [], []
    for at in range(ROUNDS):
        one = moot.copy(here / f"{n}.{at}.db")
        (end,) = one.run_due("rewards payday")
        handed = one.run_due("rewards handout")
        ends.append(end * 1000)
        if handed:
            portions.append(median(handed) * 1000)
            longest.append(quantile(handed, 0.99) * 1000)
            wholes.append(end + sum(handed))
        one.tx.close()
    moot.tx.close()
    what = f"payday of {n:,} tips to {n:,} members"
    found = [Line(f"{what}: the engine held by it", ends, "ms", PAYDAY_MS)]
    if portions:
        found += [
            Line(f"{what}: by a portion of {handing.PORTION}", portions, "ms", MEMBER_MS),
            Line(f"{what}: by a portion, p99", longest, "ms", MEMBER_MS),
            Line(f"{what}: until everybody has their part", wholes, "s"),
        ]
    return found


def _earn(path: Path, n: int) -> Moot:
    """Have everybody thank the next one, in a reward's epoch that is over."""
    moot = Moot(path)
    moot.ask([typed(admin(), "pool create", name="garden", asset="EUR", decimals=2)])
    moot.ask([typed(admin(), "pool fund", pool="garden", amount="1000000", note="A gift")])
    args = {"pool": "garden", "amount": "100000", "every": "day", "by": "both"}
    moot.ask([typed(admin(), "rewards set", **args)])
    moot.clock.set(moot.clock.now() + DAY)
    moot.ask_in_turn(tip(one, (one + 1) % n, 1 + one % 20) for one in range(n))
    moot.clock.set(moot.clock.now() + DAY)
    return moot
