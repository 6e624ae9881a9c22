"""Being forgotten: names and texts are gone from every table, and everything still verifies."""

from contextlib import closing
from datetime import timedelta

import pytest

from bot.platforms.console.render import render
from bot.verify import checks
from core.community.commands import NothingKnown, SayYes
from core.kernel.outbox import Kind
from core.kernel.reading import Missing
from core.kernel.request import Place
from core.proposals import rules
from tests.asking import ask, somebody
from tests.world import World

WORDS = ("Rapunzel", "rapunzel", "tower", "braid", "ladder", "comb", "reasons", "longer")
ELSEWHERE = Place("room", "elsewhere", "room", space_name="Elsewhere")


def everything(world: World) -> str:
    """Return every cell of every table, as text, blobs decoded."""
    tables = [row[0] for row in world.tx.all(world.store.tables)]
    found = []
    for table in tables:
        for row in world.tx.all(f"select * from {table}"):
            found += [
                cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in row
            ]
    return "\n".join(found)


def faults(world: World) -> list[str]:
    """Return what verify finds."""
    with closing(world.database.read()) as tx:
        found = checks(tx, world.house)
        return [fault.what for _, checked in found for fault in checked.faults]


@pytest.fixture
def told(world: World) -> World:
    """A world in which Rapunzel has left all kinds of words."""
    hair, ben = world.member("Rapunzel*"), world.member("ben")
    hair.says("/poll Which tower? braid | ladder closes_in=1h")
    hair.says("/poll Another tower? braid | ladder closes_in=1h secret=true")
    hair.says("/vote 1 braid")
    hair.presses("ladder", 2)
    ben.says("/vote 1 2")
    world.advance(hours=1)
    hair.says("/propose Build a tower\nWith a comb")
    hair.says("/poll Open tower? braid | ladder")
    hair.says("/poll Third tower? braid | ladder multiple=true")
    hair.presses("braid", 5)
    ben.says("/propose Paint the hall")
    ben.says("/propose Paint the roof")
    hair.says("/vote 6 against")
    hair.says("/withdraw 7 For reasons")
    hair.says("/extend 6 1h We need longer")
    return world


def test_names_and_texts_are_gone_from_every_table(told: World) -> None:
    before = everything(told)
    assert all(word in before for word in WORDS)
    assert "erased" in told.member("Rapunzel*").says("/forget me yes")
    after = everything(told)
    assert [word for word in WORDS if word in after] == []


@pytest.mark.sqlite_only
def test_the_file_itself_holds_none_of_it(told: World) -> None:
    told.member("Rapunzel*").says("/forget me yes")
    told.tx.all("pragma wal_checkpoint(truncate)")
    written = told.path.read_bytes()
    assert [word for word in WORDS if word.encode() in written] == []


def test_everything_still_verifies_and_counts(told: World) -> None:
    assert faults(told) == []
    results = "select result from proposal where result is not null order by number"
    before = told.tx.all(results)
    told.member("Rapunzel*").says("/forget me yes")
    assert faults(told) == []
    assert told.tx.all(results) == before
    told.advance(days=4)
    assert faults(told) == []
    assert "a former member" in told.card(1)
    assert "Not passed: 1 took part" in told.card(6)


def test_what_is_open_is_withdrawn_and_cards_say_so(told: World) -> None:
    told.member("Rapunzel*").says("/forget me yes")
    for number in (3, 4, 5):
        assert "(erased)" in told.card(number)
        assert "Withdrawn by a former member" in told.card(number)
    assert "gave it more time: (erased)" in told.card(6)
    assert "Withdrawn by a former member, Mon 2 Mar 2026, 10:00 UTC." in told.card(7)
    assert "#1 (erased): It is a tie between Option 1 (erased), Option 2 (erased)." in " ".join(
        told.member("ben").says("/proposals").split()
    )


def test_what_has_ended_is_counted_though_its_author_was_forgotten_before(told: World) -> None:
    ben = told.member("ben")
    for number in (3, 4, 5):
        ben.says(f"/vote {number} 1")
    told.clock.set(told.clock.now() + timedelta(days=3))
    told.member("Rapunzel*").says("/forget me yes")
    told.run_due()
    assert "Not passed: 1 took part" in told.card(3)
    assert "Option 1 (erased) wins." in told.card(4)
    assert [word for word in WORDS if word in everything(told)] == []
    assert faults(told) == []


def test_every_view_can_still_be_drawn(told: World) -> None:
    told.member("Rapunzel*").says("/forget me yes")
    ben = told.member("ben")
    told.advance(minutes=5)
    for line in ("/journal 50", "/me", "/proposals", *(f"/show {n}" for n in range(1, 8))):
        assert "Rapunzel" not in ben.says(line)


def test_who_comes_back_cannot_vote_twice(told: World) -> None:
    hair = told.member("Rapunzel*")
    turnout = told.tx.all("select turnout from running order by proposal")
    hair.says("/forget me yes")
    hair.says("/vote 6 for")
    assert told.tx.all("select turnout from running order by proposal") == turnout
    assert told.tx.all("select count(*) from member where name <> ''") == [(2,)]
    assert faults(told) == []
    hair.says("/forget me yes")
    assert [word for word in WORDS if word in everything(told)] == []


