"""This file is sequential PAV: seats one by one; who has won k already counts 1/(k + 1).

The idea: a ballot counts whole for its first winner, half for its second, a third for its third,
so that a majority does not take every seat.

>>> from core.voting import METHODS
>>> pav, options = METHODS["pav"], ["A", "B", "C"]
>>> written = ["A, B", "A, B", "A", "C", "C"]
>>> rows = [(pav.pack(pav.read(text, options)), 1) for text in written]
>>> result = pav.count(rows, options, seats=2)
>>> result.winners, [str(votes) for votes in result.rounds[1].totals]
((0, 2), ['None', '1', '2'])

Reference: T. N. Thiele, 1895; M. Lackner and P. Skowron, Multi-Winner Voting with Approval
Preferences, 2023, rule seq-PAV, with exact fractions.
"""

from collections.abc import Sequence
from fractions import Fraction

from core.voting.kinds.choosing import Choosing
from core.voting.method import Count, Method
from core.voting.result import Result, Round
from core.voting.stages import story
from core.voting.ties import places
from core.voting.words import Sentence

EQUAL = Sentence("In round {round}, {level} had equal votes.", {})


class Pav(Method):
    """Any number of options each; several winners. An option without support wins no seat."""

    name = "pav"
    title = "sequential PAV"
    standing = "{option}: approved by {total}"
    kind = Choosing()
    is_for_several_seats = True

    def decide(self, count: Count) -> Result:
        elected, rounds = list[int](), list[Round]()
        totals = _totals(count, elected)
        while len(elected) < count.seats:
            left = [i for i in range(len(totals)) if i not in elected and totals[i]]
            if not left:
                break
            best = places(left, totals.__getitem__)[0]
            stage = Sentence(EQUAL.template, {"round": len(rounds) + 1})
            chosen = best[0] if len(best) == 1 else count.draw.by_lot(stage, best)[0]
            shown = tuple(None if i in elected else votes for i, votes in enumerate(totals))
            rounds.append(Round(totals=shown, elected=(chosen,)))
            elected.append(chosen)
            totals = _totals(count, elected)
        rest = places((i for i in range(len(totals)) if i not in elected), totals.__getitem__)
        return self.result(
            count,
            winners=tuple(elected),
            order=(*((i,) for i in elected), *rest),
            totals=_totals(count, []),
            rounds=tuple(rounds),
            story=tuple(story(rounds, count.options)),
        )


def _totals(count: Count, elected: Sequence[int]) -> list[Fraction]:
    totals = [Fraction(0)] * len(count.options)
    for cell, sums in count.profile.cells(elected).items():
        share = Fraction(1, 1 + cell.bit_count())
        totals = [had + share * more for had, more in zip(totals, sums, strict=True)]
    return totals
