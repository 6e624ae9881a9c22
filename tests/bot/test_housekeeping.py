"""Keeping house beside people who vote: checked at one instant, pruned only when it is time."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.database.sqlite import SqliteDatabase, SqliteTx
from bot.engine import Engine
from bot.housekeeping import TOLD_KEPT, Housekeeping
from bot.settings import Backup, Database, Settings
from core.kernel import unit
from tests.world import World


class Busy(SqliteDatabase):
    """A database in which somebody votes while it is being read."""

    def __init__(self, path: Path, act: Callable[[], None]) -> None:
        super().__init__(path)
        self._act = act

    def read(self) -> SqliteTx:
        tx, act = super().read(), self._act
        read_all = tx.all

        def then(sql: str, args: Any = ()) -> list[Any]:
            rows = read_all(sql, args)
            act()
            return rows

        tx.all = then  # type: ignore[method-assign]
        return tx


@pytest.fixture
async def keeper(world: World, tmp_path: Path) -> AsyncIterator[Housekeeping]:
    world.member("ana*").says("/channel admin")
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
    database = Database(url=f"sqlite:///{world.path}")
    settings = Settings(database=database, backup=Backup(folder=tmp_path / "nights", keep=2))
    n_voted = count()

    def votes() -> None:
        world.member(f"voter{next(n_voted)}").says("/vote 1 Pizza")

    engine = Engine(world.app, world.database.open())
    engine.start()
    yield Housekeeping(settings, Busy(world.path, votes), engine)
    await engine.stop()


async def test_who_votes_during_the_nightly_check_raises_no_alarm(
    world: World, keeper: Housekeeping
) -> None:
    await keeper.nightly()
    world.settle()
    assert "votes (100 %)" in world.card(1)
    assert not [text for text in world.public if "This needs whoever runs me" in text]


async def test_a_ballot_that_was_changed_by_hand_is_told_to_the_admins(
    world: World, keeper: Housekeeping
) -> None:
    world.member("ben").says("/vote 1 Pizza")
    world.tx.run("update ballot set choice = x'0001'")
    await keeper.nightly()
    world.settle()
    assert [
        text for text in world.public if "is not the one that was cast" in " ".join(text.split())
    ]


async def test_each_night_leaves_a_copy_and_the_oldest_goes(
    world: World, keeper: Housekeeping, tmp_path: Path
) -> None:
    for _ in range(4):
        await keeper.nightly()
        world.clock.set(world.clock.now() + timedelta(days=1))
    copies = sorted(one.name for one in (tmp_path / "nights").iterdir())
    assert copies == ["folkmoot-20260304-090000.db", "folkmoot-20260305-090000.db"]


async def test_outcomes_and_told_letters_go_when_nobody_can_ask_for_them(
    world: World, keeper: Housekeeping
) -> None:
    world.advance(hours=2)
    n_kept = len(world.tx.all("select id from request"))
    world.clock.set(world.clock.now() + timedelta(milliseconds=unit.KEPT_MS) - timedelta(hours=3))
    await keeper.tidy()
    assert len(world.tx.all("select id from request")) == n_kept > 2
    world.clock.set(world.clock.now() + timedelta(hours=4))
    await keeper.tidy()
    assert world.tx.all("select id from request") == []
    assert len(world.tx.all("select key from outbox")) == 3
    world.clock.set(world.clock.now() + TOLD_KEPT)
    await keeper.tidy()
    assert world.tx.all("select kind from outbox") == [("card",)]
