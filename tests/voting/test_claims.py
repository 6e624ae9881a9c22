"""This file is the proof of what each method claims, and a counter-example to what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS
from core.voting.claims import Claim
from tests.voting.elections import elections, law
from tests.voting.properties import CLAIMED, PROPERTIES


@pytest.mark.parametrize(("name", "claim"), CLAIMED)
@law
@given(data=st.data())
def test_a_method_keeps_what_it_claims(name: str, claim: Claim, data: st.DataObject) -> None:
    method = METHODS[name]
    assert PROPERTIES[claim](method, data.draw(elections(method)))
