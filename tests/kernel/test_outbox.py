"""The outbox: leased, told after the commit, cards until they are out, notices at most once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.letters import UNDRAWN_TRIES, Report, claim, report
from bot.platforms import console
from bot.platforms.console.read import HERE
from bot.platforms.console.render import render
from core.kernel import drawing, outbox
from core.kernel.call import Call
from core.kernel.clock import to_ms
from core.kernel.outbox import Delivery, Kind
from core.kernel.view import View
from core.proposals import face
from tests.asking import ask
from tests.world import World


@pytest.fixture
def mute(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world where nothing is delivered unless the test does it."""
    monkeypatch.setattr(world, "settle", lambda: None)
    world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
    return world


def claimed(world: World) -> list[Delivery]:
    found: list[Delivery] = world.job(claim(world.app, console.NAME))
    return found


def reported(world: World, *reports: Report) -> None:
    world.job(report(world.app, list(reports), pace_ms=0))


def wait(world: World, **length: float) -> None:
    world.clock.set(world.clock.now() + timedelta(**length))


def test_what_is_claimed_is_nobody_else_s_until_the_lease_is_over(mute: World) -> None:
    assert len(claimed(mute)) == 1
    assert claimed(mute) == []
    wait(mute, milliseconds=outbox.LEASE_MS - 1)
    assert claimed(mute) == []
    wait(mute, milliseconds=1)
    assert len(claimed(mute)) == 1


def test_a_new_process_takes_over_at_once(mute: World) -> None:
    claimed(mute)
    now_ms = to_ms(mute.clock.now())
    mute.job(lambda unit: outbox.release(unit.tx, console.NAME, now_ms))
    assert len(claimed(mute)) == 1


def test_a_card_is_drawn_as_things_stand_when_it_is_told(mute: World) -> None:
    mute.member("ben").says("/vote 1 Pizza")
    mute.member("cy").says("/vote 1 Pizza")
    (one,) = claimed(mute)
    assert "2" in str(one.shown.view.blocks)
    reported(mute, Report(one.row, message="m1"))
    assert claimed(mute) == []


def test_a_change_while_a_card_is_on_its_way_is_told_after_it(mute: World) -> None:
    (one,) = claimed(mute)
    mute.member("ben").says("/vote 1 Pizza")
    reported(mute, Report(one.row, message="m1"))
    (again,) = claimed(mute)
    assert again.row.message == "m1", "an edit of the same message"


def test_a_card_that_fails_is_told_later_and_never_given_up(mute: World) -> None:
    for n in range(30):
        (one,) = claimed(mute)
        reported(mute, Report(one.row, trouble="the network is down"))
        assert claimed(mute) == []
        wait(mute, milliseconds=min(1_000 * 2 ** min(n, 20), 900_000))
    assert len(claimed(mute)) == 1


def test_what_cannot_be_told_at_all_rests_until_it_changes(mute: World) -> None:
    (one,) = claimed(mute)
    reported(mute, Report(one.row, trouble="no right", is_final=True))
    wait(mute, minutes=30)
    assert [told.row.kind for told in claimed(mute)] == [Kind.NOTICE], "the author is told why"
    mute.member("ben").says("/vote 1 Pizza")
    assert [told.row.kind for told in claimed(mute)] == [Kind.CARD]


def test_a_card_whose_message_is_gone_is_sent_anew(mute: World) -> None:
    (one,) = claimed(mute)
    reported(mute, Report(one.row, message="m1"))
    mute.member("ben").says("/vote 1 Pizza")
    (edit,) = claimed(mute)
    reported(mute, Report(edit.row, is_lost=True))
    (again,) = claimed(mute)
    assert again.row.message == ""


def test_a_notice_is_told_at_most_once(mute: World) -> None:
    (card,) = claimed(mute)
    reported(mute, Report(card.row, message="m1"))
    wait(mute, hours=1)
    mute.run_due()
    notices = [one for one in claimed(mute) if one.row.kind is Kind.NOTICE]
    assert [one.account for one in notices] == ["ana"]
    wait(mute, milliseconds=outbox.LEASE_MS * 2)
    assert not [one for one in claimed(mute) if one.row.kind is Kind.NOTICE]


