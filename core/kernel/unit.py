"""One batch of commands in one transaction: what they share, and what is sent at its end."""

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

from core.kernel import outbox
from core.kernel.canonical import decode, encode
from core.kernel.clock import Clock, to_ms
from core.kernel.journal import Pages
from core.kernel.people import Community, Space
from core.kernel.setting import Settings
from core.kernel.tx import Tx, several

# Outcomes are kept so long: longer than any platform repeats a delivery.
KEPT_MS = 48 * 3_600_000

_KEEP = """
insert into request (id, at_ms, community, outcome) values (?, ?, ?, ?)"""
_KEPT = "select id, outcome from request where id in ({places})"
PRUNE = "delete from request where at_ms < ?"


class Chance(Protocol):
    """Where secrets and salts are drawn from: the system, or a test that repeats itself."""

    def draw(self, n: int) -> bytes:
        """Return n random bytes."""
        ...


class Entangled(Exception):
    """A command that sent the rows of others failed: the batch runs again, one at a time."""


class Unit:
    """A batch: caches that live as long as the transaction, and rows that are sent together."""

    def __init__(self, tx: Tx, clock: Clock, chance: Chance) -> None:
        """Start a batch on an open transaction."""
        self.tx = tx
        self.clock = clock
        self.chance = chance
        self.pages = Pages(tx)
        self.spaces: dict[tuple[str, str], tuple[Community, Space]] = {}
        self.communities: dict[int, Community] = {}
        self.settings: dict[int, Settings] = {}
        self.known: dict[Hashable, Any] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self._at_ms = to_ms(clock.now())
        self._requests: list[tuple[Any, ...]] = []
        self._refreshed: set[tuple[int, str]] = set()
        self._flushes = 0

    def look_up(self, ids: list[str]) -> None:
        """Learn the kept outcomes of these requests, with one statement."""
        if ids:
            places, args = several(ids)
            rows = self.tx.all(_KEPT.format(places=places), args)
            self.kept = {name: decode(outcome) for name, outcome in rows}

    def keep(self, request_id: str, community: int | None, outcome: dict[str, Any]) -> None:
        """Keep a request's outcome, for the second delivery of the same."""
        self.kept[request_id] = outcome
        self._requests.append((request_id, self._at_ms, community, encode(outcome)))

    def learn(self, known: Mapping[Hashable, Any], *, stands: bool) -> None:
        """Take over what a command knows; `stands` says that what was read before is still so."""
        if stands:
            self.known.update(known)
        else:
            self.known.clear()

    def refresh(self, subjects: set[tuple[int, str]]) -> None:
        """Note cards that changed."""
        self._refreshed |= subjects

    def mark(self) -> tuple[tuple[int, int], int, int]:
        """Return how far the waiting rows go, for `rewind`."""
        return self.pages.mark(), len(self._requests), self._flushes

    def rewind(self, mark: tuple[tuple[int, int], int, int]) -> None:
        """Take back the rows that a failed command left waiting, and what was cached.

        Raises Entangled where the command had sent rows that waited before it: they went with
        its savepoint, so the whole batch has to run again.
        """
        pages, requests, flushes = mark
        if flushes != self._flushes and (requests or pages != (0, 0)):
            raise Entangled
        self.pages.rewind(pages)
        for row in self._requests[requests:]:
            self.kept.pop(row[0], None)
        del self._requests[requests:]
        self.forget()

    def forget(self) -> None:
        """Drop what was cached, because it changed."""
        self.spaces.clear()
        self.communities.clear()
        self.settings.clear()

    def flush(self) -> None:
        """Send the rows that wait: journal, outcomes, card versions."""
        self._flushes += 1
        self.pages.flush()
        requests, self._requests = self._requests, []
        refreshed, self._refreshed = self._refreshed, set()
        if requests:
            self.tx.many(_KEEP, requests)
        if refreshed:
            outbox.refresh(self.tx, sorted(refreshed))
