"""What the running bot could not do: its heartbeat, letters and agenda rows that fail."""

import sqlite3
from collections.abc import Iterator

from bot.checks.finding import Finding, fine, note, wrong
from bot.database.port import Database, open_existing
from bot.database.standing import Standing
from bot.platforms.text import span
from bot.system import SystemClock
from bot.trouble import Trouble
from core.kernel import agenda, state
from core.kernel.clock import Clock, from_ms, to_ms
from core.kernel.errors import Broken
from core.kernel.tx import Tx

# The heart beats every 15 s; so long without a beat means that nobody is at work.
ALIVE_MS_MAX = 3 * 60_000
ALIVE = "alive_ms"
SHOWN_MAX = 10

_TROUBLED = """
select platform, trouble, count(*), sum(case when version > sent_version then 1 else 0 end)
  from outbox where trouble <> '' group by platform, trouble
 order by count(*) desc, platform, trouble limit ?"""
_FAILING = """
select key, community, tries, run_ms from agenda where tries >= ? order by due_ms limit ?"""


def last_beat(tx: Tx) -> int | None:
    """Return when the bot was last at work (ms), or None where it never was."""
    kept = state.get(tx, ALIVE)
    return int(kept) if kept is not None and kept.isdecimal() else None


def is_alive(database: Database, clock: Clock | None = None) -> tuple[bool, str]:
    """Return whether a running bot works on a database, and a sentence that says so."""
    tx = open_existing(database)
    try:
        at_ms = last_beat(tx)
    finally:
        tx.close()
    if at_ms is None:
        return False, f"no bot has been at work on {database.shown} yet."
    now = (clock or SystemClock()).now()
    ago = span(max(now - from_ms(at_ms), now - now))
    if to_ms(now) - at_ms < ALIVE_MS_MAX:
        return True, f"at work {ago} ago."
    return False, f"last at work {ago} ago: the bot is not running, or it is stuck."


def check_backlog(database: Database) -> Iterator[Finding]:
    """Yield what the bot could not do, where there is a database of this version."""
    try:
        if database.look().standing is not Standing.CURRENT:
            return
        _, said = is_alive(database)
        yield note(f"bot: {said}")
        tx = open_existing(database)
        try:
            yield from _outbox(tx)
            yield from _agenda(tx)
        finally:
            tx.close()
    except (OSError, sqlite3.Error, Broken, Trouble):
        return  # the look at the database says it


def _outbox(tx: Tx) -> Iterator[Finding]:
    rows = tx.all(_TROUBLED, (SHOWN_MAX,))
    for platform, trouble, n, n_waiting in rows:
        what = "message" if n == 1 else "messages"
        then = f"{n_waiting} will be tried again" if n_waiting else "given up"
        yield wrong(f"outbox: {n} {what} for {platform} could not be shown ({then}): {trouble}.")
    if not rows:
        yield fine("outbox: everything that was to be told has been told, or is on its way")


def _agenda(tx: Tx) -> Iterator[Finding]:
    rows = tx.all(_FAILING, (agenda.TRIES_MAX, SHOWN_MAX))
    for key, community, tries, run_ms in rows:
        yield wrong(
            f"agenda: {key} of community {community} has failed {tries} times; the log says why. "
            f"It is tried again at {from_ms(run_ms):%Y-%m-%d %H:%M} UTC."
        )
    if not rows:
        yield fine("agenda: nothing that came due has failed for long")
