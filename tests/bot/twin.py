"""A database connection that fails when it is told to; this file is the twin of a bad disk."""

import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.database.sqlite import SqliteTx
from bot.platforms.console.read import HERE, Speaker, asker_of
from core.kernel.request import Request
from tests.world import World

PATIENCE_S = 60


@dataclass
class Weather:
    """What the connection does: each list holds the starts of statements that are met."""

    fails_before: list[str] = field(default_factory=list)
    fails_after: list[str] = field(default_factory=list)
    code: str = "SQLITE_IOERR"
    done: list[str] = field(default_factory=list)
    # Statements that start so wait until the gate is opened.
    held: str = "-"
    reached: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)

    def meet(self, starts: list[str], sql: str) -> None:
        """Raise where a statement is to fail, once for each time it is listed."""
        for start in starts:
            if sql.startswith(start):
                starts.remove(start)
                error = sqlite3.OperationalError("as the test wants it")
                error.sqlite_errorname = self.code
                raise error


class Twin(sqlite3.Connection):
    """The driver's connection with weather of its own."""

    weather: Weather

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        weather = self.weather
        if sql.startswith(weather.held):
            weather.reached.set()
            weather.gate.wait(PATIENCE_S)
        weather.done.append(sql)
        weather.meet(weather.fails_before, sql)
        cursor = super().execute(sql, parameters)
        weather.meet(weather.fails_after, sql)
        return cursor


def open_twin(path: Path) -> tuple[SqliteTx, Weather]:
    """Open a writing connection, and the weather over it."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=5, factory=Twin
    )
    connection.weather = Weather()
    connection.execute("pragma foreign_keys = on")
    return SqliteTx(connection), connection.weather


def vote(request_id: str, voter: str, choice: str = "Pizza", number: int = 1) -> Request:
    """Return a ballot as the room would send it."""
    args = {"proposal": str(number), "choice": choice}
    return Request(request_id, "vote", args, asker_of(Speaker(voter)), HERE)


def look(request_id: str) -> Request:
    """Return a request that only reads."""
    return Request(request_id, "proposals", {}, asker_of(Speaker("ana")), HERE)


def counted(world: World) -> list[str]:
    """Return the requests of the ballots in the journal, in order, seen from outside."""
    rows = world.tx.all("select request from journal where command = 'vote' order by seq")
    return [str(row[0]) for row in rows]


def turnout(world: World, number: int = 1) -> int:
    """Return how many ballots a vote has."""
    sql = "select r.turnout from running r join proposal p on p.id = r.proposal where p.number = ?"
    row = world.tx.one(sql, (number,))
    assert row is not None
    return int(row[0])
