"""Waiting for something to become true. This file is why no test has to sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0


class StillWaiting(AssertionError):
    """A test waited for something that did not come."""


class Watch:
    """Looks at every pending condition again whenever the server has changed."""

    def __init__(self) -> None:
        self._looks: list[Callable[[], None]] = []
        # How long a wait lasts unless it says so itself. Nothing takes so long but a machine
        # that does other things as well; who waits for nothing at all says for how long.
        self.patience_s = PATIENCE_S

    def changed(self) -> None:
        """Tell that something happened: a request, an answer, a frame, a disconnection."""
        for look in tuple(self._looks):
            look()

    async def wait_for(
        self,
        condition: Callable[[], T],
        within_s: float | None = None,
        otherwise: Callable[[], str] = lambda: "nothing of the kind happened",
    ) -> T:
        """Return the first truthy value of `condition`; StillWaiting says `otherwise`."""
        value = condition()
        if value:
            return value
        patience_s = self.patience_s if within_s is None else within_s
        found: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def look() -> None:
            if found.done():
                return
            try:
                now = condition()
            except Exception as mistake:  # noqa: BLE001 - it belongs to the waiting test
                found.set_exception(mistake)
            else:
                if now:
                    found.set_result(now)

        self._looks.append(look)
        try:
            return await asyncio.wait_for(found, patience_s)
        except TimeoutError:
            raise StillWaiting(f"waited {patience_s} s: {otherwise()}") from None
        finally:
            self._looks.remove(look)


class Gate:
    """Holds requests until the test releases them."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._reached = asyncio.Event()

    @property
    def is_reached(self) -> bool:
        """Tell whether a request stands here, or has been let through."""
        return self._reached.is_set()

    async def reached(self, within_s: float = PATIENCE_S) -> None:
        """Wait until a request stands here."""
        await asyncio.wait_for(self._reached.wait(), within_s)

    def release(self) -> None:
        """Let what waits, and what comes later, pass."""
        self._open.set()

    async def wait(self) -> None:
        """Stand here until released."""
        self._reached.set()
        await self._open.wait()
