"""What becomes of a request that passed: reserved, then paid by the clock, or stopped."""

from pydantic import Field

from core.community import is_reachable, person, post, tell
from core.kernel.call import Call
from core.kernel.clock import from_ms, span_ms, to_ms
from core.kernel.command import Command, May
from core.kernel.duration import Duration
from core.kernel.text import MemberId, T, Text
from core.kernel.view import View
from core.ledger import Book, Entry, Holder, entry, reverse, said
from core.ledger import balance as balance_of
from core.ledger import post as move
from core.pools import rules, store, views
from core.pools.fields import load_pool
from core.pools.model import Limits, Payment, PaymentState, PeriodLimit, Pool, Purse, Switch
from core.pools.rules import days
from core.proposals import author_of, card

TREASURY = "treasury"


class Pay(Command, name="pay", may=May.DECISION, carried_by="proposal"):
    """Reserve an amount of a pool for a member, and pay it after the delay."""

    pool: int = Field(description="the number of the pool")
    member: int = Field(description="who gets it")
    amount: int = Field(ge=1, description="how much, in the smallest kept unit")
    delay: Duration = Field(description="how long it waits before it is paid")
    limit: int = Field(ge=1, le=100, description="percent of the free balance for one request")
    period_limit: int = Field(ge=1, le=100, description="percent of the pool in a period")
    period: Duration = Field(description="how long that period is")

    @property
    def limits(self) -> Limits:
        """The limits as they were copied."""
        return Limits(self.limit, PeriodLimit(self.period_limit, self.period))

    def described(self, call: Call) -> Text:
        """Say who gets how much from where, when, and within which limits."""
        pool = load_pool(call, self.pool)
        return T(
            "Pay {amount} from the pool {pool} to {who}, {delay} after it passed, if that is then "
            "at most {limit} % of what is free in the pool, and requests take at most "
            "{period_limit} % of it in {period}.",
            amount=said(self.amount, pool.asset),
            pool=pool.name,
            who=MemberId(self.member),
            delay=self.delay,
            limit=self.limit,
            period_limit=self.period_limit,
            period=days(self.period),
        )

    def run(self, call: Call) -> View:
        """Check once more, reserve, and have the clock pay."""
        assert call.decision is not None
        pool = load_pool(call, self.pool)
        payee = person(call, self.member)
        if not is_reachable(call, payee):
            raise rules.PayeeGone(who=MemberId(payee))
        rules.check_request(self.amount, purse(call, pool, self.limits), self.limits, pool.asset)
        held = move(call, pool.free, pool.held, pool.asset, self.amount, "pool reserve")
        new = Payment(
            proposal=call.decision,
            pool=pool.id,
            member=payee,
            amount=self.amount,
            reserved_ms=call.now_ms,
            pay_ms=call.now_ms + span_ms(self.delay),
            entry=held.number,
        )
        store.reserve(call.tx, call.community.id, new)
        call.fact("reserved", reserved_fact(new))
        if not is_paused(call):
            schedule(call, new)
        tell_both(call, new)
        return View()


class PayOut(Command, name="pool payout", may=May.CLOCK):
    """Pay what has waited long enough."""

    proposal: int = Field(description="the number of the request")

    def run(self, call: Call) -> View:
        """Pay once; what was stopped, paid or is paused stays as it is."""
        found = store.payment(call.tx, call.community.id, self.proposal)
        if found is None or found.state is not PaymentState.WAITING or is_paused(call):
            return View()
        if call.now_ms < found.pay_ms:
            raise LookupError(f"the payment of #{found.proposal} came before its time")
        if not store.pay(call.tx, call.community.id, found.proposal, call.now_ms):
            return View()
        pool = load_pool(call, found.pool)
        payee = Holder(Book.MEMBER, found.member)
        paid = move(call, pool.held, payee, pool.asset, found.amount, "pool pay")
        _end(call, found, paid, "paid")
        post(call, TREASURY, views.news, found.proposal)
        tell_both(call, found)
        return views.paid(call, found.proposal)


def give_back(call: Call, payment: Payment, by: int, reason: str) -> None:
    """Stop a payment: its amount goes back to the pool, for good."""
    if not store.stop(call.tx, call.community.id, payment.proposal, call.now_ms, by, reason):
        raise LookupError(f"the payment of #{payment.proposal} was over")
    held = entry(call.tx, call.community.id, payment.entry)
    assert held is not None
    back = reverse(call, held, "pool stop")
    call.never(_key(payment))
    _end(call, payment, back, "stopped")
    post(call, TREASURY, views.news, payment.proposal)
    tell_both(call, payment)


def schedule(call: Call, payment: Payment) -> None:
    """Have the clock pay it when its delay has passed, at once where it has."""
    at = max(call.now, from_ms(payment.pay_ms))
    call.later(_key(payment), at, PayOut(proposal=payment.proposal))


def unschedule(call: Call, payment: Payment) -> None:
    """Take a payment off the agenda."""
    call.never(_key(payment))


def is_paused(call: Call) -> bool:
    """Whether two admins paused all payments."""
    paused = store.asked(call.tx, call.community.id).get(Switch.PAUSE)
    return paused is not None and paused.done_ms is not None


def purse(call: Call, pool: Pool, limits: Limits) -> Purse:
    """Return what a pool holds now, and what requests took in the period of the limit."""
    since = call.now - limits.period.period
    return Purse(
        free=balance_of(call.tx, call.community.id, pool.free, pool.asset.id),
        recent=store.recent(call.tx, pool.id, to_ms(since)),
    )


def tell_both(call: Call, payment: Payment) -> None:
    """Tell the payee and who asked for it; one person hears it once."""
    people = dict.fromkeys([payment.member, author_of(call, payment.proposal)])
    for member in people:
        tell(call, member, views.news, payment.proposal)


def tell_settled(call: Call, member: int, entry_number: int) -> None:
    """Tell a member that an admin noted a payment outside."""
    tell(call, member, views.settled, entry_number)


def redraw(call: Call, proposal: int) -> None:
    """Have the card of a payment drawn again."""
    call.refresh(card, proposal)


def _end(call: Call, payment: Payment, last: Entry, fact: str) -> None:
    store.end(call.tx, call.community.id, payment.proposal, last.number)
    call.fact(fact, [*call.facts.get(fact, ()), [payment.proposal, last.number]])
    call.refresh(card, payment.proposal)


def _key(payment: Payment) -> str:
    return f"pay:{payment.proposal}"


def reserved_fact(new: Payment) -> list[int]:
    """Return what the journal keeps of a payment that was reserved."""
    return [new.proposal, new.pool, new.member, new.amount, new.pay_ms, new.entry]
