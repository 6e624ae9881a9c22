"""`space link`: one community in several spaces, when admins of both sides say so."""

import pytest

from core.app import Reply
from core.community.linking import (
    CodeExpired,
    CodeForOther,
    CodeUsed,
    LinkOver,
    NotYourLink,
    UnknownCode,
)
from core.community.spaces import SpaceInUse, SpaceIsHere
from core.kernel.errors import UserError
from core.kernel.request import Place
from core.kernel.rights import AdminsOnly
from core.proposals.rules import JoinedLater
from tests.asking import ask, refused, somebody
from tests.linking.pairs import CODE, asked, code_for, faults
from tests.world import World

THERE = Place("room", "elsewhere", "yard", "thread", space_name="The Yard")
ZOE = somebody("zoe", is_admin=True)
ANA = somebody("ana", is_admin=True)


@pytest.fixture
def hall(world: World) -> World:
    """A room whose admin is Ana; Zoe is admin elsewhere."""
    world.member("ana*").says("/setup The Hall")
    return world


def given(world: World) -> str:
    found = CODE.search(world.member("ana*").says("/space link"))
    assert found is not None
    return found[0]


def there(world: World, command: str, **args: str) -> Reply:
    return ask(world, command, args, asker=ZOE, place=THERE)


def is_refused(world: World, error: type[UserError], code: str) -> None:
    with refused(world, error) as replies:
        replies.append(there(world, "space link", code=code))


def press(world: World, who: object = ANA) -> Reply:
    return ask(world, "", asker=who, press=f"space_confirm:{asked(world.member('ana*'))}")


def link(world: World) -> None:
    reply = there(world, "space link", code=given(world))
    assert reply.error is None, reply.error
    reply = press(world)
    assert reply.error is None, reply.error


def test_a_space_joins_when_the_home_confirms(hall: World) -> None:
    ana = hall.member("ana*")
    reply = there(hall, "space link", code=given(hall))
    assert reply.error is None
    shown = hall.room.answer(ana.speaker, reply)
    assert "The Yard asks to join The Hall" in shown
    assert "The Yard (room) wants to join The Hall" in ana.private[-1]
    reply = press(hall)
    assert reply.error is None
    assert hall.tx.all("select distinct community from space") == [(1,)]
    assert faults(hall) == []


def test_cards_live_in_both_spaces(hall: World) -> None:
    link(hall)
    hall.member("ana*").says("/channel proposals")
    hall.member("ben").says("/poll Lunch? Pizza | Soup")
    rows = hall.tx.all("select space, channel from outbox where subject like '%card\",1]'")
    assert len(rows) == 2
    assert ("yard" in repr(rows)) is True
    reply = there(hall, "vote", proposal="1", choice="Soup")
    assert reply.error is None
    assert hall.tx.all("select turnout from running") == [(1,)]
    assert faults(hall) == []


def test_what_is_open_appears_in_a_space_that_joins(hall: World) -> None:
    ben = hall.member("ben")
    ben.says("/poll Lunch? Pizza | Soup closes_in=1h")
    hall.advance(hours=2)
    ben.says("/poll Dinner? Pizza | Soup")
    link(hall)
    assert "The Yard (room) belongs to The Hall now." in " ".join(hall.public)
    rows = hall.tx.all("select subject from outbox where kind = 'card' and channel = 'yard'")
    assert rows == [('["proposals.card",2]',)]
    assert faults(hall) == []


def test_who_comes_with_a_space_votes_only_on_what_is_opened_later(hall: World) -> None:
    ana = hall.member("ana*")
    ana.says("/propose Paint the hall")
    hall.advance(minutes=1)
    link(hall)
    hall.advance(minutes=1)
    ana.says("/propose Mend the roof")
    ballot = {"proposal": "1", "choice": "for"}
    with refused(hall, JoinedLater) as replies:
        replies.append(there(hall, "vote", **ballot))
    assert there(hall, "vote", proposal="2", choice="for").error is None
    assert ask(hall, "vote", ballot, asker=ANA).error is None
    assert ask(hall, "vote", ballot | {"choice": "against"}, asker=ANA, place=THERE).error is None
    assert faults(hall) == []


