"""This file is the budget by greed: priced options, funded by most support per cost.

The idea: dots are support; the option with the most dots for its cost is funded first, and each
next one that the money still covers. Here B is first (3 dots for 10), then A no longer fits.

>>> from core.voting import METHODS
>>> budget, options = METHODS["budget"], ["A", "B", "C"]
>>> written = ["A 6", "B 3, C 1"]
>>> rows = [(budget.pack(budget.read(text, options)), 1) for text in written]
>>> result = budget.count(rows, options, costs=[50, 10, 20], money=50)
>>> result.winners, result.figures["spent"]
((1, 2), 30)

Reference: S. Rey and J. Maly, The (Computational) Social Choice Take on Indivisible Participatory
Budgeting, 2023: greedy approval, with dots as cardinal support per cost.
"""

from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType

from core.voting.claims import Claim
from core.voting.dots import DOTS
from core.voting.kinds.kind import MARK_MAX
from core.voting.kinds.rating import Rating
from core.voting.limits import Limit
from core.voting.method import Count, Method
from core.voting.result import Result
from core.voting.ties import places
from core.voting.words import Sentence

MONEY_MAX = 10**30  # the smallest units of a token with 18 decimals, and room

EQUAL = Sentence("{level} had equal support per cost, and the money does not cover them all.", {})

PRICED = MappingProxyType(
    {
        "dots": Limit(DOTS, 1, MARK_MAX),
        "costs": Limit(None, 1, MONEY_MAX, is_each=True, is_required=True),
        "money": Limit(None, 1, MONEY_MAX, is_required=True),
    }
)


class Budget(Method):
    """Dots for priced options; what is funded costs at most `money`."""

    name = "budget"
    title = "budget"
    claims = frozenset({Claim.SCALE_FREE, Claim.MONOTONE})
    kind = Rating(budget=DOTS, named="dots")
    limits = PRICED

    def decide(self, count: Count) -> Result:
        totals = count.profile.sums()
        costs, money = prices(count)
        funded = greedy(count, totals, costs, money)
        return self.result(
            count,
            winners=tuple(funded),
            order=by_support(range(len(totals)), totals, costs),
            totals=totals,
            figures={"spent": sum(costs[i] for i in funded)},
        )


def prices(count: Count) -> tuple[tuple[int, ...], int]:
    """Return what each option costs and what there is to spend."""
    costs, money = count.limits["costs"], count.limits["money"]
    assert isinstance(costs, tuple)
    assert isinstance(money, int)
    return costs, money


def by_support(
    options: Sequence[int], totals: Sequence[int], costs: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """Return places by support per cost."""
    return places(options, lambda i: Fraction(totals[i], costs[i]))


def greedy(
    count: Count, totals: Sequence[int], costs: Sequence[int], money: int, skip: Sequence[int] = ()
) -> list[int]:
    """Return what is funded, the most support per cost first; what nobody wants is not."""
    funded = list[int]()
    wanted = [i for i in range(len(totals)) if totals[i] and i not in skip]
    for place in by_support(wanted, totals, costs):
        fits = [i for i in place if costs[i] <= money]
        if sum(costs[i] for i in fits) > money:
            fits = list(count.draw.by_lot(EQUAL, fits))
        for option in fits:
            if costs[option] <= money:
                funded.append(option)
                money -= costs[option]
    return funded
