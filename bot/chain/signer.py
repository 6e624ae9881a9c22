"""The signer: asked through the outbox, it carries operations on and reports what it sees."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from bot.chain import signins
from bot.chain.allow import AllowedToken, AllowedTreasury
from bot.chain.books import Books, Desk, NotReported, Open
from bot.chain.carrying import Carrier
from bot.chain.freezing import Freezer
from bot.chain.keys import Key
from bot.chain.node import Node
from bot.chain.nonces import Nonces, nonces
from bot.chain.purses import Purses
from bot.chain.sending import WEI, Sender
from bot.chain.store import Purpose
from bot.chain.strangers import Strangers
from bot.chain.trouble import NodeTrouble, OtherChain
from bot.chain.vetoes import Vetoes
from bot.chain_places import community_at
from bot.chain_settings import ChainTreasury
from bot.outbox import Postponed
from bot.settings import Chain
from core.execution import PLATFORM, Alarm, WalletWhy, wallet_check
from core.execution.port import OPERATION, WALLET_CHECK
from core.kernel.canonical import decode
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery

_LOG = logging.getLogger("folkmoot.chain")

POLL_S = 5.0
# A node that was away for a moment is no news.
AWAY_MS = 300_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What a signer is made of; a test gives a node of its own."""

    node: Node
    key: Key


