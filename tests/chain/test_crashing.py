"""Killed anywhere between decision and finality: exactly one schedule and one payment."""

from tests.chain.crashing import Doom, live
from tests.chain.town import Town

CRASHES = 300
# Often enough to die in each step of a round, seldom enough to get through one now and then.
RATE = 0.04


async def test_killed_at_any_step_it_schedules_once_and_pays_once(town: Town) -> None:
    doom, n_lives = Doom(4, RATE), 0
    while doom.crashed.total() < CRASHES:
        number, payee = town.decide("1")
        await live(town, number, doom)
        assert town.n_calls(number) == (1, 1)
        assert town.balance(payee) == 1
        n_lives += 1
    assert town.signed("execute") == town.signed("schedule") == n_lives, "nothing is signed twice"
    acts = {"send", "Books.keep", "Books.begin", "Books.measure", "chain scheduled"}
    acts |= {"chain executed", "chain paid"}
    for act in acts:
        assert doom.crashed[f"before {act}"], f"nobody died before {act}"
        assert doom.crashed[f"after {act}"], f"nobody died after {act}"
