"""The room without its terminal: who speaks, what is read, and how things are shown."""

import unicodedata
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.platforms.console.read import is_press, read_name, take_apart
from bot.platforms.console.render import WIDTH, WIDTH_MIN, Writer, render
from bot.platforms.console.terminal import width
from bot.platforms.text import blocks, percent, shortened, span
from core.kernel.outbox import Person, Presented
from core.kernel.reading import GivenTwice
from core.kernel.rights import AdminsOnly
from core.kernel.text import (
    ChannelName,
    Code,
    CommandName,
    MemberId,
    Share,
    T,
    Text,
    counted,
)
from core.kernel.view import Bar, Bars, Fields, Items, Note, Paragraph, Quote, Table, View
from tests.world import START, World


@pytest.mark.parametrize(
    ("line", "name", "is_admin", "said"),
    [
        ("ana: /help", "ana", False, "/help"),
        ("ana*: /help", "ana", True, "/help"),
        ("@ana: /help", "ana", False, "/help"),
        ("  Ana:   7 ", "Ana", False, "7"),
        ("ana:", "ana", False, ""),
        ("ana*:/help", "ana", True, "/help"),
        ("ana: /poll A: or B? a | b", "ana", False, "/poll A: or B? a | b"),
        ("ana: /propose Paint\nIn blue", "ana", False, "/propose Paint\nIn blue"),
        ("Åsa-Märta: /me", "Åsa-Märta", False, "/me"),
        ("Anna Lena: /me", "Anna Lena", False, "/me"),
        ("@Anna  Lena* : 7", "Anna Lena", True, "7"),
        ("Anna Lena:/me", "Anna Lena", False, "/me"),
        ("שרה כהן: 7", "שרה כהן", False, "7"),
        (f"{'n' * 32}: 7", "n" * 32, False, "7"),
    ],
)
def test_who_speaks_is_named_before_a_colon(
    line: str, name: str, said: str, *, is_admin: bool
) -> None:
    taken = take_apart(line)
    assert taken.speaker is not None
    assert (taken.speaker.name, taken.speaker.is_admin, taken.said) == (name, is_admin, said)


@pytest.mark.parametrize(
    "line",
    [
        "/help",
        "7",
        "hello",
        "/poll ana: or ben? a | b",
        "a b: c",
        "see you at: half past 7",
        f"{'n' * 33}: 7",
        f"{'n ' * 16}n: 7",
        "ana:now",
        "http://a.b",
        "\u200b: /me",
        ": x",
    ],
)
def test_a_line_may_name_nobody(line: str) -> None:
    assert take_apart(line) == take_apart(take_apart(line).said)
    assert take_apart(line).speaker is None


@pytest.mark.parametrize("names", [("Ana", "ana"), ("ana", "ANA"), ("ana", "a\u200bna")])
def test_two_ways_to_write_a_name_are_one_account(names: tuple[str, str]) -> None:
    one, other = (read_name(name) for name in names)
    assert one is not None
    assert other is not None
    assert one.account == other.account


@pytest.mark.parametrize(
    ("said", "is_one"),
    [("7", True), ("07", True), ("٣", False), ("²", False), ("7a", False), ("-7", False)],
)
def test_a_bare_number_presses_a_button(said: str, *, is_one: bool) -> None:
    assert is_press(said) is is_one


def test_who_names_nobody_is_you_until_as_says_otherwise(world: World) -> None:
    heard = world.room.hear("/help", "1")
    assert heard is not None
    assert heard[0].name == "you"
    assert world.room.hear("/as ana*", "2") is None
    assert world.lines[-1] == "(you speak as ana, an admin)"
    heard = world.room.hear("/me", "3")
    assert heard is not None
    assert heard[0].account == "ana"
    assert heard[1].asker.is_admin


def test_a_name_may_have_several_words(world: World) -> None:
    heard = world.room.hear("/AS Anna  Lena*", "1")
    assert heard is None
    assert world.lines[-1] == "(you speak as Anna Lena, an admin)"
    world.member("ben").says('/tip "anna lena" 5 for the soup')
    assert world.lines[-1].startswith("(to anna lena) ben thanks you with 5 points.")


