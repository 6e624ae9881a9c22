"""Pools and payments can be checked and taken elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.database.port import WritableTx
from bot.verify import checks
from core.kernel.feature import Sheet
from tests.databases.stores import Store
from tests.pools.garden import garden, passed
from tests.world import World


def lived(world: World) -> None:
    """Leave a payment paid, one stopped, one waiting and a pause asked for."""
    garden(world)
    passed(world, what="Paint")
    stopped = passed(world, what="Seeds")
    world.member("ana*").says(f"/stop {stopped} Not now")
    passed(world, what="Wood")
    world.member("ana*").says("/pause payments")


def faults(world: World) -> list[Any]:
    return [one for _, found in checks(world.tx, world.house) for one in found.faults]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[World]:
    """All of this, and nothing that anybody changed."""
    made = World(tmp_path_factory.mktemp("whole"))
    lived(made)
    assert faults(made) == []
    yield made
    made.close()


@pytest.fixture(scope="module")
def copy(whole: World) -> Iterator[WritableTx]:
    """It again, to be changed and rolled back."""
    tx = whole.store.copy(whole.database)
    yield tx
    tx.close()


@pytest.mark.parametrize(
    "change",
    [
        "update pool set name = 'other'",
        "update pool set name_key = 'other'",
        "update pool set created_ms = 1",
        "update pool set asset = 2",
        "delete from pool",
        "insert into pool select 9, community, 'x', 'x', asset, created_ms, token from pool",
        "update payment set amount = amount + 1 where proposal = 1",
        "update payment set member = member + 1 where proposal = 3",
        "update payment set pool = 2 where proposal = 3",
        "update payment set reserved_ms = 1 where proposal = 3",
        "update payment set pay_ms = 1 where proposal = 3",
        "update payment set entry = 1 where proposal = 3",
        "update payment set paid_ms = null where proposal = 1",
        "update payment set paid_ms = 5 where proposal = 3",
        "update payment set stopped_ms = 5 where proposal = 3",
        "update payment set stopped_by = 9 where proposal = 2",
        "update payment set stop_reason = 'Other' where proposal = 2",
        "update payment set stop_reason = '' where proposal = 2",
        "update payment set end_entry = null where proposal = 1",
        "update payment set proposal = 9 where proposal = 3",
        "delete from payment where proposal = 1",
        "delete from payment where proposal = 3",
        "update entry set note = '' where number = 1",
        "update entry set note = 'Other' where number = 1",
        "update entry set note = 'Other' where number = 2",
        "update payments_paused set asked_by = 9",
        "update payments_paused set asked_ms = 1",
        "update payments_paused set done_ms = 9, done_by = 9",
        "update payments_paused set what = 'resume'",
        "delete from payments_paused",
    ],
)
def test_verify_finds_a_change_behind_the_bot_s_back(
    whole: World, copy: WritableTx, change: str
) -> None:
    copy.begin()
    copy.run(change)
    found = any(checked.faults for _, checked in checks(copy, whole.house))
    copy.rollback()
    assert found


def test_what_was_forgotten_still_verifies(world: World) -> None:
    lived(world)
    for name in ("ana*", "ben", "cy"):
        world.member(name).says("/forget me yes")
    assert faults(world) == []


def sheets(world: World) -> dict[str, Sheet]:
    feature = next(one for one in world.house.features if one.name == "pools")
    assert feature.export is not None
    return {one.name: one for one in feature.export(world.tx, 1)}


def test_pools_and_payments_are_tables(world: World) -> None:
    lived(world)
    found = sheets(world)
    assert [row[1:5] for row in found["pools"].rows] == [["garden", "EUR", "80", "10"]]
    rows = [dict(zip(found["payments"].header, row, strict=True)) for row in found["payments"].rows]
    assert [(row["vote"], row["amount"], row["state"], row["reason"]) for row in rows] == [
        (1, "10", "paid", None),
        (2, "10", "stopped", "Not now"),
        (3, "10", "waiting", None),
    ]
    assert [(row["entry"], row["end_entry"]) for row in rows] == [(2, 3), (4, 5), (6, None)]
