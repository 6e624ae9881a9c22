"""Errors are facts with a sentence of their own, which says what to do next."""

from datetime import timedelta
from typing import Any

import pytest

import bot.platforms.discord.seats
import bot.platforms.telegram.refusals  # noqa: F401 - for the errors in it
from core.kernel.errors import ToldBefore, UserError, keep, recall
from core.kernel.text import Code, CommandName, MemberId, T, Text, Value, placeholders
from tests.world import START, World

HOUSE = [
    error for error in UserError.known.values() if error.__module__.startswith(("core.", "bot."))
]
# A sentence tells the next step with one of these.
STEPS = (
    "ask", "type ", "use ", "write", "choose", "please", "try ", "open ", "vote", "press", "wait",
    "withdraw", "leave", "repeat", "name it", "lists them", "takes", "extend", "change it",
    "a person has to", "need do nothing", "such as", "true or false", "the options are", "as in",
    "shorten", "nothing left to do", "join it", "copy ",
)  # fmt: skip
# These say what was wrong in the words of the part that knows.
PASSED_ON = {"NotABallot"}


@pytest.mark.parametrize("error", HOUSE, ids=lambda error: error.__name__)
def test_a_sentence_is_whole_and_says_what_to_do(error: type[UserError]) -> None:
    sentence = error.sentence()
    if error.__name__ in PASSED_ON:
        return
    assert sentence != UserError.sentence(), "it has a sentence of its own"
    assert sentence[0].isupper() or sentence[0] in "{#"
    assert sentence[-1] in ".}", sentence
    assert any(step in sentence.casefold() for step in STEPS), sentence


@pytest.mark.parametrize("error", HOUSE, ids=lambda error: error.__name__)
def test_facts_and_places_have_to_match(error: type[UserError]) -> None:
    names = placeholders(error.sentence())
    assert error(**dict.fromkeys(names, "x")).facts.keys() == names
    with pytest.raises(TypeError, match="differ"):
        error(**dict.fromkeys([*names, "one_more"], "x"))
    if names:
        with pytest.raises(TypeError, match="differ"):
            error()


def test_two_errors_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="two errors"):
        type("Closed", (UserError,), {"__doc__": "It is closed. Try a window."})


class _Fact(UserError):
    """It was {what}. Try another."""


@pytest.mark.parametrize(
    "value",
    [
        3,
        True,
        MemberId(7),
        START,
        timedelta(hours=3),
        CommandName("help"),
        T("{n} of {who}", n=3, who=MemberId(4)),
        Text("1 vote", {"n": 2}, "{n} votes"),
    ],
)
def test_numbers_people_times_and_our_own_texts_are_kept(value: Value) -> None:
    again = recall(keep(_Fact(what=value)))
    assert type(again) is _Fact
    assert again.facts == {"what": value}
    assert type(again.facts["what"]) is type(value)


@pytest.mark.parametrize(
    "kept", [{"error": "Gone1999", "facts": {}}, {"error": "_Fact", "facts": {"why": 1}}]
)
def test_what_an_earlier_version_refused_can_still_be_told(kept: dict[str, Any]) -> None:
    assert type(recall(kept)) is ToldBefore


@pytest.mark.parametrize("words", ["somebody's words", Code("words"), T("{w}", w="words")])
def test_people_s_words_are_not_kept(words: Value) -> None:
    kept = keep(_Fact(what=words))
    assert "words" not in str(kept)
    again = recall(kept).facts["what"]
    assert (again.values["w"] if isinstance(again, Text) else again) == "…"


def test_the_second_delivery_of_a_refusal_reads_as_the_first(world: World) -> None:
    for line in ("/config set quorum 3", "/show 1", "/poll Lunch? a", "/extend 1 1h x"):
        ana = world.member("ana")
        first = ana.says(line)
        assert ana.reply is not None
        assert ana.reply.error is not None
        again = recall(keep(ana.reply.error))
        assert again.text.template == ana.reply.error.text.template
        assert first
