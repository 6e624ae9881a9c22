"""This file is delegation over arrays: everybody takes a step at the same time, ten times."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.voting.delegation import DEPTH_MAX, EXACT_IN_FLOAT, NOBODY, Gathered


def gather(
    delegates: Sequence[int],
    ballots: Iterable[int],
    recused: Iterable[int],
    weights: Sequence[int],
) -> Gathered | None:
    """Return where everybody ends, or None where only Python integers are exact."""
    size = len(delegates)
    try:
        own = np.array(weights, dtype=np.int64)
    except OverflowError:
        return None
    if int(own.max(initial=0)) * size >= EXACT_IN_FLOAT:
        return None
    parents, voters, out = np.array(delegates, dtype=np.intp), _numbers(ballots), _numbers(recused)
    for members, least in ((parents, NOBODY), (voters, 0), (out, 0)):
        if members.size and not least <= int(members.min()) <= int(members.max()) < size:
            raise ValueError("a delegate or voter is outside the electorate")
    everyone = np.arange(size)
    parents[out] = NOBODY
    has_voted = np.zeros(size, dtype=np.bool_)
    has_voted[voters] = True
    has_voted[out] = False
    is_end = np.append(has_voted, [True])  # NOBODY, the last one, is the end of a way as well
    step = np.append(np.where(has_voted, everyone, parents), NOBODY)
    at = step[:size].copy()
    going = np.flatnonzero(~is_end[at])
    for _ in range(DEPTH_MAX - 1):
        to = step[at[going]]
        at[going] = to
        going = going[~is_end[to]]
    at[going] = NOBODY  # too long a way, or a cycle
    ends = at
    is_carried = (ends != NOBODY) & (ends != everyone)
    people = np.bincount(ends[is_carried], minlength=size)
    weight = np.bincount(ends + 1, own, minlength=size + 1)[1:].astype(np.int64)
    led = int(np.count_nonzero(ends != NOBODY))
    return Gathered(ends.tolist(), people.tolist(), weight.tolist(), led, int(own.sum()))


def _numbers(members: Iterable[int]) -> NDArray[np.intp]:
    known = members if isinstance(members, Sequence | np.ndarray) else list(members)
    return np.array(known, dtype=np.intp)
