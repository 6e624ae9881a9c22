"""Paydays of very many: set aside at once, handed out in portions, and never half paid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.kernel import agenda
from core.kernel.clock import to_ms
from tests.linking.pairs import link
from tests.rewards.garden import MONDAY, faults, garden, owed, paydays, take_part, thank
from tests.world import World, due_request

WEEK = timedelta(weeks=1)
EVERYBODY = ("ben", "cy", "dot")


@pytest.fixture(autouse=True)
def _portions_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.rewards.handing.AT_ONCE_MAX", 2)
    monkeypatch.setattr("core.rewards.handing.PORTION", 1)


def pay(world: World, budget: str = "10") -> None:
    """Have an epoch end in which three took part, and nothing be handed out yet."""
    garden(world)
    world.member("ana*").says(f"/rewards set garden {budget} week participation")
    world.advance_to(MONDAY)
    take_part(world, *EVERYBODY)
    thank(world, "cy", "ben", 5)
    world.clock.set(MONDAY + WEEK)
    rows = world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 10))
    (row,) = (row for row in rows if row[3] == "rewards payday")
    world.ask(due_request(agenda.due_from(row)))
    world.settle()


def n_waiting(world: World) -> int:
    return len(agenda.args_of(world.tx, 1, "rewards handout"))


def hand_out(world: World, n: int) -> None:
    """Have the clock hand out so many portions."""
    rows = world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 100))
    portions = [agenda.due_from(row) for row in rows if row[3] == "rewards handout"]
    for one in portions[:n]:
        world.ask(due_request(one))
    world.settle()


def test_the_whole_budget_is_set_aside_before_anybody_gets_a_part(world: World) -> None:
    pay(world)
    assert n_waiting(world) == 3
    assert "free: 90 EUR" in world.member("ben").says("/pool show garden")
    assert "10 EUR shared out to members" in world.member("ben").says("/pool show garden")
    (card,) = paydays(world)
    assert "10 EUR went to 3 members." in card
    assert "Each part is set aside" in card
    assert list(faults(world)) == []


def test_every_portion_verifies_and_the_last_one_says_so(world: World) -> None:
    pay(world)
    for left in (2, 1, 0):
        hand_out(world, 1)
        assert n_waiting(world) == left
        assert list(faults(world)) == []
    found = owed(world, *EVERYBODY)
    assert sorted(found.values()) == ["3.33 EUR", "3.33 EUR", "3.34 EUR"]
    assert "Each part is set aside" not in paydays(world)[-1]
    told = [text for text in world.member("ben").private if "You get" in text]
    assert len(told) == 1
    assert "(took part)" in told[0]


def test_a_portion_that_runs_twice_pays_once(world: World) -> None:
    pay(world)
    rows = world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 100))
    portions = [due_request(agenda.due_from(row)) for row in rows if row[3] == "rewards handout"]
    for request in portions:
        world.ask(request)
        world.ask(replace(request, id=f"{request.id} again"))
    world.settle()
    assert sorted(owed(world, *EVERYBODY).values()) == ["3.33 EUR", "3.33 EUR", "3.34 EUR"]
    assert list(faults(world)) == []


def test_portions_in_any_order_pay_the_same(world: World) -> None:
    pay(world, "12")
    rows = world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 100))
    for row in reversed(rows):
        if row[3] == "rewards handout":
            world.ask(due_request(agenda.due_from(row)))
            assert list(faults(world)) == []
    world.settle()
    assert owed(world, *EVERYBODY) == dict.fromkeys(EVERYBODY, "4 EUR")


def test_who_turns_out_to_be_another_in_between_is_paid_as_that(world: World) -> None:
    pay(world, "12")
    hand_out(world, 1)
    link(world.member("ben"), world.member("dot"))
    hand_out(world, 9)
    assert owed(world, "ben", "cy") == {"ben": "8 EUR", "cy": "4 EUR"}
    assert list(faults(world)) == []


def test_who_goes_in_between_is_still_owed(world: World) -> None:
    pay(world, "12")
    world.member("dot").says("/forget me yes")
    hand_out(world, 9)
    kept = world.tx.all("select amount from balance where book = 'member' and amount = 400")
    assert len(kept) == 3
    assert list(faults(world)) == []


def test_a_pool_that_is_short_sets_nothing_aside(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/config set reward_limit 100%")
    ana.says("/rewards set garden 60 week participation")
    world.advance_to(MONDAY)
    take_part(world, *EVERYBODY)
    world.tx.run("update balance set amount = 3000 where book = 'pool'")
    world.advance_to(MONDAY + WEEK)
    assert "the pool has only 30 EUR" in " ".join(paydays(world)[0].split())
    assert n_waiting(world) == 0
    assert world.tx.all("select 1 from balance where book = 'payday'") == []


def test_a_portion_that_was_lost_or_changed_is_found(world: World) -> None:
    pay(world, "12")
    sql = "select key, args from agenda where command = 'rewards handout' order by key limit 1"
    key, args = world.tx.all(sql)[0]
    changed = args.replace("400", "399")
    assert changed != args
    world.tx.run("update agenda set args = ? where key = ?", (changed, key))
    assert "the books moved something else" in " ".join(faults(world))
    world.tx.run("delete from agenda where key = ?", (key,))
    assert "the books moved something else" in " ".join(faults(world))


def test_so_many_get_no_preview_but_the_outcome_of_the_last_payday(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(world)
    take_part(world, *EVERYBODY)
    thank(world, "cy", "ben", 5)
    shown = " ".join(world.member("ben").says("/rewards show").split())
    assert "If it ended now" in shown
    assert "10 EUR went to 3 members." in shown
    monkeypatch.setattr("core.rewards.views.PREVIEW_MAX", 4)
    shown = " ".join(world.member("ben").says("/rewards show").split())
    assert "If it ended now" not in shown
    assert "reckoned at the payday" in shown
    assert "10 EUR went to 3 members." in shown


def test_what_a_payday_came_to_in_brief_is_held_against_its_record(world: World) -> None:
    pay(world)
    world.tx.run("update payday set brief = replace(brief, '3', '4') where brief is not null")
    assert "it is not what the journal says" in " ".join(faults(world))


def test_who_got_a_portion_is_forgotten_on_the_card_of_the_payday(world: World) -> None:
    pay(world)
    hand_out(world, 3)
    assert "ben: 3.3" in paydays(world)[-1]
    world.member("ben").says("/forget me yes")
    assert "ben" not in paydays(world)[-1]
    assert "a former member: 3.3" in paydays(world)[-1]