def test_a_post_is_told_at_least_once(mute: World) -> None:
    (card,) = claimed(mute)
    reported(mute, Report(card.row, message="m1"))
    wait(mute, hours=1)
    mute.run_due()
    assert [one for one in claimed(mute) if one.row.kind is Kind.POST]
    wait(mute, milliseconds=outbox.LEASE_MS * 2)
    assert [one for one in claimed(mute) if one.row.kind is Kind.POST]


# What no database takes: a column that is not there, a constraint that is broken.
REFUSED = ["select beard from proposal", "insert into state (name, value) values (null, null)"]


def spoil(monkeypatch: pytest.MonkeyPatch, sql: str, *, number: int = 1) -> None:
    """Have the store refuse something in the middle of drawing one card."""

    def draw(call: Call, shown: int) -> View:
        if shown == number:
            call.tx.run("insert into state (name, value) values ('half', 'drawn')")
            call.tx.all(sql)
        return face.card.draw(call, shown)

    monkeypatch.setitem(drawing.DRAWINGS, face.card.name, drawing.Drawing(face.card.name, draw))


@pytest.mark.parametrize("sql", REFUSED)
def test_a_drawing_that_the_store_refuses_holds_up_no_other(
    mute: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, sql: str
) -> None:
    mute.member("ben").says("/poll Dinner? Fish | Rice closes_in=1h")
    mute.member("cy").says("/poll Breakfast? Egg | Oats closes_in=1h")
    with monkeypatch.context() as broken:
        spoil(broken, sql, number=2)
        drawn = claimed(mute)
    assert [one.row.subject for one in drawn] == [
        '["proposals.card",1]',
        '["proposals.card",3]',
    ]
    assert len(re.findall("could not draw", caplog.text)) == 1
    reported(mute, *(Report(one.row, message="m") for one in drawn))
    assert mute.tx.all("select value from state where name = 'half'") == []
    assert claimed(mute) == []
    wait(mute, seconds=1)
    assert [one.row.subject for one in claimed(mute)] == ['["proposals.card",2]']


