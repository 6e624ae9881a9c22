"""This file is the Borda count: 1 for each option ranked below, 1/2 for each one level with.

The idea: an option's total is how many others it is put before, over all ballots. Unranked
options are last together.

>>> from core.voting import METHODS
>>> borda, options = METHODS["borda"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin > Lisbon > Porto", "Lisbon > Porto = Berlin", "Porto"]
>>> rows = [(borda.pack(borda.read(text, options)), 1) for text in written]
>>> [str(total) for total in borda.count(rows, options).totals]
['3', '7/2', '5/2']

Reference: J.-C. de Borda, 1781; ties as in Y. Cullinan et al., Social Choice and Welfare 42, 2014.
"""

from fractions import Fraction

from core.voting.claims import COMMON, Claim
from core.voting.method import Count
from core.voting.pairwise import Pairwise
from core.voting.profile import Matrix
from core.voting.result import Result


class Borda(Pairwise):
    """Rankings with equal ranks; the highest total wins."""

    name = "borda"
    title = "Borda"
    claims = COMMON | {Claim.REVERSAL}
    is_for_several_seats = True

    def from_matrix(self, count: Count, matrix: Matrix) -> Result:
        said = count.profile.weight - count.profile.blank
        options = range(len(matrix))
        doubled = [
            sum(said + matrix[a][b] - matrix[b][a] for b in options if b != a) for a in options
        ]
        return self.scored(count, matrix, [Fraction(points, 2) for points in doubled])