@pytest.mark.parametrize("line", ["/as", "/as a/b", "/as :", "/as \u200b"])
def test_as_nobody_explains_itself(world: World, line: str) -> None:
    assert world.room.hear(line, "1") is None
    assert "say who you are" in world.lines[-1]


@pytest.mark.parametrize("line", ["hello", "ana: hello there", "٣", "²"])
def test_talk_is_told_apart_from_commands(world: World, line: str) -> None:
    assert world.room.hear(line, "1") is None
    assert "that is talk" in world.lines[-1]


@pytest.mark.parametrize("line", ["", "   ", "ana:", "// a comment", "ana: // a comment"])
def test_nothing_is_asked_by_nothing(world: World, line: str) -> None:
    assert world.room.hear(line, "1") is None
    assert world.lines == []


def test_what_is_typed_is_overheard_and_what_is_pressed_is_not(world: World) -> None:
    typed, pressed = (world.room.hear(line, "1") for line in ("ana: /me", "ana: 7"))
    assert typed is not None
    assert typed[1].is_overheard
    assert pressed is not None
    assert not pressed[1].is_overheard
    assert pressed[1].press == "#7"


def presented(*parts: object, **words: object) -> Presented:
    view = View(blocks=parts, **words)  # type: ignore[arg-type]
    people = {1: Person("ana", {}), 2: Person("", {}), 3: Person("שרה", {})}
    return Presented(view, people, (), "Europe/Lisbon")


def shown(*parts: object, **words: object) -> str:
    return render(presented(*parts, **words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (T("{who}", who=MemberId(1)), "ana"),
        (T("{who}", who=MemberId(2)), "a former member"),
        (T("{who}", who=MemberId(9)), "a former member"),
        (T("{who} said", who=MemberId(3)), "\u2068שרה\u2069 said"),
        (T("{n}", n=1_000_000), "1000000"),
        (T("{at}", at=START), "Mon 2 Mar 2026, 09:00 WET"),
        (T("{at}", at=START + timedelta(days=60)), "Fri 1 May 2026, 10:00 WEST"),
        (T("{s}", s=timedelta(hours=36)), "1 day 12 hours"),
        (T("{s}", s=Share(Fraction(1, 3))), "33 %"),
        (T("{s}", s=Fraction(2, 3)), "2/3"),
        (T("{c} {d}", c=CommandName("config set"), d=Code("/show 1")), "/config set /show 1"),
        (T("{c}", c=ChannelName("hall")), "#hall"),
        (T("{w}", w="two\nlines"), "two lines"),
        (T("{a}", a=T("{b}", b="{c}")), "{c}"),
        (counted(1, "1 vote", "{n} votes"), "1 vote"),
        (counted(0, "1 vote", "{n} votes"), "0 votes"),
    ],
)
def test_each_kind_of_value_is_written(text: Text, words: str) -> None:
    assert shown(Paragraph(text)) == words


def test_a_value_that_nobody_knows_is_a_bug() -> None:
    with pytest.raises(TypeError, match="no way to write"):
        Writer(Presented(View(), {}, (), "UTC")).write(Text("{x}", {"x": object()}))  # type: ignore[dict-item]


def test_blocks_stand_one_under_the_other() -> None:
    text = shown(
        Paragraph(T("First.")),
        Quote(T("{d}", d="In blue\n\nOr green")),
        Fields(((T("now"), T("3")),)),
        Items((T("one"), T("two"))),
        Table((T("who"), T("n")), ((T("ana"), T("10")), (T("b"), T("2")))),
        Bars((Bar(T("For"), T("1 vote"), Fraction(1), is_marked=True),)),
        Note(T("small")),
        title=T("Title"),
    )
    assert text.split("\n") == [
        "Title",
        "First.",
        "> In blue",
        ">",
        "> Or green",
        "  now: 3",
        "- one",
        "- two",
        "who  n",
        "ana  10",
        "b    2",
        "* For ████████████████ 1 vote",
        "(small)",
    ]


