"""The settings of pools and payments."""

from collections.abc import Callable
from datetime import timedelta

from core.community.settings import span
from core.kernel.duration import write_duration
from core.kernel.setting import Setting
from core.kernel.text import T
from core.pools.model import PeriodLimit

DELAY_MIN = timedelta(minutes=1)
DELAY_MAX = timedelta(days=30)
PERIOD_MIN = timedelta(days=1)
PERIOD_MAX = timedelta(days=365)


def read_percent(written: str) -> int:
    """Read `20%` as 20: whole percent from 1 to 100."""
    digits = written.strip().removesuffix("%").rstrip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 3:
        raise ValueError(written)
    if not 1 <= int(digits) <= 100:
        raise ValueError(written)
    return int(digits)


def write_percent(percent: int) -> str:
    """Write a share as `read_percent` takes it."""
    return f"{percent}%"


def _period_limit() -> Callable[[str], PeriodLimit]:
    read_span = span(PERIOD_MIN, PERIOD_MAX)

    def read(written: str) -> PeriodLimit:
        share, _, length = written.casefold().partition("per")
        period = read_span(length)
        if period % timedelta(days=1):
            raise ValueError(written)
        return PeriodLimit(read_percent(share), period)

    return read


def _write_period_limit(limit: PeriodLimit) -> str:
    return f"{limit.percent}% per {write_duration(limit.period)}"


_SHARE = T("a share in whole percent from 1% to 100%")

PAYMENT_DELAY = Setting(
    name="payment_delay",
    default=timedelta(hours=24),
    description="How long a payment that passed waits, so that an admin can still stop it.",
    bounds=T("a length of time from 1m to 30d, such as 24h or 3d"),
    read=span(DELAY_MIN, DELAY_MAX),
    write=write_duration,
    choices=("1h", "24h", "2d", "3d", "7d"),
    is_copied=True,
)
REQUEST_LIMIT = Setting(
    name="request_limit",
    default=20,
    description="How much of a pool's free balance one request may ask for.",
    bounds=_SHARE,
    read=read_percent,
    write=write_percent,
    choices=("5%", "10%", "20%", "50%", "100%"),
    is_copied=True,
)
REQUEST_PERIOD_LIMIT = Setting(
    name="request_period_limit",
    default=PeriodLimit(50, timedelta(days=30)),
    description="How much of a pool all requests together may take in a period.",
    bounds=T("a share and whole days from 1d to 365d, such as 50% per 30d"),
    read=_period_limit(),
    write=_write_period_limit,
    choices=("25% per 30d", "50% per 30d", "100% per 30d", "50% per 7d"),
    is_copied=True,
)
REWARD_LIMIT = Setting(
    name="reward_limit",
    default=20,
    description="How much of a pool's free balance one reward may give out.",
    bounds=_SHARE,
    read=read_percent,
    write=write_percent,
    choices=("5%", "10%", "20%", "50%", "100%"),
)
SETTINGS = (PAYMENT_DELAY, REQUEST_LIMIT, REQUEST_PERIOD_LIMIT, REWARD_LIMIT)
