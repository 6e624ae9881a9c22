"""Cards, lists, notices and announcements: what is seen, and where."""

from core.app import Reply
from core.kernel.codec import UnknownButton
from core.kernel.outbox import Kind
from core.kernel.reading import TooSmall
from core.kernel.request import Place
from core.kernel.view import Note
from core.proposals.fields import NoSuchProposal
from core.proposals.opening import CannotPost
from tests.asking import ask, refused
from tests.world import World


def hall(channel: str = "hall", **facts: object) -> Place:
    return Place("room", "local", channel, **facts)  # type: ignore[arg-type]


def notes(reply: Reply) -> list[str]:
    return [one.text.template for one in reply.shown.view.blocks if isinstance(one, Note)]


def test_show_moves_the_card_and_the_old_one_points_to_it(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup")
    world.advance(minutes=5)
    n = len(world.deliveries)
    assert "The card of #1 is here now." in ana.says("/show 1")
    kinds = {one.row.kind: one for one in world.deliveries[n:]}
    assert kinds.keys() == {Kind.CARD, Kind.POINTER}
    assert kinds[Kind.POINTER].row.message == "m1"
    assert kinds[Kind.CARD].row.message == ""
    ana.says("/vote 1 Pizza")
    assert world.deliveries[-1].row.message not in ("", "m1")


COPY = "This is a copy as of now; the card itself stays where it is."
LATELY = "A card moves once a minute at most."


def test_a_card_opened_in_the_wrong_place_moves_at_once(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    ask(world, "show", {"proposal": "1"}, place=hall())
    (card,) = [one for one in world.deliveries[1:] if one.row.kind is Kind.CARD]
    assert card.row.channel == "hall"


def test_show_twice_in_a_minute_gives_a_copy_that_says_why(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup")
    world.advance(seconds=20)
    assert "is here now" in ana.says("/show 1")
    with world.unchanged():
        copy = ana.says("/show 1")
    assert "Lunch?" in copy
    assert COPY in copy
    assert LATELY in copy
    world.advance(seconds=59)
    with world.unchanged():
        ana.says("/show 1")
    world.advance(seconds=1)
    assert "is here now" in ana.says("/show 1")


def test_buttons_of_a_card_that_moved_work_on(world: World) -> None:
    ana = world.member("ana")
    ana.says("/poll Lunch? Pizza | Soup")
    old = world.button("Soup", 1)
    world.advance(minutes=5)
    ana.says("/show 1")
    assert "Soup" in ana.says(str(old))


def test_show_where_no_card_may_be_posted_gives_a_copy(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    world.advance(minutes=5)
    with world.unchanged():
        missing = hall(missing=("Send Messages",))
        reply = ask(world, "show", {"proposal": "1"}, place=missing)
        in_private = ask(world, "show", {"proposal": "1"}, place=hall(""))
    assert reply.shown.view.buttons
    for one in (reply, in_private):
        said = notes(one)
        assert COPY in said
        assert LATELY not in said, "that is not why"


def test_a_copy_is_told_again_with_its_reason(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    world.advance(seconds=1)
    ask(world, "show", {"proposal": "1"}, place=hall("corner"))
    first = ask(world, "show", {"proposal": "1"}, id="once", place=hall())
    again = ask(world, "show", {"proposal": "1"}, id="once", place=hall())
    assert LATELY in notes(first)
    assert notes(again) == notes(first)


def test_what_cannot_be_shown_cannot_be_opened(world: World) -> None:
    world.member("ana").says("/help")
    place = hall(missing=("View Channel", "Send Messages"))
    with refused(world, CannotPost) as replies:
        args = {"question": "Lunch?", "options": "a | b"}
        replies.append(ask(world, "poll", args, place=place))
        replies.append(ask(world, "propose", {"title": "Paint"}, place=place))
    assert "View Channel, Send Messages" in str(replies[0].error and replies[0].error.facts)


def test_where_a_channel_is_chosen_cards_go_there(world: World) -> None:
    world.member("ana*").says("/channel proposals channel=#votes")
    reply = ask(world, "propose", {"title": "Paint"}, place=hall(missing=("Send Messages",)))
    assert reply.error is None
    assert world.deliveries[-1].row.channel == "votes"


def test_a_foreign_number_is_not_here(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    other = Place("room", "elsewhere", "room", space_name="Elsewhere")
    ask(world, "help", place=other)
    with refused(world, NoSuchProposal) as replies:
        for command in ("show", "withdraw"):
            args = {"proposal": "1", "reason": "x"} if command == "withdraw" else {"proposal": "1"}
            replies.append(ask(world, command, args, place=other))
        args = {"proposal": "1", "choice": "1"}
        replies.append(ask(world, "vote", args, place=other))
    with refused(world, UnknownButton) as replies:
        replies.append(ask(world, "", press="#1", place=other))


def test_the_list_has_the_open_ones_first_and_pages(world: World) -> None:
    for n in range(12):
        world.member(f"p{n}").says(f"/propose Door {n} closes_in={12 - n}h")
    world.advance(hours=1)
    ana = world.member("ana")
    first = ana.says("/proposals")
    assert first.index("#11 Door 10: open") < first.index("#10 Door 9: open")
    assert "Page 1 of 2" in first
    assert "[" in first
    second = ana.says("/proposals 2")
    assert "#12 Door 11: Not passed" in second
    assert "Page 2 of 2" in ana.says("/proposals 99")
    ana.is_refused("/proposals 0", TooSmall)
    numbers = [line for line in first.split("\n") if line.startswith("[")]
    assert "Page 2 of 2" in ana.says(numbers[0].strip("[").split("]")[0])


def test_an_empty_list_says_how_to_begin(world: World) -> None:
    answer = world.member("ana").says("/proposals")
    assert "/poll" in answer
    assert "/propose" in answer


def test_the_author_gets_a_notice_of_the_result_and_others_do_not(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup")
    ben.says("/vote 1 Pizza")
    n = len(ben.private)
    world.advance(days=1)
    assert "Your vote Lunch? closed. Pizza wins." in ana.private[-1]
    assert len(ben.private) == n


def test_a_result_is_announced_unless_that_is_off(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/poll Lunch? Pizza | Soup")
    world.advance(days=1)
    posts = [one for one in world.deliveries if one.row.kind is Kind.POST]
    assert len(posts) == 1
    assert world.public[-1].startswith("#1 Lunch?\nNobody voted")
    ana.says("/config set announce off")
    ana.says("/poll Dinner? Pizza | Soup")
    world.advance(days=1)
    assert [one for one in world.deliveries if one.row.kind is Kind.POST] == posts
    assert "Nobody voted" in world.card(2)


def test_numbers_of_buttons_are_never_given_twice(world: World) -> None:
    ana = world.member("ana")
    seen: dict[int, str] = {}
    for n in range(4):
        ana.says(f"/poll Round {n}? Pizza | Soup closes_in=1h")
        for label in ("Pizza", "Soup"):
            number = world.button(label, n + 1)
            assert number not in seen
            seen[number] = label
        if n % 2:
            ana.says(f"/withdraw {n + 1}")
        else:
            world.advance(hours=1)


def test_a_ballot_is_one_edit_of_the_card(world: World) -> None:
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    n = len(world.deliveries)
    world.member("ben").says("/vote 1 Pizza")
    assert len(world.deliveries) == n + 1


def test_me_says_what_waits_and_what_i_chose(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    ana.says("/propose Paint the hall")
    ben.says("/vote 1 Soup")
    answer = ben.says("/me")
    assert "#1 Lunch?: Soup" in answer
    assert "#2 Paint the hall: open until" in answer.partition("Waiting for your ballot")[2]
    world.advance(hours=1)
    assert "Lunch?" not in ben.says("/me")
