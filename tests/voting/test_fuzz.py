"""This file is a short run of malformed input; the long one is `python -m tests.voting.fuzz`."""

from tests.voting.fuzz import run


def test_no_input_of_some_thousands_crashes() -> None:
    run(4_000, seed=0)
