"""The outbox: leased, told after the commit, cards until they are out, notices at most once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.outbox import Report, claim, report
from bot.platforms import console
from core.kernel import outbox
from core.kernel.clock import to_ms
from core.kernel.outbox import Delivery, Kind
from tests.world import World

Told = Callable[[], list[Delivery]]


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