def test_who_comes_back_waits_for_nobody_s_limit(told: World) -> None:
    hair = told.member("Rapunzel*")
    hair.says("/forget me yes")
    assert "is open" in hair.says("/propose Build a bridge")


def test_a_forgotten_person_is_told_nothing_more(told: World) -> None:
    hair = told.member("Rapunzel*")
    hair.says("/poll Fourth tower? braid | ladder closes_in=1h")
    hair.says("/forget me yes")
    n = len(hair.private)
    told.advance(days=4)
    assert len(hair.private) == n
    assert "not taken part here yet" in hair.says("/me")
    hair.is_refused("/forget me yes", NothingKnown)


def test_others_keep_their_words(told: World) -> None:
    told.member("Rapunzel*").says("/forget me yes")
    assert "Paint the hall" in told.card(6)
    told.member("ben").is_refused("/vote 1 2", rules.Closed)


@pytest.mark.parametrize("word", ["no", "yess", "y"])
def test_it_takes_the_word_yes(told: World, word: str) -> None:
    answer = told.member("ben").is_refused(f"/forget me {word}", SayYes)
    assert "This cannot be undone." in answer


def test_it_takes_a_word_at_all(told: World) -> None:
    told.member("ben").is_refused("/forget me", Missing)


def test_one_community_forgets_and_the_other_does_not(told: World) -> None:
    ask(told, "propose", {"title": "Elsewhere"}, asker=somebody("Rapunzel"), place=ELSEWHERE)
    told.member("Rapunzel*").says("/forget me yes")
    rows = told.tx.all("select community from account where account = 'rapunzel'")
    assert rows == [(2,)]


def test_the_second_delivery_of_being_forgotten_is_answered_the_same(told: World) -> None:
    asker = somebody("Rapunzel")
    for _ in range(2):
        reply = ask(told, "forget me", {"confirm": "yes"}, asker=asker, id="room:forget")
        assert reply.error is None
        assert reply.shown.view.drawn is not None


def shown(world: World) -> str:
    """Return cards and posts as they stand where everybody sees them."""
    last = {
        one.row.key: render(one.shown)
        for one in world.deliveries
        if one.row.kind in {Kind.CARD, Kind.POST}
    }
    return "\n".join(last.values())


def test_name_and_texts_are_gone_from_all_that_everybody_sees(world: World) -> None:
    hair, ben, cy = world.member("Rapunzel*"), world.member("ben*"), world.member("cy")
    for person in (hair, ben, cy):
        person.says("/me")
    hair.says("/tip ben 5 great ladder")
    ben.says("/tip Rapunzel 5 great roof")
    ben.says("/tip cy 5 great oven")
    hair.says("/reverse 3 wrong comb")
    hair.says("/pool create garden EUR")
    hair.says("/pool fund garden 900 from the tower")
    ben.says("/pool fund garden 90 from the market")
    hair.says("/pool fund garden 70 from the braid")
    hair.says("/reverse 7 wrong tower")
    hair.says("/config set payment_delay 1h")
    hair.says("/rewards set garden 10 every=week by=tips")
    world.advance(days=8)
    ben.says("/tip Rapunzel 5 great again")
    world.advance(days=8)
    ben.says("/pool request garden 10 Rapunzel seeds closes_in=1h")
    cy.says("/pool request garden 11 ben more seeds closes_in=1h")
    hair.says("/poll Which tower? braid | ladder closes_in=1h")
    for person in (hair, ben, cy):
        person.says("/vote 1 for")
        person.says("/vote 2 for")
    world.advance(hours=1, minutes=1)
    hair.says("/stop 2 because of my braid")
    world.advance(hours=2)
    ben.says("/pool settle garden Rapunzel 5 in cash")
    hair.says("/pause payments")
    ben.says("/pause payments")
    ben.says("/resume payments")
    hair.says("/resume payments")
    hair.says("/rewards stop")
    before = shown(world)
    assert all(word in before for word in ("Rapunzel", *WORDS[2:6]))
    sent = sum(not one.row.message for one in world.deliveries)
    hair.says("/forget me yes")
    assert [word for word in WORDS if word in shown(world)] == []
    assert "a former member was paid 5 EUR outside, says ben: in cash" in shown(world)
    assert sum(not one.row.message for one in world.deliveries) == sent, "nothing is sent anew"


def test_a_card_where_it_was_asked_for_in_private_is_drawn_anew(world: World) -> None:
    away = Place("room", "moot", "")
    ask(world, "propose", {"title": "Build a tower"}, asker=somebody("Rapunzel"), place=away)
    world.settle()
    assert "Build a tower" in shown(world)
    ask(world, "forget me", {"confirm": "yes"}, asker=somebody("Rapunzel"), place=away)
    world.settle()
    assert "tower" not in shown(world)
