"""What a request may take, and who may stop what: plain values in, plain values out."""

import re
from datetime import datetime, timedelta

from core.kernel.clock import from_ms, span_ms
from core.kernel.errors import UserError
from core.kernel.text import CommandName, MemberId, Text, counted
from core.ledger import Asset, NotEnough, said
from core.pools.model import ASK_FOR, POOLS_MAX, Asked, Limits, Payment, PaymentState, Purse

SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]{0,11}", re.ASCII)
# Thanks are counted in points; no pool may pretend to hold them.
POINTS = "POINTS"


class OwedLess(UserError):
    """{who} is owed {owed}, which is less than {need}. Write at most what is owed."""


class NotAnAsset(UserError):
    """I read "{written}" where an asset belongs. Write up to 12 letters and digits that start with
    a letter, such as EUR."""


class PointsAreNotMoney(UserError):
    """Points are for thanks, so no pool can hold them. Choose another name for the asset, such as
    EUR."""


class OtherDecimals(UserError):
    """{symbol} is kept here with {decimals} decimals, and that never changes. Write
    decimals={decimals}, or choose another asset."""


class PoolExists(UserError):
    """There is a pool {name} already. Choose another name."""


class NameIsNumber(UserError):
    """A pool's name needs a letter, because numbers stand for pools themselves. Choose another
    name."""


class TooManyPools(UserError):
    """There are {most} pools here already, and no more fit. Use one of them."""


class OverRequestLimit(UserError):
    """One request may take at most {percent} % of what is free in the pool, which is {most} now.
    Ask for that or less."""


class OverPeriodLimit(UserError):
    """Requests together may take {percent} % of the pool in {period}, and {recent} went that way.
    {most} are left: ask for that or less, or wait."""


class PayeeGone(UserError):
    """{who} is no longer here, so nobody would get it. Ask for it again for somebody else."""


class NothingToStop(UserError):
    """#{number} has no payment that waits. While it is open, use {command} instead."""


class PaidBefore(UserError):
    """#{number} was paid {at}, so it cannot be stopped any more. Ask {who} to give it back."""


class StoppedBefore(UserError):
    """#{number} was stopped {at}, and its amount went back to the pool. There is nothing left to
    do."""


class PausedBefore(UserError):
    """Payments are paused already, since {at}. Use {command} when they may go on."""


class NotPaused(UserError):
    """Payments are not paused, so there is nothing to resume. Use {command} to see them."""


class SecondAdmin(UserError):
    """You asked for this yourself, {at}. It takes two: another admin has to repeat {command}
    before {until}."""


def read_symbol(written: str) -> str:
    """Return an asset's symbol in capitals."""
    if SYMBOL.fullmatch(written) is None:
        raise NotAnAsset(written=written[:40])
    if written.upper() in (POINTS, POINTS.removesuffix("S")):
        raise PointsAreNotMoney
    return written.upper()


def check_pool(n_pools: int, *, is_known: bool, name: str, asset: Asset, decimals: int) -> None:
    """Refuse a pool that cannot stand beside the others."""
    if is_known:
        raise PoolExists(name=name)
    if name.removeprefix("#").isdecimal():
        raise NameIsNumber
    if n_pools >= POOLS_MAX:
        raise TooManyPools(most=POOLS_MAX)
    if asset.decimals != decimals:
        raise OtherDecimals(symbol=asset.symbol, decimals=asset.decimals)


def check_settlement(amount: int, owed: int, member: int, asset: Asset) -> None:
    """Refuse to note more as paid outside than somebody is owed."""
    if amount > owed:
        raise OwedLess(who=MemberId(member), owed=said(owed, asset), need=said(amount, asset))


def check_request(amount: int, purse: Purse, limits: Limits, asset: Asset) -> None:
    """Refuse what the pool does not hold, or what is over a limit; whole numbers throughout.

    One request: `amount * 100 <= free * percent`. A period: what requests took in it and did not
    give back is `recent`; then `(recent + amount) * 100 <= (free + recent) * percent`, so that
    what was taken counts in the whole as well as in the part.

    >>> from datetime import timedelta
    >>> from core.pools.model import PeriodLimit
    >>> eur, thirty = Asset(1, "EUR", 0), PeriodLimit(50, timedelta(days=30))
    >>> check_request(20, Purse(100, 0), Limits(20, thirty), eur)
    >>> check_request(21, Purse(100, 0), Limits(20, thirty), eur)
    Traceback (most recent call last):
    core.pools.rules.OverRequestLimit: OverRequestLimit
    """
    if amount > purse.free:
        raise NotEnough(have=said(purse.free, asset), need=said(amount, asset))
    if amount * 100 > purse.free * limits.percent:
        most = purse.free * limits.percent // 100
        raise OverRequestLimit(percent=limits.percent, most=said(most, asset))
    whole = purse.free + purse.recent
    percent = limits.period.percent
    if (purse.recent + amount) * 100 > whole * percent:
        raise OverPeriodLimit(
            percent=percent,
            period=days(limits.period.period),
            recent=said(purse.recent, asset),
            most=said(max(0, whole * percent // 100 - purse.recent), asset),
        )


def days(period: timedelta) -> Text:
    """Return the period of a limit in words."""
    return counted(period.days, "1 day", "{n} days")


def check_stop(number: int, payment: Payment | None) -> None:
    """Refuse to stop what does not wait."""
    if payment is None:
        raise NothingToStop(number=number, command=CommandName("withdraw"))
    if payment.state is PaymentState.PAID:
        assert payment.paid_ms is not None
        at, who = from_ms(payment.paid_ms), MemberId(payment.member)
        raise PaidBefore(number=number, at=at, who=who)
    if payment.state is PaymentState.STOPPED:
        assert payment.stopped_ms is not None
        raise StoppedBefore(number=number, at=from_ms(payment.stopped_ms))


def is_confirmed(asked: Asked | None, by: int, now: datetime, command: str) -> bool:
    """Whether this admin confirms what another one asked for; raises SecondAdmin."""
    if asked is None:
        return False
    until = from_ms(asked.asked_ms + span_ms(ASK_FOR))
    if now >= until:
        return False
    if asked.asked_by == by:
        at = from_ms(asked.asked_ms)
        raise SecondAdmin(at=at, until=until, command=CommandName(command))
    return True
