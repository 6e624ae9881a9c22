"""The wire between the bot and a PostgreSQL server; this file cuts it where a test wants it cut."""

import contextlib
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

COMMIT = b"commit\0"
SOCKET = ".s.PGSQL.5432"
PATIENCE_S = 60


class Call:
    """One connection through the wire."""

    def __init__(self, client: socket.socket, there: socket.socket) -> None:
        self._client, self._there = client, there
        self._is_mute = False
        self._over = threading.Event()

    def start(self, at_commit: Callable[["Call", bytes], bool]) -> None:
        """Carry what is said both ways, but for a commit that something happens to."""
        threading.Thread(target=self._ask, args=(at_commit,), daemon=True).start()
        threading.Thread(target=self._answer, daemon=True).start()

    def mute(self) -> None:
        """Let no answer through any more."""
        self._is_mute = True

    def send(self, said: bytes) -> None:
        """Send it, hang up on the server, and wait until it has hung up, too."""
        self._there.sendall(said)
        self._there.shutdown(socket.SHUT_WR)
        assert self._over.wait(PATIENCE_S)

    def cut(self) -> None:
        """Hang up on the bot."""
        _cut(self._client)

    def _ask(self, at_commit: Callable[["Call", bytes], bool]) -> None:
        with contextlib.suppress(OSError):
            while said := self._client.recv(1 << 16):
                if COMMIT in said and at_commit(self, said):
                    break
                self._there.sendall(said)
        _cut(self._client)
        _cut(self._there)

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while said := self._there.recv(1 << 16):
                if not self._is_mute:
                    self._client.sendall(said)
        self._over.set()
        if not self._is_mute:
            _cut(self._client)


class Wire:
    """A socket of its own that leads to the server's.

    `at_commit` holds what happens to the next commits, each once. It gets the connection, which
    is mute from then on, and what the bot said; afterwards the connection is over.
    """

    def __init__(self, server: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="folkmoot-wire-"))
        self.at_commit: list[Callable[[Call, bytes], None]] = []
        self._server = server
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.folder / SOCKET))
        self._door.listen()
        self._calls: list[Call] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Hang up on everybody."""
        _cut(self._door)
        for one in self._calls:
            one.cut()
        shutil.rmtree(self.folder)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                there = socket.socket(socket.AF_UNIX)
                try:
                    there.connect(str(self._server / SOCKET))
                except OSError:
                    _cut(client)
                    there.close()
                    continue
                call = Call(client, there)
                self._calls.append(call)
                call.start(self._meet)

    def _meet(self, call: Call, said: bytes) -> bool:
        if not self.at_commit:
            return False
        meet = self.at_commit.pop(0)
        call.mute()
        meet(call, said)
        return True


def _cut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