@pytest.mark.parametrize("letters", [WIDTH_MIN, WIDTH, 150])
def test_lines_are_no_longer_than_the_terminal(letters: int) -> None:
    long = "word " * 200
    text = render(
        presented(
            Paragraph(T(long)), Quote(T(long)), Items((T(long),)), Fields(((T("x"), T(long)),))
        ),
        letters,
    )
    longest = max(len(line) for line in text.split("\n"))
    assert letters - len("word ") <= longest <= letters


@pytest.mark.parametrize(("is_terminal", "letters"), [(True, 94), (False, WIDTH)])
def test_only_a_terminal_says_how_wide_it_is(
    monkeypatch: pytest.MonkeyPatch, letters: int, *, is_terminal: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    assert width() == letters


def test_a_terminal_too_narrow_for_words_has_them_run_over() -> None:
    assert (
        render(presented(Paragraph(T("word " * 50))), 1).split("\n")[0]
        == "word word word word word"
    )


@pytest.mark.parametrize(
    "line", ["ana: /help vote", "ana: /vote 1 2", "Rapunzel-of-the-tower: /vote 9 9"]
)
def test_who_is_told_takes_its_part_of_the_first_line(world: World, line: str) -> None:
    name, _, said = line.partition(": ")
    world.member("ben").says(f"/poll {'What about the shed and its roof and ' * 5}? a | b")
    world.member(name).says(said)
    for told in world.lines:
        assert max(map(len, told.split("\n"))) <= WIDTH + 4


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Fraction(0), "0 %"),
        (Fraction(1, 1000), "under 1 %"),
        (Fraction(1, 200), "1 %"),
        (Fraction(1, 2), "50 %"),
        (Fraction(995, 1000), "over 99 %"),
        (Fraction(1), "100 %"),
    ],
)
def test_a_share_never_says_all_or_nothing_falsely(part: Fraction, said: str) -> None:
    assert percent(part) == said


@pytest.mark.parametrize(
    ("part", "bar"),
    [
        (Fraction(0), "░░░░"),
        (Fraction(1, 1000), "█░░░"),
        (Fraction(1, 2), "██░░"),
        (Fraction(999, 1000), "███░"),
        (Fraction(1), "████"),
    ],
)
def test_a_bar_shows_what_is_not_nothing_and_not_all(part: Fraction, bar: str) -> None:
    assert blocks(part, 4) == bar


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=8, hours=1, minutes=1), "1 week 1 day"),
        (timedelta(days=14), "2 weeks"),
        (timedelta(days=90), "12 weeks 6 days"),
    ],
)
def test_a_length_is_said_in_at_most_two_units(length: timedelta, said: str) -> None:
    assert span(length) == said


def test_words_are_cut_at_a_letter_and_not_inside_one() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"
    for words in ("e\u0301" * 10, "👩‍💻" * 10, "👍🏽" * 10):
        for most in range(2, len(words)):
            cut = shortened(words, most)
            assert len(cut) <= most
            rest = words[len(cut) - 1 :]
            assert not rest or unicodedata.combining(rest[0]) == 0
            assert not cut.removesuffix("…").endswith("\u200d")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ('/poll "Where?" options="A | B" options="C | D"', "options"),
        ("/propose Paint details=x details=y details=z", "details"),
        ("/tip to=@ben to=@cleo 5", "to"),
        ("/channel admin channel=#a channel=#b", "channel"),
    ],
)
def test_what_is_given_twice_is_refused_by_its_name(world: World, line: str, option: str) -> None:
    said = world.member("ana*").is_refused(line, GivenTwice)
    assert f"{option} is given twice. Write it once" in said


def test_rights_come_before_what_is_given_twice(world: World) -> None:
    world.member("ana").is_refused("/channel admin channel=#a channel=#b", AdminsOnly)


def test_signs_of_no_alphabet_are_a_text_like_any_other(world: World) -> None:
    ana = world.member("ana")
    ana.says("/propose \ue002twice\ue002")
    assert "\ue002twice\ue002" in ana.sees()
