"""Double entry: amounts move and never appear, an entry is taken back by another one, once."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.verify import checks
from core.kernel.call import Call
from core.ledger import (
    Asset,
    Book,
    Entry,
    Holder,
    NotEnough,
    UndoneBefore,
    asset_of,
    balance,
    balances_of,
    entries_of,
    entry,
    post,
    reverse,
    undone_by,
)
from tests.ledger.books import OUTSIDE, do
from tests.world import World

PURSE, ANA = Holder(Book.POOL, 1), Holder(Book.MEMBER, 1)


def eur(call: Call) -> Asset:
    return asset_of(call, "EUR", 2)


def moved(giver: Holder, taker: Holder, amount: int) -> Callable[[Call], Entry]:
    return lambda call: post(call, giver, taker, eur(call), amount, "test")


def has(world: World, holder: Holder) -> int:
    return do(world, lambda call: balance(call.tx, 1, holder, eur(call).id))


def faults(world: World) -> list[Any]:
    return [one for _, found in checks(world.tx, world.house) for one in found.faults]


def test_an_amount_leaves_one_book_and_enters_another(world: World) -> None:
    first = do(world, moved(OUTSIDE, PURSE, 500))
    second = do(world, moved(PURSE, ANA, 200))
    assert (first.number, second.number) == (1, 2)
    assert (has(world, PURSE), has(world, ANA)) == (300, 200)
    assert faults(world) == []


def test_more_than_there_is_does_not_move(world: World) -> None:
    do(world, moved(OUTSIDE, PURSE, 500))
    with world.unchanged(), pytest.raises(NotEnough) as refused:
        do(world, moved(PURSE, ANA, 501))
    assert "5 EUR" in repr(refused.value.facts["have"])
    assert "5.01 EUR" in repr(refused.value.facts["need"])
    with world.unchanged(), pytest.raises(NotEnough):
        do(world, moved(Holder(Book.POOL, 2), ANA, 1))


@pytest.mark.parametrize("amount", [0, -1])
def test_what_is_no_amount_is_a_bug(world: World, amount: int) -> None:
    with pytest.raises(AssertionError, match="a bug"):
        do(world, moved(OUTSIDE, PURSE, amount))


def test_nothing_moves_to_where_it_is(world: World) -> None:
    with pytest.raises(AssertionError, match="a bug"):
        do(world, moved(OUTSIDE, OUTSIDE, 5))


def test_an_entry_is_taken_back_once_by_one_that_names_it(world: World) -> None:
    first = do(world, moved(OUTSIDE, PURSE, 500))
    back = do(world, lambda call: reverse(call, first, "test back"))
    assert (back.undoes, back.amount, back.giver, back.taker) == (1, 500, PURSE, OUTSIDE)
    assert has(world, PURSE) == 0
    with world.unchanged(), pytest.raises(UndoneBefore) as refused:
        do(world, lambda call: reverse(call, first, "test back"))
    assert refused.value.facts == {"number": 1, "by": 2}
    assert do(world, lambda call: undone_by(call.tx, 1, 1)) == 2
    assert faults(world) == []


def test_what_was_spent_cannot_be_taken_back(world: World) -> None:
    first = do(world, moved(OUTSIDE, PURSE, 500))
    do(world, moved(PURSE, ANA, 1))
    with world.unchanged(), pytest.raises(NotEnough):
        do(world, lambda call: reverse(call, first, "test back"))


def test_the_database_itself_holds_balances_above_nothing(world: World) -> None:
    do(world, moved(OUTSIDE, PURSE, 5))
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        world.tx.run("update balance set amount = -1")
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        world.tx.run("update entry set amount = 0")


def test_assets_do_not_mix(world: World) -> None:
    do(world, moved(OUTSIDE, PURSE, 500))
    with world.unchanged(), pytest.raises(NotEnough):
        do(world, lambda call: post(call, PURSE, ANA, asset_of(call, "USD", 2), 1, "test"))


def test_an_asset_keeps_its_decimals(world: World) -> None:
    first = do(world, eur)
    assert do(world, lambda call: asset_of(call, "EUR", 6)) == first


def test_several_entries_of_one_command_stand_in_its_line(world: World) -> None:
    def both(call: Call) -> None:
        post(call, OUTSIDE, PURSE, eur(call), 5, "test")
        post(call, PURSE, ANA, eur(call), 3, "test")

    do(world, both)
    found = do(world, lambda call: entries_of(call.tx, 1, PURSE, eur(call).id, 9))
    assert [one.number for one in found] == [2, 1]
    assert len({one.journal_seq for one in found}) == 1
    assert do(world, lambda call: balances_of(call.tx, 1, ANA)) == [(1, 3)]
    assert do(world, lambda call: entry(call.tx, 1, 3)) is None
    assert faults(world) == []


@pytest.mark.parametrize(
    "change",
    [
        "update balance set amount = amount + 1 where book = 'pool'",
        "delete from balance where book = 'member'",
        "insert into balance values (1, 'pool', 9, 1, 0)",
        "update entry set amount = 1 where number = 2",
        "update entry set to_owner = 2 where number = 2",
        "update entry set purpose = 'other' where number = 2",
        "update entry set note = 'other' where number = 2",
        "update entry set by_member = 9 where number = 2",
        "update entry set at_ms = at_ms + 1 where number = 2",
        "update entry set journal_seq = 1 where number = 2",
        "update entry set asset = 2 where number = 2",
        "update entry set undoes = 1 where number = 2",
        "delete from entry where number = 2",
        "update asset set decimals = 0",
        "update asset set symbol = 'USD'",
    ],
)
def test_verify_finds_a_change_behind_the_bot_s_back(world: World, change: str) -> None:
    do(world, moved(OUTSIDE, PURSE, 500))
    do(world, moved(PURSE, ANA, 200))
    assert faults(world) == []
    world.tx.run(change)
    assert faults(world)


def test_the_books_are_a_table_that_a_bookkeeper_can_use(world: World) -> None:
    do(world, moved(OUTSIDE, PURSE, 550))
    do(world, moved(PURSE, ANA, 200))
    feature = next(one for one in world.house.features if one.name == "ledger")
    assert feature.export is not None
    (sheet,) = feature.export(world.tx, 1)
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    assert [(row["from"], row["to"], row["amount"], row["asset"]) for row in rows] == [
        ("outside", "pool:1", "5.50", "EUR"),
        ("pool:1", "member:1", "2", "EUR"),
    ]
