"""This file is what a measurement is, and how it is written in the table."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """What a median has to reach: `least` for what should be large, `most` for the others.

    `peer` is what the row's peer gave on the machine where the reach was written down. A machine
    that is slower is slower for both, so what is missed as a number may be reached as a ratio.
    """

    least: float | None = None
    most: float | None = None
    peer: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether a median is inside."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def against(self, value: float, peer: float | None) -> str:
        """Say whether a median is inside, as a number or else as a ratio to the peer's median."""
        if self.is_met(value):
            return "yes"
        if self.peer is None or peer is None:
            return "**no**"
        here, there = value / peer, (self.least or self.most or 0) / self.peer
        is_met = here >= there if self.least is not None else here <= there
        told = f"ratio to the peer {short(here)}, to reach {short(there)}"
        return f"as a ratio: {told}" if is_met else f"**no**: {told}"

    def __str__(self) -> str:
        return (
            f">= {short(self.least)}" if self.least is not None else f"<= {short(self.most or 0)}"
        )


@dataclass(frozen=True)
class Line:
    """One line of the table: values of several rounds, and what they are held to.

    `peer` are the values of the peer in the same run, in the same unit.
    """

    what: str
    values: Sequence[float]
    unit: str
    reach: Reach | None = None
    peer: str = ""
    peer_values: Sequence[float] = ()

    @property
    def cells(self) -> list[str]:
        """The cells: what, measured, reach, met, peer."""
        reach = f"{self.reach} {self.unit}" if self.reach else ""
        peer = f"{self.peer}: {_spread(self.peer_values)}" if self.peer_values else ""
        return [self.what, f"{_spread(self.values)} {self.unit}", reach, self.verdict, peer]

    @property
    def verdict(self) -> str:
        """Whether the median reaches what is written."""
        if self.reach is None:
            return ""
        peer = statistics.median(self.peer_values) if self.peer_values else None
        return self.reach.against(statistics.median(self.values), peer)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def load() -> float:
    """Return how many processes want the cores of this machine now (the last minute's mean)."""
    return os.getloadavg()[0]


def short(value: float) -> str:
    """Return a number with as many digits as the noise of a measurement allows."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _spread(values: Sequence[float]) -> str:
    span = f" ({short(min(values))}..{short(max(values))})" if len(values) > 1 else ""
    return short(statistics.median(values)) + span
