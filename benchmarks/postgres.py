"""This file is votes through the whole path on PostgreSQL, on a server of its own, with fsync."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.house import OPTIONS, Moot, vote
from benchmarks.measure import Line, Reach
from benchmarks.statements import Replaying, Statement
from benchmarks.votes import CHANGED, FIRST, Found, open_next, run
from bot.database.address import read_address
from bot.database.dialect import for_postgres
from bot.database.postgres import PostgresTx
from bot.database.postgres_database import PostgresDatabase
from bot.engine import Engine
from bot.system import spare_the_collector
from core.kernel.tx import Args, Row
from tests.databases.server import DURABLE, Server, execute

MEMBERS = 5_000
ROUNDS = 5
# How many votes a round takes at so many at once, and how many the slower peer does meanwhile.
SIZES = {1: (300, 100), 10: (1_000, 200), 100: (3_000, 400), 1000: (5_000, 400)}
PEOPLE = 200
POOL = 20
LOCK = "select pg_"
PER_S = {100: Reach(least=1_500, peer=660)}
NAME = "SQLAlchemy async + asyncpg, one transaction each"


class Noting(PostgresTx):
    """A transaction that takes down what is asked of it, but for its own frame."""

    noted: list[Statement]

    def one(self, sql: str, args: Args = ()) -> Row | None:
        """Note and read."""
        self._note(sql, args)
        return super().one(sql, args)

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Note and read."""
        self._note(sql, args)
        return super().all(sql, args)

    def run(self, sql: str, args: Args = ()) -> None:
        """Note and write."""
        self._note(sql, args)
        super().run(sql, args)

    def change(self, sql: str, args: Args = ()) -> int:
        """Note and write."""
        self._note(sql, args)
        return super().change(sql, args)

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Note each row and write."""
        known = [tuple(row) for row in rows]
        for row in known:
            self._note(sql, row)
        super().many(sql, known)

    def _note(self, sql: str, args: Args) -> None:
        if not sql.startswith(LOCK):
            self.noted.append((for_postgres(sql), tuple(args)))


class SqlAlchemy(Replaying):
    """The usual way: an asynchronous engine with its pool, one transaction each."""

    def __init__(self, url: str, votes: Sequence[Sequence[Statement]]) -> None:
        """Make the engine for a database as it was before the votes."""
        super().__init__(votes)
        words = read_address(url).words
        self._engine = create_async_engine(
            f"postgresql+asyncpg://{words['user']}@/{words['dbname']}?host={words['host']}",
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=120,
        )

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


@contextmanager
def server() -> Iterator[Server]:
    """Yield a server as whoever installs one gets it, which is gone afterwards."""
    made = Server(DURABLE)
    try:
        yield made
    finally:
        made.remove()


def lines() -> list[Line]:
    """Measure."""
    with server() as served:
        return asyncio.run(_lines(served))


async def _lines(served: Server) -> list[Line]:
    found: dict[tuple[int, str], Found] = defaultdict(Found)
    peers: dict[int, list[float]] = defaultdict(list)
    peer = SqlAlchemy(*take_down(served, ROUNDS * sum(n for _, n in SIZES.values())))
    execute(served.url("postgres"), "create database votes")
    moot = Moot(_database(served, "votes"), MEMBERS)
    engine = Engine(moot.app, moot.tx)
    engine.start()
    spare_the_collector()  # as the bot does when it has started
    for _ in range(ROUNDS):
        for at_once, (n, n_of_peer) in SIZES.items():
            number = await open_next(engine, moot)
            for shift, sort in enumerate((FIRST, CHANGED)):
                some = [vote(one, (one + shift) % len(OPTIONS) + 1, number) for one in range(n)]
                await run(engine, some, at_once, found[at_once, sort])
            peers[at_once].append(await peer.per_s(n_of_peer, at_once))
    await engine.stop()
    await peer.close()
    return [line for key, one in found.items() for line in _told(*key, one, peers[key[0]])]


def take_down(served: Server, n: int) -> tuple[str, list[list[Statement]]]:
    """Return the url of a database as it was before n votes, and the statements of each of them."""
    execute(served.url("postgres"), "create database noted")
    moot = Moot(_database(served, "noted"), PEOPLE)
    moot.tx.close()
    execute(served.url("postgres"), "create database peer template noted")
    noting = Noting(_database(served, "noted").connect)
    batch = type(moot.batch)(moot.app, noting)
    votes = []
    for at in range(n):
        noting.noted = []
        batch.run([vote(at % PEOPLE, at % len(OPTIONS) + 1)])
        votes.append(noting.noted)
    noting.close()
    return served.url("peer"), votes


def _database(served: Server, name: str) -> PostgresDatabase:
    return PostgresDatabase(read_address(served.url(name)))


def _told(at_once: int, sort: str, found: Found, peer: Sequence[float]) -> list[Line]:
    what = f"votes on PostgreSQL, {at_once:,} at once, {sort}"
    return [
        Line(what, found.per_s, "/s", PER_S.get(at_once), NAME, peer),
        Line(f"{what}: p50", found.p50_ms, "ms"),
        Line(f"{what}: p99", found.p99_ms, "ms"),
        Line(f"{what}: processor time a vote, with who asks", found.cpu_us, "us"),
    ]
