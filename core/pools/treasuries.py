"""What the configuration says of treasuries on a chain, and the signer's brake on everything.

This file is how a treasury comes to its community: as pools, one for each of its tokens.
"""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core import execution
from core.community import post, warn_admins
from core.execution import Detail, Token, Treasury
from core.execution.address import ExactAddress
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.text import Text
from core.kernel.view import View
from core.kernel.words import skeleton
from core.ledger import Asset
from core.pools import onchain_views, pausing, payments, rules, store
from core.pools.model import POOLS_MAX, SIGNER, Asked, Pool, Switch

TOKENS_MAX = 20
# No token of use has more, and 10^this still fits what a chain counts with.
TOKEN_DECIMALS_MAX = 36
NOTE_MAX = 300

BaseUnits = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,77}$")]


class PoolInTheWay(UserError):
    """There is a pool {name} here already, so the treasury's token cannot have it. Choose
    another name for the treasury in the configuration."""


class TokenSpec(BaseModel):
    """A token as the configuration has it; both caps are base units in digits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbol: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,11}$")
    address: ExactAddress
    decimals: int = Field(ge=0, le=TOKEN_DECIMALS_MAX)
    cap: BaseUnits
    cap_per_day: BaseUnits


class ChainTreasury(Command, name="chain treasury", may=May.SIGNER):
    """Take over what the configuration says of a treasury, with a pool for each token."""

    name: str = Field(pattern=r"^[a-z][a-z0-9]{0,19}$", description="its name")
    chain_id: int = Field(ge=1, lt=2**53, description="the chain")
    timelock: ExactAddress = Field(description="its address")
    guardian_note: str = Field(max_length=NOTE_MAX, description="who can veto, and how")
    tokens: tuple[TokenSpec, ...] = Field(max_length=TOKENS_MAX, description="its tokens")

    def run(self, call: Call) -> View:
        """Add or change what differs; what is as it was leaves no trace."""
        kept = execution.treasuries(call.tx, call.community.id)
        known = next((one for one in kept if one.name == self.name), None)
        treasury = self._treasury(call, known)
        before = {one.symbol: one for one in execution.tokens(call.tx, treasury.id)}
        news = [self._token(call, treasury, spec, before.get(spec.symbol)) for spec in self.tokens]
        offered = {spec.symbol for spec in self.tokens}
        for one in before.values():
            if one.symbol not in offered and one.is_offered:
                execution.set_token(call.tx, replace(one, is_offered=False))
        names = [name for name in news if name]
        if names:
            post(call, payments.TREASURY, onchain_views.treasury, self.name, ", ".join(names))
        return execution.noted(call)

    def _treasury(self, call: Call, known: Treasury | None) -> Treasury:
        facts = (self.name, self.chain_id, self.timelock, self.guardian_note)
        if known is None:
            new = Treasury(call.new_id("treasury"), call.community.id, *facts)
            execution.add_treasury(call.tx, new)
            return new
        now = Treasury(known.id, known.community, *facts)
        if now != known:
            execution.set_treasury(call.tx, now)
        if (now.chain_id, now.timelock) != (known.chain_id, known.timelock):
            for one in execution.tokens(call.tx, known.id):
                execution.drop_balance(call.tx, one.id)
        return now

    def _token(
        self, call: Call, treasury: Treasury, spec: TokenSpec, known: Token | None
    ) -> str | None:
        """Take over one token; return the name of its pool where that is new."""
        caps = (int(spec.cap), int(spec.cap_per_day))
        if known is not None:
            now = Token(known.id, treasury.id, spec.symbol, spec.address, spec.decimals, *caps)
            if now != known:
                execution.set_token(call.tx, now)
            if (now.address, now.decimals) != (known.address, known.decimals):
                execution.drop_balance(call.tx, now.id)
            return None
        token = call.new_id("token")
        new = Token(token, treasury.id, spec.symbol, spec.address, spec.decimals, *caps)
        execution.add_token(call.tx, new)
        return _add_pool(call, f"{self.name}-{spec.symbol}", new)


class ChainFrozen(Command, name="chain frozen", may=May.SIGNER):
    """Pause all payments, because the chain and the books differ."""

    why: Detail = Field(description="what differs, as the signer says it")

    def run(self, call: Call) -> View:
        """Pause until two admins resume; where payments are paused already, have them know why.

        Who resumes has to have read it: with that the signer goes on.
        """
        if payments.is_paused(call):
            self._tell(call)
            return execution.noted(call)
        store.ask(call.tx, call.community.id, Asked(Switch.PAUSE, call.now_ms, SIGNER))
        store.do(call.tx, call.community.id, Switch.PAUSE, call.now_ms, SIGNER)
        call.fact("payments", "frozen")
        pausing.hold_all(call)
        self._tell(call)
        return execution.noted(call)

    def _tell(self, call: Call) -> None:
        post(call, payments.TREASURY, onchain_views.frozen, self.why)
        warn_admins(call, onchain_views.frozen, self.why)


def _add_pool(call: Call, name: str, token: Token) -> str:
    key = skeleton(name)
    if store.pool_named(call.tx, call.community.id, key) is not None:
        raise PoolInTheWay(name=Text(name, {}))
    if len(store.pools(call.tx, call.community.id)) >= POOLS_MAX:
        raise rules.TooManyPools(most=POOLS_MAX)
    asset = Asset(0, token.symbol, token.places)
    pool = Pool(call.new_id("pool"), call.community.id, name, asset, call.now_ms, token.id)
    store.add_pool(call.tx, pool, key)
    call.fact("chain_pools", [*call.facts.get("chain_pools", ()), [pool.id, token.id, name]])
    return name


COMMANDS: tuple[type[Command], ...] = (ChainTreasury, ChainFrozen)
