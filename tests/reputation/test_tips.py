"""Thanks: who may give what to whom, and who hears of it. This file is tips and their refusals."""

from datetime import UTC, datetime

import pytest

from core.community.fields import Departed, NotAMember, NotAPerson
from core.kernel.clock import from_ms
from core.kernel.doubt import ConfirmedBefore, NotYourButton
from core.kernel.errors import UserError
from core.kernel.reading import NotANumber, NothingToSee, TooLarge, TooLong, TooShort, TooSmall
from core.kernel.request import AccountRef, Place
from core.reputation import standing
from core.reputation.rules import (
    AllGiven,
    NoTips,
    OverAllowance,
    OverPairLimit,
    TooManyTips,
    ToYourself,
)
from tests.asking import ask, refused, request, somebody
from tests.world import World

HALL = Place("room", "local", "hall", space_name="the room")


def holds(world: World, name: str) -> int:
    """Return a member's standing now, in milli-points."""
    (found,) = world.tx.all("select id from member where name = ?", (name,))
    return standing(world.tx, 1, found[0], world.clock.now())


def test_a_tip_is_posted_told_and_shown_where_it_was_given(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    answer = ana.says("/tip @ben 5 the great roof")
    assert "You gave ben 5 points" in answer
    assert "45 of 50 points are left to give" in answer
    assert "thanks you with 5 points" in ben.private[-1]
    assert "the great roof" in ben.private[-1]
    assert any("ana thanks ben with 5 points" in text for text in world.public)
    assert holds(world, "ben") == 5_000
    assert world.tx.all("select from_book, to_book, amount, purpose, note from entry") == [
        ("issue", "member", 5_000, "tip", "the great roof")
    ]


def test_in_private_nothing_is_shown_to_others(world: World) -> None:
    ref = AccountRef("room", "ben", "ben", joined_at=from_ms(0))
    args = {"to": ref, "points": "5", "reason": "the roof"}
    ask(world, "tip", args, place=Place("room", "local", space_name="the room"))
    assert world.public == []
    assert holds(world, "ben") == 5_000


def test_one_point_reads_as_one(world: World) -> None:
    world.member("ana").says("/tip @ben 1 the roof")
    assert any("with 1 point." in text for text in world.public)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/tip @ana 5 myself", ToYourself),
        ("/tip @ben 0 nothing", TooSmall),
        ("/tip @ben -3 less", TooSmall),
        ("/tip @ben 1.5 a half", NotANumber),
        ("/tip @ben 1,5 a half", NotANumber),
        ("/tip @ben ٣ three", NotANumber),
        ("/tip @ben \uff15 five", NotANumber),
        ("/tip @ben five points", NotANumber),
        (f"/tip @ben {10**18} all of it", TooLarge),
        (f"/tip @ben {10**30} all of it", NotANumber),
        ("/tip @ben 5 ok", TooShort),
        ("/tip @ben 5 \u200b\u200b\u200b\u200b", NothingToSee),
        ("/tip @ben 5 " + "x" * 501, TooLong),
        ("/tip ben/cy 5 two at once", NotAMember),
        ("/tip @ben 51 too much", OverAllowance),
        ("/tip @ben 26 more than half", OverPairLimit),
    ],
)
def test_a_tip_that_cannot_be_is_refused_with_a_sentence(
    world: World, line: str, error: type[UserError]
) -> None:
    ana = world.member("ana")
    ana.says("/tip @cy 1 being here")
    answer = ana.is_refused(line, error)
    assert answer.strip().endswith(".")


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"is_bot": True, "joined_at": from_ms(0)}, NotAPerson),
        ({"joined_at": None}, Departed),
    ],
)
def test_bots_and_who_has_left_get_nothing(
    world: World, facts: dict[str, object], error: type[UserError]
) -> None:
    world.member("ana").says("/tip @cy 1 being here")
    ref = AccountRef("room", "x", "x", **facts)  # type: ignore[arg-type]
    with refused(world, error) as replies:
        replies.append(ask(world, "tip", {"to": ref, "points": "3", "reason": "why not"}))


