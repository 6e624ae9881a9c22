"""Many ballots: counted outside the engine, recorded once, counted again where the box changed."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.clock import due_request
from bot.database.sqlite import SqliteDatabase, SqliteTx
from bot.engine import Engine
from bot.outbox import Deliveries
from bot.worker import Worker
from core.kernel import agenda
from core.kernel.canonical import decode
from core.kernel.clock import to_ms
from core.kernel.outbox import LEASE_MS
from tests.bot.twin import Weather, open_twin
from tests.platforms.driving import faults_in
from tests.world import World


class Meddled(SqliteDatabase):
    """A database to which something happens just after each snapshot was read."""

    def __init__(self, path: Path, meddle: Callable[[], None]) -> None:
        super().__init__(path)
        self._meddle = meddle

    def read(self) -> SqliteTx:
        tx, meddle = super().read(), self._meddle
        close = tx.close

        def then() -> None:
            close()
            meddle()

        tx.close = then  # type: ignore[method-assign]
        return tx


class Hall:
    """A poll with four ballots that is over, where a worker counts more than three."""

    def __init__(self, world: World) -> None:
        world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
        for name in ("ana", "ben", "cyd", "dan"):
            world.member(name).says("/vote 1 Pizza")
        tx, self.weather = open_twin(world.path)
        self.world = world
        self.engine = Engine(world.app, tx)
        self.engine.start()
        self.n_meddled = 0
        self.meddle: Callable[[], None] = lambda: None
        worker = Worker(self.engine, Meddled(world.path, self._meddled))
        self.work = Deliveries(self.engine, worker)

    def _meddled(self) -> None:
        self.n_meddled += 1
        self.meddle()

    async def close_votes(self) -> None:
        self.world.clock.set(self.world.clock.now().replace(hour=11))
        now_ms = to_ms(self.world.clock.now())
        for row in self.world.tx.all(agenda.DUE, (now_ms, 9)):
            await self.engine.ask(due_request(agenda.due_from(row)))

    def results(self) -> list[list[int]]:
        rows = self.world.tx.all("select result from proposal where result is not null")
        return [decode(row[0])["totals"] for row in rows]

    def n_results(self) -> int:
        sql = "select count(*) from journal where facts like '%\"result\":%'"
        return int(self.world.tx.all(sql)[0][0])


@pytest.fixture
async def hall(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr("core.proposals.closing.COUNT_HERE_MAX", 3)
    made = Hall(world)
    yield made
    await made.engine.stop()


async def test_many_ballots_are_counted_by_the_worker(hall: Hall) -> None:
    await hall.close_votes()
    assert hall.results() == []
    assert faults_in(hall.world.database, hall.world.house) == []
    await hall.work.settle()
    assert hall.results() == [[4, 0]]
    assert hall.n_results() == 1
    assert hall.n_meddled == 1
    hall.world.settle()
    assert "Pizza wins." in hall.world.card(1)


async def test_a_count_of_a_box_that_changed_is_refused_and_made_again(hall: Hall) -> None:
    def adds_a_ballot() -> None:
        hall.meddle = lambda: None
        hall.world.tx.run("insert into ballot values (1, 99, x'0001', 1, 99)")

    hall.meddle = adds_a_ballot
    await hall.close_votes()
    await hall.work.settle()
    assert hall.results() == [[4, 1]]
    assert hall.n_results() == 1
    assert hall.n_meddled == 2


async def test_a_count_that_could_not_be_recorded_is_made_again(hall: Hall) -> None:
    def breaks_the_store() -> None:
        hall.meddle = lambda: None
        break_for_one_batch(hall.weather)

    hall.meddle = breaks_the_store
    await hall.close_votes()
    await hall.work.settle()
    assert hall.results() == []
    hall.world.clock.set(hall.world.clock.now().replace(minute=2))
    await hall.work.settle()
    assert hall.results() == [[4, 0]]
    assert hall.n_results() == 1


def break_for_one_batch(weather: Weather) -> None:
    """Have the next batch fail, the try alone after it, and the one that only reads."""
    weather.fails_before += ["begin immediate", "begin immediate", "begin"]


async def test_a_worker_that_died_is_taken_over_and_nothing_counts_twice(hall: Hall) -> None:
    await hall.close_votes()
    await hall.work.once()  # claimed and counted, and never reported
    claimed = list(hall.work._under_way)
    await hall.work.settle()
    assert claimed
    hall.world.tx.run("update outbox set sent_version = 0, lease_ms = 1 where kind = 'work'")
    hall.world.clock.set(hall.world.clock.now().replace(minute=1 + LEASE_MS // 60_000))
    await hall.work.settle()
    assert hall.results() == [[4, 0]]
    assert hall.n_results() == 1
