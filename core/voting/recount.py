"""This file is the recount: an exported decision is counted again and its result compared.

`python -m core.voting.recount FILE` says what it found; it ends with 0 if the result is reproduced,
1 if it is disputed, 2 if the file cannot be recounted. It needs nothing but Python itself.
"""

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.voting import METHODS
from core.voting.decision import (
    Decision,
    FileError,
    NotADecision,
    SameVoter,
    Stranger,
    parse,
    read,
)
from core.voting.delegation import NOBODY, carry
from core.voting.errors import VotingError
from core.voting.explain import figures
from core.voting.gates import quorum_met, threshold_met
from core.voting.lot import Lot, commitment
from core.voting.method import Method
from core.voting.result import Result
from core.voting.words import Sentence

REPRODUCED, DISPUTED, REFUSED = 0, 1, 2
FILE_BYTES_MAX = 2**30  # the memory of a small server, and room for ten million ballots
WORDS = frozenset({"template", "values", "stage", "rule"})  # wording may change; facts may not

DIFFERENCE = '"{fact}": the file says {stated}, the recount gives {counted}.'


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a recount found; no differences means that the announced result is reproduced."""

    result: Result
    turnout: int
    passed: bool | None
    differences: tuple[Sentence, ...]

    @property
    def is_reproduced(self) -> bool:
        return not self.differences

    def sentences(self) -> tuple[Sentence, ...]:
        """Return the result in plain words, then the verdict."""
        if self.passed is None:
            found = [*self.result.sentences()]
        else:
            # The gates decide: which option is alone in front, abstain say, decides nothing.
            text = "The proposal passed." if self.passed else "The proposal did not pass."
            found = [Sentence(text, {}), *figures(self.result)]
        found.append(Sentence("People who took part: {turnout}.", {"turnout": self.turnout}))
        found += self.differences
        reproduced = "The recount reproduces the result of the file."
        disputed = "The recount does not reproduce the result of the file."
        found.append(Sentence(reproduced if self.is_reproduced else disputed, {}))
        return tuple(found)


def recount(value: Mapping[str, Any]) -> Verdict:
    """Count an exported decision again; raises a FileError for what cannot be recounted.

    `value` is the file's JSON; its schema is in `docs/recount.schema.json`.
    """
    try:
        return _recount(read(value))
    except RecursionError:
        raise NotADecision(reason="it is nested too deeply") from None


def _recount(decision: Decision) -> Verdict:
    method = METHODS.get(decision.method)
    if method is None:
        raise NotADecision(reason=f'there is no method "{decision.method}"')
    rows, carried_people = _rows(decision, method)
    lot = None
    if decision.key is not None:
        lot = Lot.of_rows(decision.key, decision.decision, rows)
    try:
        result = method.count(
            rows, decision.options, seats=decision.seats, lot=lot, **decision.limits
        )
    except FileError:
        raise
    except VotingError as error:
        raise NotADecision(reason=str(error)) from error
    turnout = result.n_ballots + carried_people
    passed = _passed(decision, result, turnout)
    differences = tuple(_differences(decision, method, result, turnout=turnout, passed=passed))
    return Verdict(result=result, turnout=turnout, passed=passed, differences=differences)


def _rows(decision: Decision, method: Method) -> tuple[list[tuple[bytes, int]], int]:
    """Return the packed ballots with their weights, and how many people they carry."""
    if decision.electorate is None:
        if any(cast.voter is not None or cast.weight is None for cast in decision.ballots):
            raise NotADecision(reason="without an electorate a ballot has a weight and no voter")
        if decision.delegations or decision.recused:
            raise NotADecision(reason="anonymous ballots carry nobody")
        return [(cast.packed, cast.weight or 0) for cast in decision.ballots], 0
    members = {voter: number for number, voter in enumerate(decision.electorate)}
    weights = list(decision.electorate.values())
    cast_by = _cast_by(decision, members)
    sound = [member for member, packed in cast_by.items() if _is_sound(method, decision, packed)]
    if not decision.delegations:
        return [(packed, weights[member]) for member, packed in cast_by.items()], 0
    delegates = [NOBODY] * len(members)
    for giver, receiver in decision.delegations.items():
        delegates[_member(members, giver, "delegations")] = members.get(receiver, NOBODY)
    recused = [_member(members, voter, "recused") for voter in decision.recused]
    carried = carry(delegates, ballots=sound, weights=weights, recused=recused, cap=decision.cap)
    rows = [
        (packed, carried.counted_weight[member] if carried.ends[member] == member else 0)
        for member, packed in cast_by.items()
    ]
    return rows, carried.turnout - len(sound)


def _cast_by(decision: Decision, members: Mapping[str, int]) -> dict[int, bytes]:
    cast_by: dict[int, bytes] = {}
    for cast in decision.ballots:
        if cast.voter is None or cast.weight is not None:
            raise NotADecision(reason="with an electorate a ballot has a voter and no weight")
        member = _member(members, cast.voter, "ballots")
        if member in cast_by:
            raise SameVoter(voter=cast.voter, list='"ballots"')
        if cast.voter in decision.recused:
            raise NotADecision(reason=f'"{cast.voter}" is recused and has a ballot')
        cast_by[member] = cast.packed
    return cast_by


def _member(members: Mapping[str, int], voter: str, place: str) -> int:
    if voter not in members:
        raise Stranger(voter=voter, list=f'"{place}"')
    return members[voter]


def _is_sound(method: Method, decision: Decision, packed: bytes) -> bool:
    try:
        method.unpack(packed, len(decision.options), **decision.limits)
    except VotingError:
        return False
    return True


def _passed(decision: Decision, result: Result, turnout: int) -> bool | None:
    gates = decision.gates
    if gates is None:
        return None
    passed = gates.quorum is None or quorum_met(turnout, gates.quorum)
    if gates.threshold is not None:
        options = list(result.options)
        if gates.for_option not in options or gates.against_option not in options:
            raise NotADecision(reason='"gates" names an option that does not exist')
        in_favour = result.totals[options.index(gates.for_option)]
        against = result.totals[options.index(gates.against_option)]
        if not isinstance(in_favour, int) or not isinstance(against, int):
            raise NotADecision(reason=f"{result.method} has no threshold")
        passed = passed and threshold_met(in_favour, against, gates.threshold)
    return passed


def _differences(
    decision: Decision, method: Method, result: Result, *, turnout: int, passed: bool | None
) -> Sequence[Sentence]:
    found = list[Sentence]()
    if decision.key is not None and decision.commitment != commitment(decision.key):
        found.append(Sentence("The lot's key is not the one that was committed to.", {}))
    if result.is_tied and decision.key is None:
        found.append(Sentence("There is a tie, and the file holds no key for the lot.", {}))
    for stated, counted, fact in (
        (decision.turnout, turnout, "turnout"),
        (decision.passed, passed, "passed"),
    ):
        if stated is not None and stated != counted:
            found.append(_difference(fact, stated, counted))
    if decision.result is not None:
        counted_facts = _facts(result.facts())
        stated_facts = _facts(decision.result)
        for fact in sorted({*stated_facts, *counted_facts}):
            stated, counted = stated_facts.get(fact), counted_facts.get(fact)
            if stated != counted:
                found.append(_difference(fact, stated, counted))
    found += _miswritten(decision, method)
    return found


def _facts(value: Any) -> Any:
    """Return what a result states, without the words in which a tie is told."""
    if isinstance(value, Mapping):
        return {name: _facts(inner) for name, inner in value.items() if name not in WORDS}
    if isinstance(value, list | tuple):
        return [_facts(inner) for inner in value]
    return value


def _difference(fact: str, stated: object, counted: object) -> Sentence:
    def shown(value: object) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        return text if len(text) <= 200 else text[:200] + "…"

    values = {"fact": fact, "stated": shown(stated), "counted": shown(counted)}
    return Sentence(DIFFERENCE, values)


def _miswritten(decision: Decision, method: Method) -> Sequence[Sentence]:
    """Return a sentence for each ballot whose text is not what is stored."""
    found = list[Sentence]()
    for number, cast in enumerate(decision.ballots, start=1):
        if cast.written is None or not _is_sound(method, decision, cast.packed):
            continue
        ballot = method.unpack(cast.packed, len(decision.options), **decision.limits)
        if method.write(ballot, decision.options) != cast.written:
            text = 'Ballot {number} is written "{written}", which is not what is stored.'
            found.append(Sentence(text, {"number": number, "written": cast.written[:200]}))
    return found


def main(arguments: Sequence[str]) -> int:
    """Recount one file; write what was found, and return how it ended."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m core.voting.recount FILE\n")
        return REFUSED
    try:
        path = Path(arguments[0])
        if path.stat().st_size > FILE_BYTES_MAX:
            raise NotADecision(reason="the file is too large")
        verdict = recount(parse(path.read_text("utf-8")))
    except (FileError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    for sentence in verdict.sentences():
        sys.stdout.write(sentence.template.format_map(sentence.values) + "\n")
    return REPRODUCED if verdict.is_reproduced else DISPUTED


if __name__ == "__main__":
    # Who reads this may leave before its end, as head does. Not every system has that signal.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    raise SystemExit(main(sys.argv[1:]))
