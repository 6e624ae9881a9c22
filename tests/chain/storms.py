"""What is done with a town on a chain that can go wrong."""

from core.execution import State
from tests.chain.anvil import Anvil
from tests.chain.town import Town


def sky(town: Town) -> Anvil:
    assert isinstance(town.evm, Anvil)
    return town.evm


async def scheduled(town: Town, amount: str = "20") -> tuple[int, str]:
    """Bring a payment as far as the timelock, and that to finality."""
    number, payee = town.decide(amount)
    await town.turn()
    sky(town).mine()
    await town.turn()
    assert town.state(number) == State.SCHEDULED
    sky(town).mine(5)
    return number, payee


async def finish(town: Town, number: int) -> None:
    """Let everything happen that has to."""
    for _ in range(8):
        await town.turn()
        sky(town).mine(2)
    assert town.state(number) == State.PAID
