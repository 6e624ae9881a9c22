"""Rate limits as headers and as refusals. This file is the buckets, per route and place."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

from tests.platforms.discord_server.audit import fits

# Wide enough that no test meets a limit by accident: the library sleeps when one is used up.
COUNT_DEFAULT = 1000
PERIOD_S_DEFAULT = 1.0


@dataclass
class Window:
    """How much of one bucket is used in the current period."""

    ends_at: float
    used: int = 0


@dataclass
class Rates:
    """The limits in force and what is used of them."""

    limits: list[tuple[str, str, int, float]] = field(default_factory=list)
    windows: dict[str, Window] = field(default_factory=dict)

    def set(self, method: str, pattern: str, count: int, per_s: float) -> None:
        """Allow `count` requests of a route in `per_s` seconds, for each channel or guild."""
        self.limits.insert(0, (method, pattern, count, per_s))

    def use(self, method: str, path: str, template: str) -> tuple[bool, dict[str, str]]:
        """Count one request: whether it is inside the limit, and the headers to send."""
        count, period_s = COUNT_DEFAULT, PERIOD_S_DEFAULT
        for kind, pattern, limit, per_s in self.limits:
            if kind == method and fits(path, pattern):
                count, period_s = limit, per_s
                break
        now = time.monotonic()
        # The first id of a path is its major parameter: each channel has a bucket of its own.
        major = next((part for part in path.split("/") if part.isdigit()), "")
        window = self.windows.get(f"{method} {template} {major}")
        if window is None or window.ends_at <= now:
            window = Window(now + period_s)
            self.windows[f"{method} {template} {major}"] = window
        window.used += 1
        left_s = window.ends_at - now
        headers = {
            "X-RateLimit-Limit": str(count),
            "X-RateLimit-Remaining": str(max(0, count - window.used)),
            "X-RateLimit-Reset": f"{time.time() + left_s:.3f}",
            "X-RateLimit-Reset-After": f"{left_s:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{method}{template}".encode()).hexdigest(),
        }
        return window.used <= count, headers
