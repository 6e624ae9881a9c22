"""What is asked twice within a minute is asked back, and a button does it once more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from bot.platforms import console
from bot.platforms.console.room import Room
from core.community import FEATURE
from core.kernel import state
from core.kernel.call import Call
from core.kernel.command import Command, DeclarationError, May, declare
from core.kernel.doubt import ConfirmedBefore, NotYourButton
from core.kernel.drawing import drawing
from core.kernel.errors import UserError
from core.kernel.feature import Feature, House
from core.kernel.fields import Sealed
from core.kernel.text import T
from core.kernel.view import Paragraph, View
from tests.asking import ask, request, somebody
from tests.world import World


@drawing("test.knocked")
def knocked(call: Call) -> View:
    """How often somebody has knocked."""
    return View(None, (Paragraph(T("Knocks: {n}", n=str(state.get(call.tx, "knocks")))),))


class Knock(Command, name="knock", asks_again=True):
    """Knock at the door."""

    reason: Sealed[str] = Field(max_length=100, description="why")

    def run(self, call: Call) -> View:
        """Count the knock."""
        state.put(call.tx, "knocks", str(knocks(call) + 1))
        return knocked(call)


def knocks(at: Call | World) -> int:
    return int(state.get(at.tx, "knocks") or 0)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    house = House((FEATURE, Feature("test", (Knock,))), {console.NAME: console.ADMINS})
    world.house = world.app.house = house
    world.room = Room(house, world.lines.append)
    yield world
    world.close()


def presses(world: World, who: str, code: str, error: type[UserError] | None = None) -> None:
    reply = ask(world, "", press=code, asker=somebody(who))
    assert type(reply.error) is (error or type(None)), reply


def entry(world: World) -> int:
    return int(world.tx.all("select max(seq) from journal")[0][0])


def test_the_same_within_a_minute_is_asked_back_and_a_press_does_it_once(door: World) -> None:
    ana = door.member("ana")
    ana.says("/knock hello")
    again = f"again:{entry(door)}"
    door.advance(seconds=59)
    answer = ana.says("/knock hello")
    assert "Again?" in answer
    assert knocks(door) == 1
    assert entry(door) == int(again.removeprefix("again:"))
    ana.says(str(door.tx.all("select id from button where code = ?", (again,))[0][0]))
    assert knocks(door) == 2
    with door.unchanged():
        presses(door, "ana", again, ConfirmedBefore)
    assert door.tx.all("select command, facts from journal order by seq desc limit 1") == [
        ("knock", f'{{"again":{again.removeprefix("again:")}}}')
    ]


def test_another_wording_a_minute_later_or_another_person_is_no_slip(door: World) -> None:
    ana, ben = door.member("ana"), door.member("ben")
    ana.says("/knock hello")
    ana.says("/knock hello there")
    ben.says("/knock hello")
    assert knocks(door) == 3
    assert "Again?" in ana.says("/knock hello")
    door.advance(seconds=61)
    ana.says("/knock hello")
    assert knocks(door) == 4


def test_a_second_delivery_is_no_second_request(door: World) -> None:
    asked = request("knock", {"reason": "hello"})
    first, second = door.ask(asked), door.ask(asked)
    assert first.shown.view == second.shown.view
    assert knocks(door) == 1


def test_the_second_delivery_of_what_was_asked_back_is_asked_back_also_later(door: World) -> None:
    ask(door, "knock", {"reason": "rain"}, asker=somebody("ben"))
    slip = request("knock", {"reason": "rain"}, asker=somebody("ben"))
    asked = door.ask(slip)
    door.advance(seconds=61)
    with door.unchanged():
        again = door.ask(slip)
    assert again.shown.view.title == asked.shown.view.title
    assert again.shown.codes == asked.shown.codes
    presses(door, "ben", f"again:{entry(door)}")
    assert door.ask(slip).shown.view.buttons == ()
    assert knocks(door) == 2


def test_two_in_one_batch_are_a_slip_too(door: World) -> None:
    door.batch.run([request("knock", {"reason": "hello"}) for _ in range(2)])
    assert knocks(door) == 1


@pytest.mark.parametrize("code", ["again:{}", "again:99", "again:1"])
def test_a_forged_press_of_somebody_else_is_refused(door: World, code: str) -> None:
    door.member("ben").says("/knock first")
    door.member("ana").says("/knock hello")
    with door.unchanged():
        presses(door, "ben", code.format(entry(door)), NotYourButton)
    assert knocks(door) == 2


def test_only_what_asks_again_can_be_repeated_and_not_for_ever(door: World) -> None:
    door.member("ana*").says("/config set zone Europe/Kyiv")
    with door.unchanged():
        presses(door, "ana", f"again:{entry(door)}", ConfirmedBefore)
    door.member("ana*").says("/knock hello")
    door.advance(minutes=11)
    with door.unchanged():
        presses(door, "ana", f"again:{entry(door)}", ConfirmedBefore)


def test_who_is_forgotten_leaves_nothing_of_what_they_asked(door: World) -> None:
    door.member("ana").says("/knock hello")
    door.member("ana").says("/forget me yes")
    assert door.tx.all("select * from asked") == []


def test_only_members_can_be_asked_again() -> None:
    for may in (May.ANYONE, May.CLOCK):
        with pytest.raises(DeclarationError, match="asked again"):
            declare(Knock, name="knock", may=may, asks_again=True)
