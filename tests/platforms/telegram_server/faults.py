"""What a network and a busy platform do to requests. This file is the faults a test orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tests.platforms.watch import Gate


class Harm(StrEnum):
    """What goes wrong with a request."""

    FAIL = "fail"  # an error of the server, and nothing was done
    LOSE = "lose"  # done, but the client gets an error or a dead connection
    LIMIT = "limit"  # 429
    HOLD = "hold"  # waits until the test lets go


@dataclass
class Fault:
    """One ordered fault: it strikes the next `times` calls of a method."""

    harm: Harm
    method: str
    times: int
    chat_id: int | None = None
    # The status the client gets; None drops the TCP connection instead.
    status: int | None = None
    # What the client reads; left out, the usual words for the status.
    description: str = ""
    retry_after_s: int = 0
    is_after: bool = False
    gate: Gate = field(default_factory=Gate)

    def meets(self, method: str, chat_id: str) -> bool:
        """Tell whether a call is one of those that are to be struck."""
        is_there = self.chat_id is None or str(self.chat_id) == chat_id
        return is_there and self.method in (method, "*")


class Faults:
    """Orders of faults, by method: `sendMessage`, or `*` for all; each for one chat if asked.

    They meet requests that come in later: a poll that waits already is ended by
    `server.updates.end_poll()`, so that the next one is struck.
    """

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        # In an outage no request is answered at all.
        self.is_down = False

    def fail(
        self,
        method: str,
        *,
        status: int | None = 502,
        description: str = "",
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """Answer an error before doing anything; `status=None` drops the connection."""
        self._orders.append(Fault(Harm.FAIL, method, times, chat_id, status, description))

    def lose(
        self, method: str, *, status: int | None = 502, times: int = 1, chat_id: int | None = None
    ) -> None:
        """Do the work, then answer an error; `status=None` drops the connection."""
        self._orders.append(Fault(Harm.LOSE, method, times, chat_id, status))

    def limit(
        self, method: str, *, retry_after_s: int, times: int = 1, chat_id: int | None = None
    ) -> None:
        """Answer 429."""
        fault = Fault(Harm.LIMIT, method, times, chat_id, retry_after_s=retry_after_s)
        self._orders.append(fault)

    def hold(
        self, method: str, *, times: int = 1, chat_id: int | None = None, is_after: bool = False
    ) -> Gate:
        """Hold requests before (or after) the work until the returned gate is released."""
        fault = Fault(Harm.HOLD, method, times, chat_id, is_after=is_after)
        self._orders.append(fault)
        return fault.gate

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The oldest order that is met, used up by one."""
        for order in self._orders:
            if order.meets(method, chat_id):
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
