"""Polls from the question to the result."""

from tests.world import World


def test_a_poll_is_voted_and_closed_by_the_clock(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    assert "Lunch?" in world.card(1)
    assert "Your ballot on #1: Pizza" in ben.presses("Pizza")
    ana.says("/vote 1 Soup")
    ben.says("/vote 1 soup")
    assert "2 votes (100 %)" in world.card(1)
    world.advance(hours=1)
    assert "Soup wins." in world.card(1)
