"""This file is the count that many methods share: a total per option, and the highest wins."""

from abc import abstractmethod
from collections.abc import Sequence

from core.voting.method import Count, Method
from core.voting.result import Number, Result
from core.voting.ties import places


class Totals(Method):
    """A method that gives each option a total and seats the highest."""

    is_for_several_seats = True

    @abstractmethod
    def totals(self, count: Count) -> Sequence[Number]:
        """Return the total of each option."""

    def decide(self, count: Count) -> Result:
        totals = self.totals(count)
        order = places(range(len(totals)), lambda option: totals[option])
        winners = count.draw.seat(order, count.seats)
        return self.result(count, winners=winners, order=order, totals=totals)
