"""This file is dot voting: each ballot spreads a number of dots, the most dots win.

The idea: stickers on a wall, as many on one option as one likes.

>>> from core.voting import METHODS
>>> dots, options = METHODS["dots"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin 4, Lisbon 1", "Lisbon 3, Porto 2", "Porto 5"]
>>> rows = [(dots.pack(dots.read(text, options, dots=5)), 1) for text in written]
>>> dots.count(rows, options, dots=5).totals
(4, 4, 7)

Reference: cumulative voting; J. Sawyer and D. MacRae, American Political Science Review 56, 1962.
"""

from types import MappingProxyType

from core.voting.kinds.kind import MARK_MAX
from core.voting.kinds.rating import Rating
from core.voting.limits import Limit
from core.voting.method import Count
from core.voting.totals import Totals

DOTS = 10


class Dots(Totals):
    """At most `dots` dots in all."""

    name = "dots"
    title = "dots"
    kind = Rating(budget=DOTS, named="dots")
    limits = MappingProxyType({"dots": Limit(DOTS, 1, MARK_MAX)})

    def totals(self, count: Count) -> list[int]:
        return count.profile.sums()
