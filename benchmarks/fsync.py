"""This file is the ground under the votes: the disk's commits a second, and the bare driver."""

import asyncio
import sqlite3

from benchmarks.house import folder
from benchmarks.measure import Line, seconds
from benchmarks.statements import PRAGMAS, AioSqlite, Driver, take_down

ROUNDS = 5
COMMITS = 500
MEMBERS = 2_000
VOTES = 1_000
SINGLE = 200
GROUP = 100


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        connection = sqlite3.connect(here / "commits.db", isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
        connection.execute("create table one (n integer)")
        connection.execute("insert into one values (0)")

        def commits() -> None:
            for _ in range(COMMITS):
                connection.execute("update one set n = n + 1")

        before, votes = take_down(here, MEMBERS, ROUNDS * (VOTES + SINGLE))
        driver = Driver(before, votes)
        bare, grouped, single, peer = [], [], [], []
        other = AioSqlite(before, votes)
        n_statements = [len(statements) for statements in votes]

        async def others() -> None:
            for _ in range(ROUNDS):
                bare.append(COMMITS / seconds(commits))
                grouped.append(driver.per_s(VOTES, GROUP))
                single.append(driver.per_s(SINGLE, 1))
                peer.append(await other.per_s(SINGLE, 1))
            await other.close()

        asyncio.run(others())
        driver.close()
        connection.close()
    n = sum(n_statements) / len(n_statements)
    return [
        Line("commits that are on the disk (an update of one row each)", bare, "/s"),
        Line(
            f"the bare driver, {GROUP} votes a transaction, {n:.3g} statements a vote",
            grouped,
            "/s",
        ),
        Line("the bare driver, one vote a transaction", single, "/s", None, other.name, peer),
    ]
