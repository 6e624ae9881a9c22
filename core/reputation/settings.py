"""The settings of tips and standing."""

from datetime import timedelta
from fractions import Fraction

from core.community.settings import span, whole, write_span
from core.kernel.setting import Setting
from core.kernel.text import T
from core.reputation.epochs import Every

# No community needs more in an epoch, and sums stay far below what a column holds.
ALLOWANCE_MAX = 1_000_000
PER_DAY_MAX = 1_000
HALF_LIFE_MIN = timedelta(days=1)
HALF_LIFE_MAX = timedelta(days=3650)


def _read_percent(written: str) -> Fraction:
    """Read `50%` or `50`: whole hundredths from 1 to 100."""
    return Fraction(whole(1, 100)(written.strip().removesuffix("%")), 100)


def _write_percent(value: Fraction) -> str:
    return f"{int(value * 100)}%"


def _read_half_life(written: str) -> timedelta:
    if written.strip().casefold() in {"0", "none", "off"}:
        return timedelta()
    found = span(timedelta(), HALF_LIFE_MAX)(written)
    if timedelta() < found < HALF_LIFE_MIN:
        raise ValueError(written)
    return found


ALLOWANCE = Setting(
    name="tip_allowance",
    default=50,
    description="How many points each member may give away in an epoch; what is unused is lost.",
    bounds=T("a number of points from 0 (no tips) to {most}", most=ALLOWANCE_MAX),
    read=whole(0, ALLOWANCE_MAX),
    write=str,
)
EPOCH = Setting(
    name="tip_epoch",
    default=Every.WEEK,
    description="How long an epoch of tips is, by the calendar here; weeks start on Monday.",
    bounds=T("day, week or month"),
    read=lambda written: Every(written.strip().casefold()),
    write=lambda every: every.value,
    choices=tuple(every.value for every in Every),
)
PAIR_LIMIT = Setting(
    name="tip_pair_limit",
    default=Fraction(1, 2),
    description="Which part of the allowance may go to one and the same person in an epoch.",
    bounds=T("a whole number of percent from 1% to 100%"),
    read=_read_percent,
    write=_write_percent,
    choices=("25%", "50%", "75%", "100%"),
)
PER_DAY = Setting(
    name="tips_per_day",
    default=20,
    description="How many tips one member may give in a day.",
    bounds=T("a number from 1 to {most}", most=PER_DAY_MAX),
    read=whole(1, PER_DAY_MAX),
    write=str,
)
HALF_LIFE = Setting(
    name="half_life",
    default=timedelta(days=90),
    description="After how long a tip counts half in somebody's standing; 0: it never fades.",
    bounds=T("0, or a length of time from 1d to 3650d, such as 90d"),
    read=_read_half_life,
    write=write_span,
    choices=("0", "30d", "90d", "180d", "365d"),
)
SETTINGS = (ALLOWANCE, EPOCH, PAIR_LIMIT, PER_DAY, HALF_LIFE)
