"""Whatever stands in a view, Discord takes it and nobody is fooled. This file is the drawing."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.render import CONTENT_MAX, Look, render
from bot.platforms.discord.spans import bare, code, fitted, words
from core.features import FEATURES
from core.kernel.feature import House
from core.kernel.outbox import Person, Presented
from core.kernel.text import ChannelName, Code, CommandName, MemberId, Share, T, Text
from core.kernel.view import (
    Bar,
    Bars,
    Block,
    Button,
    Fields,
    Items,
    Note,
    Paragraph,
    Quote,
    Style,
    Table,
    Tone,
    View,
)
from tests.platforms.discord_server.limits import check_message

AT = datetime(2026, 3, 3, 9, 0, 0, 999_000, tzinfo=UTC)
HOUSE = House(FEATURES, {})
PEOPLE = {
    1: Person("ana_*the great*", {"discord": "4711"}),
    2: Person("ben @everyone", {"room": "ben"}),
    3: Person("", {}),
}
HOSTILE = (
    "@everyone and @here, <@4711> <@&99> <#12> </vote:1> <:x:1> <a:x:1> <t:1:R> <id:customize>",
    "**bold** _it_ __under__ ~~gone~~ ||hidden|| `code` ```block``` \\",
    "# Big\n> quoted\n-# small\n- item\n>>> all",
    "[free money](https://evil.example) and [x](<https://evil.example>)",
    "\u202eright to left\u202c \u05d0\u05d1\u05d2 \u2066isolated \u2067never closed",
    "\u200b\u200b\u2060\ufeff",
    "e\u0301" + "\u0301" * 300 + " 👨‍👩‍👧‍👦🏽🇵🇹🇺🇦",
    "'; drop table member; -- =1+1",
    *(letter * (10_000 // len(letter)) for letter in ("m", "*", "\u0634", "🏳️‍🌈", "a\n", "\u200b")),
)


def presented(view: View) -> Presented:
    codes = tuple(f"vote:{at}" for at in range(len(view.buttons)))
    return Presented(view, PEOPLE, codes, "Europe/Lisbon")


async def drawn(*blocks: Block, title: Text | None = None, tone: Tone = Tone.PLAIN) -> str:
    look = render(presented(View(title, blocks, tone=tone)))
    accepted(look)
    return "\n".join(embed.description or "" for embed in look.embeds)


def accepted(look: Look) -> None:
    """Hold a look against what Discord refuses; raises as it would."""
    view = look.view()
    components = view.to_components() if view else []
    embeds = [embed.to_dict() for embed in look.embeds]
    check_message({"embeds": embeds, "components": components}, is_v2=False)
    check_message({"content": look.plain(), "components": components}, is_v2=False)


def everything(text: str, n: int) -> View:
    """A view with a hostile text in every place where a text can stand, n times."""
    told = T("{text}", text=text)
    mixed = T("{who} said {text} at {at}", who=MemberId(2), text=text, at=AT)
    bars = tuple(Bar(told, mixed, Fraction(at, n), is_marked=not at) for at in range(n))
    blocks: tuple[Block, ...] = (
        Quote(told),
        Paragraph(mixed),
        Fields(((told, mixed),) * n),
        Items((mixed,) * n),
        Table((told, told), ((mixed, told),) * n),
        Bars(bars),
        Note(told),
        Note(T("{code}", code=Code(text))),
    )
    label = T("{text}", text=text)
    buttons = tuple(Button(label, HOUSE.command("proposals", page=at + 1)) for at in range(n))
    return View(told, blocks, buttons, Tone.OPEN)


@pytest.mark.parametrize(
    ("text", "n"),
    [(text, n) for text in HOSTILE for n in (1, 3, 30) if n == 1 or n * len(text) < 20_000],
)
async def test_discord_takes_any_text_in_any_place(text: str, n: int) -> None:
    look = render(presented(everything(text, n)))
    accepted(look)
    for said in [*(embed.description or "" for embed in look.embeds), look.embeds[0].title or ""]:
        assert_harmless(said)


def assert_harmless(said: str) -> None:
    """Check that what Discord would read as markup is ours, and is closed."""
    seen = re.sub(r"\\[^0-9A-Za-z\s]", "x", said)
    in_code = re.sub(r"(`+) ?.+? ?\1", "", seen)
    assert "`" not in in_code, "code that never ends"
    assert in_code.count("**") % 2 == 0, "bold that never ends"
    for mark in ("__", "~~", "||", "](", "***", "*"):
        assert mark not in in_code.replace("**", ""), f"{mark} works in {said[:200]!r}"
    assert not re.search(r"<(?:[@#:/]|a:|id:)", in_code.replace("<@4711>", ""))
    assert not re.search(r"@(everyone|here)", in_code)
    assert said.count("\u2068") == said.count("\u2069"), "an isolate that never ends"
    assert not re.search("[\u202a-\u202e\u2066\u2067]", said)
    assert not re.search(r"^(#{1,3} |>>>)", in_code, re.MULTILINE)
    assert not re.search(r"^> (#{1,3} |>)", in_code, re.MULTILINE)


async def test_harmless_words_are_left_as_they_are() -> None:
    for text in ("open_per_member", "Pizza | Soup", "2 > 1 < 3", "C# - a #1 [draft] e-mail a@b.c"):
        assert await drawn(Paragraph(T("{text}", text=text))) == text
    assert await drawn(Paragraph(T("#{number} is open", number=12))) == "#12 is open"


async def test_values_are_written_as_discord_shows_them() -> None:
    text = T(
        "{ana} {ben} {gone} {at} {for_} {share} {ratio} {n} {code} {tick} {cmd} {channel}",
        ana=MemberId(1),
        ben=MemberId(2),
        gone=MemberId(3),
        at=AT,
        for_=timedelta(hours=36),
        share=Share(Fraction(1, 3)),
        ratio=Fraction(2, 3),
        n=12345,
        code=Code("ab_cd*"),
        tick=Code("a`b"),
        cmd=CommandName("config set"),
        channel=ChannelName("77"),
    )
    assert await drawn(Items((text,))) == (
        "• <@4711> ben @\u200beveryone a former member <t:1772528400:f> 1 day 12 hours 33 % 2/3 "
        "12345 `ab_cd*` `` a`b `` `/config set` <#77>"
    )
    assert "<t:1772528400:F> (<t:1772528400:R>)" in await drawn(Paragraph(T("{at}", at=AT)))


async def test_a_title_names_people_and_times_in_words() -> None:
    title = T("{who} at {at} for {n}", who=MemberId(1), at=AT, n=3)
    look = render(presented(View(title, tone=Tone.PASSED)))
    accepted(look)
    assert look.embeds[0].title == "✅ ana\\_\\*the great\\* at Tue 3 Mar 2026, 09:00 WET for 3"


async def test_a_tone_is_a_sign_and_not_only_a_colour() -> None:
    for tone, sign in ((Tone.OPEN, "🗳️"), (Tone.PASSED, "✅"), (Tone.FAILED, "❌")):
        said = await drawn(Paragraph(T("so")), tone=tone)
        assert said == f"{sign} so"
        assert render(presented(View(T("so"), tone=tone))).embeds[0].colour is not None
    assert await drawn(Paragraph(T("so"))) == "so"


async def test_a_bar_shows_its_share_in_letters_and_marks_the_winner() -> None:
    rows = (
        Bar(T("For"), T("3 votes (75 %)"), Fraction(3, 4), is_marked=True),
        Bar(T("Against"), T("1 vote (25 %)"), Fraction(1, 4)),
    )
    assert await drawn(Bars(rows)) == (
        "✅ **For**\n`█████████░░░` 3 votes (75 %)\n**Against**\n`███░░░░░░░░░` 1 vote (25 %)"
    )


async def test_notes_stand_small_under_their_block_and_quotes_apart() -> None:
    said = await drawn(
        Paragraph(T("first")), Note(T("small\nprint")), Quote(T("{q}", q="one\n# two")), Items(())
    )
    assert said == "first\n-# small print\n\n> one\n> \\# two"


async def test_a_list_stands_close_under_its_sentence() -> None:
    items, rows = Items((T("one"),)), Fields(((T("a"), T("b")),))
    said = await drawn(Paragraph(T("These:")), items, Paragraph(T("And:")), rows, items)
    assert said == "These:\n• one\n\nAnd:\n**a**: b\n\n• one"


async def test_two_peoples_words_make_no_link_together() -> None:
    text = T("{a}{b}", a="[free money]", b="(https://evil.example)")
    assert "](" not in (await drawn(Paragraph(text))).replace("\\]", "")


async def test_a_view_with_nothing_in_it_says_so() -> None:
    assert await drawn() == "✅ Done."


async def test_what_is_said_about_a_quote_is_not_pushed_out_by_it() -> None:
    long = Quote(T("{text}", text="*" * 5000))
    end = [Note(T("rule {n}", n=n)) for n in range(5)]
    said = await drawn(long, *end, title=T("{t}", t="_" * 400))
    assert said.endswith("-# rule 4")
    assert "…" in said


async def test_long_lists_go_on_in_a_second_embed_and_end_with_an_ellipsis() -> None:
    rows = tuple(T("{n} {text}", n=n, text="x" * 300) for n in range(100))
    look = render(presented(View(T("long"), (Items(rows),))))
    accepted(look)
    assert len(look.embeds) == 2
    assert (look.embeds[-1].description or "").endswith("…")
    assert len(look.plain()) <= CONTENT_MAX


async def test_buttons_keep_their_codes_apart_and_stay_inside_the_grid() -> None:
    label, styles = T("{text}", text="long " * 50), (Style.MAIN, Style.DANGER, Style.PLAIN)
    page = HOUSE.command("proposals", page=2)
    buttons = tuple(Button(label, page, styles[at % 3]) for at in range(30))
    shown = Presented(View(T("x"), buttons=buttons), {}, tuple(["a", "a", *"bcdefg"] * 4), "UTC")
    look = render(shown)
    accepted(look)
    assert [key.code for key in look.keys] == list("abcdefg")
    assert all(len(key.label) <= 80 for key in look.keys)
    assert look.keys[0].label.endswith("…")


async def test_a_view_of_the_library_is_not_kept_after_sending() -> None:
    button = Button(T("x"), HOUSE.command("help"))
    view = render(presented(View(T("x"), buttons=(button,)))).view()
    assert view is not None
    assert view.is_finished()
    assert render(presented(View(T("x")))).view() is None


texts = st.text(
    st.sampled_from("a_*`~|<>@#[]()\\ \n-:te\u0301\u05d0\u200d🏽👩" + "everyone"), max_size=60
)


@given(texts, st.integers(1, 80))
def test_cutting_keeps_the_limit_and_never_half_an_escape(text: str, most: int) -> None:
    for made in (words(text), bare(text), code(text)):
        cut = fitted([made, made], most)
        assert len(cut) <= most
        assert cut.count("\u2068") == cut.count("\u2069")
        if most < 2 * made.size:
            assert cut.endswith("…")
    escaped = fitted([words(text)], most).removesuffix("…")
    backslashes = len(escaped) - len(escaped.rstrip("\\"))
    assert backslashes % 2 == 0


@given(texts)
def test_escaping_adds_nothing_that_a_reader_sees(text: str) -> None:
    said = "".join(words(text).units)
    seen = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", said).replace("\u200b", "")
    assert seen == text


def test_letters_stay_together_with_their_marks() -> None:
    text = "👩‍👩‍👧 e\u0301 🇵🇹🇺🇦"
    units = words(text).units
    assert "".join(units) == text
    assert units == ("👩‍👩‍👧", " ", "e\u0301", " ", "🇵🇹", "🇺🇦")
    assert fitted([bare(text)], 8) == "👩‍👩‍👧…"
