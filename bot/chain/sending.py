"""Sending without losing or doubling: bytes are kept before they leave, one nonce at a time.

A transaction that is not mined is sent again, the same bytes; one that waits too long is replaced
by one with the same nonce and the same payload that pays a quarter more, up to a ceiling. All
versions are kept, since any of them may be mined.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.chain.allow import Payload, check_payload, check_void
from bot.chain.books import Books
from bot.chain.keys import Key, read_payload
from bot.chain.node import Node
from bot.chain.store import Purpose, Version
from bot.chain.timelock import execute_call, read_schedule, schedule_call
from bot.chain.trouble import BadTransaction, FeeTooLow, MaybeSent, NoFunds, Underpriced
from core.execution import Alarm, Order

_LOG = logging.getLogger("folkmoot.chain")

# Pools want a tenth more before they let one version take the other's place.
RAISE_NUMERATOR, RAISE_DENOMINATOR = 5, 4
STUCK_MS = 180_000
TIP_MIN = 1_000_000
VOID_GAS = 21_000
WEI = 10**9  # in a gwei

Warn = Callable[[int, Alarm, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fees:
    """What is offered for a unit of gas, in wei."""

    max_fee: int
    tip: int


class Sender:
    """The one who signs and sends with a key."""

    def __init__(self, node: Node, key: Key, books: Books, ceiling: int, warn: Warn) -> None:
        """Take the parts; `ceiling` is the most wei for a unit of gas."""
        self._node = node
        self._key = key
        self.address = key.address
        self._books = books
        self._ceiling = ceiling
        self._warn = warn

    async def start(self, order: Order, purpose: Purpose, nonce: int, delay_s: int) -> bool:
        """Sign a first version with a nonce, keep it, send it; False where it is too dear now.

        Raises WouldRevert where the contract would refuse it.
        """
        call = execute_call(order)
        if purpose is Purpose.SCHEDULE:
            call = schedule_call(order, delay_s)
        gas = await asyncio.to_thread(self._node.gas, self._key.address, order.timelock, call)
        fees = await self._fees(order.community)
        if fees is None:
            return False
        payload = Payload(
            chain_id=self._node.chain_id,
            nonce=nonce,
            to=order.timelock,
            value=0,
            call=call,
            gas=gas,
            max_fee=fees.max_fee,
            tip=fees.tip,
        )
        await self._keep_and_send(sign(self._key, payload, order, purpose, delay_s))
        return True

    async def push(self, order: Order, versions: Sequence[Version], *, is_next: bool) -> None:
        """See to it that one of the versions of a nonce is mined: send again, or replace.

        What is not the next waits for other nonces, and no fee helps it.
        """
        last = _dearest(versions)
        if last.purpose is Purpose.VOID:  # only a void takes the place of a void
            await self.void(versions)
            return
        if not is_next or not self._is_stuck(last):
            await self._send(last)
            return
        payload = await self._dearer(read_payload(last.raw), last)
        if payload is None:
            await self._send(last)
            return
        delay_s = read_schedule(payload.call)[1] if last.purpose is Purpose.SCHEDULE else 0
        await self._keep_and_send(sign(self._key, payload, order, last.purpose, delay_s))

    async def void(self, versions: Sequence[Version]) -> None:
        """Use up a nonce that nobody needs any more, so that later ones can be mined."""
        last = _dearest(versions)
        if last.purpose is Purpose.VOID and not self._is_stuck(last):
            await self._send(last)
            return
        bare = replace(
            read_payload(last.raw), to=self._key.address, value=0, call=b"", gas=VOID_GAS
        )
        payload = await self._dearer(bare, last)
        if payload is None:
            await self._send(last)
            return
        await self._keep_and_send(sign_void(self._key, payload, last))

    async def fill(self, nonce: int, later: Sequence[Version]) -> None:
        """Use up a nonce that is missing before a later one, once that one has waited too long."""
        first = min(later, key=lambda version: version.created_ms)
        if not self._is_stuck(first):
            return
        fees = await self._fees(first.community)
        if fees is None:
            return
        payload = Payload(
            chain_id=self._node.chain_id,
            nonce=nonce,
            to=self._key.address,
            value=0,
            call=b"",
            gas=VOID_GAS,
            max_fee=fees.max_fee,
            tip=fees.tip,
        )
        _LOG.warning("nonce %d is missing on the chain; it is used up", nonce)
        await self._keep_and_send(sign_void(self._key, payload, first))

    def _is_stuck(self, version: Version) -> bool:
        return self._books.now_ms - version.created_ms >= STUCK_MS

    async def _dearer(self, payload: Payload, last: Version) -> Payload | None:
        """Return a payload that takes the place of a version, None where it would be too dear."""
        now = await self._fees(last.community)
        max_fee, tip = raised(last.max_fee), raised(last.tip)
        if now is not None:
            max_fee, tip = max(max_fee, now.max_fee), max(tip, now.tip)
        if max_fee > self._ceiling:
            await self._warn(
                last.community,
                Alarm.FEE_CEILING,
                f"transaction {last.hash} waits at {last.max_fee} wei for a unit of gas; a quarter "
                f"more would be over the ceiling of {self._ceiling}",
            )
            return None
        return replace(payload, max_fee=max_fee, tip=tip)

    async def _fees(self, community: int) -> Fees | None:
        """Return what to offer now, None where the chain wants more than the ceiling."""
        head = await asyncio.to_thread(self._node.head)
        tip = max(await asyncio.to_thread(self._node.tip), TIP_MIN)
        if head.base_fee + tip > self._ceiling:
            await self._warn(
                community,
                Alarm.FEE_CEILING,
                f"the chain asks {head.base_fee + tip} wei for a unit of gas, and the ceiling is "
                f"{self._ceiling}",
            )
            return None
        return Fees(min(2 * head.base_fee + tip, self._ceiling), tip)

    async def _keep_and_send(self, signed: Version) -> None:
        """Keep the bytes, and only then send them."""
        new = replace(signed, created_ms=self._books.now_ms)
        if await self._books.keep(new):
            await self._send(new)

    async def _send(self, version: Version) -> None:
        """Hand bytes to the node, on the right chain; what became of it shows the next look."""
        await asyncio.to_thread(self._node.check_chain)
        try:
            await asyncio.to_thread(self._node.send, version.raw)
        except MaybeSent:
            _LOG.debug("the node knows %s", version.hash)
        except (Underpriced, FeeTooLow) as trouble:
            _LOG.info("%s pays too little: %s", version.hash, trouble)
        except NoFunds as trouble:
            await self._warn(version.community, Alarm.LOW_GAS, f"{self._key.address}: {trouble}")
        except BadTransaction as trouble:
            _LOG.error("the node refuses %s: %s", version.hash, trouble)
        else:
            _LOG.info("sent %s of #%d as %s", version.purpose, version.proposal, version.hash)


def sign(key: Key, payload: Payload, order: Order, purpose: Purpose, delay_s: int) -> Version:
    """Return signed bytes; raises NotTheOrder for what is not what was voted on.

    This is the only place where the key signs a transaction of an order.
    """
    check_payload(payload, order, purpose, delay_s)
    return _version(key, payload, purpose, order.community, order.proposal)


def sign_void(key: Key, payload: Payload, last: Version) -> Version:
    """Return signed bytes that only use up a nonce; raises NotTheOrder for all else."""
    check_void(payload, last.chain_id, key.address)
    return _version(key, payload, Purpose.VOID, last.community, last.proposal)


def _version(
    key: Key, payload: Payload, purpose: Purpose, community: int, proposal: int
) -> Version:
    signed = key.sign(payload)
    return Version(
        hash=signed.hash,
        chain_id=payload.chain_id,
        sender=key.address,
        nonce=payload.nonce,
        community=community,
        proposal=proposal,
        purpose=purpose,
        raw=signed.raw,
        max_fee=payload.max_fee,
        tip=payload.tip,
        created_ms=0,
    )


def raised(fee: int) -> int:
    """Return a fee a quarter higher, rounded up."""
    return -(-fee * RAISE_NUMERATOR // RAISE_DENOMINATOR)


def _dearest(versions: Sequence[Version]) -> Version:
    return max(versions, key=lambda version: version.max_fee)
