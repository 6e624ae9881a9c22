"""Canonical texts: what is written is read back, and what is not whole is refused as JSON is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.canonical import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda some: st.lists(some) | st.dictionaries(st.text(), some),
)


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert decode(encode(value)) == value
    assert decode(f" {encode(value)}\n") == value


@pytest.mark.parametrize("text", ["", " ", "{", '{"a":1}x', "1 2", '"\n"', "[1,]", "nul"])
def test_what_is_not_whole_is_refused_as_json_refuses_it(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)
    with pytest.raises(json.JSONDecodeError) as ours:
        decode(text)
    assert str(ours.value) == str(theirs.value)
