"""This file is the budget by equal shares: every ballot holds equal money and pays for its dots.

The idea: funded next is the option that its supporters can pay with the least money per dot, each
paying by their dots and no more than they have left. What money remains goes greedily by support
per cost, as nobody's share covers it.

Here each of three ballots holds 20. A would take all for two of them; by shares B is funded too.

>>> from core.voting import METHODS
>>> shares, options = METHODS["budget-shares"], ["A", "B", "C"]
>>> written = ["A 2", "A 2, C 1", "B 2"]
>>> rows = [(shares.pack(shares.read(text, options)), 1) for text in written]
>>> shares.count(rows, options, costs=[40, 20, 20], money=60).winners
(1, 0)

Reference: D. Peters, G. Pierczynski, P. Skowron, Proportional Participatory Budgeting with
Additive Utilities, NeurIPS 2021; the utility of an option is its dots.
"""

from collections.abc import Sequence
from fractions import Fraction

from core.voting.budget import PRICED, by_support, greedy, prices
from core.voting.claims import Claim
from core.voting.dots import DOTS
from core.voting.kinds.rating import Rating
from core.voting.method import Count, Method
from core.voting.result import Result
from core.voting.shares import Payers, price
from core.voting.words import Sentence

EQUAL = Sentence("{level} cost their supporters equally much per dot.", {})
PAID = "{option} was paid by its supporters, at {price} per dot."
REST = "{option} was funded from what was left over."


class BudgetShares(Method):
    """Dots for priced options; every ballot controls an equal part of `money`."""

    name = "budget-shares"
    title = "budget by equal shares"
    claims = frozenset({Claim.SCALE_FREE})
    kind = Rating(budget=DOTS, named="dots")
    limits = PRICED

    def decide(self, count: Count) -> Result:
        totals = count.profile.sums()
        costs, money = prices(count)
        paid, story = _buy(count, costs, money)
        left = money - sum(costs[i] for i in paid)
        rest = greedy(count, totals, costs, left, skip=paid)
        story += [Sentence(REST, {"option": count.options[i]}) for i in rest]
        others = [i for i in range(len(totals)) if i not in {*paid, *rest}]
        return self.result(
            count,
            winners=(*paid, *rest),
            order=(*((i,) for i in (*paid, *rest)), *by_support(others, totals, costs)),
            totals=totals,
            story=story,
            figures={"spent": sum(costs[i] for i in (*paid, *rest))},
        )


def _buy(count: Count, costs: Sequence[int], money: int) -> tuple[list[int], list[Sentence]]:
    papers = count.profile.papers()
    said = count.profile.weight - count.profile.blank
    held = [Fraction(money, said)] * len(papers)
    paid, story = list[int](), list[Sentence]()
    while True:
        rates = dict[int, Fraction]()
        for option in range(len(costs)):
            together = dict[tuple[Fraction, int], int]()
            for (marks, weight), own in zip(papers, held, strict=True):
                if marks[option] and option not in paid:
                    group = own, marks[option]
                    together[group] = together.get(group, 0) + weight
            groups = [Payers(own, wish, weight) for (own, wish), weight in together.items()]
            rate = price(groups, costs[option])
            if rate is not None:
                rates[option] = rate
        if not rates:
            return paid, story
        best = [i for i in rates if rates[i] == min(rates.values())]
        chosen = best[0] if len(best) == 1 else count.draw.by_lot(EQUAL, best)[0]
        paid.append(chosen)
        rate = rates[chosen]
        story.append(Sentence(PAID, {"option": count.options[chosen], "price": rate}))
        held = [
            own - min(own, rate * marks[chosen])
            for (marks, _), own in zip(papers, held, strict=True)
        ]
