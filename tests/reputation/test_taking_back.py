"""A tip is taken back by its giver within minutes, or by an admin with a reason."""

import pytest

from bot.verify import checks
from core import ledger
from core.kernel.errors import UserError
from core.kernel.unit import Unit
from core.ledger import Book, Holder, NotEnough, UndoneBefore
from core.reputation import rank_again
from core.reputation.rules import NoSuchTip, NoTipYet, NotReversible, NotYourTip, TooLateToUndo
from tests.asking import request, somebody
from tests.reputation.test_tips import holds
from tests.world import Person, World


@pytest.fixture
def ana(world: World) -> Person:
    """Ana, an admin, who has just thanked Ben."""
    person = world.member("ana*")
    person.says("/tip @ben 5 the roof")
    return person


def sums(world: World) -> list[int]:
    """Return the sum of every book of each asset, which is 0."""
    rows = world.tx.all("select from_book, from_owner, to_book, to_owner, amount from entry")
    books: dict[tuple[str, int], int] = {}
    for giver, giver_owner, taker, taker_owner, amount in rows:
        books[giver, giver_owner] = books.get((giver, giver_owner), 0) - amount
        books[taker, taker_owner] = books.get((taker, taker_owner), 0) + amount
    return [sum(books.values())]


def is_sound(world: World) -> bool:
    return not [one for _, found in checks(world.tx, world.house) for one in found.faults]


def test_the_giver_takes_back_the_last_tip(world: World, ana: Person) -> None:
    assert "You took back 5 points from ben" in ana.says("/undo")
    assert "50 of 50" in ana.private[-1]
    assert holds(world, "ben") == 0
    assert "ana took it back" in world.cards['["reputation.thanks",1]']
    assert world.tx.all("select purpose, undoes from entry order by number") == [
        ("tip", None),
        ("tip undone", 1),
    ]
    assert sums(world) == [0]
    assert is_sound(world)


def test_the_button_under_the_answer_takes_it_back(world: World, ana: Person) -> None:
    (code,) = world.tx.all("select id from button where code = 'undo:1'")
    ana.says(str(code[0]))
    assert holds(world, "ben") == 0


def test_an_earlier_tip_is_named_by_its_entry(world: World, ana: Person) -> None:
    ana.says("/tip @cy 3 the door")
    ana.says("/undo 1")
    assert (holds(world, "ben"), holds(world, "cy")) == (0, 3_000)


def test_it_is_taken_back_once(world: World, ana: Person) -> None:
    ana.says("/undo")
    answer = ana.is_refused("/undo", UndoneBefore)
    assert "entry 2" in answer
    ana.is_refused("/undo 1", UndoneBefore)
    ana.is_refused("/reverse 1 it was a mistake", UndoneBefore)


@pytest.mark.parametrize(("seconds", "error"), [(600, None), (601, TooLateToUndo)])
def test_it_is_taken_back_within_ten_minutes(
    world: World, ana: Person, seconds: int, error: type[UserError] | None
) -> None:
    world.advance(seconds=seconds)
    if error is None:
        ana.says("/undo")
        assert holds(world, "ben") == 0
    else:
        ana.is_refused("/undo", error)


def test_only_the_giver_takes_back_and_only_what_is_a_tip(world: World, ana: Person) -> None:
    ben = world.member("ben")
    ben.is_refused("/undo 1", NotYourTip)
    ben.is_refused("/undo", NoTipYet)
    ana.is_refused("/undo 2", NoSuchTip)
    ana.is_refused("/undo 999999999999", NoSuchTip)


def test_two_who_take_back_at_once_take_it_back_once(world: World, ana: Person) -> None:
    del ana
    told = world.batch.run(
        [
            request("undo", {"entry": "1"}, asker=somebody("ana")),
            request("reverse", {"entry": "1", "reason": "a slip"},
                    asker=somebody("ana", is_admin=True)),
        ]
    )  # fmt: skip
    assert [type(one.value.error).__name__ for one in told] == ["NoneType", "UndoneBefore"]
    assert holds(world, "ben") == 0


