"""This file is score voting: each ballot gives every option 0 to 5, the highest total wins.

The idea: add up the points, each ballot's by its weight.

>>> from core.voting import METHODS
>>> score, options = METHODS["score"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin 5, Lisbon 3", "Lisbon 4 | Porto 5", "3 2, 2 4"]
>>> rows = [(score.pack(score.read(text, options)), 1) for text in written]
>>> result = score.count(rows, options)
>>> result.totals, result.winners
((5, 11, 7), (1,))

Reference: W. D. Smith, Range voting, 2000; the same as Evaluative or Utilitarian Voting.
"""

from core.voting.kinds.rating import Rating
from core.voting.method import Count
from core.voting.totals import Totals

SCORE_MAX = 5


class Score(Totals):
    """0 to 5 for each option; what is not named has 0."""

    name = "score"
    title = "score"
    kind = Rating(most=SCORE_MAX, may_be_zero=True)

    def totals(self, count: Count) -> list[int]:
        return count.profile.sums()
