"""Where seasons play: files, or databases on a server that is killed, too."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import psycopg

from tests.databases.server import Server, execute

# Between a break and the server's return, in seconds: mostly a moment.
AWAY_S = (0.0, 0.0, 0.1, 0.5, 1.5)

OTHERS = """
select pid from pg_stat_activity
 where pid <> pg_backend_pid() and application_name like 'folkmoot%'"""

_CUT = OTHERS.replace("select pid", "select pg_terminate_backend(pid)")


class How(StrEnum):
    """How a server fails, and comes back."""

    KILL = "server killed"
    IMMEDIATE = "server stopped at once"
    RESTART = "server restarted"
    BACKEND = "server process killed"
    CUT = "connections cut"


class Ground(Protocol):
    """A kind of database, for seasons to play on."""

    is_served: bool

    def lay(self, folder: Path) -> str:
        """Return the url of an empty database."""
        ...

    def breaks(self, chance: random.Random) -> "Break | None":
        """Return a way to break the server at random, where there is one."""
        ...

    def close(self) -> None:
        """Leave nothing behind."""


class Files:
    """A file in the folder of each season."""

    is_served = False

    def lay(self, folder: Path) -> str:
        return f"sqlite:///{folder}/folkmoot.db"

    def breaks(self, chance: random.Random) -> "Break | None":  # noqa: ARG002 - its interface
        """Return nothing: no server, nothing to break."""
        return None

    def close(self) -> None:
        """Nothing: they go with the folder."""


class Served:
    """Databases on a server of our own."""

    is_served = True

    def __init__(self, settings: dict[str, str]) -> None:
        self._server = Server(settings)
        self._n = 0

    def lay(self, folder: Path) -> str:
        self._n += 1
        name = f"{folder.name}_{self._n}"
        execute(self._server.url("postgres"), f"create database {name} encoding 'UTF8'")
        return self._server.url(name)

    def breaks(self, chance: random.Random) -> "Break | None":
        how, away_s = chance.choice(list(How)), chance.choice(AWAY_S)
        return Break(how, chance, lambda: self._do(how, away_s))

    def close(self) -> None:
        self._server.remove()

    def _do(self, how: How, away_s: float) -> None:
        match how:
            case How.CUT | How.BACKEND:
                self._hit(how)
                self._server.start()
                return
            case How.KILL:
                self._server.kill()
            case How.IMMEDIATE:
                self._server.stop(signal.SIGQUIT)
            case How.RESTART:
                self._server.stop()
        time.sleep(away_s)
        self._server.start()

    def _hit(self, how: How) -> None:
        """Hit the connections of the bot, each or one of them."""
        with psycopg.connect(self._server.url("postgres"), autocommit=True) as ours:
            if how is How.CUT:
                ours.execute(_CUT)
                return
            found = ours.execute(OTHERS).fetchone()
            if found is None:
                return
            os.kill(found[0], signal.SIGKILL)
            # The server ends all others with one that crashed, ours among them, and recovers.
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    ours.execute("select pg_sleep(0.01)")


class Break:
    """One failure of the server, at a random point while everything else goes on."""

    def __init__(self, how: How, chance: random.Random, do: Callable[[], None]) -> None:
        self.how = how
        self._chance = chance
        self._do = do
        self._thread: threading.Thread | None = None

    def begin(self, within_s: float) -> None:
        """Have it happen at some point within so long."""
        after_s = self._chance.random() * within_s

        def wait_and_do() -> None:
            time.sleep(after_s)
            self._do()

        self._thread = threading.Thread(target=wait_and_do)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return self._thread is not None and not self._thread.is_alive()

    def join(self) -> None:
        """Wait until the server is back."""
        assert self._thread is not None
        self._thread.join()
