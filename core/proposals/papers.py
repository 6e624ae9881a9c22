"""Each closed vote as a file that anybody can count again: `python -m core.voting.recount FILE`."""

from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from core.kernel.feature import Paper
from core.kernel.tx import Tx
from core.proposals import ballots, box, closing, store
from core.proposals.model import PROPOSAL_OPTIONS, Proposal, Sort, State
from core.voting import METHODS, BallotError, Lot, commitment
from core.voting.decision import Cast, Decision, Gates
from core.voting.export import file_of


def papers(tx: Tx, community: int) -> Iterator[Paper]:
    """Yield the file of each closed vote; of a secret one it says nothing about voters."""
    for one in store.all_of(tx, community):
        if one.result is not None:
            yield Paper(f"decisions/{one.number}", file_of(decision(tx, one, one.result)))


def decision(tx: Tx, one: Proposal, record: Mapping[str, Any]) -> Decision:
    """Return a closed vote as a decision, with the result that was announced.

    The electorate of an open vote is who took part, by member number: each counts once. Without
    it, where the vote was secret, ballots stand in the order of their bytes.
    """
    options = ballots.names_of(one.options)
    casts = _secret(tx, one) if one.rule.is_secret else _open(tx, one)
    voters = {_voter(ballot): ballot.weight for ballot in box.ballots(tx, one.id)}
    return Decision(
        decision=closing.decision_id(one),
        method=one.rule.method,
        options=options,
        ballots=tuple(casts),
        electorate=None if one.rule.is_secret else voters,
        gates=_gates(one),
        commitment=commitment(one.lot_key),
        key=one.lot_key,
        result=_announced(tx, one, record),
        turnout=record["turnout"],
        passed=record["outcome"] == State.PASSED.value if one.sort is Sort.PROPOSAL else None,
    )


def _secret(tx: Tx, one: Proposal) -> list[Cast]:
    alike = (
        repeat(Cast(packed, weight=weight, written=written(one, packed)), n)
        for packed, weight, n in box.alike(tx, one.id)
    )
    return list(chain.from_iterable(alike))


def _open(tx: Tx, one: Proposal) -> list[Cast]:
    return [
        Cast(ballot.choice, _voter(ballot), None, written(one, ballot.choice))
        for ballot in box.ballots(tx, one.id)
    ]


def _voter(ballot: box.Cast) -> str:
    return f"member {ballot.voter}"


def written(one: Proposal, packed: bytes) -> str | None:
    """Return a stored ballot as people write it; None where it is not one."""
    try:
        return ballots.write(one.rule.method, one.options, packed)
    except BallotError:
        return None


def _gates(one: Proposal) -> Gates | None:
    if one.sort is Sort.POLL:
        return None
    in_favour, against, _ = PROPOSAL_OPTIONS
    return Gates(one.rule.quorum, one.rule.threshold, in_favour, against)


def _announced(tx: Tx, one: Proposal, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of the count, with what was announced wherever the record says it.

    The record keeps less than a count finds; so a record that was tampered with is disputed by
    the recount, and one that was not is reproduced.
    """
    rows = [(packed, weight) for packed, weight, n in box.alike(tx, one.id) for _ in range(n)]
    options = ballots.names_of(one.options)
    lot = Lot.of_rows(one.lot_key, closing.decision_id(one), rows)
    facts = METHODS[one.rule.method].count(rows, options, lot=lot).facts()
    announced = {name: record[name] for name in ("method", "weight", "invalid", "totals")}
    winners = record["winners"]
    if len(winners) == 1:
        announced["winners"] = winners
    elif "lot" in record and not one.is_erased:  # erased options are drawn in another order
        announced["winners"] = record["lot"]["order"][:1]
    return {**facts, **announced}
