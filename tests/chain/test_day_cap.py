"""Two payments near the cap of a day, 150: what is over it goes the next day, and not before."""

from core.execution import Why
from tests.chain.town import Town


def ask(town: Town, amount: str, what: str) -> tuple[int, str]:
    """Ask for a payment and have it pass in an hour; return its number and the address."""
    to = town.payee()
    said = town.world.member("dan").says(
        f"/pool request main-LEAF {amount} @dan {what} closes_in=1h address={to}"
    )
    number = int(said.split()[0].removeprefix("#"))
    for name in ("ana", "ben"):
        town.world.member(name).says(f"/vote {number} for")
    return number, to


def pass_both(town: Town, second: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """Have a payment of 90 and another one pass at the same time."""
    found = ask(town, "90", "Seeds"), ask(town, second, "Soil")
    town.world.advance(hours=1)
    return found


def retried(town: Town, number: int) -> str:
    return " ".join(town.world.member("ana*").says(f"/retry {number}").split())


async def paid(town: Town, *payees: str) -> list[float]:
    """Let two days and some rounds go by; return what arrived."""
    await town.turn(2 * len(payees))
    town.wait(hours=49)
    await town.turn(4 * len(payees))
    return [town.balance(who) for who in payees]


async def test_what_just_fits_goes_the_same_day(town: Town) -> None:
    (first, ana), (second, ben) = pass_both(town, "60")
    town.wait(hours=24)
    assert await paid(town, ana, ben) == [90, 60]
    assert (town.state(first), town.state(second)) == ("paid", "paid")


async def test_what_passes_over_the_cap_is_decided_again_the_next_day(town: Town) -> None:
    """The books refuse it at the close, so that nobody waits for what cannot be sent."""
    (first, ana), (second, ben) = pass_both(town, "60.000001")
    assert town.told(second) is None
    card = " ".join(town.world.card(second).split())
    assert "at most 150 LEAF in 24 hours, and 60 LEAF of that are left" in card
    town.wait(hours=23, minutes=59)
    await town.turn(2)
    assert "60 LEAF of that are left" in retried(town, second)
    assert town.told(second) is None
    town.wait(minutes=1)
    await town.turn(2)
    assert "is carried out now" in retried(town, second)
    assert town.state(first) == "scheduled"
    town.wait(hours=24)
    assert await paid(town, ana, ben) == [90, 60.000001]
    assert (town.signed("schedule"), town.signed("execute")) == (2, 2)


async def test_what_the_signer_could_only_send_together_goes_a_day_apart(town: Town) -> None:
    """Decided a day apart, but the node was away; the signer's own cap counts what it signs."""
    first, ana = town.decide("90")
    second, ben = town.decide("61")
    assert (town.state(first), town.state(second)) == ("asked", "asked")
    await town.turn(3)
    found = town.told(second)
    assert found is not None
    assert (town.state(first), found.failed_why) == ("scheduled", Why.OVER_DAY_CAP)
    assert "with 90000000 of the last 24 hours" in (found.failed_detail or "")
    card = " ".join(town.world.card(second).split())
    assert "payments of this day would be more than the signer's own cap" in card
    assert "An admin can try again with /retry" in card
    assert town.signed() == 1
    town.wait(hours=23, minutes=59)
    retried(town, second)
    await town.turn(2)
    assert (town.state(second), town.signed()) == ("failed", 1)
    town.wait(minutes=1)
    retried(town, second)
    assert await paid(town, ana, ben) == [90, 61]
    assert (town.state(first), town.state(second)) == ("paid", "paid")
    assert town.n_calls(first) == town.n_calls(second) == (1, 1)


async def test_what_a_guardian_cancels_still_counts_for_the_signer(town: Town) -> None:
    """The cap is a brake on the key: a veto does not let more be signed the same day."""
    first, _ = town.decide("90")
    second, _ = town.decide("61")
    await town.turn(2)
    town.cancel(first)
    await town.turn(2)
    assert (town.state(first), town.state(second)) == ("vetoed", "failed")
    assert town.signed() == 1
