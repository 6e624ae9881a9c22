"""Votes as tables for a spreadsheet, and as files that anybody can count again."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.kernel.clock import from_ms
from core.kernel.feature import Sheet
from core.kernel.tx import Tx
from core.proposals import ballots, box, store
from core.proposals.model import Proposal
from core.proposals.papers import written


def export(tx: Tx, community: int) -> Sequence[Sheet]:
    """Return the votes and their ballots; of a secret vote nothing before its close."""
    found = store.all_of(tx, community)
    return (
        Sheet(
            "votes",
            ("number", "kind", "author", "title", "details", "options", "method", "secret",
             "quorum", "threshold", "opened", "closes", "withdrawn", "outcome", "turnout",
             "totals", "winners"),
            [_vote(one) for one in found],
        ),
        Sheet(
            "ballots",
            ("vote", "member", "choice", "weight", "cast"),
            _ballots(tx, found),
        ),
    )  # fmt: skip


def _vote(one: Proposal) -> list[Any]:
    result = one.result or {}
    options = ballots.names_of(one.options)
    return [
        one.number,
        one.sort.value,
        one.author,
        one.title,
        one.details,
        " | ".join(options),
        one.rule.method,
        one.rule.is_secret,
        one.rule.quorum,
        one.rule.threshold,
        one.opened_at,
        one.closes_at,
        one.withdrawal.at if one.withdrawal else None,
        result.get("outcome"),
        result.get("turnout", one.running.turnout),
        " | ".join(str(total) for total in result.get("totals", ())),
        " | ".join(options[at] for at in result.get("winners", ())),
    ]


def _ballots(tx: Tx, found: Sequence[Proposal]) -> Iterator[list[Any]]:
    for one in found:
        if one.rule.is_secret:
            if one.result is None:
                continue
            for packed, weight, alike in box.alike(tx, one.id):
                choice = written(one, packed)
                yield from ([one.number, None, choice, weight, None] for _ in range(alike))
            continue
        for ballot in box.ballots(tx, one.id):
            cast_at = from_ms(ballot.at_ms)
            yield [one.number, ballot.voter, written(one, ballot.choice), ballot.weight, cast_at]
