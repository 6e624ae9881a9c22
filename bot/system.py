"""The real clock and the real chance."""

import os
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock, in UTC, to the millisecond."""

    def now(self) -> datetime:
        """Return the present instant."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class SystemChance:
    """The operating system's source of random bytes."""

    def draw(self, n: int) -> bytes:
        """Return n random bytes."""
        return os.urandom(n)
