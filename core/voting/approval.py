"""This file is approval voting: each ballot names any number of options, the most weight wins.

The idea: an option's total is the weight of the ballots that name it.

>>> from core.voting import METHODS
>>> approval, options = METHODS["approval"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["1 3", "Lisbon | Porto", "porto", "Berlin, Lisbon"]
>>> rows = [(approval.pack(approval.read(text, options)), 1) for text in written]
>>> result = approval.count(rows, options)
>>> result.totals, result.winners
((2, 2, 3), (2,))

Reference: S. Brams and P. Fishburn, Approval Voting, American Political Science Review 72, 1978.
"""

from types import MappingProxyType

from core.voting.kinds.choosing import Choosing
from core.voting.limits import OPTIONS_MAX, Limit
from core.voting.method import Count
from core.voting.totals import Totals


class Approval(Totals):
    """Any number of options each, or at most `max_options`."""

    name = "approval"
    title = "approval"
    standing = "{option}: approved by {total}"
    kind = Choosing()
    limits = MappingProxyType({"max_options": Limit(None, 1, OPTIONS_MAX)})

    def totals(self, count: Count) -> list[int]:
        return count.profile.sums()
