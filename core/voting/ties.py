"""This file is how ties are settled and kept: each by a rule of the method, else by the lot."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from core.voting.lot import Lot, digest, option_id
from core.voting.result import How, Number, Tie
from core.voting.words import Sentence, listed

Places = tuple[tuple[int, ...], ...]

LAST_SEAT = Sentence("{level} stood level for the last place among the winners.", {})


def places(options: Iterable[int], score: Callable[[int], Any]) -> Places:
    """Return options grouped by score, the highest first; level ones share a place."""
    groups: dict[Any, list[int]] = {}
    for option in options:
        groups.setdefault(score(option), []).append(option)
    return tuple(tuple(groups[value]) for value in sorted(groups, reverse=True))


class Rule(NamedTuple):
    """A rule that orders level options: the higher score goes first."""

    name: str
    scores: Sequence[Number]


class Draw:
    """The lot of a count as it is used, and every tie met on the way.

    Without a lot, where a count must go on past a tie (an elimination in a running tally), the
    bare hash of the option's text orders it, and the tie is kept as open: nothing is decided.
    """

    def __init__(self, options: Sequence[str], lot: Lot | None) -> None:
        self._options = options
        self._lot = lot
        self._order: dict[int, int] = {}
        self.ties: tuple[Tie, ...] = ()

    @property
    def is_open(self) -> bool:
        return self._lot is None

    @property
    def seed(self) -> bytes | None:
        """The lot's seed if the lot was used."""
        used = any(tie.how is How.LOT for tie in self.ties)
        return self._lot.seed if self._lot is not None and used else None

    def by_rule(self, stage: Sentence, rule: str, order: Places) -> None:
        """Keep a tie that a rule of the method settled, wholly or in part."""
        among = tuple(sorted(option for place in order for option in place))
        tie = Tie(
            among=among, stage=self._level(stage, among), how=How.RULE, rule=rule, order=order
        )
        self.ties = (*self.ties, tie)

    def by_lot(self, stage: Sentence, among: Iterable[int]) -> tuple[int, ...]:
        """Return level options in the lot's order, and keep the tie."""
        level = tuple(sorted(among))
        drawn = tuple(sorted(level, key=self.position))
        told = self._level(stage, level)
        if self._lot is None:
            tie = Tie(among=level, stage=told, how=How.OPEN, order=(level,))
        else:
            tie = Tie(among=level, stage=told, how=How.LOT, order=tuple((i,) for i in drawn))
        self.ties = (*self.ties, tie)
        return drawn

    def position(self, option: int) -> int:
        """Return where the lot puts an option among all."""
        if not self._order:
            drawn = self._lot.order(self._options) if self._lot else self._provisional()
            self._order = {option: place for place, option in enumerate(drawn)}
        return self._order[option]

    def rank(
        self,
        totals: Sequence[Number],
        rules: Sequence[Rule],
        seats: int,
        backed: Collection[int] | None = None,
    ) -> tuple[Places, tuple[int, ...]]:
        """Return places by total and then by the rules, and who wins the seats.

        Where `backed` is given, only those can win: a seat stays empty rather than go by lot to
        what nobody wants.
        """
        by_total = places(range(len(totals)), lambda option: totals[option])
        refined = by_total
        for rule in rules:
            score = rule.scores.__getitem__
            refined = tuple(part for place in refined for part in places(place, score))
        seats = seats if backed is None else min(seats, len(backed))
        self._report(by_total, refined, rules, seats)
        return refined, self.seat(refined, seats)

    def seat(self, order: Places, seats: int) -> tuple[int, ...]:
        """Return the winners of places: as many as seats, but all of a tie that is still open."""
        winners: list[int] = []
        for place in order:
            free = seats - len(winners)
            if free <= 0:
                break
            if len(place) > free:
                drawn = self.by_lot(LAST_SEAT, place)
                winners += place if self.is_open else drawn[:free]
            else:
                winners += place
        return tuple(winners)

    def _report(self, by_total: Places, refined: Places, rules: Sequence[Rule], seats: int) -> None:
        seated = 0
        for place in by_total:
            if seated < seats < seated + len(place):
                parts = tuple(part for part in refined if part[0] in place)
                if len(parts) > 1:
                    self.by_rule(LAST_SEAT, ", then ".join(rule.name for rule in rules), parts)
            seated += len(place)

    def _level(self, stage: Sentence, among: tuple[int, ...]) -> Sentence:
        level = listed([self._options[option] for option in among])
        return Sentence(stage.template, {**stage.values, "level": level})

    def _provisional(self) -> tuple[int, ...]:
        ids = [option_id(option) for option in self._options]
        return tuple(sorted(range(len(ids)), key=lambda i: (digest(ids[i]), ids[i])))
