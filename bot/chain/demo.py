"""A payment on a chain, played in seconds: request, vote, veto time, execution, balance.

Chain, timelock and coin are real and live in this process; nothing is kept, nothing goes out.
"""

import asyncio
import logging
import tempfile
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO, TypeVar

from bot import verify
from bot.chain.deploy import Deployer, Wanted
from bot.chain.inprocess import CHAIN_ID, Evm
from bot.chain.sending import WEI
from bot.chain.signer import Parts, Signer
from bot.chain_settings import Chain
from bot.database.port import database_at
from bot.demo import WIDTH, Paper
from bot.stage import Stage
from core.app import Reply
from core.kernel.request import Request
from core.kernel.unit import Unit
from core.ledger.amounts import write_amount

# A Monday later than any machine's clock: the time of a chain cannot be behind it.
START = datetime(2040, 3, 5, 9, 0, tzinfo=UTC)
DELAY = timedelta(hours=48)
FULL = 1_000 * 10**6

R = TypeVar("R")

_INTRO = """\
A garden club keeps some of its money on a chain: in a timelock, from which the
bot can only propose payments that everybody sees for two days before they are
made, and which two guardians can veto. Chain, timelock and coin are real, and
live in this process alone. The year is 2040, the clock is faster."""
_OUTRO = """
That was one payment. With real money: see "A treasury on a chain" in
docs/operations.md."""


class _Desk:
    """The stage as the signer's way into the core."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def ask(self, request: Request) -> Reply:
        reply = self._stage.run(request)
        assert isinstance(reply, Reply)
        return reply

    async def work(self, job: Callable[[Unit], R]) -> R:
        found: R = self._stage.run(job)
        return found


class ChainDemo:
    """The script: who says what, and what the signer does."""

    def __init__(self, stage: Stage, write: Callable[[str], None]) -> None:
        self._stage = stage
        self._write = write
        self._evm = Evm(START)

    def play(self) -> None:
        """Play the whole payment."""
        self._set_up()
        self._ask_for_it()
        self._decide()
        self._schedule()
        self._execute()

    def _set_up(self) -> None:
        stage, evm = self._stage, self._evm
        self._tell("Whoever runs the bot has put a timelock on the chain beforehand:")
        key = evm.key("the signer of the demo")
        self._write("$ folkmoot chain deploy-timelock --delay 48h --guardian ... --guardian ...")
        wanted = Wanted(int(DELAY.total_seconds()), (evm.account(1), evm.account(2)))
        lock = Deployer(evm.node, key, 300 * WEI, self._write).deploy(wanted)
        self._coin = evm.coin(lock, FULL)
        self._signer = Signer(
            _settings(lock, self._coin.address),
            _Desk(stage),
            stage.clock,
            Parts(evm.node, key),
        )
        self._payee = evm.w3.to_checksum_address("0x" + "da" * 20)
        stage.says("ana*", '/setup "Garden club"')
        stage.asks("ana*", "/config set announce off")
        self._sign()
        self._tell("From now on the timelock is a pool, whose balance is read from the chain:")
        stage.says("ana", "/pool show main-LEAF")

    def _ask_for_it(self) -> None:
        stage = self._stage
        self._tell("Dan asks for some of it, and says where it shall go:")
        stage.asks(
            "dan", f"/pool request main-LEAF 20 @dan Seeds closes_in=1d address={self._payee}"
        )
        for name in ("ana", "ben", "eva"):
            stage.asks(name, "/vote 1 for")

    def _decide(self) -> None:
        self._pass(timedelta(days=1))
        self._tell("It passed. For a day an admin can still stop it:")
        self._stage.look()

    def _schedule(self) -> None:
        self._pass(timedelta(days=1))
        self._tell(
            "Nobody did. The signer makes the transaction again from what was voted on, compares, "
            "signs, keeps the bytes, and only then sends them. Now the timelock has it:"
        )
        self._sign()
        self._stage.look()
        self._holds()

    def _execute(self) -> None:
        self._pass(DELAY + timedelta(hours=1))
        self._tell(
            "No guardian has vetoed it in two days. It is executed, and called paid only when that "
            "is final and exactly the amount arrived:"
        )
        self._sign()
        self._stage.look()
        self._holds()
        self._tell("And whoever runs the bot can count it all again:")

    def _sign(self) -> None:
        """Have the signer make some rounds, with the chain's clock where ours is."""
        self._evm.pass_to(self._stage.clock.now())
        for _ in range(3):
            asyncio.run(self._signer.turn())
            self._stage.settle()

    def _holds(self) -> None:
        held = self._coin.functions.balanceOf(self._payee).call()
        self._write(f"on the chain {self._payee} has {write_amount(held, 6)} LEAF")

    def _pass(self, length: timedelta) -> None:
        at = self._stage.clock.now() + length
        self._stage.pass_to(at)
        self._write(f"\n{f'-- {at:%A %H:%M} --':^{WIDTH}}".rstrip())

    def _tell(self, words: str) -> None:
        self._write("\n" + textwrap.fill(words, WIDTH))


def _settings(timelock: str, coin: str) -> Chain:
    token = {"symbol": "LEAF", "address": coin, "decimals": 6, "cap": "100", "cap_per_day": "200"}
    treasury = {
        "name": "main",
        "community": "room",
        "timelock": timelock,
        "guardian_note": "Cleo and Eva are guardians, and can veto from their wallets.",
        "tokens": [token],
    }
    return Chain.model_validate(
        {"chain_id": CHAIN_ID, "confirmations": 1, "treasuries": [treasury]}
    )


def play(out: TextIO) -> int:
    """Play the payment, then verify what is kept of it; return the exit status."""
    logging.getLogger("folkmoot").setLevel(logging.WARNING)
    write = Paper(out).write
    write(_INTRO)
    with tempfile.TemporaryDirectory(prefix="folkmoot-demo-") as folder:
        path = Path(folder) / "demo.db"
        stage = Stage(path, START, write)
        try:
            ChainDemo(stage, write).play()
        finally:
            stage.close()
        write("$ folkmoot verify")
        status = verify.command(database_at(f"sqlite:///{path}"), None, out)
    write(_OUTRO)
    return status
