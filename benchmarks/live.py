"""This file is what a live result costs above the vote: kept at each ballot, read when shown."""

from statistics import median

from benchmarks.house import Moot, folder, vote
from benchmarks.measure import Line, Reach, seconds
from core.kernel.held import Held
from core.proposals import box, rules, store, turns
from core.proposals.chart import bars
from core.proposals.model import Running

ROUNDS = 7
TIMES = 1_000
MOST_US = Reach(most=50)


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        moot = Moot(here / "live.db", members=500)
        tx = moot.tx
        tx.begin()
        held = Held(tx)
        packed = bytes((0, 1, 0))
        one = store.proposal(tx, 1, 1)
        if one is None:
            raise RuntimeError("there is no poll to measure")

        def keep() -> None:
            totals = turns.added(one.running.totals, None, packed, 1)
            leads = rules.leader(one, totals)
            box.run_tally(held, one.id, Running(one.running.turnout + 1, totals, leads))
            held.send()  # a batch does so once, for all of its ballots

        def read() -> None:
            found = store.proposal(tx, 1, 1)
            if found is not None:
                bars(found, found.running.totals, ())

        kept = [median(seconds(keep) for _ in range(TIMES)) * 1e6 for _ in range(ROUNDS)]
        shown = [median(seconds(read) for _ in range(TIMES)) * 1e6 for _ in range(ROUNDS)]
        tx.rollback()
        moot.ask([vote(1, 2)])
        tx.close()
    return [
        Line("live result: kept with each ballot", kept, "us", MOST_US),
        Line("live result: read and drawn as bars, once an edit of the card", shown, "us"),
    ]
