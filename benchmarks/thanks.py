"""This file is tips and payments through the whole path: a request in, a view out, durable."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

from benchmarks.house import Moot, admin, folder, tip, typed
from benchmarks.measure import Line, Reach
from benchmarks.votes import Found, run
from bot.engine import Engine
from bot.system import spare_the_collector
from core.kernel.request import Request

MEMBERS = 2_000
ROUNDS = 5
# How many a round takes at so many at once; one member may give 20 tips a day.
SIZES = {1: 500, 100: 2_000}
DAY = timedelta(days=1)
TIPS, PAYMENTS = "tips", "payments settled by an admin"
MEMBER_MS = Reach(most=50)


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        found = asyncio.run(_measured(here / "thanks.db"))
    return [line for (at_once, sort), one in found.items() for line in _told(at_once, sort, one)]


async def _measured(path: Path) -> dict[tuple[int, str], Found]:
    found: dict[tuple[int, str], Found] = defaultdict(Found)
    moot = owed(path, MEMBERS)
    engine = Engine(moot.app, moot.tx)
    engine.start()
    spare_the_collector()  # as the bot does when it has started
    tips, payments = _tips(), _payments()
    for _ in range(ROUNDS):
        for at_once, n in SIZES.items():
            await run(engine, [next(tips) for _ in range(n)], at_once, found[at_once, TIPS])
            some = [next(payments) for _ in range(n)]
            await run(engine, some, at_once, found[at_once, PAYMENTS])
    await engine.stop()
    return found


def owed(path: Path, members: int) -> Moot:
    """Return a community that owes each of its members something, and has paid nothing yet."""
    moot = Moot(path)
    moot.ask([typed(admin(), "pool create", name="garden", asset="EUR", decimals=2)])
    moot.ask([typed(admin(), "pool fund", pool="garden", amount="1000000", note="A gift")])
    args = {"pool": "garden", "amount": "100000", "every": "day", "by": "tips"}
    moot.ask([typed(admin(), "rewards set", **args)])
    moot.clock.set(moot.clock.now() + DAY)
    moot.ask_in_turn(tip(one, (one + 1) % members) for one in range(members))
    moot.clock.set(moot.clock.now() + DAY)
    moot.run_due("rewards payday")
    moot.run_due("rewards handout")
    moot.clock.set(moot.clock.now() + 7 * DAY)
    return moot


def _tips() -> Iterator[Request]:
    """Yield tips of everybody in turn, each time to another one."""
    for shift in count(1):
        yield from (tip(one, (one + shift) % MEMBERS) for one in range(MEMBERS))


def _payments() -> Iterator[Request]:
    """Yield what an admin settles with everybody in turn; no two are the same."""
    for n in count():
        args = {"pool": "garden", "amount": "0.01", "note": f"In cash, {n}"}
        who = tip(0, n % MEMBERS).args["to"]
        yield typed(admin(), "pool settle", member=who, **args)


def _told(at_once: int, sort: str, found: Found) -> list[Line]:
    what = f"{sort}, {at_once:,} at once"
    return [
        Line(what, found.per_s, "/s"),
        Line(f"{what}: p50", found.p50_ms, "ms"),
        Line(f"{what}: p99", found.p99_ms, "ms", MEMBER_MS if at_once == 1 else None),
        Line(f"{what}: processor time each, with who asks", found.cpu_us, "us"),
    ]
