"""Secret polls: nothing of how they stand is anywhere before the close, and names never."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from core.kernel.feature import House
from core.proposals import FEATURE, rules
from tests.asking import ask
from tests.world import World

OPTIONS = ("Pizza", "Soup", "Rice")


@pytest.fixture(params=["", " multiple=true"], ids=["one", "several"])
def poll(world: World, request: pytest.FixtureRequest) -> World:
    """A world with a secret poll in which ben chose Soup and cy Pizza."""
    world.member("ana").says(f"/poll Lunch? Pizza | Soup | Rice secret=true{request.param}")
    world.member("ben").presses("Soup", 1)
    world.member("cy").presses("Pizza", 1)
    return world


def exported(tx: Any, house: House) -> Iterator[str]:
    """Yield every cell that an export would write."""
    for feature in house.features:
        if feature.export is not None:
            for sheet in feature.export(tx, 1):
                yield from (str(cell) for row in sheet.rows for cell in row)


def test_the_card_shows_who_could_be_chosen_and_no_tally(poll: World) -> None:
    card = poll.card(1)
    assert "2 people voted." in card
    assert "%" not in card
    assert "█" not in card
    assert "Secret: until the close nobody sees how the votes stand" in card


def test_what_others_can_ask_for_is_the_same_whatever_was_chosen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Two rooms with other choices look the same to everybody but the voters."""
    seen = []
    for choices in itertools.permutations(OPTIONS, 2):
        world = World(tmp_path_factory.mktemp("room"))
        world.member("ana").says("/poll Lunch? Pizza | Soup | Rice secret=true")
        for name, choice in zip(("ben", "cy"), choices, strict=True):
            world.member(name).presses(choice, 1)
        dot = world.member("dot")
        for line in ("/show 1", "/proposals", "/me", "/config show", "/help"):
            dot.says(line)
        journal = dot.says("/journal").partition("(Head")[0]
        seen.append((world.public, dot.private[:-1], journal, [*exported(world.tx, world.house)]))
        world.close()
    assert all(one == seen[0] for one in seen)


def test_the_journal_and_the_tally_hold_no_choice(poll: World) -> None:
    assert poll.tx.all("select totals, leader from running") == [("[0,0,0]", None)]
    told = poll.tx.all("select args, facts from journal where command in ('vote', 'tick')")
    assert len(told) == 2
    for args, facts in told:
        assert '"sealed"' in args
        assert '"sealed"' in facts
        for word in ("Pizza", "Soup", "010000", '"option":1', '"option":2', "#1", "#2"):
            assert word not in args + facts


def test_the_export_has_no_ballot_before_the_close_and_no_name_after(poll: World) -> None:
    sheets = {one.name: one for one in FEATURE.export(poll.tx, 1)}  # type: ignore[misc]
    assert list(sheets["ballots"].rows) == []
    poll.advance(days=1)
    sheets = {one.name: one for one in FEATURE.export(poll.tx, 1)}  # type: ignore[misc]
    rows = list(sheets["ballots"].rows)
    assert sorted(row[2] for row in rows) == ["Pizza", "Soup"]
    assert all(row[1] is None and row[4] is None for row in rows)


def test_a_ballot_typed_where_others_listen_is_refused(poll: World) -> None:
    answer = poll.member("ben").is_refused("/vote 1 Rice", rules.SecretHere)
    assert "Press a button" in " ".join(answer.split())
    args = {"proposal": "1", "choice": "Rice"}
    assert ask(poll, "vote", args, is_overheard=False).error is None


def test_a_voter_sees_the_own_ballot_and_others_do_not(poll: World) -> None:
    assert "Soup" in poll.member("ben").says("/me")
    assert "Soup" not in poll.member("cy").says("/me").partition("#1")[2].partition("Waiting")[0]
    assert "Waiting for your ballot" in poll.member("ana").says("/me")
    assert "not taken part here yet" in poll.member("dot").says("/me")


def test_after_the_close_the_totals_are_shown_and_no_names(poll: World) -> None:
    poll.member("dot").presses("Soup", 1)
    poll.advance(days=1)
    assert "Soup wins." in poll.card(1)
    assert "2 votes (67 %)" in poll.card(1)
    for name in ("ben", "cy", "dot"):
        assert name not in poll.card(1)
    assert "Soup" not in poll.member("eve").says("/journal")


def test_a_secret_poll_that_is_withdrawn_stays_secret(poll: World) -> None:
    poll.member("ana").says("/withdraw 1")
    assert "%" not in poll.card(1)
    poll.advance(days=2)
    sheets = {one.name: one for one in FEATURE.export(poll.tx, 1)}  # type: ignore[misc]
    assert list(sheets["ballots"].rows) == []


def test_while_the_ballots_are_counted_nothing_is_shown(poll: World) -> None:
    poll.clock.set(poll.clock.now().replace(day=4))
    copy = poll.member("dot").says("/show 1")
    assert "%" not in copy + poll.card(1)
    assert "being counted" in poll.member("dot").says("/proposals")
