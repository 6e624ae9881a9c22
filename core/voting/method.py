"""This file is what every counting method is, and the part of a count that all have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from core.voting.claims import COMMON, Claim
from core.voting.errors import MissingLimit, NoSeats, OneSeatOnly
from core.voting.kinds.kind import Ballot, Kind, Settled
from core.voting.limits import Limit, Limits, check_limits, check_options
from core.voting.lot import Lot
from core.voting.profile import Profile
from core.voting.reading import Names
from core.voting.result import Number, Result
from core.voting.table import profile_of
from core.voting.ties import Draw
from core.voting.words import Sentence


@dataclass(frozen=True, kw_only=True)
class Count:
    """One count: the ballots added up, the question, and the lot if there is one."""

    method: "Method"
    profile: Profile
    options: tuple[str, ...]
    seats: int
    limits: Settled
    draw: Draw


class Method(ABC):
    """A way to count. A new one is a file with a subclass and its line in the registry."""

    name: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[Kind]
    limits: ClassVar[Mapping[str, Limit]] = MappingProxyType({})
    is_for_several_seats: ClassVar[bool] = False
    claims: ClassVar[frozenset[Claim]] = COMMON
    is_positional: ClassVar[bool] = False  # the order of the options is a scale or a time
    decides: ClassVar[bool] = True  # else the count shows a distribution and nobody wins
    standing: ClassVar[str] = "{option}: {total}"  # what a total says of its option

    def read(self, written: str, options: Sequence[str], **limits: int | Sequence[int]) -> Ballot:
        """Return what somebody wrote as a ballot; raises a BallotError that says what is wrong."""
        names = Names(check_options(options))
        bounds = self.kind.bounds(self._settle(limits, len(names.texts)))
        return self.kind.read(written, names, bounds)

    def write(self, ballot: Ballot, options: Sequence[str]) -> str:
        """Return the canonical text of a ballot."""
        return self.kind.write(ballot, Names(check_options(options)))

    def pack(self, ballot: Ballot) -> bytes:
        """Return the stored form: a byte per option. Equal ballots have equal bytes."""
        return bytes(ballot.marks)

    def unpack(self, packed: bytes, n_options: int, **limits: int | Sequence[int]) -> Ballot:
        """Return a stored ballot; raises Malformed."""
        bounds = self.kind.bounds(self._settle(limits, n_options))
        return self.kind.unpack(packed, n_options, bounds)

    def count(
        self,
        rows: Iterable[tuple[bytes, int]],
        options: Sequence[str],
        *,
        seats: int = 1,
        lot: Lot | None = None,
        **limits: int | Sequence[int],
    ) -> Result:
        """Return the outcome of packed ballots with whole-number weights from zero up.

        Stored ballots that cannot be read are counted as invalid and change nothing else.
        Raises a QuestionError for a question that cannot be counted at all.
        """
        texts = check_options(options)
        settled = self._settle(limits, len(texts))
        if seats < 1:
            raise NoSeats(seats=seats)
        if seats > 1 and not self.is_for_several_seats:
            raise OneSeatOnly(method=self.title, seats=seats)
        profile = profile_of(rows, len(texts), self.kind.bounds(settled))
        count = Count(
            method=self,
            profile=profile,
            options=texts,
            seats=seats,
            limits=settled,
            draw=Draw(texts, lot),
        )
        for name, limit in self.limits.items():
            if limit.is_required and name not in settled:
                raise MissingLimit(method=self.title, limit=name)
        if profile.weight == profile.blank:
            return self.nothing(count)
        return self.decide(count)

    @abstractmethod
    def decide(self, count: Count) -> Result:
        """Return the outcome of a count in which some ballot with weight says something."""

    def nothing(self, count: Count) -> Result:
        """Return the outcome where no weight stands behind any option: nobody wins."""
        everyone = tuple(range(len(count.options)))
        return self.result(count, winners=(), order=(everyone,), totals=(0,) * len(everyone))

    def result(
        self,
        count: Count,
        *,
        winners: tuple[int, ...],
        order: tuple[tuple[int, ...], ...],
        totals: Sequence[Number],
        story: Sequence[Sentence] = (),
        **found: Any,
    ) -> Result:
        """Return a result with what every count knows already filled in."""
        profile = count.profile
        return Result(
            method=self.name,
            decides=self.decides,
            options=count.options,
            seats=count.seats,
            winners=winners,
            order=order,
            totals=tuple(totals),
            n_ballots=profile.n_ballots,
            weight=profile.weight,
            blank=profile.blank,
            invalid=profile.invalid,
            ties=count.draw.ties,
            lot_seed=count.draw.seed,
            limits=count.limits,
            story=tuple(story),
            standing=self.standing,
            **found,
        )

    def _settle(self, limits: Limits, n_options: int) -> dict[str, int | tuple[int, ...]]:
        return check_limits(self.title, self.limits, limits, n_options)
