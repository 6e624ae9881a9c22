"""A few kills of every run; `python -m tests.kill --times 200` is the long way."""

from pathlib import Path

from tests.databases.server import HURRY
from tests.kill.__main__ import run
from tests.kill.ground import Files, How, Served


def test_killed_at_random_everything_answered_counts_once(tmp_path: Path) -> None:
    tally = run(tmp_path, times=8, seed=7, ground=Files())
    assert tally.faults == []
    assert tally.n == 8
    assert tally.kills["room"] == 1
    assert tally.kills["payday"] >= 1
    assert tally.asked > 100
    assert tally.tips > 0


def test_with_the_server_killed_as_well_everything_answered_counts_once(tmp_path: Path) -> None:
    ground = Served(HURRY)
    try:
        tally = run(tmp_path, times=8, seed=7, ground=ground)
    finally:
        ground.close()
    assert tally.faults == []
    assert sum(tally.kills[how.value] for how in How) >= 2
    assert tally.asked > 100
    assert tally.tips > 0
