"""This file is instant runoff: the fewest votes go out, round by round, until one has a majority.

The idea: each ballot stands behind its highest option still in the count. While none has more
than half of the continuing weight, the lowest goes out and its ballots move on. Here Porto goes
out first, and its ballot elects Lisbon.

>>> from core.voting import METHODS
>>> runoff, options = METHODS["instant-runoff"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin", "Berlin > Porto", "Lisbon > Porto", "Lisbon", "Porto > Lisbon"]
>>> rows = [(runoff.pack(runoff.read(text, options)), 1) for text in written]
>>> result = runoff.count(rows, options)
>>> [step.totals for step in result.rounds], result.winners
([(2, 2, 1), (2, 3, None)], (1,))

Options without a vote go out together: in which order cannot matter. Level at the bottom: fewest
votes in the most recent earlier round in which they differ, then the lot (drawn last goes out).

Reference: Robert's Rules of Order, "preferential voting"; T. N. Tideman, Collective Decisions and
Voting, 2006, chapter 12.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.voting.claims import Claim
from core.voting.kinds.ranking import Ordering
from core.voting.method import Count, Method
from core.voting.pairwise import matrix_facts
from core.voting.piles import Piles
from core.voting.result import How, Result, Round
from core.voting.stages import lowest, story
from core.voting.ties import Draw, Places, places


class InstantRunoff(Method):
    """Strict rankings, whole or in part."""

    name = "instant-runoff"
    title = "instant runoff"
    claims = frozenset({Claim.UNANIMITY, Claim.SCALE_FREE, Claim.CLONE_PROOF})
    standing = "{option}: {total} first choices"
    kind = Ordering(may_tie=False)

    def decide(self, count: Count) -> Result:
        piles = count.profile.piles(1)
        rounds, order = _run(piles, count.draw)
        return self.result(
            count,
            winners=order[0],
            order=order,
            totals=[votes or 0 for votes in rounds[0].totals],
            rounds=rounds,
            exhausted=piles.exhausted,
            story=tuple(story(rounds, count.options)),
            **matrix_facts(count.profile.pairwise()),
        )


def _run(piles: Piles, draw: Draw) -> tuple[tuple[Round, ...], Places]:
    continuing, gone = set(range(len(piles.totals))), list[tuple[int, ...]]()
    rounds, held = list[Round](), list[list[int]]()
    while True:
        now = list(piles.totals)
        totals = tuple(now[i] if i in continuing else None for i in range(len(now)))
        standing = places(sorted(continuing), now.__getitem__)
        if 2 * now[standing[0][0]] > sum(now[i] for i in continuing):
            return (*rounds, Round(totals=totals)), (*standing, *gone)
        out = _out(draw, standing, now, held)
        if len(standing) == 1 and len(continuing) == 2 and draw.ties[-1].how is How.OPEN:
            return (*rounds, Round(totals=totals)), (*standing, *gone)
        continuing -= set(out)
        gone.insert(0, out)
        before = piles.exhausted
        moved = piles.move(out[0], continuing, None)
        step = Round(totals=totals, out=out, source=out[0], moved=tuple(moved))
        rounds.append(replace(step, exhausted=piles.exhausted - before))
        held.append(now)


def _out(
    draw: Draw, standing: Places, now: Sequence[int], held: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    """Return who goes out: all without a vote, else the one that holds fewest."""
    bottom = standing[-1]
    return bottom if not now[bottom[0]] else (lowest(draw, bottom, now, held),)
