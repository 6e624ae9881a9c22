"""One batch of commands in one transaction: what they share, and what is sent at its end."""

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

from core.kernel.clock import Clock, to_ms
from core.kernel.held import Held
from core.kernel.journal import Pages
from core.kernel.people import Community, Space
from core.kernel.setting import Settings
from core.kernel.tx import Store, several

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


class Unit:
    """A batch: what its commands share as long as the transaction is open."""

    def __init__(self, tx: Store, clock: Clock, chance: Chance) -> None:
        """Start a batch on an open transaction."""
        self.tx = Held(tx)
        self.clock = clock
        self.chance = chance
        self.pages = Pages(self.tx)
        self.spaces: dict[tuple[str, str], tuple[Community, Space]] = {}
        self.communities: dict[int, Community] = {}
        self.settings: dict[int, Settings] = {}
        self.known: dict[Hashable, Any] = {}
        # By community, which members ask in this batch: what is read of one is read of all.
        self.asking: dict[int, frozenset[int]] = {}
        self.kept: dict[str, str] = {}
        self._at_ms = to_ms(clock.now())
        self._kept_last: str | None = None

    def look_up(self, ids: list[str]) -> None:
        """Learn the kept outcomes of these requests, with one statement."""
        if ids:
            places, args = several(ids)
            rows = self.tx.all(_KEPT.format(places=places), args)
            self.kept = dict(rows)

    def keep(self, request_id: str, community: int | None, outcome: str) -> None:
        """Keep a request's outcome, for the second delivery of the same: a text of JSON."""
        self.kept[request_id] = outcome
        self._kept_last = request_id
        self.tx.hold(_KEEP, (request_id, self._at_ms, community, outcome))

    def learn(self, known: Mapping[Hashable, Any], *, stands: bool) -> None:
        """Take over what a command knows; `stands` says that what was read before is still so."""
        if stands:
            self.known.update(known)
        else:
            self.known.clear()

    def start(self) -> None:
        """Begin one of the batch's commands, which can be taken back alone."""
        self._kept_last = None
        self.tx.start()

    def drop(self) -> None:
        """Take back what the command did, and what was cached meanwhile."""
        self.tx.drop()
        if self._kept_last is not None:
            del self.kept[self._kept_last]
        self.forget()

    def forget(self) -> None:
        """Drop what was cached, because it changed."""
        self.pages.forget()
        self.spaces.clear()
        self.communities.clear()
        self.settings.clear()
