"""Payments that a decision carries to a chain: queued when it passed, handed over by the clock.

Nothing of them is in the books: what a treasury holds is read from its chain. This file is what
becomes of such a request in the core.
"""

from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from core import execution
from core.community import is_reachable, person, post, tell
from core.execution import EFFECT, Operation, State, Token, Treasury
from core.kernel.call import Call
from core.kernel.clock import from_ms, span_ms, to_ms
from core.kernel.command import Command, May
from core.kernel.drawing import subject_of
from core.kernel.duration import Duration
from core.kernel.outbox import Kind, Letter
from core.kernel.text import Code, CommandName, MemberId, T, Text
from core.kernel.view import Drawn, View
from core.pools import onchain_rules, onchain_views, payments, rules
from core.pools.fields import load_pool
from core.pools.model import Limits, PeriodLimit, Pool, Purse
from core.proposals import author_of, card, check_in_time, load


class PayOnChain(Command, name=EFFECT, may=May.DECISION, carried_by="proposal"):
    """Queue a payment from a treasury on a chain, and hand it to the signer after the delay."""

    pool: int = Field(description="the number of the pool")
    member: int = Field(description="for whom it is")
    treasury: str = Field(description="the treasury's name")
    chain_id: int = Field(description="the chain")
    timelock: str = Field(description="the treasury's address")
    token: str = Field(description="the token's address")
    symbol: str = Field(description="the token's symbol")
    decimals: int = Field(description="the token's decimals")
    to: str = Field(description="the address that gets it")
    amount: str = Field(pattern=r"^[1-9][0-9]*$", description="how much, in base units")
    delay: Duration = Field(description="how long it waits before it is handed over")
    limit: int = Field(ge=1, le=100, description="percent of the free balance for one request")
    period_limit: int = Field(ge=1, le=100, description="percent of the pool in a period")
    period: Duration = Field(description="how long that period is")

    @property
    def limits(self) -> Limits:
        """The limits as they were copied."""
        return Limits(self.limit, PeriodLimit(self.period_limit, self.period))

    def described(self, call: Call) -> Text:
        """Say in full what is paid, to which address, from where, and within which limits."""
        pool = load_pool(call, self.pool)
        return T(
            "Pay {amount} from {pool} to {address}, for {who}: on the chain {chain}, from the "
            "treasury {timelock}, in the token {token}. It is handed to the chain {delay} after "
            "it passed, if it is then at most {limit} % of what is free in the pool, and requests "
            "take at most {period_limit} % of it in {period}.",
            amount=onchain_views.exactly(int(self.amount), self.symbol, self.decimals),
            pool=pool.name,
            address=Code(self.to),
            who=MemberId(self.member),
            chain=self.chain_id,
            timelock=Code(self.timelock),
            token=Code(self.token),
            delay=self.delay,
            limit=self.limit,
            period_limit=self.period_limit,
            period=rules.days(self.period),
        )

    def run(self, call: Call) -> View:
        """Check everything once more, keep the operation, and have the clock hand it over."""
        assert call.decision is not None
        pool = load_pool(call, self.pool)
        treasury, token = of_pool(call, pool)
        self._check_same(treasury, token, pool)
        payee = person(call, self.member)
        if not is_reachable(call, payee):
            raise rules.PayeeGone(who=MemberId(payee))
        due_ms = call.now_ms + span_ms(self.delay)
        known = execution.operations_of(call.tx, token.id)
        sent = onchain_rules.due_in_a_day(known, due_ms)
        check(call, pool, int(self.amount), self.to, self.limits, sent=sent)
        record = load(call, call.decision)
        founding = execution.founding(call.tx, call.community.id)
        decision = execution.decision_of(founding, record.number)
        kept = (record.effects, record.effects_digest)
        order = execution.read_order(call.community.id, record.number, *kept, decision)
        new = execution.operation_of(
            order, token=token.id, member=payee, queued_ms=call.now_ms, due_ms=due_ms
        )
        execution.add_operation(call.tx, new)
        call.fact("queued", [new.proposal, new.token, new.member, new.due_ms])
        if not payments.is_paused(call):
            schedule(call, new)
        tell_both(call, new)
        return View()

    def _check_same(self, treasury: Treasury, token: Token, pool: Pool) -> None:
        if not token.is_offered:
            raise onchain_rules.NotOffered(pool=onchain_rules.called(pool.name))
        voted = (self.treasury, self.chain_id, self.timelock, self.token, self.symbol,
                 self.decimals)  # fmt: skip
        now = (treasury.name, treasury.chain_id, treasury.timelock, token.address, token.symbol,
               token.decimals)  # fmt: skip
        if voted != now:
            raise onchain_rules.TreasuryChanged(pool=onchain_rules.called(pool.name))


class ChainSend(Command, name="chain send", may=May.CLOCK):
    """Hand a payment that has waited long enough to the signer."""

    proposal: int = Field(description="the number of the request")

    def run(self, call: Call) -> View:
        """Hand it over once; what was stopped, handed over or is paused stays as it is."""
        found = execution.operation(call.tx, call.community.id, self.proposal)
        if found is None or found.state is not State.WAITING or payments.is_paused(call):
            return View()
        if call.now_ms < found.due_ms:
            raise LookupError(f"the payment of #{found.proposal} came before its time")
        hand_over(call, found)
        return execution.noted(call)


