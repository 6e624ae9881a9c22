"""This file is Copeland's method: a point for each option beaten head to head, half for a draw.

The idea: a tournament in which every option meets every other. Level options are ordered by
their total margin over all the others.

>>> from core.voting import METHODS
>>> copeland, options = METHODS["copeland"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin > Lisbon > Porto", "Lisbon > Porto > Berlin", "Porto > Lisbon > Berlin"]
>>> rows = [(copeland.pack(copeland.read(text, options)), 1) for text in written]
>>> result = copeland.count(rows, options)
>>> [str(total) for total in result.totals], result.winners
(['0', '2', '1'], (1,))

Reference: A. H. Copeland, 1951; D. Saari and V. Merlin, Economic Theory 8, 1996.
"""

from fractions import Fraction

from core.voting.claims import TOURNAMENT
from core.voting.method import Count
from core.voting.pairwise import Pairwise
from core.voting.profile import Matrix
from core.voting.result import Result
from core.voting.ties import Rule


class Copeland(Pairwise):
    """Wins and half draws; then the total margin."""

    name = "copeland"
    title = "Copeland"
    claims = TOURNAMENT
    standing = "{option}: {total} matches won (a draw is half)"

    def from_matrix(self, count: Count, matrix: Matrix) -> Result:
        options = range(len(matrix))
        margins = [[matrix[a][b] - matrix[b][a] for b in options] for a in options]
        doubled = [
            sum(
                2 if margins[a][b] > 0 else 1 if margins[a][b] == 0 else 0
                for b in options
                if b != a
            )
            for a in options
        ]
        by_margin = Rule("total margin", [sum(row) for row in margins])
        return self.scored(count, matrix, [Fraction(n, 2) for n in doubled], [by_margin])
