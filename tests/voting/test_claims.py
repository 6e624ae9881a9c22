"""This file is the proof of what each method claims, and a counter-example to what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS
from core.voting.claims import Claim
from tests.voting.elections import Election, Limits, elections, law
from tests.voting.properties import CLAIMED, NOT_CLAIMED, PROPERTIES


@pytest.mark.parametrize(("name", "claim"), CLAIMED)
@law
@given(data=st.data())
def test_a_method_keeps_what_it_claims(name: str, claim: Claim, data: st.DataObject) -> None:
    method = METHODS[name]
    assert PROPERTIES[claim](method, data.draw(elections(method)))


OPTIONS = ("Berlin", "Lisbon", "Porto", "Évora")
TENNESSEE = {
    "Berlin > Lisbon > Porto > Évora": 42,
    "Lisbon > Porto > Évora > Berlin": 26,
    "Porto > Évora > Lisbon > Berlin": 15,
    "Évora > Porto > Lisbon > Berlin": 17,
}
NOT_MONOTONE = {
    "Lisbon": 6,
    "Porto > Lisbon > Berlin": 5,
    "Porto > Berlin": 2,
    "Berlin": 8,
}
NOT_REVERSED = {"Lisbon > Porto": 1, "Berlin": 2}

# For each property that a method does not claim, an election in which it fails.
COUNTER_EXAMPLES: dict[tuple[str, Claim], tuple[dict[str, int], int, Limits]] = {
    ("borda", Claim.CONDORCET): ({"Porto > Lisbon": 1, "Berlin > Porto": 2}, 1, {}),
    ("borda", Claim.CLONE_PROOF): ({"Berlin > Lisbon": 3, "Lisbon > Berlin": 2}, 1, {}),
    ("copeland", Claim.CLONE_PROOF): (
        {
            "Berlin > Évora": 3,
            "Porto > Évora > Lisbon > Berlin": 4,
            "Lisbon > Berlin > Porto > Évora": 4,
        },
        1,
        {},
    ),
    ("instant-runoff", Claim.MONOTONE): (NOT_MONOTONE, 1, {}),
    ("instant-runoff", Claim.CONDORCET): (TENNESSEE, 1, {}),
    ("instant-runoff", Claim.REVERSAL): (NOT_REVERSED, 1, {}),
    ("stv", Claim.MONOTONE): (NOT_MONOTONE, 1, {}),
    ("stv", Claim.CONDORCET): (TENNESSEE, 1, {}),
    ("stv", Claim.REVERSAL): (NOT_REVERSED, 1, {}),
    # the quota is a whole number of votes: of 4 it takes half, of 4 million a third
    ("stv", Claim.SCALE_FREE): ({"Lisbon > Berlin > Porto": 3, "Porto > Lisbon": 1}, 2, {}),
    # what everybody wants can cost more than there is
    ("budget", Claim.UNANIMITY): ({"Lisbon 5": 1}, 1, {"costs": [4, 6], "money": 2}),
    ("budget-shares", Claim.UNANIMITY): ({"Lisbon 5": 1}, 1, {"costs": [4, 6], "money": 2}),
    ("budget-shares", Claim.MONOTONE): (
        {"": 1, "Berlin 3, Lisbon 1": 2},
        1,
        {"costs": [5, 3], "money": 5},
    ),
}


@pytest.mark.parametrize(("name", "claim"), NOT_CLAIMED)
def test_what_a_method_does_not_claim_has_a_counter_example(name: str, claim: Claim) -> None:
    method = METHODS[name]
    ballots, seats, limits = COUNTER_EXAMPLES[name, claim]
    options = tuple(option for option in OPTIONS if option in "".join(ballots) or limits)
    options = options[: len(limits.get("costs", options))]  # type: ignore[arg-type]
    rows = [(method.pack(method.read(text, options)), n) for text, n in ballots.items() if text]
    blank = [(bytes(len(options)), n) for text, n in ballots.items() if not text]
    election = Election(options, (*rows, *blank), seats, limits)
    assert not PROPERTIES[claim](method, election)
