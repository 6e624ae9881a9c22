"""Hostile words never break anything: they are refused in a sentence, or shown and do nothing."""

import unicodedata
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.words import clean, is_visible, skeleton
from tests.asking import ask, somebody
from tests.databases.stores import Store
from tests.laws.drawing import hostile
from tests.world import World

LINES = (
    "/poll {}? Pizza | Soup",
    "/poll Lunch? {} | Soup",
    "/poll Lunch? Pizza | Soup closes_in={}",
    "/propose {}",
    "/propose Paint {}\n{}\n{}",
    "/vote 1 {}",
    "/vote {} 1",
    "/withdraw {}",
    "/withdraw 1 {}",
    "/extend 1 {} {}",
    "/pool create {} EUR",
    "/pool create roof {}",
    "/pool fund {} 1 x",
    "/pool fund garden {} x",
    "/pool fund garden 1 {}",
    "/pool request garden {} @ben x",
    "/pool request garden 1 {} x",
    "/pool request garden 1 @ben {}",
    "/pool settle garden {} 1 x",
    "/pool show {}",
    "/stop {} x",
    "/stop 2 {}",
    "/retry {}",
    "/setup {}",
    "/channel {}",
    "/channel admin channel={}",
    "/config set {} 1",
    "/config set zone {}",
    "/config show {}",
    "/tip {} 3 the roof",
    "/tip @ben {} the roof",
    "/tip @ben 1 {}",
    "/undo {}",
    "/reverse {} {}",
    "/standing {}",
    "/leave {}",
    "/hide me {}",
    "/leaderboard {}",
    "/help {}",
    "/journal {}",
    "/proposals {}",
    "/show {}",
    "/forget me {}",
    "/{}",
    "{}",
)
# Our own isolates stand around words that turn the line; nobody else's may.
OURS = {"\u2068", "\u2069"}
TURNERS = {chr(code) for code in [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]} - OURS
_numbers = count(1)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("busy"))
    ana = world.member("ana*")
    ana.says("/poll First? Pizza | Soup closes_in=90d")
    ana.says("/pool create garden EUR")
    ana.says("/pool fund garden 100000 x")
    yield world
    world.close()


def is_inert(text: str) -> bool:
    """Whether a terminal shows just letters: no control, no surrogate, no turned line."""
    text.encode()
    turned = 0
    for char in text:
        if char in OURS:
            turned += 1 if char == "\u2068" else -1
            if turned not in (0, 1):
                return False
        elif char != "\n" and (unicodedata.category(char) in {"Cc", "Cs"} or char in TURNERS):
            return False
    return turned == 0


@given(words=hostile, line=st.sampled_from(LINES))
def test_hostile_words_are_refused_or_shown_inert(busy: World, words: str, line: str) -> None:
    n = len(busy.lines)
    busy.member(f"p{next(_numbers)}*").says(line.replace("{}", words))
    for shown in busy.lines[n:]:
        assert is_inert(shown), shown


@given(name=hostile, line=st.sampled_from(["/propose {} wants this", "/me", "/vote 1 1"]))
def test_a_hostile_name_is_shown_inert(busy: World, name: str, line: str) -> None:
    n = len(busy.lines)
    asker = somebody(f"q{next(_numbers)}", name=name)
    command, _, words = line.removeprefix("/").partition(" ")
    args = {"propose": {"title": words}, "vote": {"proposal": "1", "choice": "1"}}.get(command, {})
    ask(busy, command, args, asker=asker)
    for shown in busy.lines[n:]:
        assert is_inert(shown), shown


@given(line=st.one_of(hostile, hostile.map(lambda name: f"{name}: /vote 1 1")))
def test_any_line_in_the_room_is_heard_or_not(busy: World, line: str) -> None:
    n = len(busy.lines)
    heard = busy.room.hear(line, f"room:any:{next(_numbers)}")
    if heard is not None:
        speaker, request = heard
        busy.room.answer(speaker, busy.ask(request))
    for shown in busy.lines[n:]:
        assert is_inert(shown), shown


@given(text=hostile)
def test_clean_text_stays_as_it_is_and_can_be_kept(text: str) -> None:
    for is_long in (False, True):
        once = clean(text, is_long=is_long)
        once.encode()
        assert clean(once, is_long=is_long) == once
        assert is_inert(once)
        assert is_long or "\n" not in once


@given(text=hostile)
def test_two_texts_that_look_the_same_share_a_skeleton(text: str) -> None:
    seen = skeleton(clean(text))
    assert skeleton(clean(text.upper().casefold())) == skeleton(clean(text.casefold()))
    assert skeleton(f" {clean(text)}\u200b ") == seen
    if not is_visible(clean(text)):
        assert all(unicodedata.category(char) not in {"Lu", "Ll", "Nd"} for char in seen)
