"""This file is what counts in rounds share: who is lowest or largest, and the story of a round."""

from collections.abc import Iterator, Sequence

from core.voting.result import Number, Round
from core.voting.ties import Draw, places
from core.voting.words import Sentence, Value

FEWEST = Sentence("In round {round}, {level} had equally few votes.", {})
LARGEST = Sentence("In round {round}, {level} had equal surpluses.", {})
EARLIER = "the most recent earlier round in which they differ"

History = Sequence[Sequence[Number]]  # per earlier round, what every option then held


def lowest(draw: Draw, among: Sequence[int], held: Sequence[Number], history: History) -> int:
    """Return the option that holds least; level ones by the most recent earlier difference."""
    least = min(held[option] for option in among)
    level = [option for option in among if held[option] == least]
    return _apart(draw, level, history, FEWEST)[-1]


def largest(draw: Draw, among: Sequence[int], held: Sequence[Number], history: History) -> int:
    """Return the option that holds most; level ones by the most recent earlier difference."""
    most = max(held[option] for option in among)
    level = [option for option in among if held[option] == most]
    return _apart(draw, level, history, LARGEST)[0]


def _apart(draw: Draw, level: Sequence[int], history: History, stage: Sentence) -> tuple[int, ...]:
    """Return level options, the better first, by earlier rounds and then by the lot.

    Only the end that matters is settled: the last for FEWEST, the first for LARGEST.
    """
    end = -1 if stage is FEWEST else 0
    said = Sentence(stage.template, {"round": len(history) + 1})
    left, parts = tuple(level), [tuple(level)]
    for earlier in reversed(history):
        if len(left) == 1:
            break
        split = places(left, earlier.__getitem__)
        at = parts.index(left)
        parts[at : at + 1] = split
        left = split[end]
    if len(parts) > 1:
        draw.by_rule(said, EARLIER, tuple(parts))
    return draw.by_lot(said, left) if len(left) > 1 else left


def story(rounds: Sequence[Round], options: Sequence[str]) -> Iterator[Sentence]:
    """Yield each round in words: who was elected or went out, and where the votes went."""
    for number, step in enumerate(rounds, start=1):
        for option in step.elected:
            values: dict[str, Value] = {"option": options[option], "round": number}
            votes = step.totals[option]
            if votes is not None:
                values["votes"] = votes
                yield Sentence("{option} was elected in round {round} with {votes}.", values)
        for option in step.out:
            values = {"option": options[option], "round": number}
            values["votes"] = step.totals[option] or 0
            yield Sentence("{option} went out in round {round} with {votes}.", values)
        yield from _moves(step, options)


def _moves(step: Round, options: Sequence[str]) -> Iterator[Sentence]:
    source = {"option": options[step.source]} if step.source is not None else {}
    for to, votes in enumerate(step.moved):
        if votes:
            values: dict[str, Value] = {"votes": votes, "to": options[to], **source}
            yield Sentence("{votes} of the votes of {option} went to {to}.", values)
    if step.exhausted and source:
        yield Sentence(
            "{votes} of the votes of {option} had no further choice.",
            {"votes": step.exhausted, **source},
        )
