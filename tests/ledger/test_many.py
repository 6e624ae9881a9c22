"""Many parts at once: all of them or none, by an entry each; a long book read by its indexes."""

from typing import Any

import pytest

from bot.verify import checks
from core.kernel.call import Call
from core.kernel.request import Asker, Kind, Request
from core.kernel.tx import Args, Row
from core.ledger import (
    Asset,
    Book,
    Holder,
    NotEnough,
    asset_of,
    balance,
    entries_of,
    post,
    post_each,
)
from tests.ledger.books import OUTSIDE, do
from tests.world import World

PURSE = Holder(Book.POOL, 1)
MEMBERS = [Holder(Book.MEMBER, n) for n in range(1, 6)]


class Explained:
    """The transaction, asked how it would find what is read."""

    def __init__(self, world: World) -> None:
        self._tx = world.tx
        self.steps: list[str] = []

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        self.steps += [row[3] for row in self._tx.all(f"explain query plan {sql}", args)]
        return self._tx.all(sql, args)


def eur(call: Call) -> Asset:
    return asset_of(call, "EUR", 2)


def paid(call: Call, parts: list[tuple[Holder, int]]) -> None:
    post_each(call, PURSE, eur(call), parts, "test")


def faults(world: World) -> list[Any]:
    return [one for _, found in checks(world.tx, world.house) for one in found.faults]


def test_each_gets_their_part_by_an_entry_of_their_own(world: World) -> None:
    do(world, lambda call: post(call, OUTSIDE, PURSE, eur(call), 100, "test"))
    do(world, lambda call: paid(call, [(one, 10 * one.owner) for one in MEMBERS[:4]]))
    asset = do(world, eur)
    found = [balance(world.tx, 1, one, asset.id) for one in (PURSE, *MEMBERS)]
    assert found == [0, 10, 20, 30, 40, 0]
    entries = entries_of(world.tx, 1, PURSE, asset.id, 9)
    assert [(one.number, one.taker, one.amount) for one in entries] == [
        *((n + 1, Holder(Book.MEMBER, n), 10 * n) for n in (4, 3, 2, 1)),
        (1, PURSE, 100),
    ]
    assert faults(world) == []


def test_one_who_gets_two_parts_has_both(world: World) -> None:
    do(world, lambda call: post(call, OUTSIDE, PURSE, eur(call), 100, "test"))
    do(world, lambda call: paid(call, [(MEMBERS[0], 30), (MEMBERS[1], 1), (MEMBERS[0], 40)]))
    asset = do(world, eur)
    assert balance(world.tx, 1, MEMBERS[0], asset.id) == 70
    assert faults(world) == []


def test_where_there_is_not_enough_for_all_nobody_gets_anything(world: World) -> None:
    do(world, lambda call: post(call, OUTSIDE, PURSE, eur(call), 100, "test"))
    with world.unchanged(), pytest.raises(NotEnough) as refused:
        do(world, lambda call: paid(call, [(one, 25) for one in MEMBERS]))
    assert "1.25 EUR" in repr(refused.value.facts["need"])
    assert faults(world) == []


@pytest.mark.parametrize("part", [(MEMBERS[0], 0), (MEMBERS[0], -5), (PURSE, 5)])
def test_what_is_no_movement_is_a_mistake_of_ours(
    world: World, part: tuple[Holder, int]
) -> None:  # fmt: skip
    do(world, lambda call: post(call, OUTSIDE, PURSE, eur(call), 100, "test"))
    asset = do(world, eur)

    def run(call: Call) -> None:
        with pytest.raises(ValueError, match="Holder"):
            post_each(call, PURSE, asset, [(MEMBERS[1], 5), part], "test")

    with world.unchanged():
        world.job(lambda unit: run(call_of(world, unit)))


def call_of(world: World, unit: Any) -> Call:
    asked = Request("test", "", {}, Asker(kind=Kind.WORKER), community=1)
    return world.app.call(unit, asked)


@pytest.mark.sqlite_only
def test_the_newest_entries_of_a_book_are_found_by_its_indexes(world: World) -> None:
    do(world, lambda call: post(call, OUTSIDE, PURSE, eur(call), 100, "test"))
    explained: Any = Explained(world)
    entries_of(explained, 1, PURSE, do(world, eur).id, 5)
    steps = " ".join(explained.steps)
    assert "entry_from" in steps
    assert "entry_to" in steps
    assert "SCAN" not in steps
