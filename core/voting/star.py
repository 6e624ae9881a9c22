"""This file is STAR: the two highest totals of scores, then the one preferred on more ballots.

The idea: "score then automatic runoff". Each ballot scores every option 0 to 5; of the two
highest totals, a ballot counts whole for the one that it scores higher.

>>> from core.voting import METHODS
>>> star, options = METHODS["star"], ["Berlin", "Lisbon", "Porto"]
>>> written = ["Berlin 5, Lisbon 4", "Berlin 3, Lisbon 4, Porto 5", "Porto 1, Lisbon 2, Berlin 1"]
>>> rows = [(star.pack(star.read(text, options)), 1) for text in written]
>>> result = star.count(rows, options)
>>> result.totals, result.winners
((9, 10, 6), (1,))

Level in the scoring round: preferred head to head; of three or more, those who lose the most
matches among the level ones drop out, again and again; then most fives among those left. Level in
the runoff: higher total, then most fives. Then the lot.

Reference: Equal Vote Coalition, STAR Voting: ties (starvoting.org/ties), official protocol.
"""

from collections.abc import Sequence

from core.voting.kinds.rating import Rating
from core.voting.method import Count, Method
from core.voting.pairwise import matrix_facts
from core.voting.profile import Matrix
from core.voting.result import Result, Round
from core.voting.score import SCORE_MAX
from core.voting.ties import Places, places
from core.voting.words import Sentence, Value

SCORING = Sentence("{level} had the same total in the scoring round.", {})
RUNOFF = Sentence("{level} were preferred on equally many ballots in the runoff.", {})
RUNOFF_STORY = (
    "In the runoff {winner} was preferred to {loser} by {votes}, and {loser} to {winner} by"
    " {against}; no preference: {equal}."
)


class Star(Method):
    """0 to 5 for each option; the runoff is between the two highest totals."""

    name = "star"
    title = "STAR"
    kind = Rating(most=SCORE_MAX, may_be_zero=True)

    def decide(self, count: Count) -> Result:
        totals, matrix = count.profile.sums(), count.profile.pairwise()
        fives = count.profile.having(SCORE_MAX)
        finalists = _finalists(count, totals, matrix, fives)
        runoff = _runoff(count, finalists, matrix, [totals, fives])
        rest = [option for option in range(len(totals)) if option not in finalists]
        order = (*runoff, *places(rest, totals.__getitem__))
        return self.result(
            count,
            winners=count.draw.seat(runoff, 1),
            order=order,
            totals=totals,
            rounds=_rounds(finalists, totals, matrix),
            story=_story(count, runoff, matrix),
            figures={"fives": tuple(fives), "finalists": tuple(finalists)},
            **matrix_facts(matrix),
        )


def _finalists(
    count: Count, totals: Sequence[int], matrix: Matrix, fives: Sequence[int]
) -> list[int]:
    chosen: list[int] = []
    for place in places(range(len(totals)), totals.__getitem__):
        free = 2 - len(chosen)
        if len(place) <= free:
            chosen += place
        elif free > 0:
            order = _by_matches(place, free, matrix)
            order = tuple(part for group in order for part in _split(group, fives))
            if len(order) > 1:
                count.draw.by_rule(SCORING, "head to head, then most fives", order)
            chosen += _fill(count, order, free)
    return chosen


def _by_matches(level: Sequence[int], free: int, matrix: Matrix) -> Places:
    """Return level options in order, those dropped for losing the most matches at the end."""
    kept, first, last = list(level), list[tuple[int, ...]](), list[tuple[int, ...]]()
    while len(kept) > free > 0:
        lost = {a: sum(matrix[b][a] > matrix[a][b] for b in kept) for a in kept}
        worst = [a for a in kept if lost[a] == max(lost.values())]
        better = [a for a in kept if a not in worst]
        if not better:
            break
        if len(better) >= free:
            last.insert(0, tuple(worst))
            kept = better
        else:
            first.append(tuple(better))
            kept, free = worst, free - len(better)
    return (*first, tuple(kept), *last) if kept else (*first, *last)


def _split(group: Sequence[int], fives: Sequence[int]) -> Places:
    return places(group, fives.__getitem__)


def _fill(count: Count, order: Places, free: int) -> list[int]:
    chosen: list[int] = []
    for place in order:
        left = free - len(chosen)
        if left <= 0:
            break
        chosen += place if len(place) <= left else count.draw.by_lot(SCORING, place)[:left]
    return chosen


def _runoff(
    count: Count, finalists: Sequence[int], matrix: Matrix, rules: Sequence[Sequence[int]]
) -> Places:
    if len(finalists) < 2:
        return (tuple(finalists),)
    one, other = finalists
    order = places(finalists, lambda a: matrix[a][other if a == one else one])
    if len(order) == 1:
        order = places(finalists, lambda a: tuple(scores[a] for scores in rules))
        if len(order) > 1:
            count.draw.by_rule(RUNOFF, "higher total, then most fives", order)
    return order


def _rounds(finalists: Sequence[int], totals: Sequence[int], matrix: Matrix) -> tuple[Round, ...]:
    if len(finalists) < 2:
        return (Round(totals=tuple(totals)),)
    one, other = finalists
    votes = {one: matrix[one][other], other: matrix[other][one]}
    out = tuple(option for option in range(len(totals)) if option not in votes)
    runoff = tuple(votes.get(option) for option in range(len(totals)))
    return (Round(totals=tuple(totals), out=out), Round(totals=runoff))


def _story(count: Count, runoff: Places, matrix: Matrix) -> tuple[Sentence, ...]:
    order = [option for place in runoff for option in place]
    if len(order) < 2:
        return ()
    winner, loser = order
    votes, against = matrix[winner][loser], matrix[loser][winner]
    values: dict[str, Value] = {
        "winner": count.options[winner],
        "loser": count.options[loser],
        "votes": votes,
        "against": against,
        "equal": count.profile.weight - votes - against,
    }
    return (Sentence(RUNOFF_STORY, values),)