def test_an_admin_reverses_with_a_reason_that_the_card_shows(world: World, ana: Person) -> None:
    ben = world.member("ben")
    world.advance(days=3)
    ana.says("/reverse 1 it was no roof")
    assert holds(world, "ben") == 0
    assert "it was no roof" in world.cards['["reputation.thanks",1]']
    assert "it was no roof" in ana.private[-1]
    assert "it was no roof" in ben.private[-1]
    ana.is_refused("/reverse 1 once more", UndoneBefore)
    assert is_sound(world)


def test_what_an_admin_took_back_cannot_be_given_again(world: World, ana: Person) -> None:
    ana.says("/reverse 1 it was no roof")
    assert "40 of 50" in ana.says("/tip @cy 5 the roof")


def test_only_an_admin_reverses(world: World, ana: Person) -> None:
    del ana
    answer = world.member("ben").says("/reverse 1 because")
    assert "Only an admin" in answer


@pytest.mark.parametrize("entry", [2, 99])
def test_what_is_no_tip_is_not_reversed(world: World, ana: Person, entry: int) -> None:
    ana.says("/undo")
    ana.is_refused(f"/reverse {entry} because", NotReversible)


def test_what_was_spent_meanwhile_cannot_be_reversed(world: World, ana: Person) -> None:
    ana.says("/pool create garden EUR")
    ana.says("/pool fund garden 100 from the fair")

    def spend(unit: Unit) -> None:
        call = world.app.call(unit, request("help", asker=somebody("ana")))
        pool = world.tx.all("select owner, asset from balance where book = 'pool'")[0]
        asset = ledger.asset_by_id(unit.tx, pool[1])
        giver = Holder(Book.POOL, pool[0])
        ledger.post(call, giver, Holder(Book.MEMBER, 1), asset, 5_000, "test")

    funded = world.tx.all("select max(number) from entry")[0][0]
    world.job(spend)
    ana.is_refused(f"/reverse {funded} paid twice", NotEnough)


def test_what_came_into_a_pool_by_mistake_is_reversed(world: World, ana: Person) -> None:
    ana.says("/pool create garden EUR")
    ana.says("/pool fund garden 100 from the fair")
    ana.says("/reverse 2 it was the other pool")
    assert world.tx.all("select amount from balance where book = 'pool'") == [(0,)]
    told = " ".join(world.public[-1].split())
    assert "ana took back entry 2 of the books, 100 EUR from outside: it was the other" in told
    shown = " ".join(ana.says("/pool show garden").split())
    assert "100 EUR taken back, by ana: it was the other pool (entry 2)" in shown
    assert is_sound(world)


def test_points_that_moved_with_their_owner_are_taken_back_from_where_they_are(
    world: World, ana: Person
) -> None:
    """Linking accounts moves points by an entry that names the one it moves."""
    world.member("cy").says("/propose Paint the hall")

    def move(unit: Unit) -> None:
        call = world.app.call(unit, request("help", asker=somebody("ana")))
        tip = ledger.entry(unit.tx, 1, 1)
        assert tip is not None
        asset = ledger.asset_by_id(unit.tx, tip.asset)
        cy = unit.tx.all("select id from member where name = 'cy'")[0][0]
        taker = Holder(Book.MEMBER, cy)
        ledger.post(call, tip.taker, taker, asset, tip.amount, "joined", undoes=1)
        rank_again(call, tip.taker.owner)
        rank_again(call, cy)

    world.advance(days=45)
    before = holds(world, "ben")
    world.job(move)
    assert (holds(world, "ben"), holds(world, "cy")) == (0, before)
    ana.says("/reverse 1 it was no roof")
    assert (holds(world, "ben"), holds(world, "cy")) == (0, 0)
    assert sums(world) == [0]


def test_an_entry_that_was_made_to_take_itself_back_is_a_difference(
    world: World, ana: Person
) -> None:
    assert is_sound(world)
    ana.says("/tip @cy 1 paint")
    world.tx.run("update entry set undoes = number")
    assert not is_sound(world)
