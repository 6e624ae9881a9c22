"""Folding the write-ahead log into the file beside the writer, so that no commit waits for it."""

import logging
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

_LOG = logging.getLogger("folkmoot.database")

# What is folded at a time, 20 ms of work. A full batch writes some 35 pages, a lone vote a few: how
# many commits fill as many is learnt from each fold. The most is still below what a commit would
# fold by itself if full batches followed.
PAGES = 1_000
COMMITS = 32
MOST_COMMITS = 96
# A shorter log is quickly read at a start, and not worth waking the disk for.
LOG_BYTES = 4 * 2**20


class Checkpoints:
    """A thread with a connection of its own, started when there is something to fold.

    A passive checkpoint takes no lock that the writer needs. The log then stays short, which is
    what a start after a kill has to read: 4,000 pages took 20 ms to open and 60 ms to fold in a
    commit, 1,000 pages 5 and 18.
    """

    def __init__(self, path: Path) -> None:
        """Take the database's file; nothing is opened yet."""
        self._path = path
        self._wal = path.with_name(f"{path.name}-wal")
        self._commits = 0
        self._at = COMMITS
        self._due = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """Note a commit; every so often a log that has grown is folded."""
        self._commits += 1
        if self._commits < self._at:
            return
        self._commits = 0
        if not self._is_long():
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._work, name="folkmoot-checkpoints", daemon=True
            )
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Finish; the writing connection is to be closed after this one."""
        self._is_over = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _is_long(self) -> bool:
        try:
            return self._wal.stat().st_size >= LOG_BYTES
        except OSError:
            return False

    def _work(self) -> None:
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                while self._due.wait() and not self._is_over:
                    self._due.clear()
                    self._fold(connection)
        except sqlite3.Error as trouble:  # a full log is folded in a commit, which says it louder
            _LOG.warning("no checkpoint beside the writer: %s", trouble)

    def _fold(self, connection: sqlite3.Connection) -> None:
        try:
            _, pages, _ = connection.execute("pragma wal_checkpoint(passive)").fetchone()
        except sqlite3.Error as trouble:
            _LOG.warning("no checkpoint: %s", trouble)
            return
        if pages > 0:
            self._at = min(MOST_COMMITS, max(COMMITS, self._at * PAGES // pages))
