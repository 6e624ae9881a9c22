"""A room with a purse, thanks and a weekly reward; it begins on a Sunday evening."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.verify import checks
from core.kernel.clock import to_ms
from tests.world import World

SUNDAY = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def garden(world: World, amount: str = "100", decimals: int = 2) -> None:
    """Have ana, an admin, create and fund a pool on a Sunday evening."""
    world.clock.set(SUNDAY)
    ana = world.member("ana*")
    for name in ("ben", "cy", "dot"):
        world.member(name).says("/hide me on=false")
    ana.says(f"/pool create garden EUR decimals={decimals}")
    ana.says(f"/pool fund garden {amount} A gift")


def thank(world: World, giver: str, to: str, points: int) -> None:
    """Have somebody thank somebody."""
    answer = world.member(giver).says(f"/tip @{to} {points} Good work")
    assert f"You gave {to}" in answer, answer


def take_part(world: World, *names: str) -> None:
    """Have members vote on something."""
    answer = world.member("eve").says("/poll Tea? yes | no closes_in=1h")
    number = answer.split()[0].removeprefix("#")
    for name in names:
        world.member(name).says(f"/vote {number} yes")


def owed(world: World, *names: str) -> dict[str, str]:
    """Return what the community owes to members, as each of them sees it."""
    found = {}
    for name in names:
        lines = world.member(name).says("/me").split("\n")
        mine = [line for line in lines if line.strip().endswith("EUR")]
        found[name] = mine[0].strip().removeprefix("- ") if mine else ""
    return found


def paydays(world: World) -> list[str]:
    """Return the cards of paydays, in order."""
    return [text for subject, text in world.cards.items() if subject.startswith('["rewards.payday')]


def faults(world: World) -> Iterator[str]:
    """Yield what verify finds."""
    for _, one in checks(world.tx, world.house):
        for fault in one.faults:
            yield f"{fault.where}: {fault.what}"


def due(world: World) -> list[int]:
    """Return when paydays are due, in ms."""
    return [row[0] for row in world.tx.all(
        "select due_ms from agenda where command = 'rewards payday' order by due_ms"
    )]  # fmt: skip


def ms(year: int, month: int, day: int, hour: int = 0) -> int:
    """Return an instant of UTC in ms."""
    return to_ms(datetime(year, month, day, hour, tzinfo=UTC))
