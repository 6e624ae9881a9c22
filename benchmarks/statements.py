"""This file is the statements of votes, taken down once and carried out by other libraries."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.house import OPTIONS, Moot, vote
from bot.database.sqlite import SqliteTx
from core.kernel.tx import Args, Row

Statement = tuple[str, tuple[Any, ...]]
ROUND_S = 0.6  # a round ends then
PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")


class Noting(SqliteTx):
    """A transaction that takes down what is asked of it, but for its own frame."""

    noted: list[Statement]

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Note and read."""
        self.noted.append((sql, tuple(args)))
        return super().all(sql, args)

    def run(self, sql: str, args: Args = ()) -> None:
        """Note and write."""
        if not sql.startswith(("begin", "commit")):
            self.noted.append((sql, tuple(args)))
        super().run(sql, args)

    def change(self, sql: str, args: Args = ()) -> int:
        """Note and write."""
        self.noted.append((sql, tuple(args)))
        return super().change(sql, args)

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Note each row and write."""
        known = [tuple(row) for row in rows]
        self.noted.extend((sql, row) for row in known)
        super().many(sql, known)


def take_down(folder: Path, members: int, n: int) -> tuple[Path, list[list[Statement]]]:
    """Return a database as it was before n votes, and the statements of each of them."""
    path, before = folder / "noted.db", folder / "before.db"
    moot = Moot(path, members)
    moot.tx.all("pragma wal_checkpoint(truncate)")
    shutil.copy(path, before)
    moot.tx.close()
    noting = Noting(sqlite3.connect(path, isolation_level=None))
    batch = type(moot.batch)(moot.app, noting)
    votes = []
    for at in range(n):
        noting.noted = []
        batch.run([vote(at % members, at % len(OPTIONS) + 1)])
        votes.append(noting.noted)
    noting.close()
    return before, votes


class Replaying:
    """A library carrying the votes out, each round where the last one stopped."""

    def __init__(self, votes: Sequence[Sequence[Statement]]) -> None:
        """Take the statements."""
        self._votes = iter(votes)

    async def per_s(self, n: int, at_once: int) -> float:
        """Return how many votes a second it does, so many at once."""
        votes = islice(self._votes, n)

        done = 0

        async def person() -> None:
            nonlocal done
            for statements in votes:
                await self.one(statements)
                done += 1
                if time.perf_counter() > until:
                    return

        start = time.perf_counter()
        until = start + ROUND_S
        await asyncio.gather(*(person() for _ in range(at_once)))
        return done / (time.perf_counter() - start)

    async def one(self, statements: Sequence[Statement]) -> None:
        """Carry out one vote in a transaction of its own."""
        raise NotImplementedError

    async def close(self) -> None:
        """Disconnect."""


class Peer(Replaying):
    """One that has a file of its own."""

    name = ""

    def __init__(self, before: Path, votes: Sequence[Sequence[Statement]]) -> None:
        """Take a copy of the database and the statements."""
        super().__init__(votes)
        self.path = before.with_name(f"{type(self).__name__.lower()}.db")
        shutil.copy(before, self.path)


class SqlAlchemy(Peer):
    """The usual way: an asynchronous engine with its pool, one transaction each."""

    name = "SQLAlchemy async + aiosqlite, one transaction each"

    def __init__(self, before: Path, votes: Sequence[Sequence[Statement]]) -> None:
        """Make the engine; more than one connection would only wait for SQLite's one writer."""
        super().__init__(before, votes)
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{self.path}", pool_size=1, max_overflow=0, pool_timeout=120
        )

        @event.listens_for(self._engine.sync_engine, "connect")
        def _set(connection: Any, _: object) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"pragma {pragma}")

    async def one(self, statements: Sequence[Statement]) -> None:
        """Carry out one vote."""
        async with self._engine.begin() as connection:
            for sql, args in statements:
                found = await connection.exec_driver_sql(sql, args)
                if found.returns_rows:
                    found.all()

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()


class AioSqlite(Peer):
    """The asynchronous driver alone, one transaction each."""

    name = "aiosqlite, one transaction each"
    _connection: aiosqlite.Connection | None = None
    _turn: asyncio.Lock

    async def one(self, statements: Sequence[Statement]) -> None:
        """Carry out one vote."""
        if self._connection is None:
            self._turn = asyncio.Lock()
            self._connection = await aiosqlite.connect(self.path, isolation_level=None)
            for pragma in PRAGMAS:
                await self._connection.execute(f"pragma {pragma}")
        async with self._turn:
            await self._connection.execute("begin immediate")
            for sql, args in statements:
                await self._connection.execute_fetchall(sql, args)
            await self._connection.execute("commit")

    async def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            await self._connection.close()


class Driver:
    """The standard library's driver with nothing around it, many votes a transaction."""

    def __init__(self, before: Path, votes: Sequence[Sequence[Statement]]) -> None:
        """Take a copy of the database and the statements."""
        path = before.with_name("driver.db")
        shutil.copy(before, path)
        self._votes = iter(votes)
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in PRAGMAS:
            self._connection.execute(f"pragma {pragma}")

    def per_s(self, n: int, a_transaction: int) -> float:
        """Return how many votes a second it does."""
        execute = self._connection.execute
        start = time.perf_counter()
        for _ in range(n // a_transaction):
            execute("begin immediate")
            for statements in islice(self._votes, a_transaction):
                for sql, args in statements:
                    execute(sql, args).fetchall()
            execute("commit")
        return n / (time.perf_counter() - start)

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()
