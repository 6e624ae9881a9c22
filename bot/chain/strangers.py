"""Treasuries that are set up for a community which nobody knows: misspelt, or not there yet."""

import logging

from bot.chain.books import Desk
from bot.chain.sending import Warn
from bot.chain_settings import ChainTreasury
from core.community import communities
from core.execution import Alarm

_LOG = logging.getLogger("folkmoot.chain")


class Strangers:
    """Tells of each once in a life, in the log and to whom it may concern."""

    def __init__(self, engine: Desk, warn: Warn) -> None:
        """Take the parts; nobody was told of anything yet."""
        self._engine = engine
        self._warn = warn
        self._logged: set[str] = set()
        self._told: set[str] = set()

    async def tell(self, named: ChainTreasury) -> None:
        """Say that a treasury waits for its community.

        The admins who are meant cannot be reached by a wrong address. A single community is meant
        beyond doubt; of several, it is the business of whoever runs the bot alone.
        """
        said = f"the treasury {named.name} is set up for {named.community}"
        if said not in self._logged:
            self._logged.add(said)
            _LOG.warning("%s, where nobody has used a command yet; is that misspelt?", said)
        if said in self._told:
            return
        known = await self._engine.work(lambda unit: [one.id for one in communities(unit.tx)])
        if len(known) == 1:
            await self._warn(known[0], Alarm.UNKNOWN_COMMUNITY, said)
            self._told.add(said)
