"""A few kills of every run; `python -m tests.kill --times 200` is the long way."""

from pathlib import Path

from tests.kill.__main__ import run


def test_killed_at_random_everything_answered_counts_once(tmp_path: Path) -> None:
    tally = run(tmp_path, times=8, seed=7)
    assert tally.faults == []
    assert tally.n == 8
    assert tally.kills["room"] == 1
    assert tally.kills["payday"] >= 1
    assert tally.asked > 100
    assert tally.tips > 0
