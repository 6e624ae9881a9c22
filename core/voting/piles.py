"""This file is ballots in piles, as they move from option to option in a count in rounds."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol


class Share(NamedTuple):
    """What part of a pile's value moves on: a surplus out of the whole pile."""

    surplus: int
    whole: int


class Piles(Protocol):
    """Strict rankings, each in the pile of its highest continuing option, with its value."""

    totals: list[int]  # per option, the value of its pile
    exhausted: int  # value that has left the count, with what truncation cut off

    def move(self, option: int, continuing: Collection[int], share: Share | None) -> list[int]:
        """Move a pile to the next continuing options; return what each received.

        With a share, each ballot keeps value x surplus / whole, truncated to a whole unit, and
        the option keeps the rest of the pile: what is not surplus.
        """


class ExactPiles:
    """Piles of Python integers of any size."""

    def __init__(self, papers: Sequence[tuple[bytes, int]], n_options: int, unit: int) -> None:
        self.totals = [0] * n_options
        self.exhausted = 0
        self._piles: list[list[tuple[bytes, int, int]]] = [[] for _ in range(n_options)]
        everyone = range(n_options)
        for marks, weight in papers:
            first = _next(marks, everyone)
            if first is not None:
                self._piles[first].append((marks, weight, unit))
                self.totals[first] += weight * unit

    def move(self, option: int, continuing: Collection[int], share: Share | None) -> list[int]:
        received = [0] * len(self.totals)
        pile, self._piles[option] = self._piles[option], []
        for marks, weight, value in pile:
            kept = value * share.surplus // share.whole if share else value
            to = _next(marks, continuing)
            if to is not None:
                received[to] += weight * kept
                self._piles[to].append((marks, weight, kept))
        gone = share.surplus if share else self.totals[option]
        self.exhausted += gone - sum(received)
        self.totals[option] -= gone
        self.totals = [had + got for had, got in zip(self.totals, received, strict=True)]
        return received


def _next(marks: Sequence[int], continuing: Collection[int]) -> int | None:
    """Return the continuing option with the best rank, if the ballot ranks any."""
    return min((i for i in continuing if marks[i]), key=marks.__getitem__, default=None)
