"""This file is ranked pairs: head-to-head wins are locked, the strongest first, but no cycle.

The idea: take the wins from the clearest down and believe each unless it contradicts what is
believed already. Here A > B (3) and B > C (3) are locked, so C > A (2) is not.

>>> from core.voting import METHODS
>>> pairs, options = METHODS["ranked-pairs"], ["A", "B", "C"]
>>> rows = [
...     (pairs.pack(pairs.read(text, options)), weight)
...     for text, weight in [("A > B > C", 2), ("B > C > A", 1), ("C > A > B", 1)]
... ]
>>> pairs.count(rows, options).order
((0,), (1,), (2,))

A win is stronger with more winning votes, then with fewer losing votes. Wins that are still
level and cannot all be locked go by the lot: the order of the winner, then of the loser.

Reference: T. N. Tideman, Social Choice and Welfare 4, 1987, with winning votes.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from core.voting.claims import TOURNAMENT, Claim
from core.voting.method import Count
from core.voting.pairwise import Pairwise, matrix_facts
from core.voting.profile import Matrix
from core.voting.result import Result
from core.voting.ties import Draw, Places
from core.voting.words import Sentence

Pair = tuple[int, int]

LEVEL_WINS = Sentence("Among {level} there are wins of equal strength that contradict.", {})


class RankedPairs(Pairwise):
    """Lock wins by winning votes; the first of the locked order wins."""

    name = "ranked-pairs"
    title = "ranked pairs"
    claims = TOURNAMENT | {Claim.CLONE_PROOF}
    standing = "{option} is before {total} of the others"

    def from_matrix(self, count: Count, matrix: Matrix) -> Result:
        locked, skipped = lock(matrix, count.draw)
        order = locked.order()
        story = tuple(
            Sentence(
                "{winner} beats {loser} by {votes} to {against}, which is set aside: it contradicts"
                " stronger wins.",
                {
                    "winner": count.options[a],
                    "loser": count.options[b],
                    "votes": matrix[a][b],
                    "against": matrix[b][a],
                },
            )
            for a, b in skipped
        )
        return self.result(
            count,
            winners=count.draw.seat(order, 1),
            order=order,
            totals=[reach.bit_count() for reach in locked.below],
            story=story,
            figures={"set_aside": tuple(skipped)},
            **matrix_facts(matrix),
        )


class Locked:
    """The locked wins: for each option the set (as bits) of those it is above, directly or not."""

    def __init__(self, n_options: int) -> None:
        self.below = [0] * n_options

    def contradicts(self, pair: Pair) -> bool:
        above, under = pair
        return bool(self.below[under] >> above & 1)

    def add(self, pair: Pair) -> None:
        above, under = pair
        gained = self.below[under] | 1 << under
        for option, reach in enumerate(self.below):
            if option == above or reach >> above & 1:
                self.below[option] = reach | gained

    def copy(self) -> "Locked":
        twin = Locked(0)
        twin.below = list(self.below)
        return twin

    def order(self) -> Places:
        left, order = list(range(len(self.below))), []
        while left:
            under = 0
            for option in left:
                under |= self.below[option]
            top = tuple(option for option in left if not under >> option & 1)
            order.append(top)
            left = [option for option in left if option not in top]
        return tuple(order)


def lock(matrix: Matrix, draw: Draw) -> tuple[Locked, list[Pair]]:
    """Return the locked wins, and those set aside in the order they were met."""
    locked, skipped = Locked(len(matrix)), []
    for level in _by_strength(matrix):
        for pair in _settle(level, locked, draw):
            if locked.contradicts(pair):
                skipped.append(pair)
            else:
                locked.add(pair)
    return locked, skipped


def _by_strength(matrix: Matrix) -> Iterator[list[Pair]]:
    def strength(pair: Pair) -> tuple[int, int]:
        a, b = pair
        return -matrix[a][b], matrix[b][a]

    options = range(len(matrix))
    wins = [(a, b) for a in options for b in options if matrix[a][b] > matrix[b][a]]
    for _, level in groupby(sorted(wins, key=strength), key=strength):
        yield list(level)


def _settle(level: Sequence[Pair], locked: Locked, draw: Draw) -> Sequence[Pair]:
    """Return level wins in the order to lock them; the lot is asked only if that matters."""
    trial = locked.copy()
    possible = [pair for pair in level if not locked.contradicts(pair)]
    for pair in possible:
        if trial.contradicts(pair):
            draw.by_lot(LEVEL_WINS, {option for pair in possible for option in pair})
            return sorted(level, key=lambda pair: (draw.position(pair[0]), draw.position(pair[1])))
        trial.add(pair)
    return level
