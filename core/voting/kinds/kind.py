"""This file is what a kind of ballot is: a mark per option, read, written, stored and checked."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from core.voting.errors import Malformed
from core.voting.kinds.bounds import Bounds
from core.voting.reading import Names

MARK_MAX = 127  # a mark is stored as one signed byte

Settled = Mapping[str, "int | tuple[int, ...]"]


@dataclass(frozen=True)
class Ballot:
    """What one voter says: a mark for each option, in the options' order; 0 says nothing."""

    marks: tuple[int, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.marks)


class Kind(ABC):
    """One way to fill in a ballot; the packed form is a byte per option, its mark."""

    @property
    @abstractmethod
    def widest(self) -> Bounds:
        """The bounds of a ballot where a decision sets no limits."""

    def bounds(self, limits: Settled) -> Bounds:
        """Return what the marks of a ballot must keep to, under the limits of a decision."""
        del limits
        return self.widest

    @abstractmethod
    def read(self, written: str, names: Names, bounds: Bounds) -> Ballot:
        """Return what was written as a ballot, or say what is wrong with it."""

    @abstractmethod
    def write(self, ballot: Ballot, names: Names) -> str:
        """Return the one text for a ballot; reading it gives the ballot back."""

    @abstractmethod
    def of(self, marks: tuple[int, ...]) -> Ballot:
        """Return marks as a ballot of this kind."""

    def unpack(self, packed: bytes, n_options: int, bounds: Bounds) -> Ballot:
        """Return a stored ballot; raises Malformed if it is not exactly one."""
        if len(packed) != n_options:
            raise Malformed(reason=f"{len(packed)} bytes for {n_options} options")
        if reason := bounds.fault(packed):
            raise Malformed(reason=reason)
        return self.of(tuple(packed))


def number(limits: Settled, name: str, default: int) -> int:
    """Return a whole-number limit, or the default where the decision sets none."""
    value = limits.get(name, default)
    return value if isinstance(value, int) else default
