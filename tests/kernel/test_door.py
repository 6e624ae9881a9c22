"""The one door: once only, alone in a savepoint, with rights that nothing from outside can set."""

import logging
from dataclasses import replace

import pytest

from core.kernel.codec import UnknownButton
from core.kernel.errors import UserError
from core.kernel.reading import (
    GivenTwice,
    Missing,
    NotANumber,
    TooLarge,
    TooLong,
    TooSmall,
    UnknownOption,
)
from core.kernel.request import Asker, Kind
from core.kernel.rights import UnknownCommand
from core.kernel.unit import Unit
from core.proposals import FEATURE, rules
from core.proposals.commands import NotABallot
from tests.asking import ask, refused, request, somebody
from tests.world import World

BALLOT = {"proposal": "1", "choice": "for"}


@pytest.fixture
def hall(world: World) -> World:
    """A world with a proposal and a poll of several."""
    world.member("ana").says("/propose Paint the hall")
    world.member("ana").says("/poll Lunch? Pizza | Soup multiple=true")
    return world


def test_a_request_counts_once_and_is_answered_the_same(hall: World) -> None:
    press = request("", press=f"#{hall.button('Pizza', 2)}", id="room:1")
    first = hall.ask(press)
    with hall.unchanged():
        again = hall.ask(press)
    assert again.shown == first.shown
    assert hall.tx.all("select turnout from running where turnout > 0") == [(1,)]


def test_a_request_twice_in_one_batch_counts_once(hall: World) -> None:
    press = request("", press=f"#{hall.button('Pizza', 2)}", id="room:1")
    first, again = hall.batch.run([press, press])
    assert first.value.shown == again.value.shown
    assert hall.tx.all("select turnout from running where turnout > 0") == [(1,)]


def test_what_was_done_is_told_even_to_somebody_who_was_forgotten_meanwhile(hall: World) -> None:
    vote = request("vote", BALLOT, id="room:1")
    hall.ask(vote)
    hall.ask(request("forget me", {"confirm": "yes"}))
    with hall.unchanged():
        (told,) = hall.batch.run([vote])
    assert not told.value.is_bug
    assert "done already" in told.value.shown.view.blocks[0].text.template


def test_a_refusal_is_kept_and_told_again_though_things_have_changed(world: World) -> None:
    world.member("ana").says("/help")
    early = request("vote", BALLOT, id="room:early")
    first = world.ask(early)
    world.member("ana").says("/propose Paint the hall")
    with world.unchanged():
        again = world.ask(early)
    assert type(again.error) is type(first.error)


def test_what_only_reads_is_asked_anew(hall: World) -> None:
    show = request("proposals", id="room:list")
    first = hall.ask(show)
    hall.member("ben").says("/vote 1 for")
    assert hall.ask(show).shown != first.shown


