"""From ballots to a result: counted, held against the rule, and written as a record."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

from core.kernel.canonical import digest
from core.proposals.ballots import names_of
from core.proposals.model import AGAINST, FOR, Proposal, Sort, State
from core.voting import METHODS, Lot, quorum_met, threshold_met

# More ballots than these are counted by a worker, outside the engine.
COUNT_HERE_MAX = 20_000

Alike = tuple[bytes, int, int]


def decision_id(proposal: Proposal) -> str:
    """Return the id that the lot's seed is made with."""
    return f"{proposal.community}/{proposal.number}"


def count(proposal: Proposal, box: Sequence[Alike]) -> dict[str, Any]:
    """Return the record of a count: facts only, no text that somebody wrote.

    `box` holds (packed choice, weight, how many are alike). The record is a function of the
    ballots, the rule and the lot's key alone, so that anybody can compute it again.
    """
    method = METHODS[proposal.rule.method]
    options = names_of(proposal.options)
    n = sum(alike for _, _, alike in box)
    lot = Lot.of_rows(proposal.lot_key, decision_id(proposal), _rows(box))
    # Equal ballots weigh together what they weigh apart; only those that cannot be read are
    # counted by the piece.
    result = method.count([(packed, weight * times) for packed, weight, times in box], options)
    if result.invalid:
        result = method.count(_rows(box), options)
    record: dict[str, Any] = {
        "method": proposal.rule.method,
        "turnout": n,
        "weight": result.weight,
        "invalid": result.invalid,
        "totals": list(result.totals),
        "winners": list(result.winners),
        "options": [digest([option]) for option in proposal.options],
    }
    if proposal.sort is Sort.PROPOSAL:
        has_quorum = quorum_met(n, proposal.rule.quorum)
        has_share = threshold_met(
            int(result.totals[FOR]), int(result.totals[AGAINST]), proposal.rule.threshold
        )
        record["gates"] = {"quorum": has_quorum, "threshold": has_share}
        passed = has_quorum and has_share
        record["outcome"] = (State.PASSED if passed else State.FAILED).value
        return record
    if not result.winners:
        record["outcome"] = State.EMPTY.value
    elif len(result.winners) == 1:
        record["outcome"] = State.DECIDED.value
    else:
        record["outcome"] = State.TIED.value
        drawn = [at for at in lot.order(options) if at in result.winners]
        record["lot"] = {
            "key": proposal.lot_key.hex(),
            "seed": lot.seed.hex(),
            "order": drawn,
        }
    return record


def same_record(proposal: Proposal, kept: dict[str, Any], again: dict[str, Any]) -> bool:
    """Whether a recount gives the kept record.

    Where the author had the options erased, their digests and the lot's order among them
    cannot be computed any more and are taken from the record.
    """
    if proposal.is_erased and proposal.sort is Sort.POLL:
        again = {**again, "options": kept.get("options")}
        if "lot" in again:
            again["lot"] = {**again["lot"], "order": kept.get("lot", {}).get("order")}
    return kept == again


def _rows(box: Iterable[Alike]) -> Iterable[tuple[bytes, int]]:
    return chain.from_iterable(repeat((packed, weight), alike) for packed, weight, alike in box)
