"""A request is a vote that carries a payment: shown in full, checked twice, reserved or not."""

import pytest

from core.community.fields import NotAMember, NotAPerson
from core.kernel.errors import UserError
from core.kernel.request import AccountRef
from core.kernel.rights import AdminsOnly
from core.ledger import NotEnough
from core.pools import rules
from core.proposals.effects import NothingToRetry, TooLateToRetry
from core.proposals.rules import AlreadyOpen, BadPeriod
from tests.asking import ask as ask_door
from tests.asking import refused, somebody
from tests.pools.garden import ask, garden, holds, passed
from tests.world import World


def test_the_card_shows_in_full_what_will_run(world: World) -> None:
    garden(world)
    number = ask(world, "12.5")
    card = " ".join(world.card(number).split())
    assert "New tools" in card
    assert (
        "Pay 12.50 EUR from the pool garden to ben, 1 day after it passed, if that is then at "
        "most 20 % of what is free in the pool, and requests take at most 50 % of it in 30 days."
    ) in card
    (digest,) = world.tx.all("select effects_digest from proposal")[0]
    assert digest in card


def test_what_passes_is_reserved_and_waits(world: World) -> None:
    garden(world)
    number = ask(world)
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    assert holds(world) == "free: 90 EUR, reserved: 10 EUR"
    card = " ".join(world.card(number).split())
    assert "10 EUR from the pool garden are reserved for ben (#1)." in card
    assert "They will be paid Fri 6 Mar 2026, 09:00 UTC unless an admin stops the payment" in card


def test_what_fails_or_is_withdrawn_moves_nothing(world: World) -> None:
    garden(world)
    first, second = ask(world, what="Paint"), ask(world, what="Seeds")
    world.member("dot").says(f"/vote {first} against")
    world.member("cy").says(f"/withdraw {second}")
    world.advance(days=5)
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    assert not world.tx.all("select * from payment")


@pytest.mark.parametrize(
    ("amount", "error"),
    [("20.01", rules.OverRequestLimit), ("100.01", NotEnough), ("100", rules.OverRequestLimit)],
)
def test_a_request_over_the_limit_is_not_opened(
    world: World, amount: str, error: type[UserError]
) -> None:
    garden(world)
    world.member("cy").says("/vote 9 for")
    answer = world.member("ana*").is_refused(f"/pool request garden {amount} @ana x", error)
    assert ("20 EUR" if error is rules.OverRequestLimit else "100 EUR") in " ".join(answer.split())
    assert "is open" in world.member("cy").says("/pool request garden 20 @ben Tools")


def test_the_period_limit_counts_what_was_taken_in_it(world: World) -> None:
    """Half of 100: 50 in 30 days. 20 and 16 are taken of 100, then 12.80 are under 20 % of 64."""
    garden(world)
    for amount in ("20", "16", "12.80"):
        passed(world, amount, what=f"Tools {amount}")
    assert holds(world) == "free: 51.20 EUR, reserved: 12.80 EUR"
    answer = world.member("cy").is_refused(
        "/pool request garden 1.21 @ben More", rules.OverPeriodLimit
    )
    assert "48.80 EUR went that way. 1.20 EUR are left" in " ".join(answer.split())
    passed(world, "1.20", what="The rest")
    # The first 20 were reserved on the third day; on the 33rd they no longer count.
    world.member("cy").is_refused("/pool request garden 1 @ben More", rules.OverPeriodLimit)
    world.advance(days=21)
    assert "is open" in world.member("cy").says("/pool request garden 1 @ben More")


def test_limits_are_those_of_the_opening(world: World) -> None:
    garden(world)
    number = ask(world, "20")
    world.member("ana*").says("/config set request_limit 1%")
    world.member("ana*").says("/config set payment_delay 30d")
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    assert holds(world) == "free: 80 EUR, reserved: 20 EUR"
    world.advance(days=1)
    assert "Owed to you:\n- 20 EUR" in world.member("ben").says("/me")


def test_limits_are_checked_again_when_it_passes(world: World) -> None:
    garden(world)
    first, second = ask(world, "20", what="Paint"), ask(world, "20", what="Seeds")
    for number in (first, second):
        world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    assert holds(world) == "free: 80 EUR, reserved: 20 EUR"
    card = " ".join(world.card(second).split())
    assert "Passed, not carried out: One request may take at most 20 % of what is free" in card
    assert "which is 16 EUR now" in card
    assert "Try again (admins)" in card


def test_an_admin_retries_when_the_pool_can_pay(world: World) -> None:
    garden(world)
    first, second = ask(world, "20", what="Paint"), ask(world, "20", what="Seeds")
    for number in (first, second):
        world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    ana = world.member("ana*")
    assert "still cannot be carried out" in ana.says(f"/retry {second}")
    world.member("dot").is_refused(f"/retry {second}", AdminsOnly)
    ana.is_refused(f"/retry {first}", NothingToRetry)
    ana.says("/pool fund garden 20 More")
    assert f"#{second} is carried out now." in ana.presses("Try again (admins)", second)
    assert holds(world) == "free: 80 EUR, reserved: 40 EUR"
    ana.is_refused(f"/retry {second}", NothingToRetry)
    world.advance(days=1)
    assert "40 EUR" in world.member("ben").says("/me")


@pytest.mark.parametrize("is_late", [False, True])
def test_a_retry_ends_after_thirty_days(world: World, is_late: bool) -> None:
    garden(world)
    first, second = ask(world, "20", what="Paint"), ask(world, "20", what="Seeds")
    for number in (first, second):
        world.member("dot").says(f"/vote {number} for")
    world.advance(days=33)
    ana = world.member("ana*")
    ana.says("/pool fund garden 100 More")
    if is_late:
        world.advance(milliseconds=1)
        ana.is_refused(f"/retry {second}", TooLateToRetry)
    else:
        assert "is carried out now" in ana.says(f"/retry {second}")


def test_a_payee_who_went_gets_nothing(world: World) -> None:
    garden(world)
    world.member("ben").says("/propose Sing")
    number = ask(world)
    world.member("ben").says("/forget me yes")
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    assert "Passed, not carried out:" in world.card(number)
    assert "is no longer here" in " ".join(world.card(number).split())
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"


def test_a_bot_gets_nothing(world: World) -> None:
    garden(world)
    world.member("dan").says("/propose Sing")
    bot = AccountRef("room", "robo", "Robo", is_bot=True)
    args = {"pool": "garden", "amount": "1", "to": bot, "purpose": "Oil"}
    with refused(world, NotAPerson) as replies:
        replies.append(ask_door(world, "pool request", args, asker=somebody("dan")))


@pytest.mark.parametrize("to", ["&99", "&", "&x", "12", "&1x"])
def test_whom_nobody_knows_gets_nothing(world: World, to: str) -> None:
    garden(world)
    args = {"pool": "garden", "amount": "1", "to": to, "purpose": "Oil"}
    world.member("dan").says("/propose Sing")
    with refused(world, NotAMember) as replies:
        replies.append(ask_door(world, "pool request", args, asker=somebody("dan")))


def test_the_rules_of_votes_hold_for_requests(world: World) -> None:
    garden(world)
    ask(world)
    cy = world.member("cy")
    cy.is_refused("/pool request garden 1 @ben x closes_in=91d", BadPeriod)
    world.advance(seconds=61)
    cy.is_refused("/pool request garden 10 @ben New tools", AlreadyOpen)
    assert "is open" in cy.says("/pool request garden 11 @ben New tools")
    assert "Nothing is done yet" in cy.says("/pool request garden 11 @ben New tools")
