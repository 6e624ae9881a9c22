"""Whether what guardians cancelled stays cancelled: a reorganisation may take a veto back.

The books keep the veto and nothing is signed again; but the timelock has the payment then, and
anybody may execute it when it is ready. Only a guardian helps, so the admins are told.
"""

import asyncio
import logging

from bot.chain.books import Books
from bot.chain.node import Node
from bot.chain.sending import Warn
from bot.chain.timelock import GET_STATE, Stage, ask
from bot.chain.trouble import NodeTrouble
from core.execution import Alarm, Operation

_LOG = logging.getLogger("folkmoot.chain")

LOOK_MS = 60_000
_STANDS = {
    Stage.WAITING: "waits in the timelock again: a guardian has to cancel it once more",
    Stage.READY: "can be executed by anybody: a guardian has to cancel it at once",
    Stage.DONE: "was executed although it was cancelled: look at it on the chain",
}


class Vetoes:
    """Looks at what was cancelled lately, now and then."""

    def __init__(self, node: Node, books: Books, warn: Warn) -> None:
        """Take the parts; nothing is looked at yet."""
        self._node = node
        self._books = books
        self._warn = warn
        self._looked_ms = -LOOK_MS

    async def look(self) -> None:
        """Warn of each that the timelock has in hand again."""
        now_ms = self._books.now_ms
        if now_ms - self._looked_ms < LOOK_MS:
            return
        for one, operation in await self._books.vetoed_lately():
            try:
                await self._check(one, operation)
            except NodeTrouble as trouble:  # one treasury must not stop the others
                _LOG.warning("the veto of #%d: %s", one.proposal, trouble)
        self._looked_ms = now_ms

    async def _check(self, one: Operation, operation: str) -> None:
        asked = ask(GET_STATE, bytes.fromhex(operation.removeprefix("0x")))
        stage = Stage(await asyncio.to_thread(self._node.number, one.timelock, asked))
        if stage in _STANDS:
            said = f"#{one.proposal} {_STANDS[stage]}"
            await self._warn(one.community, Alarm.VETO_UNDONE, said)
