"""Ballots between words and bytes: in one vote the same words always mean the same."""

from collections.abc import Sequence
from functools import lru_cache

from core.voting import METHODS

# So many different ballots are remembered: the hot ones of every open vote, some MiB at most.
REMEMBERED_MAX = 2_048


@lru_cache(REMEMBERED_MAX)
def read(method: str, options: tuple[str, ...], written: str) -> bytes:
    """Return what a member wrote as a packed ballot; raises BallotError."""
    found = METHODS[method]
    return found.pack(found.read(written, options))


@lru_cache(REMEMBERED_MAX)
def write(method: str, options: tuple[str, ...], packed: bytes) -> str:
    """Return a packed ballot as people write it."""
    found = METHODS[method]
    names = names_of(options)
    return found.write(found.unpack(packed, len(names)), names)


def names_of(options: Sequence[str]) -> tuple[str, ...]:
    """Return the options' texts; erased ones by their place, so that they stay apart."""
    return tuple(option or f"({at})" for at, option in enumerate(options, 1))
