"""What people ask about pools and payments."""

from pydantic import Field

from core import execution
from core.community import KnownMember, MemberRef, post
from core.execution import Address
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.command import Command, May
from core.kernel.duration import Duration
from core.kernel.fields import Sealed
from core.kernel.text import CommandName
from core.kernel.view import View
from core.kernel.words import skeleton
from core.ledger import DECIMALS_MAX, Book, Holder, asset_of, balance, read_amount
from core.ledger import post as move
from core.pools import (
    onchain,
    onchain_rules,
    onchain_views,
    pause_views,
    pausing,
    payments,
    rules,
    store,
    treasuries,
    views,
)
from core.pools.fields import Amount, AssetSymbol, PoolRef, in_books, load_pool
from core.pools.model import NAME_MAX, Asked, Limits, Pool, Switch
from core.pools.settings import PAYMENT_DELAY, REQUEST_LIMIT, REQUEST_PERIOD_LIMIT
from core.proposals import ProposalNumber, load, open_proposal

# What entries of the books are for; both are posted for everybody.
FUNDED, SETTLED = "pool fund", "pool settle"
NOTE_MAX = 200
PURPOSE_MAX = 120
REASON_MAX = 500


class PoolCreate(Command, name="pool create", may=May.ADMINS):
    """Create a pool: a purse of the community in one asset."""

    name: Sealed[str] = Field(min_length=1, max_length=NAME_MAX, description="its name")
    asset: AssetSymbol = Field(description="what it holds, such as EUR")
    decimals: int = Field(
        default=2, ge=0, le=DECIMALS_MAX, description="how many places after the point are kept"
    )

    def run(self, call: Call) -> View:
        """Add it."""
        key = skeleton(self.name)
        kept = execution.treasuries(call.tx, call.community.id)
        onchain_rules.check_name(key, [one.name for one in kept])
        is_known = store.pool_named(call.tx, call.community.id, key) is not None
        n_pools = len(store.pools(call.tx, call.community.id))
        asset = asset_of(call, self.asset, self.decimals)
        rules.check_pool(
            n_pools, is_known=is_known, name=self.name, asset=asset, decimals=self.decimals
        )
        new = Pool(call.new_id("pool"), call.community.id, self.name, asset, call.now_ms)
        store.add_pool(call.tx, new, key)
        call.fact("pool", [new.id, asset.id])
        return views.created(call, new.id)


class PoolFund(Command, name="pool fund", may=May.ADMINS, asks_again=True):
    """Note that money came into a pool from outside."""

    pool: PoolRef = Field(description="which pool")
    amount: Amount = Field(description="how much, as 12 or 1.5")
    note: Sealed[str] = Field(max_length=NOTE_MAX, description="where it comes from")

    def run(self, call: Call) -> View:
        """Post it from outside."""
        pool = in_books(call, self.pool)
        amount = read_amount(self.amount, pool.asset.decimals)
        world = Holder(Book.OUTSIDE)
        new = move(call, world, pool.free, pool.asset, amount, FUNDED, note=self.note)
        post(call, payments.TREASURY, views.posted, new.number)
        return views.posted(call, new.number)


class PoolList(Command, name="pool list", may=May.ANYONE):
    """List the pools here and what they hold."""

    def run(self, call: Call) -> View:
        """Show them all."""
        return views.listing(call)


class PoolShow(Command, name="pool show", may=May.ANYONE):
    """Show what a pool holds, what is reserved, and its last entries."""

    pool: PoolRef = Field(description="which pool")

    def run(self, call: Call) -> View:
        """Show it."""
        return views.pool(call, load_pool(call, self.pool))


class PoolRequest(Command, name="pool request", asks_again=True):
    """Ask the community to pay somebody from a pool; a vote decides."""

    pool: PoolRef = Field(description="which pool")
    amount: Amount = Field(description="how much, as 12 or 1.5")
    to: MemberRef = Field(description="who gets it")
    purpose: Sealed[str] = Field(max_length=PURPOSE_MAX, description="what for")
    closes_in: Duration | None = Field(
        default=None, description="how long the vote is open, as 36h or 3d (empty: as set here)"
    )
    address: Address = Field(
        default="", description="where it is paid on a chain (empty: the member's own wallet)"
    )

    def run(self, call: Call) -> View:
        """Open a proposal that carries the payment, under the limits that are set now."""
        pool = load_pool(call, self.pool)
        amount = read_amount(self.amount, pool.asset.decimals)
        effect = self._on_chain(call, pool, amount) if pool.token else self._pay(call, pool, amount)
        call.fact("title", "purpose")
        return open_proposal(call, self.purpose, "", self.closes_in, carried=[effect])

    def _pay(self, call: Call, pool: Pool, amount: int) -> Command:
        if self.address:
            raise onchain_rules.AddressOffChain(pool=pool.name)
        limits = _limits(call)
        rules.check_request(amount, payments.purse(call, pool, limits), limits, pool.asset)
        return payments.Pay(
            pool=pool.id,
            member=self.to,
            amount=amount,
            delay=call.settings[PAYMENT_DELAY],
            limit=limits.percent,
            period_limit=limits.period.percent,
            period=limits.period.period,
        )

    def _on_chain(self, call: Call, pool: Pool, amount: int) -> Command:
        terms = (_limits(call), call.settings[PAYMENT_DELAY])
        return onchain.effect_of(call, pool, amount, (self.to, self.address), terms)