def test_when_a_space_joined_is_held_against_the_journal(hall: World) -> None:
    link(hall)
    hall.tx.run("update space set joined_ms = joined_ms - 1 where joined_ms is not null")
    assert "its joining" in str(faults(hall))


def test_admins_of_a_space_that_joined_choose_its_channel_and_nothing_else(hall: World) -> None:
    link(hall)
    assert there(hall, "channel", purpose="proposals", channel="barn").error is None
    for command, args in (
        ("setup", {"name": "Ours"}),
        ("config set", {"setting": "quorum", "value": "1"}),
        ("space link", {}),
        ("pool create", {"name": "jar", "asset": "EUR"}),
    ):
        with refused(hall, AdminsOnly) as replies:
            replies.append(ask(hall, command, args, asker=ZOE, place=THERE))
    with refused(hall, AdminsOnly) as replies:
        args = {"purpose": "proposals"}
        replies.append(ask(hall, "channel", args, asker=somebody("ben"), place=THERE))


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("poll", {"question": "Lunch?", "options": "a | b"}),
        ("pool create", {"name": "jar", "asset": "EUR"}),
        ("link", {}),
    ],
)
def test_a_space_with_a_life_of_its_own_cannot_join(
    hall: World, command: str, args: dict[str, str]
) -> None:
    code = given(hall)
    there(hall, command, **args)
    is_refused(hall, SpaceInUse, code)


def test_a_space_that_was_only_set_up_can_join(hall: World) -> None:
    there(hall, "setup", name="Our Yard")
    there(hall, "config set", setting="quorum", value="2")
    link(hall)


def test_the_community_that_a_space_leaves_ends_with_a_line_in_its_journal(hall: World) -> None:
    there(hall, "setup", name="Our Yard")
    assert there(hall, "space link").error is None, "a code of its own, which is due to expire"
    link(hall)
    ended = [(2, "ended", '{"into":1,"space":2}')]
    last = "select community, command, args from journal where community = 2 order by seq desc"
    assert hall.tx.all(f"{last} limit 1") == ended
    for table in ("agenda", "link_code"):
        assert hall.tx.all(f"select 1 from {table} where community = 2") == []
    hall.advance(days=1)
    there(hall, "poll", question="Lunch?", options="a | b")
    assert hall.tx.all(f"{last} limit 1") == ended
    assert faults(hall) == []


def test_a_space_that_was_used_meanwhile_cannot_join(hall: World) -> None:
    there(hall, "space link", code=given(hall))
    there(hall, "poll", question="Lunch?", options="a | b")
    with hall.unchanged():
        assert isinstance(press(hall).error, SpaceInUse)


def test_only_who_gave_the_code_confirms_and_in_time(hall: World) -> None:
    there(hall, "space link", code=given(hall))
    with hall.unchanged():
        assert isinstance(press(hall, somebody("eve", is_admin=True)).error, NotYourLink)
        assert isinstance(press(hall, somebody("ana")).error, AdminsOnly)
    assert "Let this space join?" in hall.member("ana*").says("/space link")
    hall.advance(minutes=10)
    with hall.unchanged():
        assert isinstance(press(hall).error, LinkOver)


def test_a_code_that_cannot_be_used_is_refused(hall: World) -> None:
    ana = hall.member("ana*")
    code = given(hall)
    there(hall, "help")
    ana.is_refused(f"/space link {code}", SpaceIsHere)
    hall.member("ben").is_refused(f"/link {code}", CodeForOther)
    is_refused(hall, UnknownCode, "00000-00000")
    is_refused(hall, CodeForOther, code_for(hall.member("ben")))
    there(hall, "space link", code=code)
    is_refused(hall, CodeUsed, code)
    other = given_again(hall)
    hall.advance(minutes=10)
    is_refused(hall, CodeExpired, other)


def given_again(world: World) -> str:
    """Return another admin's code, as the first one's waits to be confirmed."""
    found = CODE.search(world.member("eve*").says("/space link"))
    assert found is not None
    return found[0]


def test_members_cannot_link_spaces(hall: World) -> None:
    hall.member("ben").is_refused("/space link", AdminsOnly)
