"""What the engine does with letters: leases and draws those due, notes what became of them."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.app import App
from core.kernel import outbox
from core.kernel.clock import to_ms
from core.kernel.errors import Gone, Unavailable
from core.kernel.outbox import Delivery, Kind, Presented, Row
from core.kernel.unit import Unit
from core.kernel.view import View

_LOG = logging.getLogger("folkmoot.outbox")

# A drawing that failed so often, over a minute, is broken: whoever waits for the card is told.
UNDRAWN_TRIES = 7
UNDRAWN = "it could not be drawn"


class _Refused(Exception):
    """Something about one row went wrong, which is taken back."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a delivery."""

    row: Row
    message: str = ""
    trouble: str = ""
    is_final: bool = False
    is_lost: bool = False
    is_postponed: bool = False


def claim(
    app: App, platform: str, limit: int = outbox.CLAIM_MAX
) -> Callable[[Unit], list[Delivery]]:
    """Return a job that leases what is due on a platform and draws it as things stand now."""

    def job(unit: Unit) -> list[Delivery]:
        now_ms = to_ms(app.clock.now())
        rows = outbox.claim(unit.tx, platform, now_ms, limit)
        drawn = [_drawn(app, unit, row, now_ms) for row in rows]
        return [one for one in drawn if one is not None]

    return job


def _drawn(app: App, unit: Unit, row: Row, now_ms: int) -> Delivery | None:
    """Draw a row as things stand now; where that fails, note it and have the others go out."""
    try:
        with _alone(unit):
            return _delivery(app, unit, row)
    except Gone:
        outbox.failed(unit.tx, row, "its subject is gone", now_ms, is_final=True)
    except _Refused as refused:
        _LOG.error("could not draw %s", outbox.outline(row), exc_info=refused.__cause__)
        tries, is_new = outbox.failed(unit.tx, row, UNDRAWN, now_ms, is_final=False)
        # Sends that failed before count as well: they may have passed the bound already.
        if tries == UNDRAWN_TRIES or (is_new and tries > UNDRAWN_TRIES):
            _tell(app, unit, row, UNDRAWN)
    return None


def report(app: App, reports: list[Report], pace_ms: int) -> Callable[[Unit], None]:
    """Return a job that notes what became of some deliveries."""

    def job(unit: Unit) -> None:
        now_ms = to_ms(app.clock.now())
        for one in reports:
            if one.is_lost:
                outbox.lost(unit.tx, one.row)
            elif one.is_postponed:
                outbox.put_off(unit.tx, one.row, one.trouble, now_ms)
            elif one.trouble:
                is_final = one.is_final
                _, is_new = outbox.failed(unit.tx, one.row, one.trouble, now_ms, is_final=is_final)
                if is_final and is_new:
                    _tell(app, unit, one.row, one.trouble)
            else:
                outbox.delivered(unit.tx, one.row, one.message, now_ms + pace_ms)

    return job


def _tell(app: App, unit: Unit, row: Row, trouble: str) -> None:
    """Have whoever waits for a card be told that it cannot be shown."""
    if row.kind is not Kind.CARD:
        return
    try:
        with _alone(unit):
            app.undelivered(unit, row, trouble)
    except _Refused as refused:
        _LOG.error("could not tell of %s", outbox.outline(row), exc_info=refused.__cause__)


@contextlib.contextmanager
def _alone(unit: Unit) -> Iterator[None]:
    """Have what fails inside be taken back alone, and raised as it is or as _Refused.

    What the store refuses of one row leaves nothing else of a transaction on PostgreSQL, so each
    has a savepoint of its own. A trouble of the store that may pass concerns them all; another
    may be of this row alone (a page that cannot be read), and the savepoint tells: it cannot be
    gone back to where nothing else works either.
    """
    unit.tx.savepoint()
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:
        if getattr(error, "is_passing", False):
            raise
        unit.tx.undo()
        unit.forget()
        if isinstance(error, Gone):
            raise
        raise _Refused from error
    unit.tx.release()


def _delivery(app: App, unit: Unit, row: Row) -> Delivery:
    space, account, spaces = "", "", tuple[str, ...]()
    if row.space is not None:
        found = app.directory.space(unit.tx, row.space)
        space = found.space if found else ""
    if row.kind is Kind.FORGET:
        return Delivery(row, space, row.subject, Presented(View(), {}, (), "UTC"))
    if row.member is not None:
        people = app.directory.people(unit.tx, {row.member})
        account = people[row.member].accounts.get(row.platform, "") if people else ""
        if not account:
            raise Gone
        community = app.directory.community(unit, row.community)
        ours = app.directory.spaces(unit.tx, community)
        spaces = tuple(one.space for one in ours if one.platform == row.platform)
    return Delivery(row, space, account, app.draw(unit, row), spaces)