@pytest.mark.parametrize("written", ["123456789012345678", "&99", "&", "&-1", "&1x", "7", "", "@"])
def test_somebody_whom_the_platform_does_not_know_gets_nothing(world: World, written: str) -> None:
    world.member("ana").says("/tip @cy 1 being here")
    with world.unchanged():
        reply = ask(world, "tip", {"to": written, "points": "3", "reason": "why not"})
    assert reply.error is not None


def test_who_was_forgotten_gets_nothing_by_their_number_either(world: World) -> None:
    world.member("ana").says("/tip @cy 1 being here")
    (cy,) = world.tx.all("select id from member where name = 'cy'")[0]
    world.member("cy").says("/forget me yes")
    args = {"to": f"&{cy}", "points": "3", "reason": "why not"}
    with refused(world, Departed) as replies:
        replies.append(ask(world, "tip", args, asker=somebody("ana")))


def test_a_bot_gives_nothing(world: World) -> None:
    world.member("ana").says("/tip @cy 1 being here")
    ref = AccountRef("room", "cy", "cy", joined_at=from_ms(0))
    with world.unchanged():
        reply = ask(
            world,
            "tip",
            {"to": ref, "points": "3", "reason": "why not"},
            asker=somebody("robot", is_bot=True),
        )
    assert type(reply.error).__name__ == "NotForBots"


