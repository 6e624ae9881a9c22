"""This file is the standing of 100,000 members: read, put in order, and the pages of the order."""

from functools import partial
from statistics import median

from benchmarks.house import Moot, admin, folder, person, tip, typed
from benchmarks.measure import Line, Reach, seconds
from bot.system import spare_the_collector
from core.kernel.request import Asker, Kind, Request
from core.reputation.ranking import RecordRanks, rank_snapshot

MEMBERS = 100_000
ROUNDS = 5
TIMES = 100
FIRST, LAST = 1, 100
MEMBER_MS, RECORD_MS = Reach(most=50), Reach(most=1_000)


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        moot = Moot(here / "standing.db")
        moot.ask_in_turn(tip(one, (one + 1) % MEMBERS, 1 + one % 20) for one in range(MEMBERS))
        spare_the_collector()  # as the bot does when it has started
        one = [_ms(moot, n, "standing") for n in range(ROUNDS)]
        first = [_ms(moot, n, "leaderboard", page=FIRST) for n in range(ROUNDS)]
        last = [_ms(moot, n, "leaderboard", page=LAST) for n in range(ROUNDS)]
        ordered = [_ordered(moot, f"{30 + n}d") for n in range(ROUNDS)]
        moot.tx.close()
    asked, computed, recorded = (list(values) for values in zip(*ordered, strict=True))
    what = f"{MEMBERS:,} members with points"
    page = f"{what}: a page of the leaderboard, through the whole path"
    return [
        Line(f"{what}: the standing of one, through the whole path", one, "ms", MEMBER_MS),
        Line(f"{page}: the first", first, "ms", MEMBER_MS),
        Line(f"{page}: page {LAST}", last, "ms", MEMBER_MS),
        Line(f"{what}: a new half-life, the admin's command", asked, "ms", MEMBER_MS),
        Line(f"{what}: then everybody's place, by the worker", computed, "s"),
        Line(f"{what}: then the engine held by its record", recorded, "ms", RECORD_MS),
    ]


def _ms(moot: Moot, n: int, command: str, **args: object) -> float:
    asking = [typed(person(TIMES * n + at), command, **args) for at in range(TIMES)]
    return median(seconds(partial(moot.ask, [one])) for one in asking) * 1000


def _ordered(moot: Moot, half_life: str) -> tuple[float, float, float]:
    """Have everybody put in a new order; return (ms of the command, s computing, ms recording)."""
    asked = typed(admin(), "config set", setting="half_life", value=half_life)
    asked_ms = seconds(lambda: moot.ask([asked])) * 1000
    tx = moot.database.read()
    found: list[RecordRanks] = []
    computed_s = seconds(lambda: found.append(rank_snapshot(tx, 1)))
    tx.close()
    (command,) = found
    args, path = command.model_dump(mode="json"), command.declaration.path
    asker = Asker(kind=Kind.WORKER)
    request = Request(f"worker:{half_life}", path, args, asker, is_stored=True, community=1)
    recorded_ms = seconds(lambda: moot.ask([request])) * 1000
    return asked_ms, computed_s, recorded_ms
