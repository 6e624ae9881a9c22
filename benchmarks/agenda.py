"""This file is 100,000 open votes: which is due next, and how soon a killed bot knows it again."""

import shutil
import time
from pathlib import Path
from statistics import median

from benchmarks.house import Moot, folder
from benchmarks.measure import Line, Reach, seconds
from bot.database.sqlite import SqliteDatabase
from core.kernel import agenda

OPEN = 100_000
ROUNDS = 7
TIMES = 200
MINUTE_MS = 60_000
# What the killed process had committed last, and not yet folded into the file.
LEFT_IN_LOG = 2_000
NEXT_US, OPEN_MS = Reach(most=50), Reach(most=20)

_VOTES = """
insert into proposal
select {columns}
  from proposal, (with recursive t(n) as (select 1 union all select n + 1 from t where n < ?)
                  select n from t) where id = ?"""
# What is not the same in each copy of a vote.
_DIFFERENT = {"id": "id + n", "number": "number + n", "closes_ms": "closes_ms + n * 1000"}
_RUNNING = "insert into running select id, 0, '[0,0,0]', null from proposal where id > ?"
_AGENDA = """
insert into agenda
select '1:close:' || number, 1, closes_ms, closes_ms, 'proposal close', 1,
       '{"proposal":' || number || '}', 0 from proposal where id > ?"""


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        path = here / "votes.db"
        moot = Moot(path)
        _open_votes(moot)
        tx = moot.tx
        after = [median(seconds(lambda: tx.one(agenda.NEXT)) for _ in range(TIMES)) * 1e6
                 for _ in range(ROUNDS)]  # fmt: skip
        now_ms = time.time_ns() // 1_000_000
        due = [median(seconds(lambda: tx.all(agenda.DUE, (now_ms, 200))) for _ in range(TIMES))
               * 1e6 for _ in range(ROUNDS)]  # fmt: skip
        killed = [_restart(path, here / f"killed{n}.db") for n in range(ROUNDS)]
        tx.close()
    what = f"{OPEN:,} open votes"
    return [
        Line(f"{what}: when the next one ends", after, "us", NEXT_US),
        Line(f"{what}: which are due now (none)", due, "us", NEXT_US),
        Line(f"{what}: opened after a kill, up to the first look", killed, "ms", OPEN_MS),
    ]


def _open_votes(moot: Moot) -> None:
    """Copy the one open vote, and leave the last changes in the log."""
    tx = moot.tx
    ((last,),) = tx.all("select max(id) from proposal")
    tx.begin()
    columns = [row[1] for row in tx.all("pragma table_info(proposal)")]
    copied = ", ".join(_DIFFERENT.get(name, name) for name in columns)
    tx.run(_VOTES.format(columns=copied), (OPEN - 1, last))
    tx.run(_RUNNING, (last,))
    tx.run(_AGENDA, (last,))
    tx.commit()
    tx.all("pragma wal_checkpoint(truncate)")
    tx.run("update agenda set due_ms = due_ms + ? where rowid % ? = 0",
           (MINUTE_MS, OPEN // LEFT_IN_LOG))  # fmt: skip


def _restart(path: Path, copy: Path) -> float:
    """Return the milliseconds from a file and its log, as a kill leaves them, to the first look."""
    shutil.copy(path, copy)
    shutil.copy(f"{path}-wal", f"{copy}-wal")
    start = time.perf_counter()
    database = SqliteDatabase(copy)
    database.migrate()
    tx = database.open()
    tx.one(agenda.NEXT)
    tx.all(agenda.DUE, (time.time_ns() // 1_000_000, 200))
    found = (time.perf_counter() - start) * 1000
    tx.close()
    return found
