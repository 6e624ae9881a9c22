"""The demo plays its week: every sort of vote ends, 80 columns hold it, and it verifies."""

import io

from bot import demo


def test_the_demo_plays_a_week_that_verifies() -> None:
    out = io.StringIO()
    assert demo.play(out) == 0
    said = out.getvalue()
    for words in (
        "-- Monday --",
        "-- Wednesday --",
        "-- Sunday --",
        "Soup wins.",  # a poll
        "* Wed ████████████████ 3 votes (100 %)",  # a multiple choice
        "Secret poll by dan",
        "* Ben  ███████████░░░░░ 2 votes (67 %)",
        "Passed: 2 for, 1 against.",
        "The end moved, because the quorum was reached only near the end.",
        "Not passed: 1 took part, 3 were needed",
        "cleo thanks ben with 20 points.",
        "Pay 20 EUR from the pool jar to dan",
        "15 EUR went to 5 members.",
        "- ben: 6.50 EUR (20 points received, took part)",
        "votes: 6 checked, all fit",
        "paydays: 1 checked, all fit",
        "Everything fits.",
    ):
        assert words in said, words
    assert max(len(line) for line in said.splitlines()) <= 80


def test_the_demo_is_the_same_at_every_performance() -> None:
    first, second = io.StringIO(), io.StringIO()
    demo.play(first)
    demo.play(second)
    assert first.getvalue() == second.getvalue()