class PoolSettle(Command, name="pool settle", may=May.ADMINS):
    """Note that a member was paid outside, so that the bot owes them less."""

    pool: PoolRef = Field(description="which pool's asset it was paid in")
    member: KnownMember = Field(description="who was paid")
    amount: Amount = Field(description="how much, as 12 or 1.5")
    note: Sealed[str] = Field(max_length=NOTE_MAX, description="how it was paid")

    def run(self, call: Call) -> View:
        """Post it to outside."""
        asset = in_books(call, self.pool).asset
        amount = read_amount(self.amount, asset.decimals)
        payee, world = Holder(Book.MEMBER, self.member), Holder(Book.OUTSIDE)
        owed = balance(call.tx, call.community.id, payee, asset.id)
        rules.check_settlement(amount, owed, self.member, asset)
        new = move(call, payee, world, asset, amount, SETTLED, note=self.note)
        post(call, payments.TREASURY, views.posted, new.number)
        payments.tell_settled(call, self.member, new.number)
        return views.posted(call, new.number)


class Stop(Command, name="stop", may=May.ADMINS):
    """Stop a payment before it is paid; its amount goes back to the pool for good."""

    proposal: ProposalNumber = Field(description="which request: its number")
    reason: Sealed[str] = Field(max_length=REASON_MAX, description="why; the card shows it")

    def run(self, call: Call) -> View:
        """Give the amount back."""
        number = load(call, self.proposal).number
        one = execution.operation(call.tx, call.community.id, number)
        if one is not None:
            onchain_rules.check_stop(one, onchain_views.guardians_of(call, one))
            onchain.stop(call, one, call.member.id, self.reason)
            return onchain_views.stopped(call, number)
        found = store.payment(call.tx, call.community.id, number)
        rules.check_stop(number, found)
        assert found is not None
        payments.give_back(call, found, call.member.id, self.reason)
        return views.stopped(call, number)


class PausePayments(Command, name="pause payments", may=May.ADMINS):
    """Have all payments wait; a second admin confirms with the same command."""

    def run(self, call: Call) -> View:
        """Ask, or confirm what another admin asked."""
        found = store.asked(call.tx, call.community.id).get(Switch.PAUSE)
        if found is not None and found.done_ms is not None:
            at, command = from_ms(found.done_ms), CommandName("resume payments")
            raise rules.PausedBefore(at=at, command=command)
        if not rules.is_confirmed(found, call.member.id, call.now, "pause payments"):
            return _asked(call, Switch.PAUSE)
        store.do(call.tx, call.community.id, Switch.PAUSE, call.now_ms, call.member.id)
        pausing.hold_all(call)
        return _switched(call, "paused")


class ResumePayments(Command, name="resume payments", may=May.ADMINS):
    """Have payments go on; a second admin confirms with the same command."""

    def run(self, call: Call) -> View:
        """Ask, or confirm what another admin asked; what is due is paid at once."""
        if not payments.is_paused(call):
            raise rules.NotPaused(command=CommandName("pool list"))
        found = store.asked(call.tx, call.community.id).get(Switch.RESUME)
        if not rules.is_confirmed(found, call.member.id, call.now, "resume payments"):
            return _asked(call, Switch.RESUME)
        store.clear(call.tx, call.community.id)
        pausing.let_all_go(call)
        return _switched(call, "resumed")


def _limits(call: Call) -> Limits:
    return Limits(call.settings[REQUEST_LIMIT], call.settings[REQUEST_PERIOD_LIMIT])


def _asked(call: Call, what: Switch) -> View:
    store.ask(call.tx, call.community.id, Asked(what, call.now_ms, call.member.id))
    return _switched(call, f"{what.value} asked")


def _switched(call: Call, what: str) -> View:
    call.fact("payments", what)
    pausing.redraw_all(call)
    by, at_ms = call.member.id, call.now_ms
    post(call, payments.TREASURY, pause_views.switched, what, by, at_ms)
    return pause_views.switched(call, what, by, at_ms)


COMMANDS: tuple[type[Command], ...] = (
    PoolCreate,
    PoolFund,
    PoolList,
    PoolShow,
    PoolRequest,
    PoolSettle,
    Stop,
    PausePayments,
    ResumePayments,
    payments.Pay,
    payments.PayOut,
    *onchain.COMMANDS,
    *treasuries.COMMANDS,
)
