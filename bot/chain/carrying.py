"""Carrying one operation on: look at the chain first, then do what is next, then report it.

The order after a crash is the order always: our record, the receipts of all versions, the stage
in the timelock, the logs of cancelling and scheduling; then act. Nothing here remembers anything.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from bot.chain import watching
from bot.chain.allow import AllowedTreasury, NotAllowed, check_order, id_of
from bot.chain.books import Books, Open
from bot.chain.conditions import changed, others, refusal
from bot.chain.freezing import Freezer
from bot.chain.node import Node, Receipt
from bot.chain.nonces import Nonces, group
from bot.chain.sending import Sender, Warn
from bot.chain.store import Begun, Purpose
from bot.chain.timelock import GET_MIN_DELAY, Stage, ask
from bot.chain.trouble import NoHistory, WouldRevert
from bot.chain.watching import SKEW_S, Found, Seen
from core.execution import Alarm, Order, Why

# A contract that refuses what it took in the trial is tried so often, then a person is asked.
REVERTS_MAX = 3

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Task:
    """An operation under way: the books, the order, its id, and what the chain shows."""

    open: Open
    order: Order
    id: str
    begun: Begun
    seen: Seen

    def receipts(self, purpose: Purpose) -> list[Receipt]:
        """Return what became of the versions for a purpose, as far as they are mined."""
        mine = [one.hash for one in self.open.versions if one.purpose is purpose]
        return [self.seen.receipts[one] for one in mine if one in self.seen.receipts]

    def reverted(self, purpose: Purpose) -> list[Receipt]:
        """Return where the contract refused it since it was handed over the last time.

        Older ones do not count: else `retry` would fail at once, for ever.
        """
        since_ms = self.open.operation.asked_ms or 0
        old = {one.hash for one in self.open.versions if one.created_ms < since_ms}
        return [one for one in self.receipts(purpose) if not one.is_done and one.tx not in old]

    def done(self, purpose: Purpose) -> Receipt | None:
        """Return the receipt of the version that did it."""
        return next((one for one in self.receipts(purpose) if one.is_done), None)


class Carrier:
    """Carries operations on, one step at a time."""

    def __init__(
        self, node: Node, books: Books, sender: Sender, freezer: Freezer, warn: Warn
    ) -> None:
        """Take the parts."""
        self._node = node
        self._books = books
        self._sender = sender
        self._freezer = freezer
        self._warn = warn
        self.treasuries: tuple[AllowedTreasury, ...] = ()
        self.final = -1

    async def carry(self, one: Open, nonces: Nonces) -> None:
        """Look at an operation and do the one thing that is next."""
        if one.order is None:
            await self._differs(one)
            return
        task = await self._look(one, one.order)
        stage = task.seen.stage
        match stage:
            case Stage.UNSET:
                await self._unset(task, nonces)
            case Stage.WAITING:
                await self._scheduled(task)
            case Stage.READY:
                if await self._scheduled(task):
                    await self._ready(task, nonces)
            case Stage.DONE:
                await self._done(task)
            case _:
                assert_never(stage)

    async def _differs(self, one: Open) -> None:
        """Refuse what is not what was voted on; where something was sent, only a person can."""
        sent = "it was sent before. " if one.versions else ""
        said = f"#{one.operation.proposal}: {sent}{one.differs}"
        await self._warn(one.operation.community, Alarm.NOT_AS_VOTED, said)
        if not one.versions:
            await self._failed(one, Why.DIGEST_DIFFERS, one.differs)

    async def _look(self, one: Open, order: Order) -> Task:
        operation = id_of(order)
        begun = one.begun
        if begun is None or begun.operation != operation:
            since_s = one.operation.queued_ms // 1000 - SKEW_S
            since = await asyncio.to_thread(self._node.block_since, since_s)
            await self._books.begin(one, operation, since)
            begun = Begun(operation, since, "")
        seen = await asyncio.to_thread(watching.look, self._node, order, operation, one.versions)
        return Task(one, order, operation, begun, seen)

    async def _unset(self, task: Task, nonces: Nonces) -> None:
        """Schedule it, unless somebody cancelled it: then never again."""
        one = task.open
        mined = task.done(Purpose.SCHEDULE)
        was_seen = one.operation.scheduled_tx is not None or one.operation.executed_tx is not None
        if (mined or was_seen or not one.versions) and await self._is_vetoed(task):
            return
        if mined is not None:
            return  # one answer is older than the other; the next look will show
        if was_seen:
            await self._report(one, "chain undone")
        if one.is_paused:
            return
        await self._step(task, Purpose.SCHEDULE, nonces)

    async def _is_vetoed(self, task: Task) -> bool:
        """Report a guardian's cancel; return whether there is one."""
        found = await self._logs(watching.veto, task)
        if found is not None:
            await self._report(task.open, "chain vetoed", by=found.by, tx=found.tx)
        return found is not None

    async def _scheduled(self, task: Task) -> bool:
        """Report where it is scheduled; return whether it is ours to go on with."""
        one, told = task.open, task.open.operation
        found = await self._where(task, Purpose.SCHEDULE, watching.scheduled)
        if found is None or not await self._is_ours(task):
            return False
        if told.executed_tx is not None:
            await self._report(one, "chain undone")
        ready_ms = await asyncio.to_thread(watching.ready_ms, self._node, task.order, task.id)
        if (told.scheduled_tx, told.scheduled_block) != (found.tx, found.block) or (
            told.executed_tx is not None
        ):
            await self._report(
                one, "chain scheduled", tx=found.tx, block=found.block, ready_ms=ready_ms
            )
        return True

    async def _ready(self, task: Task, nonces: Nonces) -> None:
        """Execute it, where nothing has changed since the vote."""
        one, order = task.open, task.order
        if one.is_paused:
            return
        try:
            check_order(order, self.treasuries, ())
        except NotAllowed as refused:
            await self._warn(order.community, Alarm.NOT_ALLOWED, _of(order, refused.detail))
            return
        if trouble := await asyncio.to_thread(changed, self._node, order):
            await self._warn(order.community, *trouble)
            return
        await self._step(task, Purpose.EXECUTE, nonces)

    async def _step(self, task: Task, purpose: Purpose, nonces: Nonces) -> None:
        """Begin a transaction, or see to the one that is under way."""
        if not await self._books.is_followed(task.order):
            said = "the journal was changed after the opening of the vote"
            await self._differs(replace(task.open, differs=said))
            return
        versions = group(task.open.versions, purpose)
        if versions and versions[0].nonce in nonces.waiting:
            is_next = versions[0].nonce == nonces.next
            await self._sender.push(task.order, versions, is_next=is_next)
            return
        reverted = task.reverted(purpose)
        if any(one.block > self.final for one in reverted):
            return
        if len(reverted) >= REVERTS_MAX:
            said = f"the timelock refused it {len(reverted)} times"
            await self._failed(task.open, Why.REVERTED, said, reverted[-1].tx)
            return
        is_lost = versions and not any(one.hash in task.seen.receipts for one in versions)
        if is_lost and await self._is_elsewhere(task.order.community, versions[0].nonce):
            return
        if nonces.is_free:
            await self._begin(task, purpose, nonces)

    async def _begin(self, task: Task, purpose: Purpose, nonces: Nonces) -> None:
        """Sign something new for it, unless a guardian ever cancelled it: a veto is final, also
        where the books have forgotten it, or somebody else scheduled the payment again."""
        if await self._is_vetoed(task):
            return
        order, delay_s = task.order, 0
        if purpose is Purpose.SCHEDULE:
            lately = await self._books.scheduled_lately()
            if refused := await asyncio.to_thread(
                refusal, self._node, order, self.treasuries, others(task.open.versions, lately)
            ):
                # What is broadcast can still be mined, so only a person can say it is over.
                if task.open.versions:
                    await self._warn(order.community, Alarm.NOT_ALLOWED, _of(order, refused.detail))
                else:
                    await self._failed(task.open, refused.why, refused.detail)
                return
            delay_s = await asyncio.to_thread(self._node.number, order.timelock, ask(GET_MIN_DELAY))
        try:
            nonces.is_started = await self._sender.start(order, purpose, nonces.next, delay_s)
        except WouldRevert as trouble:
            await self._warn(order.community, Alarm.WOULD_REVERT, _of(order, str(trouble)))

    async def _done(self, task: Task) -> None:
        """Report where it was executed; when that is final, whether exactly the amount arrived."""
        one, told = task.open, task.open.operation
        found = await self._where(task, Purpose.EXECUTE, watching.executed)
        if found is None or not await self._is_ours(task):
            return
        receipt = await asyncio.to_thread(self._node.receipt, found.tx)
        if receipt is None:
            return
        if (told.executed_tx, told.executed_block) != (receipt.tx, receipt.block):
            await self._report(one, "chain executed", tx=receipt.tx, block=receipt.block)
        missing = await self._missing(task, receipt)
        if missing is None or receipt.block > self.final:
            return
        there = await asyncio.to_thread(self._node.head, receipt.block)
        if there.hash != receipt.block_hash:
            return
        if missing:
            await self._failed(one, Why.NOT_DELIVERED, missing, receipt.tx)
        else:
            await self._report(one, "chain paid", tx=receipt.tx, block=receipt.block)

    async def _missing(self, task: Task, receipt: Receipt) -> str | None:
        """Return what is missing of the payment; measured early, as nodes drop old states."""
        block, _, verdict = task.begun.measured.partition(" ")
        if block == receipt.block_hash:
            return verdict
        try:
            found = await asyncio.to_thread(watching.missing, self._node, task.order, receipt)
        except NoHistory:
            said = f"no node here knows the balances around block {receipt.block} any more"
            await self._warn(task.order.community, Alarm.UNPROVED, _of(task.order, said))
            return None
        await self._books.measure(task.open, f"{receipt.block_hash} {found}")
        return found

    async def _where(
        self, task: Task, purpose: Purpose, look: Callable[..., Found | None]
    ) -> Found | None:
        """Return where a step was mined: by a version of ours, else by whoever did it."""
        mine = task.done(purpose)
        if mine is not None:
            return Found(mine.tx, mine.block)
        found: Found | None = await self._logs(look, task)
        return found

    async def _logs(self, look: Callable[..., R], task: Task) -> R:
        return await asyncio.to_thread(
            look, self._node, task.order, task.id, task.begun.since_block, task.seen.block
        )

    async def _is_ours(self, task: Task) -> bool:
        """Whether our books know of the scheduling; else they are older than the chain."""
        if any(one.purpose is Purpose.SCHEDULE for one in task.open.versions):
            return True
        why = (
            f"the timelock knows the payment of #{task.order.proposal} already, and this database "
            "has no record of sending it"
        )
        return not await self._freezer.hold(task.order.community, f"order.{task.id}", why)

    async def _is_elsewhere(self, community: int, nonce: int) -> bool:
        """Whether a nonce that we signed with was used by somebody else; then wait."""
        final = await asyncio.to_thread(self._node.nonce, self._sender.address, self.final)
        if final <= nonce:
            return True
        why = f"nonce {nonce} of the signer's key was used by another program"
        return await self._freezer.hold(community, f"used.{nonce}", why)

    async def _failed(self, one: Open, why: Why, detail: str, tx: str = "") -> None:
        await self._report(one, "chain failed", why=why.value, detail=detail[:300], tx=tx)

    async def _report(self, one: Open, command: str, **facts: object) -> None:
        community, proposal = one.place
        await self._books.report(community, command, proposal=proposal, **facts)


def _of(order: Order, said: str) -> str:
    return f"#{order.proposal}: {said}"[:300]
