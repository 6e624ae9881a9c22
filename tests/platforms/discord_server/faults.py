"""What a network and a busy platform do to requests. This file is the faults a test orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tests.platforms.discord_server.audit import fits
from tests.platforms.watch import Gate


class Harm(StrEnum):
    """What goes wrong with a request."""

    FAIL = "fail"  # an error of the server, and nothing was done
    LOSE = "lose"  # done, but the client gets an error or a dead connection
    LIMIT = "limit"  # 429
    HOLD = "hold"  # waits until the test lets go


@dataclass
class Fault:
    """One ordered fault: it strikes the next `times` requests that match."""

    harm: Harm
    method: str
    pattern: str
    times: int
    # The status the client gets; None drops the TCP connection instead.
    status: int | None = None
    retry_after_s: float = 0.0
    is_global: bool = False
    has_via: bool = True
    is_after: bool = False
    gate: Gate = field(default_factory=Gate)


class Faults:
    """Orders of faults. Patterns are paths without the version: `/channels/*/messages`."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        # In an outage no request is answered at all.
        self.is_down = False

    def fail(self, method: str, pattern: str, *, status: int | None = 502, times: int = 1) -> None:
        """Answer an error before doing anything; `status=None` drops the connection."""
        self._orders.append(Fault(Harm.FAIL, method, pattern, times, status))

    def lose(self, method: str, pattern: str, *, status: int | None = 502, times: int = 1) -> None:
        """Do the work, then answer an error; `status=None` drops the connection."""
        self._orders.append(Fault(Harm.LOSE, method, pattern, times, status))

    def limit(
        self,
        method: str,
        pattern: str,
        *,
        retry_after_s: float,
        times: int = 1,
        is_global: bool = False,
        has_via: bool = True,
    ) -> None:
        """Answer 429; without `Via` the library takes it for a ban and raises."""
        fault = Fault(Harm.LIMIT, method, pattern, times, 429, retry_after_s, is_global, has_via)
        self._orders.append(fault)

    def hold(self, method: str, pattern: str, *, times: int = 1, is_after: bool = False) -> Gate:
        """Hold requests before (or after) the work until the returned gate is released."""
        fault = Fault(Harm.HOLD, method, pattern, times, is_after=is_after)
        self._orders.append(fault)
        return fault.gate

    def take(self, method: str, path: str) -> Fault | None:
        """The oldest order that matches, used up by one."""
        for order in self._orders:
            if order.method in (method, "*") and fits(path, order.pattern):
                order.times -= 1
                if order.times <= 0:
                    self._orders.remove(order)
                return order
        return None

    @property
    def left(self) -> list[Fault]:
        """Orders that no request has met yet; a test may insist that there are none."""
        return list(self._orders)

    def clear(self) -> None:
        """Forget every order and let held requests go."""
        for order in self._orders:
            order.gate.release()
        self._orders.clear()
