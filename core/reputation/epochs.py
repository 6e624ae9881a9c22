"""Calendar epochs in a zone: the day, week or month that an instant is in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.kernel.clock import from_ms, to_ms

_DAY = timedelta(days=1)


class Every(StrEnum):
    """How long an epoch is; weeks start on Monday at midnight."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Epoch:
    """From its start, inclusive, to its end, exclusive; both aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def start_ms(self) -> int:
        """The start as the database keeps it."""
        return to_ms(self.start)

    @property
    def end_ms(self) -> int:
        """The end as the database keeps it."""
        return to_ms(self.end)


# Most instants that are asked about are in the same epoch as the one before.
_LATEST: dict[tuple[str, Every], Epoch] = {}


def epoch_of(at: datetime, zone: str, every: Every) -> Epoch:
    """Return the epoch that an instant is in; epochs follow each other without a hole."""
    found = _LATEST.get((zone, every))
    if found is None or not found.start <= at < found.end:
        found = _LATEST[zone, every] = _epoch_of(at, zone, every)
    return found


def _epoch_of(at: datetime, zone: str, every: Every) -> Epoch:
    day = _first(at.astimezone(ZoneInfo(zone)).date(), every)
    # Where a clock is set back over midnight, a local date is met twice: the first time counts.
    while at >= midnight(_next(day, every), zone):
        day = _next(day, every)
    return Epoch(midnight(day, zone), midnight(_next(day, every), zone))


def next_epoch(epoch: Epoch, zone: str, every: Every) -> Epoch:
    """Return the epoch that follows."""
    return epoch_of(epoch.end, zone, every)


@lru_cache(1_024)
def midnight(day: date, zone: str) -> datetime:
    """Return the first instant of a local day, also where midnight is skipped or comes twice."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    found = local.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    # Midnight is in a gap: the day starts where the gap is, between the two readings of it.
    before, after = to_ms(local.replace(fold=1).astimezone(UTC)), to_ms(found)
    while after - before > 1:
        middle = (before + after) // 2
        if from_ms(middle).astimezone(ZoneInfo(zone)).date() < day:
            before = middle
        else:
            after = middle
    return from_ms(after)


def _first(day: date, every: Every) -> date:
    match every:
        case Every.DAY:
            return day
        case Every.WEEK:
            return day - day.weekday() * _DAY
        case Every.MONTH:
            return day.replace(day=1)


def _next(day: date, every: Every) -> date:
    match every:
        case Every.DAY:
            return day + _DAY
        case Every.WEEK:
            return day + 7 * _DAY
        case Every.MONTH:
            return (day.replace(day=1) + 32 * _DAY).replace(day=1)
