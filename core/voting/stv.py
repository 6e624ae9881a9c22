"""This file is STV, several seats by the Scottish rules: surpluses and exclusions, one a stage.

The idea: who reaches the quota is elected, and what it holds above the quota moves on, every
ballot at a part of its value; where nobody has a surplus, the lowest goes out and its ballots move
on whole. With v the valid weight, quota = floor(v / (seats + 1)) + 1, fixed. A ballot's new value
= surplus x its value / the candidate's votes, truncated to 5 decimals (kept as whole 1e-5).

Here two are to be elected with 5 ballots: the quota is 2. Ann has 3, so 1/3 of each of her
ballots (0.33333) moves to Ben, who then has 1.99999; Cas goes out, and Ben takes the last seat.

>>> from core.voting import METHODS
>>> stv, people = METHODS["stv"], ["Ann", "Ben", "Cas"]
>>> written = ["Ann > Ben", "Ann > Ben", "Ann > Ben", "Ben", "Cas"]
>>> rows = [(stv.pack(stv.read(text, people)), 1) for text in written]
>>> result = stv.count(rows, people, seats=2)
>>> result.winners, [str(votes) for votes in result.rounds[1].totals]
((0, 1), ['2', '199999/100000', '1'])

Reference: The Scottish Local Government Elections Order 2011 (SSI 2011/399), schedule 1,
rules 45 to 52. Level surpluses and level lowest: the most recent earlier stage in which they
differ, then the lot. Options without a vote go out together: in which order cannot matter.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from core.voting.claims import Claim
from core.voting.kinds.ranking import Ordering
from core.voting.method import Count, Method
from core.voting.pairwise import matrix_facts
from core.voting.piles import Piles, Share
from core.voting.result import Number, Result, Round
from core.voting.stages import largest, lowest, story
from core.voting.ties import Draw, Places, places
from core.voting.words import Sentence

UNIT = 100_000  # five decimals: a vote is this many whole units

QUOTA = Sentence("The quota is {quota}: {valid} valid votes for {seats} seats.", {})


class Stv(Method):
    """Strict rankings, whole or in part; one seat or more."""

    name = "stv"
    title = "STV (Scottish)"
    claims = frozenset({Claim.UNANIMITY, Claim.CLONE_PROOF})
    standing = "{option}: {total} first choices"
    kind = Ordering(may_tie=False)
    is_for_several_seats = True

    def decide(self, count: Count) -> Result:
        valid = count.profile.weight - count.profile.blank
        quota = valid // (count.seats + 1) + 1
        stages = Stages(count.profile.piles(UNIT), count.draw, count.seats, quota * UNIT)
        stages.run()
        said = {"quota": quota, "valid": valid, "seats": count.seats}
        return self.result(
            count,
            winners=stages.winners(),
            order=stages.order(),
            totals=[votes or 0 for votes in stages.rounds[0].totals],
            rounds=tuple(stages.rounds),
            exhausted=_votes(stages.piles.exhausted),
            story=(Sentence(QUOTA.template, said), *story(stages.rounds, count.options)),
            figures={"quota": quota},
            **matrix_facts(count.profile.pairwise()),
        )


@dataclass
class Stages:
    """A count as it goes on: who is elected, who continues, who went out."""

    piles: Piles
    draw: Draw
    seats: int
    quota: int
    rounds: list[Round] = field(default_factory=list)
    elected: list[int] = field(default_factory=list)
    seated: list[tuple[int, ...]] = field(default_factory=list)
    gone: list[tuple[int, ...]] = field(default_factory=list)  # together: at one place
    pending: list[int] = field(default_factory=list)  # elected, the surplus not yet moved
    held: list[list[int]] = field(default_factory=list)

    def run(self) -> None:
        """Count until all seats are filled."""
        while True:
            step = self._elect(Round(totals=self._totals()))
            if len(self.elected) >= min(self.seats, len(self.piles.totals)):
                self.rounds.append(step)
                return
            self.rounds.append(self._move(step))

    def winners(self) -> tuple[int, ...]:
        return tuple(self.elected)

    def order(self) -> Places:
        rest = places(self.continuing, self.piles.totals.__getitem__)
        return (*self.seated, *rest, *reversed(self.gone))

    @property
    def continuing(self) -> list[int]:
        settled = self._out().union(self.elected)
        return [i for i in range(len(self.piles.totals)) if i not in settled]

    def _elect(self, step: Round) -> Round:
        """Elect who reaches the quota, and everybody left where the seats suffice for them."""
        held, free = self.piles.totals, self.seats - len(self.elected)
        reached = [i for i in self.continuing if held[i] >= self.quota]
        self.pending += [i for i in reached if held[i] > self.quota]
        if len(self.continuing) <= free:
            reached = self.continuing
        together = places(reached, held.__getitem__)
        self.seated += together
        self.elected += [i for place in together for i in place]
        return replace(step, elected=tuple(reached))

    def _move(self, step: Round) -> Round:
        """Move the largest surplus; where there is none, the ballots of the lowest."""
        held, before = list(self.piles.totals), self.piles.exhausted
        out: tuple[int, ...] = ()
        if self.pending:
            source = largest(self.draw, self.pending, held, self.held)
            self.pending.remove(source)
            share = Share(held[source] - self.quota, held[source])
            moved = self.piles.move(source, self.continuing, share)
        else:
            out = self._lowest(held)
            source = out[0]
            self.gone.append(out)
            moved = self.piles.move(source, self.continuing, None)
        self.held.append(held)
        return replace(
            step,
            out=out,
            source=source,
            moved=tuple(_votes(units) for units in moved),
            exhausted=_votes(self.piles.exhausted - before),
        )

    def _lowest(self, held: list[int]) -> tuple[int, ...]:
        """Return who goes out: all without a vote, if that leaves enough, else the lowest."""
        empty = tuple(i for i in self.continuing if not held[i])
        free = self.seats - len(self.elected)
        if empty and len(self.continuing) - len(empty) >= free:
            return empty
        return (lowest(self.draw, self.continuing, held, self.held),)

    def _totals(self) -> tuple[Number | None, ...]:
        out = self._out()
        return tuple(
            None if i in out else _votes(units) for i, units in enumerate(self.piles.totals)
        )

    def _out(self) -> set[int]:
        return {i for together in self.gone for i in together}


def _votes(units: int) -> Number:
    return Fraction(units, UNIT)
