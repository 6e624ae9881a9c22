"""The signer's way into the engine: what it reads, what it keeps, what it reports.

Everything is one job or one command of the engine, so it either stands or never was.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.chain import store
from bot.chain.store import Begun, Purpose, Version
from core.app import Reply
from core.execution import Operation, Order, OrderDiffers, open_operations, vetoed_since
from core.kernel import audit, state
from core.kernel.clock import Clock, to_ms
from core.kernel.journal import Head
from core.kernel.request import Asker, Kind, Request
from core.kernel.unit import Unit
from core.pools import is_paused_in, opened_at, order_of

DAY_MS = 24 * 3_600_000
# Longer than any chain takes to be final, and than most timelocks wait.
VETO_WATCHED_MS = 14 * DAY_MS

R = TypeVar("R")


class NotReported(Exception):
    """The books did not take a report; it is made again at the next look."""


@dataclass(frozen=True, slots=True)
class Open:
    """An operation in the signer's hands: what the books say, the order itself, what was signed.

    `order` is None, and `differs` says why, where the books are not what was voted on.
    """

    operation: Operation
    order: Order | None
    differs: str
    versions: tuple[Version, ...]
    begun: Begun | None
    is_paused: bool

    @property
    def place(self) -> tuple[int, int]:
        """The community and the number of the proposal."""
        return self.operation.community, self.operation.proposal


class Desk(Protocol):
    """Where the core is asked: the engine, or a stage that plays without one."""

    async def ask(self, request: Request) -> Reply:
        """Run a request; the reply comes when it is durable."""
        ...

    async def work(self, job: Callable[[Unit], R]) -> R:
        """Run a job of our own."""
        ...


class Books:
    """What the signer knows and says, for one key on one chain."""

    def __init__(self, engine: Desk, clock: Clock, chain_id: int, sender: str) -> None:
        """Take the engine; nothing is read yet."""
        self._engine = engine
        self._clock = clock
        self._chain_id = chain_id
        self._sender = sender
        # Also after a restart with a clock that went back, no report is taken for an earlier one.
        self._life = secrets.token_hex(8)
        self._n = 0
        # Openings from which the journal was followed to its end.
        self._followed: dict[tuple[int, int], Head] = {}

    @property
    def now_ms(self) -> int:
        """The bot's own time."""
        return to_ms(self._clock.now())

    async def open(self) -> list[Open]:
        """Return everything that is in hand, the longest first."""
        return await self._engine.work(self._open)

    async def is_followed(self, order: Order) -> bool:
        """Whether the journal is whole from the opening of what an order pays to its end.

        It is followed once for each order, a page at a time, so that nobody waits for it long.
        """
        place = (order.community, order.proposal)
        start = await self._engine.work(lambda unit: opened_at(unit.tx, order))
        if start is None or start == self._followed.get(place):
            return start is not None
        at = start
        while (further := await self._follow(order.community, at)) != at:
            if further is None:
                return False
            at = further
        self._followed[place] = start
        return True

    async def _follow(self, community: int, since: Head) -> Head | None:
        return await self._engine.work(lambda unit: audit.follow(unit.tx, community, since))

    async def vetoed_lately(self) -> list[tuple[Operation, str]]:
        """Return what was cancelled in the last days, each with its id in the timelock."""
        since_ms = self.now_ms - VETO_WATCHED_MS

        def read(unit: Unit) -> list[tuple[Operation, str]]:
            found = vetoed_since(unit.tx, since_ms)
            mine = [one for one in found if one.chain_id == self._chain_id]
            begun = [(one, store.begun(unit.tx, one.community, one.proposal)) for one in mine]
            return [(one, order.operation) for one, order in begun if order is not None]

        return await self._engine.work(read)

    async def since(self, nonce: int) -> list[Version]:
        """Return what was signed with this nonce or a later one."""
        return await self._engine.work(
            lambda unit: store.since(unit.tx, self._chain_id, self._sender, nonce)
        )

    async def scheduled_lately(self) -> list[Version]:
        """Return what was signed to be scheduled in the last 24 hours."""
        since_ms = self.now_ms - DAY_MS
        return await self._engine.work(
            lambda unit: store.scheduled_since(unit.tx, self._chain_id, since_ms)
        )

    async def last_nonce(self) -> int | None:
        """Return the highest nonce that was ever signed here."""
        return await self._engine.work(
            lambda unit: store.last_nonce(unit.tx, self._chain_id, self._sender)
        )

    async def keep(self, new: Version) -> bool:
        """Keep signed bytes, durably; only then they may be sent.

        False, and nothing is kept, where payments were paused since the round began.
        """

        def add(unit: Unit) -> bool:
            if new.purpose is not Purpose.VOID and is_paused_in(unit.tx, new.community):
                return False
            store.add(unit.tx, new)
            return True

        return await self._engine.work(add)

    async def begin(self, one: Open, operation_id: str, since_block: int) -> None:
        """Note that an order is taken up."""
        await self._engine.work(
            lambda unit: store.begin(unit.tx, *one.place, operation_id, since_block)
        )

    async def measure(self, one: Open, found: str) -> None:
        """Note what balances showed."""
        await self._engine.work(lambda unit: store.measure(unit.tx, *one.place, found))

    async def mark(self, name: str) -> str | None:
        """Return a mark of the signer's own."""
        return await self._engine.work(lambda unit: state.get(unit.tx, self._own(name)))

    async def set_mark(self, name: str, value: str) -> None:
        """Keep a mark of the signer's own."""
        await self._engine.work(lambda unit: state.put(unit.tx, self._own(name), value))

    async def is_paused(self, community: int) -> bool:
        """Whether payments of a community wait."""
        return await self._engine.work(lambda unit: is_paused_in(unit.tx, community))

    async def report(self, community: int, command: str, **args: Any) -> None:
        """Have a report recorded; raises NotReported.

        Each has an id of its own: after a reorganisation the very same may be true again. That it
        comes twice harms nothing, since reports are facts.
        """
        self._n += 1
        reply = await self._engine.ask(
            Request(
                f"signer:{self._sender}:{self._life}:{self._n}",
                command,
                args,
                Asker(kind=Kind.SIGNER),
                is_stored=True,
                community=community,
            )
        )
        if reply.is_unavailable or reply.is_bug or reply.error is not None:
            said = reply.error.sentence() if reply.error else "the books could not take it"
            raise NotReported(f"{command}: {said}")

    def _own(self, name: str) -> str:
        return f"chain.{self._chain_id}.{self._sender}.{name}"

    def _open(self, unit: Unit) -> list[Open]:
        mine = [one for one in open_operations(unit.tx) if one.chain_id == self._chain_id]
        return [self._opened(unit, one) for one in mine]

    def _opened(self, unit: Unit, one: Operation) -> Open:
        place = (one.community, one.proposal)
        order, differs = None, ""
        try:
            order = order_of(unit.tx, *place)
        except OrderDiffers as error:
            differs = str(error)
        return Open(
            one,
            order,
            differs,
            tuple(store.of(unit.tx, self._chain_id, self._sender, *place)),
            store.begun(unit.tx, *place),
            is_paused_in(unit.tx, one.community),
        )
