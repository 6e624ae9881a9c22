"""What treasuries hold and what the key has left for gas: looked at now and then."""

import asyncio

from bot.chain.allow import AllowedTreasury
from bot.chain.books import Books, Desk
from bot.chain.node import Node
from bot.chain.sending import Warn
from bot.chain.timelock import BALANCE_OF, ask
from bot.chain.trouble import WouldRevert
from core.execution import Alarm, note_balance, tokens, treasuries
from core.kernel.unit import Unit

BALANCE_MS = 60_000
GAS_MS = 600_000
# Scheduling and executing take about 110,000 units each; a warning should come in time.
GAS_LEFT = 10 * 2 * 120_000


class Purses:
    """Reads balances, a little later than the chain has them."""

    def __init__(self, node: Node, key: str, books: Books, engine: Desk, warn: Warn) -> None:
        """Take the parts; nothing is read yet."""
        self._node = node
        self._key = key
        self._books = books
        self._engine = engine
        self._warn = warn
        self._balances_ms = self._gas_ms = -GAS_MS

    async def look(self, mine: list[AllowedTreasury]) -> None:
        """Read what is due to be read."""
        now_ms = self._books.now_ms
        if now_ms - self._balances_ms >= BALANCE_MS:
            for one in mine:
                await self._note(one, now_ms)
            self._balances_ms = now_ms
        if now_ms - self._gas_ms >= GAS_MS:
            await self._check_gas(mine)
            self._gas_ms = now_ms

    async def _note(self, one: AllowedTreasury, now_ms: int) -> None:
        def known(unit: Unit) -> list[tuple[int, str]]:
            found = [t for t in treasuries(unit.tx, one.community) if t.name == one.name]
            return [(t.id, t.address) for mine in found for t in tokens(unit.tx, mine.id)]

        head = await asyncio.to_thread(self._node.head)
        seen = []
        for number, address in await self._engine.work(known):
            asked = ask(BALANCE_OF, one.timelock)
            try:
                held = await asyncio.to_thread(self._node.number, address, asked, head.number)
            except WouldRevert:
                continue  # no token stands there; `folkmoot check` says it
            seen.append((number, held))

        def keep(unit: Unit) -> None:
            for number, held in seen:
                note_balance(unit.tx, number, held, head.number, now_ms)

        await self._engine.work(keep)

    async def _check_gas(self, mine: list[AllowedTreasury]) -> None:
        head = await asyncio.to_thread(self._node.head)
        price = head.base_fee + await asyncio.to_thread(self._node.tip)
        held = await asyncio.to_thread(self._node.funds, self._key)
        if held >= price * GAS_LEFT:
            return
        said = f"{self._key} has {held} wei left, enough for {held // (price * 120_000)} calls"
        for community in dict.fromkeys(one.community for one in mine):
            await self._warn(community, Alarm.LOW_GAS, said)