def test_who_was_forgotten_gets_nothing_until_they_come_back(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/tip @ben 1 being here")
    ben.says("/forget me yes")
    ana.is_refused("/tip @ben 2 being here", Departed)
    ben.says("/propose Paint the hall")
    ana.says("/tip @ben 2 coming back")
    assert holds(world, "ben") == 3_000


def test_the_allowance_is_a_limit_and_what_is_unused_is_lost(world: World) -> None:
    ana = world.member("ana")
    for who in ("ben", "cy"):
        ana.says(f"/tip @{who} 25 the roof")
    answer = ana.is_refused("/tip @dot 1 the door", AllGiven)
    assert "0 of 50" in answer
    world.advance(days=14)
    assert "25 of 50 points are left" in ana.says("/tip @ben 25 again")


def test_an_epoch_starts_on_monday_at_midnight_in_the_zone_of_the_community(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set zone America/New_York")
    ana.says("/tip @ben 25 the roof")
    ana.says("/tip @cy 25 the floor")
    monday = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)  # Sunday 8 March has 23 hours there
    world.advance_to(monday.replace(hour=3, minute=59, second=59, microsecond=999_000))
    ana.is_refused("/tip @dot 1 too early", AllGiven)
    world.advance_to(monday)
    assert "25 of 50" in ana.says("/tip @ben 25 at the first instant")


def test_tips_that_race_the_end_of_an_epoch_never_exceed_either_allowance(world: World) -> None:
    world.member("ana").says("/tip @zoe 1 being here")
    world.member("ana").says("/tip @ben 1 being here")
    end = datetime(2026, 3, 9, tzinfo=UTC)
    for ms in (-2, -1, 0, 1):
        world.clock.set(from_ms(int(end.timestamp() * 1000) + ms))
        asked = [
            request(
                "tip",
                {"to": AccountRef("room", to, to, joined_at=from_ms(0)), "points": "24",
                 "reason": f"{to} at {ms}"},
                asker=somebody("ana"),
            )
            for to in ("zoe", "ben", "zoe", "dot")
        ]  # fmt: skip
        world.batch.run(asked)
    rows = world.tx.all(
        "select at_ms >= ?, sum(points) from tip group by 1 order by 1",
        (int(end.timestamp() * 1000),),
    )
    assert rows == [(0, 50), (1, 48)]


def test_the_epoch_can_be_a_day_or_a_month(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set tip_epoch day")
    ana.says("/config set tip_pair_limit 100%")
    ana.says("/tip @ben 50 the roof")
    world.advance_to(datetime(2026, 3, 3, tzinfo=UTC))
    assert "0 of 50" in ana.says("/tip @ben 50 the roof")
    ana.says("/config set tip_epoch month")
    world.advance_to(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    ana.is_refused("/tip @ben 1 the roof", AllGiven)
    world.advance(minutes=1)
    assert "49 of 50" in ana.says("/tip @ben 1 the roof")


def test_a_day_has_twenty_tips_also_those_that_were_taken_back(world: World) -> None:
    ana = world.member("ana")
    for n in range(20):
        ana.says(f"/tip @ben 1 reason {n}")
        ana.says("/undo")
    answer = ana.is_refused("/tip @cy 1 one more", TooManyTips)
    assert "20" in answer
    world.advance(days=1)
    ana.says("/tip @cy 1 one more")
    assert holds(world, "cy") == 1_000


def test_settings_move_the_limits(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/config set tip_allowance 10")
    ana.says("/config set tip_pair_limit 25%")
    ana.says("/config set tips_per_day 2")
    ana.is_refused("/tip @ben 3 too many for one", OverPairLimit)
    ana.says("/tip @ben 2 the roof")
    ana.says("/tip @cy 2 the roof")
    ana.is_refused("/tip @dot 2 the roof", TooManyTips)
    ana.says("/config set tip_allowance 0")
    world.advance(days=7)
    ana.is_refused("/tip @ben 1 the roof", NoTips)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("tip_allowance", "-1"),
        ("tip_allowance", "1000001"),
        ("tip_epoch", "year"),
        ("tip_pair_limit", "0%"),
        ("tip_pair_limit", "101%"),
        ("tips_per_day", "0"),
        ("half_life", "1h"),
        ("half_life", "9999d"),
        ("half_life", "-90d"),
    ],
)
def test_a_setting_outside_its_bounds_is_refused(world: World, setting: str, value: str) -> None:
    ana = world.member("ana*")
    ana.says("/config set announce on")
    answer = ana.says(f"/config set {setting} {value}")
    assert ana.reply is not None
    assert type(ana.reply.error).__name__ == "BadValue"
    assert "It takes" in answer


def test_the_same_tip_within_a_minute_is_asked_back(world: World) -> None:
    ana = world.member("ana")
    ana.says("/tip @ben 5 the roof")
    with_one = holds(world, "ben")
    answer = ana.says("/tip @ben 5 the roof")
    assert "Again?" in answer
    assert holds(world, "ben") == with_one
    (code,) = world.tx.all("select id from button where code like 'again:%'")
    world.member("ben").is_refused(str(code[0]), NotYourButton)
    ana.says(str(code[0]))
    assert holds(world, "ben") == 10_000
    ana.is_refused(str(code[0]), ConfirmedBefore)


def test_a_confirmed_tip_is_held_to_the_limits_too(world: World) -> None:
    ana = world.member("ana")
    ana.says("/tip @ben 20 the roof")
    ana.says("/tip @ben 20 the roof")
    (code,) = world.tx.all("select id from button where code like 'again:%'")
    ana.is_refused(str(code[0]), OverPairLimit)


def test_a_reason_is_erased_and_the_numbers_stay(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/tip @ben 5 the secret roof")
    ana.says("/forget me yes")
    assert holds(world, "ben") == 5_000
    for table, rows in world.dump().items():
        assert "secret roof" not in str(rows), table
    assert "(erased)" in ben.says("/standing")
    assert "secret roof" not in world.cards['["reputation.thanks",1]']


def test_me_shows_standing_and_what_is_left_to_give(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/tip @ben 5 the roof")
    assert "45 of 50" in ana.says("/me")
    ben.says("/propose Paint the hall")
    assert "5 points" in ben.says("/me")
