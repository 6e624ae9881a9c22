"""This file is how a decision is written so that anybody can recount it."""

from fractions import Fraction
from typing import Any

from core.voting.decision import FORMAT, VERSION, Cast, Decision


def file_of(decision: Decision) -> dict[str, Any]:
    """Return the JSON value of a decision's file; reading it gives the decision back."""
    gates = decision.gates
    return _known(
        format=FORMAT,
        version=VERSION,
        decision=decision.decision,
        method=decision.method,
        options=list(decision.options),
        seats=decision.seats,
        limits=dict(decision.limits),
        gates=gates
        and _known(
            quorum=gates.quorum,
            threshold=_fraction(gates.threshold),
            **{"for": gates.for_option, "against": gates.against_option},
        ),
        electorate=None
        if decision.electorate is None
        else [{"voter": voter, "weight": n} for voter, n in decision.electorate.items()],
        delegations=[{"from": giver, "to": to} for giver, to in decision.delegations.items()],
        recused=list(decision.recused),
        cap=_fraction(decision.cap),
        ballots=[_cast(cast) for cast in decision.ballots],
        lot=_known(
            commitment=decision.commitment and decision.commitment.hex(),
            key=decision.key and decision.key.hex(),
        ),
        result=decision.result and dict(decision.result),
        outcome=_known(turnout=decision.turnout, passed=decision.passed),
    )


def _cast(cast: Cast) -> dict[str, Any]:
    return _known(
        voter=cast.voter, weight=cast.weight, packed=cast.packed.hex(), written=cast.written
    )


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _known(**entries: Any) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if value is not None}
