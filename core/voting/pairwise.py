"""This file is the count of methods that decide on the matrix of head-to-head wins."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from core.voting.kinds.ranking import Ordering
from core.voting.method import Count, Method
from core.voting.profile import Matrix, condorcet
from core.voting.result import Number, Result
from core.voting.ties import Rule


class Pairwise(Method):
    """A method on rankings with equal ranks, for which the matrix is all that matters."""

    kind = Ordering()

    @abstractmethod
    def from_matrix(self, count: Count, matrix: Matrix) -> Result:
        """Return the outcome of a matrix."""

    def decide(self, count: Count) -> Result:
        return self.from_matrix(count, count.profile.pairwise())

    def scored(
        self,
        count: Count,
        matrix: Matrix,
        totals: Sequence[Number],
        rules: Sequence[Rule] = (),
    ) -> Result:
        """Return the outcome where the highest of totals wins."""
        order, winners = count.draw.rank(totals, rules, count.seats)
        return self.result(
            count, winners=winners, order=order, totals=totals, **matrix_facts(matrix)
        )


def matrix_facts(matrix: Matrix) -> dict[str, Any]:
    """Return what a result says of a matrix."""
    return {
        "pairwise": tuple(tuple(row) for row in matrix),
        "condorcet_winner": condorcet(matrix),
    }
