"""`link`: two accounts of one person become one member, when both sides say so."""

import re

import pytest

from core.community.linking import (
    CodeElsewhere,
    CodeExpired,
    CodeUsed,
    LinkOver,
    NotYourLink,
    OthersTurn,
    OwnCode,
    UnknownCode,
)
from core.kernel.errors import UserError
from core.kernel.request import Place
from core.kernel.rights import NotForBots
from tests.asking import ask, refused, somebody
from tests.linking.pairs import (
    CODE,
    asked,
    code_for,
    confirm,
    confirming,
    faults,
    link,
    member_of,
)
from tests.world import Person, World

ELSEWHERE = Place("room", "elsewhere", "hall", space_name="Elsewhere")


@pytest.fixture
def pair(world: World) -> tuple[Person, Person]:
    """Ana, and Ana under another name."""
    ana, anna = world.member("ana"), world.member("anna")
    ana.says("/poll First? a | b")
    return ana, anna


def is_refused(person: Person, number: int, error: type[UserError]) -> None:
    with refused(person.world, error) as replies:
        replies.append(person.world.ask(confirming(person, number)))


def test_both_confirm_and_are_one_member(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    answer = anna.says(f"/link {code_for(ana)}")
    for words in (answer, ana.private[-1]):
        assert "ana (room) and anna (room) want to be one member" in words
    assert "Now ana has to confirm" in str_of(anna)
    assert member_of(ana) != member_of(anna)
    reply = confirm(ana, asked(ana))
    assert reply.error is None
    assert member_of(ana) == member_of(anna) == 1
    assert "one member" in ana.private[-1]
    assert faults(ana.world) == []


def str_of(person: Person) -> str:
    reply = confirm(person, asked(person))
    person.private.append(person.world.room.answer(person.speaker, reply))
    return person.private[-1]


def test_the_elder_member_stays_whoever_gave_the_code(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    anna.says("/vote 1 a")
    link(anna, ana)
    assert member_of(ana) == member_of(anna) == 1


def test_the_question_is_shown_again_to_both_until_it_is_answered(
    pair: tuple[Person, Person],
) -> None:
    ana, anna = pair
    anna.says(f"/link {code_for(ana)}")
    for one in pair:
        assert "Link two accounts?" in one.says("/link")
    link_number = asked(ana)
    ana.world.advance(minutes=10)
    is_refused(ana, link_number, LinkOver)
    assert CODE.search(ana.says("/link"))


def test_only_the_two_can_confirm_and_each_once(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    eve = ana.world.member("eve")
    anna.says(f"/link {code_for(ana)}")
    number = asked(ana)
    is_refused(eve, number, NotYourLink)
    confirm(anna, number)
    is_refused(anna, number, OthersTurn)
    is_refused(eve, number, NotYourLink)
    is_refused(eve, 77, LinkOver)
    confirm(ana, number)
    is_refused(ana, number, LinkOver)


def test_a_code_that_nobody_typed_cannot_be_confirmed(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    code_for(ana)
    is_refused(ana, asked(ana), NotYourLink)
    is_refused(anna, asked(ana), NotYourLink)


def test_a_code_works_for_ten_minutes(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    code = code_for(ana)
    ana.world.advance(minutes=10)
    anna.is_refused(f"/link {code}", CodeExpired)
    assert ana.world.tx.all("select secret from link_code") == [(None,)]


def test_a_code_works_once_and_forwarded_it_is_used_up(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    eve = ana.world.member("eve")
    code = code_for(ana)
    eve.says(f"/link {code}")
    anna.is_refused(f"/link {code}", CodeUsed)
    eve.is_refused(f"/link {code}", CodeUsed)
    assert "eve (room)" in ana.private[-1], "and the giver sees who used it"
    assert member_of(eve) != member_of(ana)


def test_one_s_own_code_and_one_that_never_was_are_refused(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    code = code_for(ana)
    ana.is_refused(f"/link {code}", OwnCode)
    anna.is_refused("/link 00000-00000", UnknownCode)
    again = code_for(ana)
    assert again != code
    anna.is_refused(f"/link {code}", UnknownCode)
    anna.says(f"/link {again.lower().replace('-', ' ')}")
    assert "Link two accounts?" in anna.private[-1]


def test_linked_accounts_have_nothing_more_to_link(pair: tuple[Person, Person]) -> None:
    link(*pair)
    ana, anna = pair
    anna.is_refused(f"/link {code_for(ana)}", OwnCode)


def test_a_code_of_another_community_is_refused(pair: tuple[Person, Person]) -> None:
    ana, _ = pair
    world = ana.world
    ask(world, "help", place=ELSEWHERE)
    ask(world, "poll", {"question": "x?", "options": "a | b"}, place=ELSEWHERE)
    code = code_for(ana)
    with refused(world, CodeElsewhere) as replies:
        replies.append(ask(world, "link", {"code": code}, place=ELSEWHERE))
    ask(world, "link", asker=somebody("ana"), place=ELSEWHERE)
    number = asked(ana)
    with refused(world, LinkOver) as replies:
        replies.append(world.ask(confirming(ana, number)))


def test_a_bot_is_nobody_to_link(pair: tuple[Person, Person]) -> None:
    world = pair[0].world
    with refused(world, NotForBots) as replies:
        replies.append(ask(world, "link", asker=somebody("bot", is_bot=True)))


def test_the_code_is_kept_nowhere_once_it_is_used(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    code = code_for(ana)
    for table, rows in ana.world.dump().items():
        assert code not in repr(rows), table
    assert code not in repr(ana.world.tx.all("select * from request"))
    anna.says(f"/link {code}")
    ana.world.tx.run("update sealed set value = null, salt = null where field = 'code'", ())
    for table, rows in ana.world.dump().items():
        assert code not in repr(rows), table
    assert ana.world.tx.all("select secret from link_code") == [(None,)]


def test_the_second_delivery_shows_the_code_to_its_asker_alone(
    pair: tuple[Person, Person],
) -> None:
    ana, _ = pair
    world = ana.world
    first = ask(world, "link", asker=somebody("ana"), id="test:same")
    again = ask(world, "link", asker=somebody("ana"), id="test:same")
    forged = ask(world, "link", asker=somebody("eve"), id="test:same")
    assert again.shown.view == first.shown.view
    assert not re.search(CODE, repr(forged.shown.view))


def test_accounts_of_two_platforms_are_linked(pair: tuple[Person, Person]) -> None:
    ana, _ = pair
    world = ana.world
    community = world.tx.one("select id from community")
    assert community is not None
    columns = "id, platform, space, community, is_active"
    world.tx.run(f"insert into space ({columns}) values (9, 'other', 'x', ?, 1)", community)
    there = Place("other", "x", "hall")
    away = somebody("id-7", platform="other", name="Ana B")
    reply = ask(world, "link", {"code": code_for(ana)}, asker=away, place=there)
    assert reply.error is None
    confirm(ana, asked(ana))
    press = confirming(ana, asked(ana)).press
    reply = ask(world, "", asker=away, place=there, press=press)
    assert reply.error is None
    assert world.tx.all("select distinct member from account") == [(1,)]


def test_who_was_forgotten_comes_back_as_the_same_member(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    for one in pair:
        one.says("/vote 1 a")
    anna.says("/forget me yes")
    link(ana, anna)
    anna.says("/vote 1 b")
    assert "1 vote" in ana.world.card(1)
    assert faults(ana.world) == []


def test_who_is_forgotten_twice_is_one_member_by_either_account(
    pair: tuple[Person, Person],
) -> None:
    ana, anna = pair
    world = ana.world
    world.member("ben").says("/poll Tea? a | b")
    link(ana, anna)
    ana.says("/forget me yes")
    ana.says("/vote 2 a")  # she is back by one account, and the other is still forgotten
    ana.says("/forget me yes")
    anna.says("/vote 2 b")
    assert world.tx.all("select distinct voter from ballot") == [(1,)]
    assert faults(world) == []


def test_being_forgotten_takes_both_accounts(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    anna.says("/propose Sell the piano")
    link(ana, anna)
    ana.says("/tip @ben 3 for the roof")
    anna.says("/forget me yes")
    world = ana.world
    kept = world.tx.all("select account from account where member = 1")
    assert all(account.startswith("forgotten:") for (account,) in kept)
    assert len(kept) == 2
    names = world.tx.all("select name from member where name <> ''")
    assert names == [("ben",)]
    assert faults(world) == []
    anna.says("/propose Buy a drum")
    assert member_of(anna) == 1


def test_forgetting_ends_a_link_that_waits(pair: tuple[Person, Person]) -> None:
    ana, anna = pair
    anna.says(f"/link {code_for(ana)}")
    number = asked(ana)
    confirm(anna, number)
    anna.says("/forget me yes")
    is_refused(ana, number, LinkOver)
