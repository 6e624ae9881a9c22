"""Reading from the asynchronous side: read-only connections, a new transaction each time."""

import asyncio
from pathlib import Path

import aiosqlite

from bot.database.look import BUSY_MS
from core.kernel.tx import Args, Row

# Autocomplete, agenda scans and a page or an export at a time; each connection is a thread.
CONNECTIONS = 2


class SqliteReaders:
    """A few read-only connections that are shared."""

    def __init__(self, path: Path) -> None:
        """Take the database's file; `open` connects."""
        self._path = path
        self._free: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._all: list[aiosqlite.Connection] = []

    async def open(self) -> None:
        """Connect."""
        uri = f"{self._path.absolute().as_uri()}?mode=ro"
        for _ in range(CONNECTIONS):
            connection = await aiosqlite.connect(
                uri, uri=True, isolation_level=None, timeout=BUSY_MS / 1000
            )
            self._all.append(connection)
            self._free.put_nowait(connection)

    async def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row, as of now: an answered write is always seen."""
        connection = await self._free.get()
        try:
            return [tuple(row) for row in await connection.execute_fetchall(sql, tuple(args))]
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """Disconnect."""
        for connection in self._all:
            await connection.close()
        self._all.clear()