class Signer:
    """One key on one chain, for all communities that have a treasury there."""

    name = PLATFORM
    pace_ms = 0

    def __init__(self, settings: Chain, engine: Desk, clock: Clock, parts: Parts) -> None:
        """Take the parts; `run` loops, `turn` is one round of it."""
        self._settings = settings
        self._engine = engine
        self._node = parts.node
        self._key = parts.key
        self._books = Books(engine, clock, settings.chain_id, parts.key.address)
        freezer = Freezer(self._books)
        ceiling = settings.fee_max * WEI
        sender = Sender(parts.node, parts.key, self._books, ceiling, self.warn)
        self._sender, self._freezer = sender, freezer
        self._carrier = Carrier(parts.node, self._books, sender, freezer, self.warn)
        self._purses = Purses(parts.node, parts.key.address, self._books, engine, self.warn)
        self._vetoes = Vetoes(parts.node, self._books, self.warn)
        self._strangers = Strangers(engine, self.warn)
        self._wake = asyncio.Event()
        self._treasuries: dict[tuple[str, str], AllowedTreasury] = {}
        self._away_since_ms: int | None = None

    async def run(self) -> None:
        """Carry on until cancelled."""
        while True:
            self._wake.clear()
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()

    async def close(self) -> None:
        """End; what was signed is kept, and sent again at the next start."""

    async def show(self, delivery: Delivery) -> str:
        """Take work from the outbox: an operation is carried on by the loop, a wallet checked."""
        name, *ids = decode(delivery.row.subject)
        if name == OPERATION:
            self._wake.set()
        elif name == WALLET_CHECK:
            await self._check_wallet(delivery.row.community, *ids)
        else:
            raise LookupError(name)
        return str(name)

    async def look(self) -> None:
        """Make a round; trouble is told, and the next round tries again."""
        try:
            await self.turn()
        except OtherChain as trouble:
            await self._tell_all(Alarm.WRONG_CHAIN, str(trouble))
        except NodeTrouble as trouble:
            _LOG.warning("the node: %s", trouble)
            await self._note_away(str(trouble))
        except (Unavailable, NotReported) as trouble:
            _LOG.warning("could not report: %s", trouble)
        except Exception:  # noqa: BLE001 - the loop must go on
            _LOG.exception("a round failed")
        else:
            self._away_since_ms = None

    async def turn(self) -> None:
        """Register what the configuration says, then carry every operation one step on."""
        await self._register()
        if not self._treasuries:
            return
        await asyncio.to_thread(self._node.check_chain)
        head = await asyncio.to_thread(self._node.nonce, self._key.address)
        if await self._freezer.check_nonce(head, self.communities):
            return
        self._carrier.final = await asyncio.to_thread(
            self._node.final, self._settings.confirmations
        )
        opens = await self._books.open()
        standing = nonces(head, await self._books.since(head))
        await self._clear(standing, opens)
        trouble: NodeTrouble | None = None
        for one in opens:
            try:
                await self._carrier.carry(one, standing)
            except OtherChain:
                raise
            except NodeTrouble as error:  # one operation must not stop the others
                trouble = error
            except NotReported as error:
                _LOG.warning("#%d of community %d: %s", one.place[1], one.place[0], error)
        await self._vetoes.look()
        await self._purses.look(list(self._treasuries.values()))
        if trouble is not None:
            raise trouble

    @property
    def communities(self) -> list[int]:
        """The communities that have a treasury here."""
        return list(dict.fromkeys(one.community for one in self._treasuries.values()))

    async def warn(self, community: int, what: Alarm, detail: str) -> None:
        """Have the admins told; the core sees to it that this is not too often."""
        await self._books.report(community, "chain warned", what=what.value, detail=detail[:300])

    async def _clear(self, standing: Nonces, opens: list[Open]) -> None:
        """Use up nonces that nobody needs, or that are missing: later ones could never be mined."""
        alive = {one.place for one in opens}
        for versions in standing.waiting.values():
            is_alive = (versions[0].community, versions[0].proposal) in alive
            if not is_alive or all(one.purpose is Purpose.VOID for one in versions):
                await self._sender.void(versions)
        for nonce in standing.missing:
            await self._sender.fill(nonce, standing.waiting[standing.missing.stop])

    async def _register(self) -> None:
        """Tell the books which treasuries are configured, as soon as a community is known."""
        for one in self._settings.treasuries:
            if (one.community, one.name) in self._treasuries:
                continue
            community = await self._community_at(one.community)
            try:
                if community:
                    await self._connect(community, one)
                else:
                    await self._strangers.tell(one)
            except NotReported as trouble:  # one community must not stop the others
                _LOG.error("the treasury %s of %s: %s", one.name, one.community, trouble)

    async def _community_at(self, written: str) -> int:
        return await self._engine.work(lambda unit: community_at(unit.tx, written))

    async def _connect(self, community: int, named: ChainTreasury) -> None:
        tokens = [
            AllowedToken(t.symbol, t.address, t.decimals, t.cap, t.cap_per_day)
            for t in named.tokens
        ]
        await self._books.report(
            community,
            "chain treasury",
            name=named.name,
            chain_id=self._settings.chain_id,
            timelock=named.timelock,
            guardian_note=named.guardian_note,
            tokens=[
                {
                    "symbol": t.symbol,
                    "address": t.address,
                    "decimals": t.decimals,
                    "cap": str(t.cap),
                    "cap_per_day": str(t.cap_per_day),
                }
                for t in tokens
            ],
        )
        self._treasuries[named.community, named.name] = AllowedTreasury(
            community, named.name, self._settings.chain_id, named.timelock, tuple(tokens)
        )
        self._carrier.treasuries = tuple(self._treasuries.values())

    async def _check_wallet(self, community: int, number: int) -> None:
        asked = await self._engine.work(lambda unit: wallet_check(unit.tx, community, number))
        if asked is None:
            return
        try:
            why = await asyncio.to_thread(signins.check, self._node, asked)
        except NodeTrouble as trouble:
            raise Postponed(str(trouble)) from trouble
        await self._books.report(
            community, "wallet checked", id=number, is_proved=why is WalletWhy.OK, why=why.value
        )

    async def _note_away(self, said: str) -> None:
        now_ms = self._books.now_ms
        if self._away_since_ms is None:
            self._away_since_ms = now_ms
        if now_ms - self._away_since_ms >= AWAY_MS:
            await self._tell_all(Alarm.NODE_AWAY, said)

    async def _tell_all(self, what: Alarm, said: str) -> None:
        try:
            for community in self.communities:
                await self.warn(community, what, said)
        except (Unavailable, NotReported) as trouble:
            _LOG.warning("could not warn: %s", trouble)
