"""One batch of requests in one transaction: run, committed, and only then answered."""

import logging
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from bot.database.port import WritableTx
from core.app import App, Reply
from core.kernel.errors import Broken, Unavailable
from core.kernel.held import Spoiled
from core.kernel.request import Request
from core.kernel.unit import Unit

_LOG = logging.getLogger("folkmoot.engine")

# With SQLite's own waiting of 5 s each, a lock may last half a minute.
TRIES_MAX = 6

Job = Callable[[Unit], Any]
Item = Request | Job
Answer = Reply | BaseException | Any


class Told(NamedTuple):
    """An answer to one item: a value, or an error for who asked."""

    value: Any = None
    error: BaseException | None = None


class Taken(Exception):
    """Another process works for that community just now; nothing was done."""


def group_of(item: Item) -> Hashable:
    """Return what a request has in common with others that may share its batch; jobs share one."""
    if not isinstance(item, Request):
        return None
    place = item.place
    return (place.platform, place.space) if place is not None else item.community


class Batch:
    """Runs batches over one writing connection."""

    def __init__(self, app: App, tx: WritableTx) -> None:
        """Take the door and the connection."""
        self._app = app
        self._tx = tx

    def run(self, items: Sequence[Item], *, waits: bool = True) -> list[Told]:
        """Return an answer for each item, durable before anybody sees it.

        On a database that is shared all items are of one group, and run under the lock of their
        community; raises Taken where another process has it and this does not wait.

        A failure of the store concerns the whole batch: it is rolled back, the ids are looked
        up again, and what is not there runs again. Where the store stays broken each item is
        tried alone, so that reading goes on; the others are told to come later. Any other
        failure is the bug of one item, which is found by trying each alone.
        """
        is_away = False
        for _ in range(TRIES_MAX):
            try:
                return self._once(items, waits=waits)
            except Taken:
                self._roll_back()
                raise
            except Broken as trouble:
                self._roll_back()
                _LOG.warning("a batch of %d failed: %s", len(items), trouble)
                if not getattr(trouble, "is_passing", False):
                    break
                is_away = getattr(trouble, "is_away", False)
            except Exception as trouble:  # noqa: BLE001 - found out below, one at a time
                # A constraint broke in rows that wait: find out which item it is, alone.
                self._roll_back()
                _LOG.warning("a batch of %d failed: %r", len(items), trouble)
                break
        else:
            if is_away:
                return [Told(error=Unavailable()) for _ in items]
            # It stayed locked all that time: nobody waits for it once more, item by item.
            return [self._reading(item) for item in items]
        return [self._alone(item) for item in items]

    def _once(
        self, items: Sequence[Item], *, is_writing: bool = True, waits: bool = True
    ) -> list[Told]:
        self._tx.begin(is_writing=is_writing)
        if self._tx.is_shared and is_writing:
            self._lock(items[0], waits=waits)
        unit = self._app.unit(self._tx)
        self._app.prepare(unit, [item for item in items if isinstance(item, Request)])
        told = [self._item(unit, item) for item in items]
        with self._tx.together():
            unit.tx.send()
            self._tx.commit()
        return told

    def _lock(self, item: Item, *, waits: bool) -> None:
        """Take the lock of the community that a batch is of, or of a space that has none yet."""
        if not isinstance(item, Request):
            return
        place, community = item.place, item.community
        if place is not None:
            community = self._app.directory.at(self._tx, place)
        if community is not None:
            name = f"community:{community}"
        elif place is not None:
            name = f"space:{place.platform}:{place.space}"
        else:
            return
        if not self._tx.lock(name, waits=waits):
            raise Taken(name)

    def _item(self, unit: Unit, item: Item) -> Told:
        if isinstance(item, Request):
            return Told(self._app.answer(unit, item))
        unit.start()
        try:
            value = item(unit)
        except (Broken, Spoiled, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whoever gave the job gets its error
            unit.drop()
            return Told(error=error)
        unit.tx.keep()
        unit.known.clear()
        return Told(value)

    def _alone(self, item: Item) -> Told:
        try:
            return self._once([item])[0]
        except (Broken, Unavailable) as trouble:
            self._roll_back()
            _LOG.warning("an item failed alone: %s", trouble)
            return self._reading(item)
        except Exception as error:  # noqa: BLE001 - this item's own bug, told and noted below
            self._roll_back()
            if not isinstance(item, Request):
                return Told(error=error)
            return self._bug(item)

    def _reading(self, item: Item) -> Told:
        """Try an item where nothing can be written: what only reads gets its answer."""
        try:
            return self._once([item], is_writing=False)[0]
        except Exception as trouble:  # noqa: BLE001 - told to come later
            self._roll_back()
            _LOG.warning("an item cannot be written: %s", trouble)
            return Told(error=Unavailable())

    def _bug(self, request: Request) -> Told:
        """Answer a request whose rows the store refused; called where its error is handled."""
        try:
            self._tx.begin()
            if self._tx.is_shared:
                self._lock(request, waits=True)
            unit = self._app.unit(self._tx)
            reply = self._app.bug(unit, request)
            unit.tx.send()
            self._tx.commit()
        except Exception:  # noqa: BLE001 - not even that: told to come later
            self._roll_back()
            _LOG.exception("a bug could not be noted")
            return Told(error=Unavailable())
        return Told(reply)

    def _roll_back(self) -> None:
        try:
            self._tx.rollback()
        except Broken as trouble:
            _LOG.warning("the rollback failed: %s", trouble)
