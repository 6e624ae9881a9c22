"""The real clock, the real chance, and the interpreter's collector."""

import gc
import os
import time
from datetime import datetime

from core.kernel.clock import from_ms

# Python's own threshold is 700 (2,000 from 3.12 on); a batch makes some ten thousand objects
# that all go with its answers.
GC_THRESHOLD = 20_000


class SystemClock:
    """The machine's clock, in UTC, to the millisecond."""

    def __init__(self) -> None:
        """Look at it once."""
        self._latest = (0, from_ms(0))

    def now(self) -> datetime:
        """Return the present instant; many commands of a batch share theirs."""
        now_ms = time.time_ns() // 1_000_000
        latest_ms, latest = self._latest
        if now_ms != latest_ms:
            latest = from_ms(now_ms)
            self._latest = (now_ms, latest)
        return latest


class SystemChance:
    """The operating system's source of random bytes."""

    def draw(self, n: int) -> bytes:
        """Return n random bytes."""
        return os.urandom(n)


def spare_the_collector() -> None:
    """Have the garbage collector leave alone what is loaded by now, and look less often.

    To be called once, when the process has started: a sixth of the processor time of a command
    went into looking through modules, and through answers on their way.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
