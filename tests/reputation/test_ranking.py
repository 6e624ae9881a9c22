"""A new half-life among many: ordered by a worker, and what is read until then."""

from collections.abc import AsyncIterator

import pytest

from bot.engine import Engine
from bot.outbox import Deliveries
from bot.verify import checks
from bot.worker import Worker
from core.kernel.request import Asker, Kind, Request
from core.reputation import ranking
from core.reputation.ranking import RecordRanks, rank_snapshot
from tests.reputation.test_standing import places
from tests.world import World


@pytest.fixture
def hall(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two who were thanked at different times, and a worker that has all to do."""
    monkeypatch.setattr(ranking, "ENTRIES_HERE_MAX", 0)
    ana = world.member("ana*")
    ana.says("/tip @ben 10 the roof")
    world.advance(days=80)
    ana.says("/tip @cy 6 the roof")
    assert places(world) == ["cy", "ben"]
    return world


def record(world: World, command: RecordRanks, key: str = "1") -> None:
    declared = command.declaration
    args, asker = command.model_dump(mode="json"), Asker(kind=Kind.WORKER)
    world.ask(
        Request(f"worker:{key}", declared.path, args, asker, is_stored=True, community=1)
    )  # fmt: skip
    world.settle()


def is_computing(world: World) -> bool:
    return "computed anew" in " ".join(world.member("eve").says("/leaderboard").split())


def faults(world: World) -> list[str]:
    return [f"{one.where}: {one.what}" for _, found in checks(world.tx, world.house)
            for one in found.faults]  # fmt: skip


def n_asked(world: World) -> int:
    rows = world.tx.all("select version from outbox where kind = 'work'")
    return sum(row[0] for row in rows)


def test_until_it_is_computed_the_order_is_as_before_and_says_so(hall: World) -> None:
    hall.member("ana*").says("/config set half_life 365d")
    assert is_computing(hall)
    assert "8.59" in hall.member("ben").says("/standing")
    kept = hall.tx.all("select member, rank from ranking")
    assert faults(hall) == []
    record(hall, rank_snapshot(hall.tx, 1))
    assert hall.tx.all("select member, rank from ranking") != kept
    assert places(hall) == ["ben", "cy"]
    assert not is_computing(hall)
    assert faults(hall) == []


def test_who_gets_points_meanwhile_is_in_place_before_and_after(hall: World) -> None:
    ana, ben = hall.member("ana*"), hall.member("ben")
    ana.says("/config set half_life 365d")
    ana.says("/tip @dan 9 the roof")
    assert faults(hall) == []
    found = rank_snapshot(hall.tx, 1)
    hall.advance(hours=1)
    ben.says("/tip @eve 20 the roof")
    ben.says("/tip @cy 2 the roof")
    ben.says("/undo")
    assert faults(hall) == []
    hall.advance(hours=1)
    record(hall, found)
    assert places(hall) == ["eve", "dan", "ben", "cy"]
    assert faults(hall) == []
    ben.says("/tip @cy 5 the roof")
    assert places(hall) == ["eve", "cy", "dan", "ben"]
    assert faults(hall) == []


def test_what_another_leave_was_not_counted_in_is_refused_and_asked_for_again(hall: World) -> None:
    hall.member("ana*").says("/config set half_life 365d")
    found = rank_snapshot(hall.tx, 1)
    hall.member("ben").says("/leave 30")
    assert n_asked(hall) == 1
    record(hall, found)
    assert n_asked(hall) == 2
    assert is_computing(hall)
    record(hall, rank_snapshot(hall.tx, 1), "2")
    assert places(hall) == ["ben", "cy"]
    assert faults(hall) == []


def test_what_was_computed_for_another_half_life_changes_nothing(hall: World) -> None:
    ana = hall.member("ana*")
    ana.says("/config set half_life 365d")
    found = rank_snapshot(hall.tx, 1)
    ana.says("/config set half_life 0")
    with hall.unchanged():
        record(hall, found)
    assert is_computing(hall)
    record(hall, rank_snapshot(hall.tx, 1), "2")
    assert places(hall) == ["ben", "cy"]
    assert faults(hall) == []


def test_a_half_life_that_is_set_back_needs_no_new_order(hall: World) -> None:
    ana = hall.member("ana*")
    ana.says("/config set half_life 365d")
    ana.says("/config set half_life 90d")
    assert not is_computing(hall)
    assert places(hall) == ["cy", "ben"]
    record(hall, rank_snapshot(hall.tx, 1))
    assert places(hall) == ["cy", "ben"]
    assert faults(hall) == []


def test_who_has_nothing_left_is_not_in_the_order(hall: World) -> None:
    hall.advance(days=300)
    hall.member("ana*").says("/tip @dan 1 the roof")
    hall.member("ana*").says("/config set half_life 1d")
    record(hall, rank_snapshot(hall.tx, 1))
    assert places(hall) == ["dan"]
    assert faults(hall) == []


@pytest.fixture
async def works(hall: World) -> AsyncIterator[Deliveries]:
    engine = Engine(hall.app, hall.database.open())
    engine.start()
    yield Deliveries(engine, Worker(engine, hall.database))
    await engine.stop()


async def test_the_worker_does_it(hall: World, works: Deliveries) -> None:
    hall.member("ana*").says("/config set half_life 365d")
    await works.settle()
    assert places(hall) == ["ben", "cy"]
    assert not is_computing(hall)
    assert faults(hall) == []
