"""A room with a treasury on a chain: `main-USDC`, and requests to it that pass."""

from tests.execution.twin import BEN, SIGNED, Twin
from tests.world import World

POOL = "main-USDC"


def vault(world: World, amount: int = 1_000) -> Twin:
    """Have a treasury come in that holds so many USDC."""
    ana = world.member("ana*")
    ana.says("/config set quorum 1")
    ana.says("/config set open_per_member 100")
    ana.says("/channel admin channel=#admins")
    twin = Twin(world)
    assert twin.connects().error is None
    twin.reads(amount * 10**6)
    return twin


def has_wallet(twin: Twin, name: str, address: str = BEN) -> None:
    """Have a member prove a wallet."""
    person = twin.world.member(name)
    person.says(f"/wallet set {address}")
    person.says(f"/wallet prove {SIGNED}")
    twin.proves()


def ask(
    world: World, amount: str = "10", to: str = "ben", what: str = "New tools", more: str = ""
) -> int:
    """Have cy ask for an amount; return the number of the vote."""
    answer = world.member("cy").says(f"/pool request {POOL} {amount} @{to} {what} {more}".strip())
    assert "is open until" in answer, answer
    return int(answer.split()[0].removeprefix("#"))


def passed(world: World, amount: str = "10", to: str = "ben", what: str = "New tools",
           more: str = "") -> int:  # fmt: skip
    """Have a request pass; its payment waits now."""
    number = ask(world, amount, to, what, more)
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    return number


def handed(world: World, amount: str = "10", what: str = "New tools") -> int:
    """Have a request pass and its delay go by: it is with the signer now."""
    number = passed(world, amount, what=what)
    world.advance(days=1)
    return number
