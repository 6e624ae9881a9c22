"""This file is Schulze's method: the strongest chain of head-to-head wins decides each pair.

The idea: a chain from A to B is as strong as its weakest win, by winning votes. A is before B if
its strongest chain to B is stronger than any from B to A. Here A beats B by 3, B beats C by 3 and
C beats A by 2: the chain A > B > C holds 3, back only 2.

>>> from core.voting import METHODS
>>> schulze, options = METHODS["schulze"], ["A", "B", "C"]
>>> rows = [
...     (schulze.pack(schulze.read(text, options)), weight)
...     for text, weight in [("A > B > C", 2), ("B > C > A", 1), ("C > A > B", 1)]
... ]
>>> result = schulze.count(rows, options)
>>> result.pairwise, result.winners
(((0, 3, 2), (1, 0, 3), (2, 1, 0)), (0,))

Reference: M. Schulze, Social Choice and Welfare 36, 2011, with winning votes.
"""

from core.voting.claims import TOURNAMENT, Claim
from core.voting.method import Count
from core.voting.pairwise import Pairwise, matrix_facts
from core.voting.profile import Matrix
from core.voting.result import Result
from core.voting.ties import Places


class Schulze(Pairwise):
    """Widest paths by winning votes; whom none beats are the potential winners."""

    name = "schulze"
    title = "Schulze"
    claims = TOURNAMENT | {Claim.CLONE_PROOF}
    standing = "{option} is before {total} of the others"

    def from_matrix(self, count: Count, matrix: Matrix) -> Result:
        paths = widest_paths(matrix)
        order = layers(paths)
        beaten = [
            sum(paths[a][b] > paths[b][a] for b in range(len(paths))) for a in range(len(paths))
        ]
        return self.result(
            count,
            winners=count.draw.seat(order, 1),
            order=order,
            totals=beaten,
            figures={"paths": tuple(tuple(row) for row in paths)},
            **matrix_facts(matrix),
        )


def widest_paths(matrix: Matrix) -> Matrix:
    """Return for each pair the strength of the strongest chain of wins (Floyd and Warshall)."""
    options = range(len(matrix))
    paths = [[matrix[a][b] if matrix[a][b] > matrix[b][a] else 0 for b in options] for a in options]
    for via in options:
        through = paths[via]
        for a in options:
            row, first = paths[a], paths[a][via]
            if a != via and first:
                for b in options:
                    if a != b:
                        row[b] = max(row[b], min(first, through[b]))
    return paths


def layers(paths: Matrix) -> Places:
    """Return places: whom none of the remaining beats, then the same of the rest."""
    left, order = list(range(len(paths))), []
    while left:
        top = tuple(a for a in left if all(paths[a][b] >= paths[b][a] for b in left))
        order.append(top)
        left = [a for a in left if a not in top]
    return tuple(order)
