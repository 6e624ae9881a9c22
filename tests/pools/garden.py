"""A room with a purse: the garden's pool, and requests to it that pass."""

from tests.world import World

QUORUM = "/config set quorum 1"


def garden(world: World, amount: str = "100") -> None:
    """Have ana, an admin, create the pool `garden` in EUR and fund it."""
    ana = world.member("ana*")
    ana.says(QUORUM)
    ana.says("/pool create garden EUR")
    ana.says(f"/pool fund garden {amount} A gift")


def ask(world: World, amount: str = "10", to: str = "ben", what: str = "New tools") -> int:
    """Have cy ask for an amount; return the number of the vote."""
    answer = world.member("cy").says(f"/pool request garden {amount} @{to} {what}")
    assert "is open until" in answer, answer
    return int(answer.split()[0].removeprefix("#"))


def passed(world: World, amount: str = "10", to: str = "ben", what: str = "New tools") -> int:
    """Have a request pass; its payment waits now."""
    number = ask(world, amount, to, what)
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    return number


def holds(world: World) -> str:
    """Return what the pool holds, as anybody sees it."""
    shown = world.member("eve").says("/pool show garden").splitlines()
    return ", ".join(line.strip() for line in shown[1:3])