def test_a_bug_changes_nothing_is_logged_once_and_is_not_kept(
    hall: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = request("vote", BALLOT, id="room:bug")
    with monkeypatch.context() as patch, hall.unchanged(), caplog.at_level(logging.ERROR):
        patch.setattr("core.proposals.turns.rules.leader", lambda *_: 1 // 0)
        (told,) = hall.batch.run([broken])
    assert told.value.is_bug
    text = told.value.shown.view.blocks[0].text
    assert text.values["ref"].exact in caplog.text
    assert "room:bug" in caplog.text
    assert len([one for one in caplog.records if one.levelno == logging.ERROR]) == 1
    assert hall.ask(broken).error is None


def test_one_that_fails_in_a_batch_rolls_back_alone(hall: World) -> None:
    askers = [somebody(f"p{n}") for n in range(5)]
    requests = [request("vote", BALLOT, asker=asker) for asker in askers]
    requests[2] = replace(requests[2], args={"proposal": "1", "choice": "perhaps"})
    told = hall.batch.run(requests)
    assert [type(one.value.error) for one in told] == [type(None)] * 2 + [NotABallot] + [
        type(None)
    ] * 2
    assert hall.tx.all("select turnout from running order by proposal") == [(4,), (0,)]
    assert hall.tx.all("select count(*) from member") == [(5,)], "the refused one is no member"


def test_a_founding_that_is_taken_back_leaves_no_trace_in_the_batch(world: World) -> None:
    told = world.batch.run([request("vote", BALLOT), request("propose", {"title": "Paint"})])
    assert told[0].value.error is not None
    assert told[1].value.error is None
    lines = world.tx.all("select seq, command from journal order by seq")
    assert lines == [(1, "found"), (2, "propose")]


def test_reading_the_journal_in_a_batch_sees_what_was_done_just_before(hall: World) -> None:
    vote = request("vote", BALLOT)
    told = hall.batch.run([vote, request("journal"), request("vote", BALLOT)])
    assert [one.value.is_bug for one in told] == [False] * 3
    newest = told[1].value.shown.view.blocks[0].rows[0]
    assert "vote" in newest.values["what"].exact
    assert hall.tx.all("select count(*) from journal where command = 'vote'") == [(2,)]


def test_a_bug_after_a_flush_takes_nobody_else_s_lines(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Being forgotten sends what waits; if it then fails, the lines of others must stay."""
    forget = request("forget me", {"confirm": "yes"}, asker=somebody("ana"))
    vote = request("vote", BALLOT)
    with monkeypatch.context() as patch:
        patch.setattr("core.community.store.rename_member", lambda *_: 1 // 0)
        told = hall.batch.run([vote, forget])
    assert [one.value.is_bug for one in told] == [False, True]
    assert hall.tx.all("select count(*) from ballot") == [(1,)]
    assert hall.tx.all("select count(*) from journal where command = 'vote'") == [(1,)]
    assert hall.ask(vote).error is None
    assert hall.tx.all("select count(*) from ballot") == [(1,)]


def test_a_job_that_fails_takes_nobody_else_s_lines(hall: World) -> None:
    def job(unit: Unit) -> None:
        unit.tx.send()
        raise LookupError

    told = hall.batch.run([request("vote", BALLOT), job])
    assert isinstance(told[1].error, Exception)
    assert hall.tx.all("select count(*) from journal where command = 'vote'") == [(1,)]


def test_many_votes_are_one_edit(hall: World) -> None:
    n = len(hall.deliveries)
    hall.batch.run([request("vote", BALLOT, asker=somebody(f"p{at}")) for at in range(20)])
    hall.settle()
    assert len(hall.deliveries) == n + 1
    assert "20 people voted." in hall.card(1)


def test_a_batch_chains_the_journal_over_its_requests(hall: World) -> None:
    hall.batch.run([request("vote", BALLOT, asker=somebody(f"p{at}")) for at in range(3)])
    assert FEATURE.verify is not None
    assert hall.tx.all("select seq from journal order by seq") == [(n,) for n in range(1, 7)]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "#",
        "#0",
        "#999",
        "#-1",
        "#1.0",
        "#²",
        "#" + "9" * 30,
        "nothing",
        "nothing:1",
        "\ud800",
        "\x00",
        "#\x00",
        "::::",
        "%",
        "x" * 10_000,
    ],
)
def test_a_forged_button_is_refused(hall: World, code: str) -> None:
    with refused(hall, UnknownButton) as replies:
        replies.append(ask(hall, "", press=code))


FORGED: list[tuple[str, type[UserError]]] = [
    ("vote", Missing),
    ("vote:1", Missing),
    ("vote:1:4", NotABallot),
    ("vote:1:", Missing),
    ("vote:99:1", UserError),
    ("vote:x:1", UserError),
    ("vote.99:x:1", UserError),
    ("tick:2", Missing),
    ("tick:2:0", TooSmall),
    ("tick:2:3", UnknownButton),
    ("tick:2:21", TooLarge),
    ("again:9223372036854775808", TooLarge),
    ("link_confirm:99999999999999999999", TooLarge),
    ("tick:1:1", UnknownButton),
    ("tick:2:x", NotANumber),
    ("tick:2:\ud800", NotANumber),
    ("proposal_close:1", UnknownCommand),
    ("proposal_outage:0", UnknownCommand),
    ("arrived:", UnknownCommand),
    ("config_set:quorum:0", UserError),
    ("extend:1:1h:because", UserError),
    (f"propose:{'x' * 121}", TooLong),
]


@pytest.mark.parametrize(("code", "error"), FORGED)
def test_a_forged_button_has_no_more_rights_than_its_presser(
    hall: World, code: str, error: type[UserError]
) -> None:
    with hall.unchanged():
        reply = ask(hall, "", press=code)
    assert isinstance(reply.error, error)


def test_arguments_too_many_on_a_button_are_dropped(hall: World) -> None:
    assert ask(hall, "", press="vote:1:1:2:3").error is None


def test_an_option_given_twice_is_refused_whatever_else_was_read(hall: World) -> None:
    with refused(hall, GivenTwice) as replies:
        replies.append(ask(hall, "vote", BALLOT, twice="choice"))
        replies.append(ask(hall, "vote", {}, twice="choice"))


def test_an_option_that_is_none_is_refused(hall: World) -> None:
    with refused(hall, UnknownOption) as replies:
        replies.append(ask(hall, "vote", {**BALLOT, "weight": "9"}))
        replies.append(ask(hall, "vote", {**BALLOT, "voter": "1"}))


@pytest.mark.parametrize("kind", [Kind.CLOCK, Kind.DECISION, Kind.SIGNER, Kind.WORKER])
def test_our_own_parts_cannot_do_what_people_do(hall: World, kind: Kind) -> None:
    with refused(hall, UnknownCommand) as replies:
        replies.append(ask(hall, "vote", BALLOT, asker=Asker(kind=kind)))


def test_the_clock_s_commands_are_asked_by_the_clock_alone(hall: World) -> None:
    hall.advance(days=2, hours=23)
    with refused(hall, UnknownCommand) as replies:
        for kind in (Kind.WORKER, Kind.DECISION, Kind.SIGNER, Kind.PERSON):
            asker = Asker(kind=kind, platform="room", account="x")
            args = {"proposal": 1}
            replies.append(ask(hall, "proposal close", args, asker=asker, is_stored=True))


def test_the_clock_s_commands_are_never_read_from_raw_arguments(hall: World) -> None:
    with refused(hall, UnknownCommand) as replies:
        asker = Asker(kind=Kind.CLOCK)
        replies.append(ask(hall, "proposal close", {"proposal": "1"}, asker=asker))


def test_closed_is_closed_for_every_way_to_ask(hall: World) -> None:
    button = hall.button("Pizza", 2)
    hall.advance(days=1)
    with refused(hall, rules.Closed) as replies:
        replies.append(ask(hall, "", press=f"#{button}"))
        replies.append(ask(hall, "", press="tick:2:1"))
        replies.append(ask(hall, "vote", {"proposal": "2", "choice": "Pizza"}))
