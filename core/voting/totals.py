"""This file is the count that many methods share: a total per option, and the highest wins."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from core.voting.method import Count, Method
from core.voting.result import Number, Result
from core.voting.ties import Rule


class Totals(Method):
    """A method that gives each option a total and seats the highest."""

    is_for_several_seats = True

    @abstractmethod
    def totals(self, count: Count) -> Sequence[Number]:
        """Return the total of each option."""

    def rules(self, count: Count) -> Sequence[Rule]:
        """Return what orders options of equal totals, before the lot."""
        del count
        return ()

    def backed(self, count: Count, totals: Sequence[Number]) -> list[int]:
        """Return the options that somebody wants."""
        del count
        return [option for option, total in enumerate(totals) if total]

    def found(self, count: Count) -> dict[str, Any]:
        """Return what else the result holds."""
        del count
        return {}

    def decide(self, count: Count) -> Result:
        totals = self.totals(count)
        order, winners = count.draw.rank(
            totals, self.rules(count), count.seats, self.backed(count, totals)
        )
        return self.result(count, winners=winners, order=order, totals=totals, **self.found(count))
