"""This file is the method of equal shares: every ballot holds equal money, supporters pay a seat.

The idea: a seat costs 1 and all ballots together hold as much as there are seats. Elected next is
the option whose supporters can buy it with the least from each. When nobody can buy any more, the
rest of the seats go by Phragmen: money flows in evenly, and who can first be bought is elected.

Here 5 ballots share 2 seats (2/5 each): A costs its 3 supporters 1/3, and then nobody can pay.
Money flows: the C ballots have 2/5 + 1/10 first.

>>> from core.voting import METHODS
>>> shares, options = METHODS["equal-shares"], ["A", "B", "C"]
>>> written = ["A, B", "A, B", "A", "C", "C"]
>>> rows = [(shares.pack(shares.read(text, options)), 1) for text in written]
>>> shares.count(rows, options, seats=2).winners
(0, 2)

Reference: D. Peters and P. Skowron, Proportionality and the Limits of Welfarism, EC 2020;
completion by sequential Phragmen as in M. Lackner and P. Skowron, 2023, rule MES.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from core.voting.kinds.choosing import Choosing
from core.voting.method import Count, Method
from core.voting.result import Result, Round
from core.voting.shares import Payers, price
from core.voting.ties import places
from core.voting.words import Sentence, Value

EQUAL = Sentence("In round {round}, {level} had equal claims to the seat.", {})
BOUGHT = "{option} took seat {round}: its supporters paid {price} each at most."
FLOWED = "{option} took seat {round} by Phragmén, after {price} more for everybody."


class EqualShares(Method):
    """Any number of options each; several winners. An option without support wins no seat."""

    name = "equal-shares"
    title = "equal shares"
    standing = "{option}: approved by {total}"
    kind = Choosing()
    is_for_several_seats = True

    def decide(self, count: Count) -> Result:
        market = Market(count)
        while len(market.elected) < count.seats and (market.buy() or market.flow()):
            pass
        totals, elected = count.profile.sums(), market.elected
        rest = places((i for i in range(len(totals)) if i not in elected), totals.__getitem__)
        return self.result(
            count,
            winners=tuple(elected),
            order=(*((i,) for i in elected), *rest),
            totals=totals,
            rounds=tuple(market.rounds),
            story=tuple(market.story),
        )


@dataclass
class Market:
    """Money as it is spent. Ballots that approve of the same winners hold the same."""

    count: Count
    elected: list[int] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    story: list[Sentence] = field(default_factory=list)
    is_flowing: bool = False

    def __post_init__(self) -> None:
        profile = self.count.profile
        share = Fraction(self.count.seats, profile.weight - profile.blank)
        self._money = {0: share}
        self._cells = profile.cells([])

    def buy(self) -> bool:
        """Elect the option that costs its supporters least, if any can be bought."""
        prices = list[Fraction | None]()
        for option in range(len(self.count.options)):
            groups = [] if option in self.elected or self.is_flowing else self._payers(option)
            prices.append(price(groups, 1))
        return self._elect(prices, BOUGHT)

    def flow(self) -> bool:
        """Elect the option that can be bought first when money flows evenly to all."""
        self.is_flowing = True
        waits = list[Fraction | None]()
        for option in range(len(self.count.options)):
            groups = [] if option in self.elected else self._payers(option)
            held = sum((group.money * group.weight for group in groups), Fraction(0))
            weight = sum(group.weight for group in groups)
            waits.append((1 - held) / weight if weight else None)
        return self._elect(waits, FLOWED)

    def _elect(self, claims: list[Fraction | None], template: str) -> bool:
        able = {i: claim for i, claim in enumerate(claims) if claim is not None}
        if not able:
            return False
        number = len(self.rounds) + 1
        best = [i for i in able if able[i] == min(able.values())]
        stage = Sentence(EQUAL.template, {"round": number})
        chosen = best[0] if len(best) == 1 else self.count.draw.by_lot(stage, best)[0]
        values: dict[str, Value] = {"option": self.count.options[chosen], "round": number}
        self.story.append(Sentence(template, values | {"price": able[chosen]}))
        self.rounds.append(Round(totals=tuple(claims), elected=(chosen,)))
        self._pay(chosen, able[chosen])
        return True

    def _pay(self, chosen: int, claim: Fraction) -> None:
        bit = 1 << len(self.elected)
        self.elected.append(chosen)
        self._cells = self.count.profile.cells(self.elected)
        after = dict[int, Fraction]()
        for cell in self._cells:
            held = self._money[cell & ~bit]
            if self.is_flowing:
                after[cell] = Fraction(0) if cell & bit else held + claim
            else:
                after[cell] = held - min(held, claim) if cell & bit else held
        self._money = after

    def _payers(self, option: int) -> list[Payers]:
        return [
            Payers(self._money[cell], 1, sums[option])
            for cell, sums in self._cells.items()
            if sums[option]
        ]
