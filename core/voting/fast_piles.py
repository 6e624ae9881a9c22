"""This file is ballots in piles with numpy: who holds each ballot, and at what value."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from core.voting.piles import Share

SHIFT = 7  # below the worth of a rank stands the option's number, so that one maximum finds both
NOBODY = -1


class FastPiles:
    """Piles in arrays; the caller has seen to it that no sum reaches 2^53."""

    def __init__(self, worth: NDArray[np.uint8], weights: NDArray[np.int64], unit: int) -> None:
        n_options, n_ballots = worth.shape
        numbers = np.arange(n_options, dtype=np.int16)[:, None]
        self._codes = (worth.astype(np.int16) << SHIFT) | numbers
        self._weights = weights
        self._values = np.full(n_ballots, unit, dtype=np.int64)
        self._holder = self._first(range(n_options), slice(None))
        self.exhausted = 0
        self.totals = self._add(self._holder, weights * unit)

    def move(self, option: int, continuing: Collection[int], share: Share | None) -> list[int]:
        pile = np.flatnonzero(self._holder == option)
        if share:
            values, inverse = np.unique(self._values[pile], return_inverse=True)
            kept = [value * share.surplus // share.whole for value in values.tolist()]
            self._values[pile] = np.array(kept, dtype=np.int64)[inverse]
        holder = self._first(sorted(continuing), pile)
        self._holder[pile] = holder
        received = self._add(holder, self._weights[pile] * self._values[pile])
        gone = share.surplus if share else self.totals[option]
        self.exhausted += gone - sum(received)
        self.totals[option] -= gone
        self.totals = [had + got for had, got in zip(self.totals, received, strict=True)]
        return received

    def _first(
        self, continuing: Collection[int], pile: "slice | NDArray[np.intp]"
    ) -> NDArray[np.int16]:
        best = np.zeros(self._codes[0][pile].shape, dtype=np.int16)
        for option in continuing:
            np.maximum(best, self._codes[option][pile], out=best)
        return np.where(best >> SHIFT, best & ((1 << SHIFT) - 1), NOBODY).astype(np.int16)

    def _add(self, holder: NDArray[np.int16], value: NDArray[np.int64]) -> list[int]:
        sums = np.bincount(holder + 1, value, minlength=len(self._codes) + 1)
        return [int(total) for total in sums[1:]]
