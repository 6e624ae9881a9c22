"""This file is ballots that put options in order, whole or in part, with or without equal ranks."""

from dataclasses import dataclass

from core.voting.errors import Empty, SameRank, Twice
from core.voting.kinds.bounds import Bounds
from core.voting.kinds.kind import Ballot, Kind
from core.voting.limits import OPTIONS_MAX
from core.voting.reading import Names


@dataclass(frozen=True)
class Ranking(Ballot):
    """The rank of each option from 1, the best; 0 is unranked, which is last together."""

    @property
    def tiers(self) -> tuple[tuple[int, ...], ...]:
        """The ranked options, the best first, those of one rank together."""
        return tuple(
            tuple(i for i, mark in enumerate(self.marks) if mark == rank)
            for rank in range(1, max(self.marks, default=0) + 1)
        )


@dataclass(frozen=True)
class Ordering(Kind):
    """`Berlin > Lisbon = Porto`; a plain list is an order too, the best first."""

    may_tie: bool = True

    @property
    def widest(self) -> Bounds:
        return Bounds(OPTIONS_MAX, is_ranking=True, may_tie=self.may_tie)

    def of(self, marks: tuple[int, ...]) -> Ranking:
        return Ranking(marks)

    def read(self, written: str, names: Names, bounds: Bounds) -> Ranking:
        ranks: dict[int, int] = {}
        for rank, tier in enumerate(self._tiers(written, names), start=1):
            for option in tier:
                if option in ranks:
                    raise Twice(option=names.texts[option])
                ranks[option] = rank
            if len(tier) > 1 and not bounds.may_tie:
                raise SameRank(first=names.texts[tier[0]], second=names.texts[tier[1]])
        if not ranks:
            raise Empty
        return Ranking(tuple(ranks.get(i, 0) for i in range(len(names.texts))))

    def write(self, ballot: Ballot, names: Names) -> str:
        tiers = Ranking(ballot.marks).tiers
        return " > ".join(" = ".join(names.name(i, without="|>=") for i in tier) for tier in tiers)

    def _tiers(self, written: str, names: Names) -> list[list[int]]:
        is_whole = names.find(written) is not None
        if is_whole or not (">" in written or "=" in written):
            return [[option] for option in names.several(written)]
        tiers = [
            [piece for piece in tier.split("=") if piece.strip()] for tier in written.split(">")
        ]
        return [[names.one(piece) for piece in tier] for tier in tiers if tier]
