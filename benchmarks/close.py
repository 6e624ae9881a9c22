"""This file is the close of a vote with 100,000 ballots: read from the file, and counted."""

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.house import Moot, folder
from benchmarks.measure import Line, Reach, seconds
from bot.database.sqlite import SqliteDatabase
from core.proposals import box, closing, store

BALLOTS = 100_000
OPTIONS = tuple(f"Option {n}" for n in range(1, 11))
ROUNDS = 7
MOST_MS = Reach(most=80, peer=293)

_FILL = "insert into ballot (proposal, voter, choice, weight, at_ms) values (?, ?, ?, 1, ?)"


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        return [line for multiple in (False, True) for line in _close(here, multiple=multiple)]


def _close(here: Path, *, multiple: bool) -> list[Line]:
    name = "approval" if multiple else "single choice"
    path = here / f"{multiple}.db"
    ballots = _ballots(multiple=multiple)
    _fill(path, ballots, multiple=multiple)
    _fill_json(here / f"{multiple}.json.db", ballots)
    values, peers, cpu = [], [], []
    for _ in range(ROUNDS):
        before = time.process_time()
        values.append(seconds(lambda: _count(path)) * 1000)
        cpu.append((time.process_time() - before) * 1000)
        peers.append(seconds(lambda: _count_json(here / f"{multiple}.json.db")) * 1000)
    what = f"close of {BALLOTS:,} ballots, 10 options, {name}: read and count"
    return [
        Line(what, values, "ms", MOST_MS, "a JSON text a ballot, counted in Python", peers),
        Line("of this, processor time", cpu, "ms"),
    ]


def _ballots(*, multiple: bool) -> list[bytes]:
    rng = random.Random(7)
    if multiple:
        return [bytes(rng.choice((0, 0, 1)) for _ in OPTIONS) for _ in range(BALLOTS)]
    marks = [bytes(int(at == one) for at in range(len(OPTIONS))) for one in range(len(OPTIONS))]
    return rng.choices(marks, range(1, len(OPTIONS) + 1), k=BALLOTS)


def _fill(path: Path, ballots: Sequence[bytes], *, multiple: bool) -> None:
    moot = Moot(path)
    moot.open_poll(OPTIONS, multiple=multiple)
    moot.tx.begin()
    moot.tx.many(_FILL, ((2, n, choice, n) for n, choice in enumerate(ballots)))
    moot.tx.commit()
    moot.tx.close()


def _count(path: Path) -> None:
    tx = SqliteDatabase(path).read()
    found = store.proposal(tx, 1, 2)
    assert found is not None
    record = closing.count(found, box.alike(tx, found.id))
    assert record["turnout"] == BALLOTS
    tx.close()


def _fill_json(path: Path, ballots: Sequence[bytes]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table ballot (voter integer primary key, choice text)")
    chosen = ([at for at, mark in enumerate(marks) if mark] for marks in ballots)
    connection.executemany("insert into ballot values (?, ?)", enumerate(map(json.dumps, chosen)))
    connection.commit()
    connection.close()


def _count_json(path: Path) -> None:
    connection = sqlite3.connect(path)
    totals: Counter[int] = Counter()
    for (choice,) in connection.execute("select choice from ballot"):
        totals.update(json.loads(choice))
    connection.close()
