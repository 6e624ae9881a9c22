"""This file is allocation: each ballot splits its weight between options, in exact shares.

The idea: shares are normalised, so that every ballot gives away its weight and no more. Shares
of 2 and 1 give two thirds and one third, as fractions.

>>> from core.voting import METHODS
>>> allocate, options = METHODS["allocate"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin 2, Lisbon 1", "Lisbon 50, Porto 50", "Porto 7"]
>>> rows = [(allocate.pack(allocate.read(text, options)), 1) for text in written]
>>> [str(total) for total in allocate.count(rows, options).totals]
['2/3', '5/6', '3/2']

Reference: the "weighted" voting of Snapshot, with fractions in the place of floats.
"""

from fractions import Fraction

from core.voting.kinds.rating import Rating
from core.voting.method import Count
from core.voting.totals import Totals

SHARE_MAX = 100  # percent are the finest shares that people write


class Allocate(Totals):
    """Whole shares per option, from 0 to 100, of the ballot's weight."""

    name = "allocate"
    title = "allocation"
    kind = Rating(most=SHARE_MAX)

    def totals(self, count: Count) -> list[Fraction]:
        apart = count.profile.sums_by_total()
        return [
            sum((Fraction(sums[option], total) for total, sums in apart.items()), Fraction(0))
            for option in range(len(count.options))
        ]
