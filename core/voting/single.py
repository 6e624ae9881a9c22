"""This file is single choice: each ballot names one option, and the most weight wins.

The idea: add up the weight behind each option.

>>> from core.voting import METHODS
>>> single, options = METHODS["single"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["berlin", "2", "Lisbon", "porto"]
>>> rows = [(single.pack(single.read(text, options)), 1) for text in written]
>>> result = single.count(rows, options)
>>> result.totals, result.winners
((1, 2, 1), (1,))

Reference: plurality voting; F. Brandt et al. (eds.), Handbook of Computational Social Choice,
2016, chapter 2.
"""

from core.voting.kinds.choosing import Choosing
from core.voting.method import Count
from core.voting.totals import Totals


class Single(Totals):
    """One option each."""

    name = "single"
    title = "single choice"
    kind = Choosing(most=1)

    def totals(self, count: Count) -> list[int]:
        return count.profile.sums()
