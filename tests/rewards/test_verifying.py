"""Whatever is changed behind the bot's back in rewards and paydays is found, and all replays."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database.port import WritableTx
from core.kernel.canonical import decode
from tests.databases.stores import Store
from tests.laws.replaying import Replay
from tests.laws.test_tampering import Cell, is_found, is_noticed
from tests.rewards.garden import MONDAY, faults, garden, take_part, thank
from tests.world import World

TABLES = ("reward", "payday")


def weeks(folder: Path) -> World:
    """Return a world with paydays of every outcome, a changed, a dropped and a stopped reward."""
    world = World(folder)
    garden(world)
    ana = world.member("ana*")
    ana.says("/pool create shed EUR")
    ana.says("/pool fund shed 50 Rent")
    ana.says("/rewards set shed 1 month tips")
    ana.says("/rewards set garden 9 day both")
    ana.says("/rewards set garden 10 day both")
    world.advance_to(MONDAY)
    thank(world, "cy", "ben", 20)
    thank(world, "ben", "dot", 5)
    world.member("ben").says("/undo")
    take_part(world, "ben", "cy", "dot")
    world.member("cy").says("/forget me yes")
    world.advance_to(MONDAY + timedelta(days=1))
    world.advance(days=1)
    ana.says("/config set reward_limit 5%")
    take_part(world, "ben")
    world.advance(days=1)
    ana.says("/config set reward_limit 20%")
    ana.says("/rewards set garden 2.50 week participation")
    take_part(world, "ben", "dot")
    world.advance(days=14)
    take_part(world, "ben", "dot")
    ana.says("/rewards stop")
    world.advance(days=2)
    ana.says("/rewards set garden 3 month both")
    return world


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[World]:
    """Some weeks with rewards."""
    made = weeks(tmp_path_factory.mktemp("weeks"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def copy(lived: World) -> Iterator[WritableTx]:
    """The weeks again, to be changed and rolled back."""
    tx = lived.store.copy(lived.database)
    yield tx
    tx.close()


def test_weeks_that_nobody_touched_verify_with_every_outcome(lived: World) -> None:
    assert list(faults(lived)) == []
    records = [row[0] for row in lived.tx.all("select record from payday")]
    outcomes = {one and decode(one)["outcome"] for one in records}
    assert outcomes == {None, "nobody", "over limit", "paid"}


@pytest.mark.parametrize("table", TABLES)
def test_every_changed_cell_is_found(lived: World, copy: WritableTx, table: str) -> None:
    columns = lived.columns(table)
    tried = set()
    for key in lived.keys(table):
        for column in columns:
            cell: Cell = (table, column, key)
            for at, flip in ((3, 1), (40, 0)):
                noticed = is_noticed(lived, copy, cell, at, flip)
                assert noticed is not False, (cell, at, flip)
                tried |= {column} if noticed else set()
    assert tried == set(columns)


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_row_is_found(lived: World, copy: WritableTx, table: str) -> None:
    for key in lived.keys(table):
        where = " and ".join(f"{name} = ?" for name, _ in key)
        copy.begin()
        copy.run(f"delete from {table} where {where}", [value for _, value in key])
        found = is_found(lived, copy, table)
        copy.rollback()
        assert found, key


def test_the_journal_gives_the_same_rewards_again(tmp_path: Path) -> None:
    for name in ("then", "now"):
        (tmp_path / name).mkdir()
    then = World(tmp_path / "then")
    ana = then.member("ana*")
    ana.says("/pool create garden EUR")
    ana.says("/pool fund garden 100 A gift")
    ana.says("/rewards set garden 10 day both")
    then.advance(days=1)
    thank(then, "cy", "ben", 20)
    take_part(then, "ben", "cy", "dot")
    then.advance(days=2)
    ana.says("/rewards stop")
    then.advance(days=2)
    now = Replay(then, tmp_path / "now").run()
    before, after = then.dump(), now.dump()
    for table in ("reward", "payday", "entry", "balance", "journal"):
        assert before[table] == after[table], table
    assert len(before["payday"]) == 3
    for one in (then, now):
        one.close()
