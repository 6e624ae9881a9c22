"""A signer's world that ends at some step: before or after anything it asks of anybody."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from bot.chain.signer import Signer
from bot.chain.timelock import Stage
from tests.chain.town import Town

TURNS_MAX = 400


class Crash(BaseException):
    """The process is gone, here and now; nothing of ours may catch this."""


class Doom:
    """Ends lives by lot, more often where none has ended yet; counts where they did."""

    def __init__(self, seed: int, rate: float) -> None:
        self._lot = random.Random(seed)
        self._rate = rate
        self.met: Counter[str] = Counter()
        self.crashed: Counter[str] = Counter()

    def step(self, where: str) -> None:
        self.met[where] += 1
        rate = self._rate if self.crashed[where] else 0.5
        if self._rate and self._lot.random() < rate:
            self.crashed[where] += 1
            raise Crash


class DoomedNode:
    """A node that is asked for the last time."""

    def __init__(self, node: Any, doom: Doom) -> None:
        self._node = node
        self._doom = doom

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._node, name)
        if not callable(found):
            return found

        def asked(*args: Any, **kwargs: Any) -> Any:
            self._doom.step(f"before {name}")
            answer = found(*args, **kwargs)
            self._doom.step(f"after {name}")
            return answer

        return asked


class DoomedEngine:
    """An engine whose answer is heard by nobody any more."""

    def __init__(self, engine: Any, doom: Doom) -> None:
        self._engine = engine
        self._doom = doom

    async def work(self, job: Callable[..., Any]) -> Any:
        name = getattr(job, "__qualname__", "job").split(".<locals>")[0]
        return await self._met(name, self._engine.work(job))

    async def ask(self, request: Any) -> Any:
        return await self._met(request.command, self._engine.ask(request))

    async def _met(self, name: str, asked: Any) -> Any:
        try:
            self._doom.step(f"before {name}")
        except Crash:
            asked.close()
            raise
        answer = await asked
        self._doom.step(f"after {name}")
        return answer


async def live(town: Town, number: int, doom: Doom) -> None:
    """Have signers carry a payment to its end, one after another as each of them dies."""

    def hire() -> Signer:
        return town.hire(DoomedNode(town.evm.node, doom), DoomedEngine(town.engine, doom))

    signer, has_waited = hire(), False
    for _ in range(TURNS_MAX):
        try:
            await signer.turn()
        except Crash:
            signer = hire()
        if town.state(number) == "paid":
            return
        if not has_waited and town.state(number) == "scheduled":
            assert town.stage(number) is Stage.WAITING
            town.wait(hours=49)
            has_waited = True
    raise AssertionError(f"#{number} is {town.state(number)} after all these rounds")
