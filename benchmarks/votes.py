"""This file is votes through the whole path: a request in, a view out, durable in between."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.house import OPTIONS, Moot, check, folder, poll, vote
from benchmarks.measure import Line, Reach, quantile
from benchmarks.statements import SqlAlchemy, take_down
from bot.engine import Engine
from bot.system import spare_the_collector
from core.kernel.request import Request

MEMBERS = 5_000
N_OPTIONS = len(OPTIONS)
ROUNDS = 5
ROUND_S = 1.0  # a round ends then, on a machine that is busy with other things
# How many votes a round takes at so many at once, and how many the slower peer does meanwhile.
SIZES = {1: (500, 100), 10: (2_000, 100), 100: (5_000, 100), 1000: (5_000, 100)}
PER_S = {1: Reach(least=1_500, peer=280), 100: Reach(least=10_000, peer=280)}
P99_MS = {100: Reach(most=15)}
FIRST, CHANGED, NEW = "first ballots", "changed ballots", "first ballots of newcomers"


@dataclass
class Found:
    """What the rounds gave: votes a second, quantiles of the waits, processor time a vote."""

    per_s: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)


def lines() -> list[Line]:
    """Measure."""
    return asyncio.run(_lines())


async def _lines() -> list[Line]:
    found: dict[tuple[int, str], Found] = defaultdict(Found)
    peers: dict[int, list[float]] = defaultdict(list)
    n_peer = ROUNDS * sum(n for _, n in SIZES.values())
    with folder() as here:
        peer = SqlAlchemy(*take_down(here, 200, n_peer))
        moot = Moot(here / "votes.db", MEMBERS)
        engine = Engine(moot.app, moot.tx)
        engine.start()
        spare_the_collector()  # as the bot does when it has started
        newcomer = MEMBERS
        for _ in range(ROUNDS):
            for at_once, (n, n_of_peer) in SIZES.items():
                number = await open_next(engine, moot)
                for shift, sort in enumerate((FIRST, CHANGED)):
                    some = [vote(one, (one + shift) % N_OPTIONS + 1, number) for one in range(n)]
                    await run(engine, some, at_once, found[at_once, sort])
                peers[at_once].append(await peer.per_s(n_of_peer, at_once))
            number = await open_next(engine, moot)
            new = range(newcomer, newcomer + SIZES[100][0])
            newcomer = new.stop
            await run(engine, [vote(one, 1, number) for one in new], 100, found[100, NEW])
        await engine.stop()
        await peer.close()
    return [line for key, one in found.items() for line in _told(*key, one, peers[key[0]])]


def _told(at_once: int, sort: str, found: Found, peer: Sequence[float]) -> list[Line]:
    what = f"votes, {at_once:,} at once, {sort}"
    # Who is new is also made a member: more than the peer does.
    per_s, p99 = (None, None) if sort == NEW else (PER_S.get(at_once), P99_MS.get(at_once))
    return [
        Line(what, found.per_s, "/s", per_s, SqlAlchemy.name, peer),
        Line(f"{what}: p50", found.p50_ms, "ms"),
        Line(f"{what}: p99", found.p99_ms, "ms", p99),
        Line(f"{what}: processor time a vote, with who asks", found.cpu_us, "us"),
    ]


async def open_next(engine: Engine, moot: Moot) -> int:
    """Open a poll on which nobody has voted yet; return its number."""
    check(await engine.ask(poll()))
    moot.n_polls += 1
    return moot.n_polls


async def run(engine: Engine, requests: Sequence[Request], at_once: int, found: Found) -> None:
    """Ask so many at once; each asker waits for the answer before the next request is made."""
    waits: list[float] = []
    queue = iter(requests)

    async def somebody() -> None:
        for request in queue:
            start = time.perf_counter()
            if start > until:
                return
            reply = await engine.ask(request)
            waits.append(time.perf_counter() - start)
            check(reply)

    start, cpu = time.perf_counter(), time.process_time()
    until = start + ROUND_S
    await asyncio.gather(*(somebody() for _ in range(at_once)))
    found.per_s.append(len(waits) / (time.perf_counter() - start))
    found.cpu_us.append((time.process_time() - cpu) / len(waits) * 1e6)
    found.p50_ms.append(quantile(waits, 0.5) * 1000)
    found.p99_ms.append(quantile(waits, 0.99) * 1000)