def hand_over(call: Call, one: Operation) -> None:
    """Ask the signer for a payment, also for one that it gave back."""
    execution.keep_operation(call.tx, execution.asked(one, call.now_ms))
    call.fact("asked", one.proposal)
    drawn = Drawn(execution.operation_work.name, (one.proposal,))
    letter = Letter(
        key=f"{call.community.id}:chain:{one.proposal}",
        kind=Kind.WORK,
        platform=execution.PLATFORM,
        community=call.community.id,
        space=None,
        subject=subject_of(drawn),
    )
    call.queue(letter)
    call.refresh(card, one.proposal)


def stop(call: Call, one: Operation, by: int, reason: str) -> None:
    """Stop a payment of which nothing was sent, for good."""
    stopped = replace(one, stopped_ms=call.now_ms, stopped_by=by, stop_reason=reason)
    execution.keep_operation(call.tx, stopped)
    call.never(key_of(one.proposal))
    call.fact("chain_stopped", [*call.facts.get("chain_stopped", ()), one.proposal])
    on_operation(call, one.proposal)


def on_retry(call: Call, proposal: int) -> View | None:
    """Hand a payment over again that the signer gave back; None where there is none.

    What was sent can be tried again at any time: it may still happen on the chain, and to ask for
    it in a new request would pay twice.
    """
    one = execution.operation(call.tx, call.community.id, proposal)
    if one is None or one.state is not State.FAILED or one.is_over:
        return None
    if one.is_stoppable:
        check_in_time(call, proposal)
    if payments.is_paused(call):
        raise onchain_rules.AgainWhenPaused(command=CommandName("resume payments"))
    hand_over(call, one)
    return onchain_views.retried(call, proposal)


def on_operation(call: Call, proposal: int) -> None:
    """Show everybody concerned what became of a payment."""
    one = execution.operation(call.tx, call.community.id, proposal)
    if one is None:
        return
    call.refresh(card, proposal)
    if one.is_over or one.state is State.FAILED:
        post(call, payments.TREASURY, onchain_views.news, proposal)
        tell_both(call, one)


def tell_both(call: Call, one: Operation) -> None:
    """Tell the payee and who asked for it; one person hears it once."""
    for member in dict.fromkeys([one.member, author_of(call, one.proposal)]):
        tell(call, member, onchain_views.news, one.proposal)


def schedule(call: Call, one: Operation) -> None:
    """Have the clock hand it over when its delay has passed, at once where it has."""
    at = max(call.now, from_ms(one.due_ms))
    call.later(key_of(one.proposal), at, ChainSend(proposal=one.proposal))


def key_of(proposal: int) -> str:
    """Return the agenda's key of a payment that waits."""
    return f"chain:{proposal}"


def of_pool(call: Call, pool: Pool) -> tuple[Treasury, Token]:
    """Return the treasury and the token whose pool this is."""
    assert pool.token is not None
    token = execution.token(call.tx, pool.token)
    kept = execution.treasuries(call.tx, pool.community)
    assert token is not None
    return next(one for one in kept if one.id == token.treasury), token


def purse(call: Call, pool: Pool, limits: Limits) -> Purse:
    """Return what a treasury holds as it was last read, and what requests took lately.

    What was read is noted in the journal's line, since nobody could replay this without it.
    """
    _, token = of_pool(call, pool)
    seen = execution.balance(call.tx, token.id)
    if seen is None:
        call.saw("balance", token.id)
        raise onchain_rules.NotReadYet(pool=onchain_rules.called(pool.name))
    call.saw("balance", token.id, str(seen.amount), seen.block, seen.at_ms)
    known = execution.operations_of(call.tx, token.id)
    since_ms = to_ms(call.now - limits.period.period)
    return Purse(
        free=onchain_rules.free_of(seen, known, token),
        recent=onchain_rules.recent_of(known, since_ms, token),
    )


def check(
    call: Call, pool: Pool, amount: int, address: str, limits: Limits, *, sent: int = 0
) -> None:
    """Refuse a payment of base units that cannot be made; `sent` is what goes out that day."""
    _, token = of_pool(call, pool)
    kept = execution.treasuries(call.tx, pool.community)
    timelocks = frozenset(one.timelock for one in kept)
    tokens = execution.own_addresses(call.tx, pool.community) - timelocks
    onchain_rules.check_payee(address, timelocks, tokens)
    onchain_rules.check_caps(amount, sent, token, onchain_rules.called(pool.name), pool.asset)
    whole = amount // token.unit
    rules.check_request(whole, purse(call, pool, limits), limits, pool.asset)


def effect_of(
    call: Call, pool: Pool, amount: int, payee: tuple[int, str], terms: tuple[Limits, timedelta]
) -> PayOnChain:
    """Return what a request for kept units carries; `payee` is (member, address or "")."""
    treasury, token = of_pool(call, pool)
    if not token.is_offered:
        raise onchain_rules.NotOffered(pool=onchain_rules.called(pool.name))
    member, address = payee
    (limits, delay) = terms
    to = address or _wallet_of(call, member, treasury)
    check(call, pool, amount * token.unit, to, limits)
    return PayOnChain(
        pool=pool.id,
        member=member,
        treasury=treasury.name,
        chain_id=treasury.chain_id,
        timelock=treasury.timelock,
        token=token.address,
        symbol=token.symbol,
        decimals=token.decimals,
        to=to,
        amount=str(amount * token.unit),
        delay=delay,
        limit=limits.percent,
        period_limit=limits.period.percent,
        period=limits.period.period,
    )


def _wallet_of(call: Call, member: int, treasury: Treasury) -> str:
    found = execution.wallet(call.tx, call.community.id, member, treasury.chain_id)
    if found is None:
        raise onchain_rules.NoWallet(who=MemberId(member), command=CommandName("wallet set"))
    return found.address


COMMANDS: tuple[type[Command], ...] = (PayOnChain, ChainSend)
