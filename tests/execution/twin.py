"""A twin of the signer: it reports through the door what a chain would have shown."""

from itertools import count
from typing import Any

from bot.letters import Report, claim, report
from core import execution
from core.app import Reply
from core.execution import checksummed
from core.kernel.clock import to_ms
from core.kernel.outbox import Delivery
from core.kernel.request import Asker, Kind, Request
from tests.world import World

CHAIN_ID = 31_337
TIMELOCK = checksummed("0x" + "11" * 20)
USDC = checksummed("0x" + "22" * 20)
WETH = checksummed("0x" + "33" * 20)
BEN = checksummed("0x" + "be" * 20)
CY = checksummed("0x" + "c1" * 20)
GUARDIAN = checksummed("0x" + "99" * 20)
NOTE = "Gus and Ida hold the guardians' Safe and cancel in its app."
SIGNED = "0x" + "ab" * 65

_numbers = count(1)


def hash_of(n: int) -> str:
    """Return a transaction's hash."""
    return f"0x{n:064x}"


def token(**facts: Any) -> dict[str, Any]:
    """Return a token of the configuration: USDC with six decimals, 500 a payment, 1,000 a day."""
    return {
        "symbol": "USDC",
        "address": USDC,
        "decimals": 6,
        "cap": str(500 * 10**6),
        "cap_per_day": str(1_000 * 10**6),
        **facts,
    }


def weth(**facts: Any) -> dict[str, Any]:
    """Return another token: WETH with eighteen decimals."""
    caps = {"cap": str(5 * 10**18), "cap_per_day": str(10 * 10**18)}
    return token(symbol="WETH", address=WETH, decimals=18, **{**caps, **facts})


class Twin:
    """The signer of one community, with no chain behind it."""

    def __init__(self, world: World, community: int = 1) -> None:
        self.world = world
        self.community = community

    def asks(self, command: str, **args: Any) -> Reply:
        """Report something under an id that was never used."""
        request = Request(
            f"signer:{next(_numbers)}",
            command,
            args,
            Asker(kind=Kind.SIGNER),
            is_stored=True,
            community=self.community,
        )
        reply = self.world.ask(request)
        self.world.settle()
        return reply

    def connects(self, *tokens: dict[str, Any], **facts: Any) -> Reply:
        """Say what the configuration has of the treasury `main`."""
        said = {
            "name": "main",
            "chain_id": CHAIN_ID,
            "timelock": TIMELOCK,
            "guardian_note": NOTE,
            "tokens": list(tokens or (token(),)),
            **facts,
        }
        return self.asks("chain treasury", **said)

    def reads(self, amount: int, block: int = 100, symbol: str = "USDC") -> None:
        """Note what the treasury holds of a token, in base units."""
        tx = self.world.tx
        (one,) = [
            each
            for kept in execution.treasuries(tx, self.community)
            for each in execution.tokens(tx, kept.id)
            if each.symbol == symbol
        ]
        at_ms = to_ms(self.world.clock.now())
        execution.note_balance(tx, one.id, amount, block, at_ms)

    def work(self) -> list[Delivery]:
        """Take what waits in the outbox for the signer."""
        app = self.world.app
        found: list[Delivery] = self.world.job(claim(app, execution.PLATFORM))
        self.world.job(report(app, [Report(one.row, message="taken") for one in found], pace_ms=0))
        return found

    def proves(self, *, is_proved: bool = True, why: str = "ok") -> Reply:
        """Check the newest signature that waits."""
        (row,) = self.world.tx.all("select max(id) from wallet_challenge")
        return self.asks("wallet checked", id=row[0], is_proved=is_proved, why=why)

    def schedules(self, number: int, n: int = 1, block: int = 101) -> Reply:
        """Report that the timelock has it for two days."""
        ready_ms = to_ms(self.world.clock.now()) + 2 * 86_400_000
        return self.asks(
            "chain scheduled", proposal=number, tx=hash_of(n), block=block, ready_ms=ready_ms
        )

    def executes(self, number: int, n: int = 2, block: int = 102) -> Reply:
        """Report that it was executed, not final yet."""
        return self.asks("chain executed", proposal=number, tx=hash_of(n), block=block)

    def pays(self, number: int, n: int = 2, block: int = 102) -> Reply:
        """Report that it is final."""
        return self.asks("chain paid", proposal=number, tx=hash_of(n), block=block)

    def vetoes(self, number: int, n: int = 3) -> Reply:
        """Report that a guardian cancelled it."""
        return self.asks("chain vetoed", proposal=number, by=GUARDIAN, tx=hash_of(n))

    def fails(self, number: int, why: str, **facts: Any) -> Reply:
        """Report that it could not be carried out."""
        return self.asks("chain failed", proposal=number, why=why, **facts)