@pytest.mark.parametrize("sql", REFUSED)
def test_a_card_that_cannot_be_drawn_is_tried_ever_more_rarely_and_told_of_once(
    mute: World, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    notices = []
    with monkeypatch.context() as broken:
        spoil(broken, sql)
        for n in range(30):
            assert claimed(mute) == []
            wait(mute, milliseconds=min(1_000 * 2**n, 900_000) - 1)
            told = claimed(mute)
            assert {one.row.kind for one in told} <= {Kind.NOTICE}
            notices += [(n + 1, str(one.shown.view.blocks)) for one in told]
            wait(mute, milliseconds=1)
    ((tries, text),) = notices
    assert tries == UNDRAWN_TRIES
    assert "it could not be drawn" in text
    assert [one.row.kind for one in claimed(mute)] == [Kind.CARD]


def test_a_drawing_that_breaks_after_many_failed_sends_is_told_of_once(
    mute: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(UNDRAWN_TRIES + 1):
        (one,) = claimed(mute)
        reported(mute, Report(one.row, trouble="the network is down"))
        wait(mute, minutes=15)
    spoil(monkeypatch, REFUSED[0])
    told = []
    for _ in range(5):
        told += [one.row.kind for one in claimed(mute)]
        wait(mute, minutes=15)
    assert told == [Kind.NOTICE]


def test_a_card_that_is_moved_while_it_is_edited_is_sent_to_its_new_place(mute: World) -> None:
    (one,) = claimed(mute)
    reported(mute, Report(one.row, message="m1"))
    mute.member("ben").says("/vote 1 Pizza")
    wait(mute, hours=0.5)
    (edit,) = claimed(mute)
    mute.member("cy").says("/show 1")
    reported(mute, Report(edit.row, message="m1"))
    told = {one.row.kind: one.row.message for one in claimed(mute)}
    assert told == {Kind.POINTER: "m1", Kind.CARD: ""}


@pytest.mark.parametrize(("channel", "message"), [(HERE.channel, "m1"), ("barn", "")])
def test_a_card_asked_for_while_it_is_first_sent_is_sent_again_only_elsewhere(
    mute: World, channel: str, message: str
) -> None:
    wait(mute, hours=0.5)
    (one,) = claimed(mute)
    ask(mute, "show", {"proposal": "1"}, place=replace(HERE, channel=channel))
    reported(mute, Report(one.row, message="m1"))
    (again,) = claimed(mute)
    assert (again.row.channel, again.row.message) == (channel, message)


def test_a_card_that_cannot_be_told_of_holds_up_no_other(
    mute: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mute.member("ben").says("/poll Dinner? Fish | Rice closes_in=1h")

    def refused(call: Call, *_: object) -> None:
        call.tx.all(REFUSED[0])

    monkeypatch.setattr("core.proposals.tell", refused)
    lunch, dinner = claimed(mute)
    trouble = Report(lunch.row, trouble="no right", is_final=True)
    reported(mute, trouble, Report(dinner.row, message="m2"))
    assert "could not tell of" in caplog.text
    wait(mute, minutes=30)
    assert claimed(mute) == []


def test_the_author_is_told_once_of_a_card_that_stays_untold(mute: World) -> None:
    notices = 0
    for n in range(4):
        for one in claimed(mute):
            notices += one.row.kind is Kind.NOTICE
            is_card = one.row.kind is Kind.CARD
            reported(mute, Report(one.row, trouble="no right" if is_card else "", is_final=is_card))
        wait(mute, minutes=10)
        mute.member(f"voter{n}").says("/vote 1 Pizza")
    assert notices == 1


def test_whom_nobody_could_forget_is_not_kept_in_a_letter(mute: World) -> None:
    mute.member("ana").says("/forget me yes")
    (one,) = (one for one in claimed(mute) if one.row.kind is Kind.FORGET)
    assert one.account == "ana"
    reported(mute, Report(one.row, trouble="there is no such group", is_final=True))
    assert mute.tx.all("select key from outbox where kind = 'forget'") == []


@pytest.mark.parametrize(
    ("line", "word"), [("/poll Roof? Red | Blue closes_in=1h", "Roof"), ("/pause payments", "ana")]
)
def test_a_post_on_its_way_when_somebody_is_forgotten_is_edited_once_it_is_out(
    mute: World, line: str, word: str
) -> None:
    ana = mute.member("ana*")
    ana.says(line)
    wait(mute, hours=1)
    mute.run_due()
    posts = (one for one in claimed(mute) if one.row.kind is Kind.POST)
    (post,) = (one for one in posts if word in render(one.shown))
    ana.says("/forget me yes")
    reported(mute, Report(post.row, message="m9"))
    (edit,) = (one for one in claimed(mute) if one.row.message == "m9")
    assert word not in render(edit.shown)


def test_a_post_that_was_given_up_stays_unsent_when_its_author_is_forgotten(mute: World) -> None:
    wait(mute, hours=1)
    mute.run_due()
    (post,) = (one for one in claimed(mute) if one.row.kind is Kind.POST)
    reported(mute, Report(post.row, trouble="no right", is_final=True))
    mute.member("ana").says("/forget me yes")
    wait(mute, minutes=30)
    assert Kind.POST not in {one.row.kind for one in claimed(mute)}


def test_a_post_whose_lease_is_over_when_its_author_is_forgotten_is_drawn_anew(mute: World) -> None:
    wait(mute, hours=1)
    mute.run_due()
    (late,) = (one for one in claimed(mute) if one.row.kind is Kind.POST)
    wait(mute, milliseconds=outbox.LEASE_MS)
    mute.member("ana").says("/forget me yes")
    (post,) = (one for one in claimed(mute) if one.row.kind is Kind.POST)
    assert "Lunch" not in render(post.shown)
    reported(mute, Report(post.row, message="m9"))
    reported(mute, Report(late.row, message="m8"))
    (edit,) = (one for one in claimed(mute) if one.row.kind is Kind.POST)
    assert edit.row.message == "m9"
    assert "Lunch" not in render(edit.shown)
