"""One life of the process, as the parent sees it: born, spoken to, killed."""

import multiprocessing
import os
import signal
from multiprocessing.connection import wait
from typing import Any

from tests.kill.child import Plan, main

# A process that does not get so far in so long has hung, which is a finding.
PATIENCE_S = 180.0

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.kill.child"])


class Hung(Exception):
    """The process neither answered nor died."""


class Life:
    """A running process, and the pipe to it."""

    def __init__(self, plan: Plan) -> None:
        self._wire, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=main, args=(theirs, plan))
        self._process.start()
        theirs.close()
        self.is_over = False

    def say(self, kind: str, value: Any = None) -> bool:
        """Send something; return False where nobody is there any more."""
        try:
            self._wire.send((kind, value))
        except OSError:
            return False
        return True

    def hear(self, timeout_s: float) -> tuple[Any, ...] | None:
        """Return the next thing said, or None where nothing came in time or nobody speaks."""
        if self.is_over or not self._wire.poll(max(timeout_s, 0)):
            return None
        try:
            heard: tuple[Any, ...] = self._wire.recv()
        except (EOFError, OSError):
            self.is_over = True
            return None
        return heard

    def terminate(self) -> None:
        """Ask it to end cleanly."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGTERM)

    def kill(self) -> list[tuple[Any, ...]]:
        """Kill it, and return what it had still said."""
        self._process.kill()
        last = self.remaining()
        self.join()
        return last

    def remaining(self) -> list[tuple[Any, ...]]:
        """Return what was said until the end of the process."""
        found = []
        while not self.is_over:
            heard = self.hear(PATIENCE_S)
            if heard is not None:
                found.append(heard)
            elif not self.is_over:
                raise Hung
        return found

    def join(self) -> int:
        """Wait for its end; return the exit code."""
        wait([self._process.sentinel], PATIENCE_S)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            raise Hung
        self._process.join()
        self._process.close()
        self._wire.close()
        return code
