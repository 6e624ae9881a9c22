"""Instants: aware UTC datetimes in code, whole milliseconds in the database."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
# Commands of one batch are within a few milliseconds.
LATEST_MAX = 64


class Clock(Protocol):
    """Where `call.now` comes from: the system, or a test that sets it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the millisecond."""
        ...


@lru_cache(LATEST_MAX)
def to_ms(at: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down."""
    return (at - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """Return the aware UTC instant of so many milliseconds since 1970."""
    return _EPOCH + ms * _MS


def span_ms(span: timedelta) -> int:
    """Return a span in whole milliseconds."""
    return span // _MS
