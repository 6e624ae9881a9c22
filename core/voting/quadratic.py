"""This file is quadratic voting: n votes for an option cost n x n of a ballot's budget.

The idea: one strong wish costs more than several mild ones, so people spread by what matters.

>>> from core.voting import METHODS
>>> quadratic, options = METHODS["quadratic"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin 10", "Lisbon 7, Porto 7", "Lisbon 6, Berlin 8"]
>>> rows = [(quadratic.pack(quadratic.read(text, options)), 1) for text in written]
>>> quadratic.count(rows, options).totals
(18, 13, 7)

Reference: S. Lalley and E. G. Weyl, Quadratic Voting, AEA Papers and Proceedings 108, 2018.
"""

from types import MappingProxyType

from core.voting.kinds.kind import MARK_MAX
from core.voting.kinds.rating import Rating
from core.voting.limits import Limit
from core.voting.method import Count
from core.voting.totals import Totals

BUDGET = 100


class Quadratic(Totals):
    """Whole votes whose squares sum to at most `budget`."""

    name = "quadratic"
    title = "quadratic"
    kind = Rating(budget=BUDGET, is_squared=True)
    limits = MappingProxyType({"budget": Limit(BUDGET, 1, MARK_MAX * MARK_MAX)})

    def totals(self, count: Count) -> list[int]:
        return count.profile.sums()
