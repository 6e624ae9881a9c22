"""This file is what anybody can check after 100,000 ballots: `verify`, and `export`'s files."""

from functools import partial
from pathlib import Path

from benchmarks.house import Moot, folder
from benchmarks.measure import Line, seconds
from bot.export import choose, export
from bot.verify import verify

BALLOTS = 100_000
ROUNDS = 3


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        moot = Moot(here / "evidence.db", members=BALLOTS)
        verified = [seconds(lambda: _verify(moot)) for _ in range(ROUNDS)]
        exported = [seconds(partial(_export, moot, here / f"export{n}")) for n in range(ROUNDS)]
        moot.tx.close()
    what = f"{BALLOTS:,} ballots of {BALLOTS:,} members"
    return [Line(f"{what}: verify", verified, "s"), Line(f"{what}: export", exported, "s")]


def _verify(moot: Moot) -> None:
    tx = moot.database.read()
    tx.begin(is_writing=False)
    faults = [fault for one in verify(tx, moot.house) for fault in one.faults]
    tx.close()
    if faults:
        raise RuntimeError(f"not as it was written: {faults[0]}")


def _export(moot: Moot, to: Path) -> None:
    tx = moot.database.read()
    tx.begin(is_writing=False)
    export(tx, moot.house, to, choose(tx, None), moot.clock)
    tx.close()
