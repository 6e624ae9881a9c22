"""The community itself: setup, channels, journal, help, me, and the bot's coming and going."""

import pytest

from core.community.commands import NoChannel, NoSuchCommand
from core.kernel.errors import UserError
from core.kernel.outbox import Kind as Row
from core.kernel.reading import (
    ChoiceMissing,
    Missing,
    NotAChoice,
    NothingToSee,
    TooLarge,
    TooLong,
    TooSmall,
)
from core.kernel.request import Asker, ChannelRef, Kind, Place
from core.kernel.rights import (
    AdminsOnly,
    AdminUnknown,
    HalfACommand,
    MistypedCommand,
    NoCommand,
    NotHere,
    UnknownCommand,
)
from tests.asking import ask, refused, request, somebody
from tests.world import World


def test_a_space_is_a_community_from_its_first_command(world: World) -> None:
    assert "found platform=room" in world.member("ana").says("/journal")
    assert world.tx.all("select name from community") == [("the room",)]


def test_setup_names_the_community_and_shows_the_first_steps(world: World) -> None:
    answer = world.member("ana*").says("/setup The Old Hall")
    assert "The Old Hall is ready" in answer
    assert "/poll Lunch? Pizza | Soup" in answer
    assert "Settings of The Old Hall" in world.member("ben").says("/config show")


def test_what_is_missing_says_what_there_is_to_choose_from(world: World) -> None:
    answer = world.member("ana*").is_refused("/channel", ChoiceMissing)
    assert "Please add one of: proposals, treasury, admin." in answer


def test_setup_takes_a_channel(world: World) -> None:
    assert "Votes will appear in #votes." in world.member("ana*").says("/setup Hall channel=#votes")
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    assert world.deliveries[-1].row.channel == "votes"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/setup", Missing),
        ("/setup \u200b\u2060", NothingToSee),
        (f"/setup {'x' * 101}", TooLong),
        ("/channel", ChoiceMissing),
        ("/channel kitchen", NotAChoice),
    ],
)
def test_what_cannot_be_set_up_is_refused(world: World, line: str, error: type[UserError]) -> None:
    world.member("ana*").is_refused(line, error)


@pytest.mark.parametrize("line", ["/setup Hall", "/channel admin"])
def test_only_an_admin_sets_up(world: World, line: str) -> None:
    world.member("ana").is_refused(line, AdminsOnly)
    with refused(world, AdminUnknown) as replies:
        args = {"name": "Hall"} if "setup" in line else {"purpose": "admin"}
        asker = somebody(is_admin=None)
        replies.append(ask(world, line.split(maxsplit=1)[0][1:], args, asker=asker))


@pytest.mark.parametrize("purpose", ["proposals", "treasury", "admin", "ADMIN"])
def test_a_channel_is_this_one_unless_another_is_named(world: World, purpose: str) -> None:
    admin = world.member("ana*")
    assert "will appear in #room." in admin.says(f"/channel {purpose}")
    assert "will appear in #money." in admin.says(f"/channel {purpose} channel=money")


def test_a_channel_that_nobody_knows_is_refused(world: World) -> None:
    with refused(world, NoChannel) as replies:
        admin = somebody(is_admin=True)
        place = Place("room", "local")
        replies.append(ask(world, "channel", {"purpose": "admin"}, asker=admin, place=place))


def test_a_thread_is_a_place_for_votes(world: World) -> None:
    args = {"purpose": "proposals", "channel": ChannelRef("hall", "thread")}
    ask(world, "channel", args, asker=somebody(is_admin=True))
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    row = world.deliveries[-1].row
    assert (row.channel, row.thread) == ("hall", "thread")


def test_the_journal_shows_the_newest_first_and_the_head(world: World) -> None:
    ana = world.member("ana")
    for n in range(4):
        ana.says(f"/propose Door {n}")
    answer = ana.says("/journal 2")
    assert answer.index("5. ") < answer.index("4. ")
    assert "3. " not in answer
    assert "Head of the journal, entry 5:" in answer
    assert "Door" not in answer, "texts are sealed"


@pytest.mark.parametrize(("last", "error"), [("0", TooSmall), ("51", TooLarge)])
def test_the_journal_shows_1_to_50_entries(world: World, last: str, error: type[UserError]) -> None:
    world.member("ana").is_refused(f"/journal {last}", error)


