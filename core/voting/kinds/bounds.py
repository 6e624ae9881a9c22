"""This file is which marks make a ballot: bounds that a byte string keeps or breaks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """What the marks of a stored ballot must keep to; the same for one ballot and for a table."""

    top: int  # the largest mark
    sum_most: int | None = None
    squares_most: int | None = None
    is_ranking: bool = False  # marks are ranks without a gap from 1 up; 0 is unranked
    may_tie: bool = True  # in a ranking, several options may share a rank

    def fault(self, marks: Sequence[int]) -> str:
        """Return why marks are not a ballot, or nothing."""
        if max(marks, default=0) > self.top:
            return "a mark is too large"
        if self.is_ranking:
            return self._rank_fault(marks)
        if self.sum_most is not None and sum(marks) > self.sum_most:
            return "the marks are too many"
        if self.squares_most is not None and sum(m * m for m in marks) > self.squares_most:
            return "the marks cost too much"
        return ""

    def _rank_fault(self, marks: Sequence[int]) -> str:
        ranked = [mark for mark in marks if mark]
        ranks = set(ranked)
        if max(ranks, default=0) != len(ranks):
            return "the ranks have a gap"
        if not self.may_tie and len(ranked) != len(ranks):
            return "two options share a rank"
        return ""
