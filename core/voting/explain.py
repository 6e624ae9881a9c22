"""This file is a result in plain words: sentences as templates and values, the winner first."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.voting.words import Sentence, Value, listed

if TYPE_CHECKING:
    from core.voting.result import Result, Tie


def explain(result: "Result") -> Iterator[Sentence]:
    """Yield what happened, for people: who won, the totals, each step, each tie, what was lost."""
    yield _outcome(result)
    yield from _standing(result)
    yield from result.story
    empty = min(result.seats, len(result.options)) - len(result.winners)
    if result.decides and result.winners and empty > 0:
        yield Sentence("Seats left empty, as nobody wants the rest: {empty}.", {"empty": empty})
    yield from _condorcet(result)
    for tie in result.ties:
        yield from _tie(result, tie)
    yield from _lost(result)
    if result.lot_seed is not None:
        yield Sentence("The lot's seed is {seed}.", {"seed": result.lot_seed.hex()})


def figures(result: "Result") -> Iterator[Sentence]:
    """Yield the totals and what was lost, without saying who won."""
    yield from _standing(result)
    yield from _lost(result)


def _outcome(result: "Result") -> Sentence:
    winners, values = result.winners, dict[str, Value](winners=_names(result, result.winners))
    if not winners and not result.n_ballots:
        return Sentence("Nobody has voted, so nothing is chosen.", {})
    if not result.decides:
        return Sentence("The answers are shown; they decide nothing.", {})
    if not winners:
        return Sentence("No ballot with weight chose anything, so nothing is chosen.", {})
    if len(winners) > result.seats:
        return Sentence("{winners} are level; the lot will decide.", values)
    if any(tie.how == "open" for tie in result.ties):
        return Sentence("{winners} would win, depending on how the lot falls.", values)
    if any(tie.how == "lot" for tie in result.ties):
        return Sentence("{winners} won; what was level went by lot.", values)
    if len(winners) == 1:
        return Sentence("{winners} won.", values)
    return Sentence("{winners} won, {seats} in all.", values | {"seats": len(winners)})


def _standing(result: "Result") -> Iterator[Sentence]:
    if any(result.totals):
        for place in result.order:
            for option in place:
                values = {"option": result.options[option], "total": result.totals[option]}
                yield Sentence(result.standing, values)


def _condorcet(result: "Result") -> Iterator[Sentence]:
    best = result.condorcet_winner
    if best is None:
        return
    values = {"option": result.options[best]}
    if best in result.winners:
        yield Sentence("{option} beats every other option head to head.", values)
    else:
        yield Sentence("{option} beats every other option head to head, and did not win.", values)


def _tie(result: "Result", tie: "Tie") -> Iterator[Sentence]:
    yield tie.stage
    order = " > ".join(" = ".join(result.options[i] for i in place) for place in tie.order)
    if tie.how == "rule":
        values: dict[str, Value] = {"rule": tie.rule, "order": order}
        yield Sentence("The rule for this ({rule}) puts them so: {order}.", values)
    elif tie.how == "lot":
        yield Sentence("The lot puts them so: {order}.", {"order": order})
    else:
        yield Sentence("The lot will decide between them.", {})


def _lost(result: "Result") -> Iterator[Sentence]:
    if result.blank:
        yield Sentence("Blank ballots weigh {blank}.", {"blank": result.blank})
    if result.exhausted:
        yield Sentence("Ballots that ran out weigh {lost}.", {"lost": result.exhausted})
    if result.decides and result.seats > len(result.options):
        values = {"seats": result.seats, "options": len(result.options)}
        yield Sentence("There were {seats} seats for {options} options.", values)
    if result.invalid:
        yield Sentence("Stored ballots that could not be read: {n}.", {"n": result.invalid})


def _names(result: "Result", options: Sequence[int]) -> str:
    return listed([result.options[option] for option in options])