def test_what_only_reads_writes_nothing(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose Paint the hall")
    for line in ("/help", "/help poll", "/config show", "/journal", "/me", "/proposals"):
        with world.unchanged():
            ana.says(line)


def test_help_lists_every_command_and_explains_each(world: World) -> None:
    ana = world.member("ana")
    everything = ana.says("/help")
    for declared in world.house.declarations:
        assert f"/{declared.path}" in everything
        explained = " ".join(ana.says(f"/help {declared.path}").split())
        assert declared.help in explained
        for option in declared.options:
            assert f"{option.name}: {option.description}" in explained


@pytest.mark.parametrize("written", ["config set", "config_set", "/config set", "CONFIG SET"])
def test_help_finds_a_command_as_people_write_it(world: World, written: str) -> None:
    assert "/config set <setting> <value>" in world.member("ana").says(f"/help {written}")


def test_help_of_a_first_word_shows_its_commands(world: World) -> None:
    answer = world.member("ana").says("/help config")
    assert "/config show" in answer
    assert "/config set" in answer


@pytest.mark.parametrize("line", ["/help nothing", "/help tick", "/help proposal close"])
def test_help_knows_no_other_commands(world: World, line: str) -> None:
    world.member("ana").is_refused(line, NoSuchCommand)


@pytest.mark.parametrize("line", ["/nothing", "/tick 1 2", "/warn x", "/found", "/" + "x" * 3000])
def test_an_unknown_command_is_refused_with_where_to_look(world: World, line: str) -> None:
    assert "/help" in world.member("ana").is_refused(line, UnknownCommand)


@pytest.mark.parametrize(
    ("line", "near"),
    [("/pol Lunch?", "/poll"), ("/vote_1", "/vote"), ("/pool_requst x", "/pool request"),
     ("/PROPOSAL", "/proposals"), ("/setpu", "/setup")],
)  # fmt: skip
def test_a_slip_is_told_what_was_meant(world: World, line: str, near: str) -> None:
    answer = world.member("ana").is_refused(line, MistypedCommand)
    assert f"Did you mean {near}?" in " ".join(answer.split())


def test_half_a_command_is_told_its_other_halves(world: World) -> None:
    for line in ("/config", "/config quorum 5", "/CONFIG"):
        answer = world.member("ana").is_refused(line, HalfACommand)
        assert "Type one of: /config show, /config set." in " ".join(answer.split())
    world.member("ana").is_refused("/proposal", MistypedCommand)
    world.member("ana").is_refused("/", NoCommand)


def test_the_journal_names_whom_an_entry_is_about(world: World) -> None:
    ana, ben = world.member("ana"), world.member("ben")
    ana.says("/tip @ben 5 the roof")
    assert "ana: tip points=5 reason=(sealed) to=ben" in " ".join(ana.says("/journal").split())
    ben.says("/forget me yes")
    assert "to=a former member" in " ".join(ana.says("/journal").split())


def test_a_person_has_to_be_somewhere(world: World) -> None:
    world.member("ana").says("/help")
    with refused(world, NotHere) as replies:
        replies.append(world.ask(request("help", place=None)))


def test_me_before_taking_part_says_where_to_begin(world: World) -> None:
    assert "/proposals" in world.member("ana").says("/me")


def test_a_name_is_the_newest_one(world: World) -> None:
    world.member("ana").says("/propose Paint the hall")
    assert "Proposal by ana" in world.card(1)
    ask(world, "vote", {"proposal": "1", "choice": "for"}, asker=somebody("ANA"))
    assert "Proposal by ANA" in world.card(1)


def test_a_name_that_nobody_can_see_is_told_as_none(world: World) -> None:
    nobody = somebody("dan", name="\u200b\u2066\n")
    ask(world, "propose", {"title": "Paint the hall"}, asker=nobody)
    assert "Proposal by (no name)" in world.card(1)


def test_coming_into_a_space_greets_once_with_what_is_missing(world: World) -> None:
    worker = Asker(kind=Kind.WORKER)
    args = {"missing": "Send Messages"}
    for _ in range(2):
        ask(world, "arrived", args, asker=worker, is_stored=True, id="room:arrived:1")
    posts = [one for one in world.deliveries if one.row.kind is Row.POST]
    assert len(posts) == 1
    assert "I still need these permissions to show votes: Send Messages." in world.public[-1]


def test_while_the_bot_is_away_nothing_is_sent_and_then_everything(world: World) -> None:
    worker = Asker(kind=Kind.WORKER)
    world.member("ana").says("/propose Paint the hall")
    ask(world, "departed", asker=worker, is_stored=True)
    n = len(world.deliveries)
    world.member("ben").says("/vote 1 for")
    assert len(world.deliveries) == n
    ask(world, "arrived", asker=worker, is_stored=True)
    assert "1 person voted." in world.card(1)


@pytest.mark.parametrize("command", ["arrived", "departed", "warn", "proposal close"])
def test_people_cannot_ask_what_only_the_bot_may(world: World, command: str) -> None:
    world.member("ana").says("/help")
    with refused(world, UnknownCommand) as replies:
        replies.append(ask(world, command, {"proposal": "1"}, asker=somebody(is_admin=True)))
        replies.append(ask(world, "", press=f"{command.replace(' ', '_')}:1"))
