"""Whatever stands in a view, Telegram takes it and nobody is fooled. This file is the drawing."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.marks import units
from bot.platforms.telegram.render import (
    BUTTON_BYTES,
    GLANCE_MAX,
    TEXT_MAX,
    TOAST_MAX,
    Look,
    render,
    toast,
)
from core.features import FEATURES
from core.kernel.feature import House
from core.kernel.outbox import Person, Presented
from core.kernel.text import Code, MemberId, T
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
    Table,
    Tone,
    View,
)
from tests.platforms.telegram_server.formatting import parse_html
from tests.platforms.telegram_server.limits import CALLBACK_DATA_BYTES_MAX
from tests.platforms.telegram_server.markup import read_keyboard

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HOUSE = House(FEATURES, {})
HOSTILE = (
    "a < b && c > d <b>bold</b> </code> <a href='https://evil.example'>money</a> <tg-spoiler>",
    "&lt; &amp; &#60; &#x3c; &quot; &nbsp; &; &#0; &#55296;",
    "<" * 50 + "!-- -->" + "<blockquote expandable>",
    "@ana_m /poll@folkmoot_bot #tag https://evil.example tg://user?id=1",
    "\u202eright to left\u202c \u05d0\u05d1\u05d2 \u2066isolated \u2067never closed",
    "\u200b\u200b\u2060\ufeff",
    "e\u0301" + "\u0301" * 300 + " 👨‍👩‍👧‍👦🏽🇵🇹🇺🇦",
    *(letter * (10_000 // len(letter)) for letter in ("m", "<", "&", "\u0634", "🏳️‍🌈", "a\n")),
)
# As long as the number of a group gets.
GROUP = "-1009999999999999"


def presented(view: View, codes: tuple[str, ...] = ()) -> Presented:
    people = {2: Person("ben <b>@everyone</b>", {}), 3: Person("", {})}
    found = codes or tuple(f"vote:{at}" for at in range(len(view.buttons)))
    return Presented(view, people, found, "Europe/Lisbon")


def accepted(look: Look) -> str:
    """Hold a look against what Telegram refuses; raises as it would. Returns what is read."""
    text, _ = parse_html(look.html)
    assert text.strip()
    assert 0 < units(text) <= TEXT_MAX
    for group in ("", GROUP):
        markup = look.markup(group)
        read_keyboard(markup.to_dict() if markup else None, "", is_private=bool(group))
    return text


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
    buttons = tuple(Button(told, HOUSE.command("proposals", page=at + 1)) for at in range(n))
    return View(told, blocks, buttons, Tone.OPEN)


@pytest.mark.parametrize(
    ("text", "n"),
    [(text, n) for text in HOSTILE for n in (1, 3, 30) if n == 1 or n * len(text) < 20_000],
)
def test_telegram_takes_any_text_in_any_place(text: str, n: int) -> None:
    shown = presented(everything(text, n))
    accepted(render(shown))
    assert 0 < units(toast(shown)) <= TOAST_MAX


@given(st.text(max_size=300), st.integers(1, 3))
def test_no_text_breaks_out_of_its_place(text: str, n: int) -> None:
    accepted(render(presented(everything(text, n))))


def test_what_is_typed_is_read_as_it_was_typed() -> None:
    for text in ("2 > 1 < 3", "a & b", "&lt;", "Pizza | Soup", "<b>not bold</b>", "snake_case *x*"):
        assert accepted(render(presented(View(None, (Paragraph(T("{x}", x=text)),))))) == text


def test_a_code_of_the_longest_kind_fits_with_its_group_and_a_longer_one_is_no_button() -> None:
    command = HOUSE.command("proposals", page=1)
    label = T("more")
    view = View(None, (Paragraph(T("hello")),), (Button(label, command), Button(label, command)))
    look = render(presented(view, ("v" * BUTTON_BYTES, "v" * (BUTTON_BYTES + 1))))
    ((key,),) = look.rows
    accepted(look)
    markup = look.markup(GROUP)
    assert markup is not None
    data = markup.inline_keyboard[0][0].callback_data
    assert len(str(data).encode()) <= CALLBACK_DATA_BYTES_MAX
    assert key.code == "v" * BUTTON_BYTES


def test_a_glance_leaves_notes_out_and_a_long_answer_keeps_them() -> None:
    note = Note(T("You can change it until {at}.", at=AT))
    brief = toast(presented(View(None, (Paragraph(T("Your ballot: Soup.")), note))))
    assert brief == "Your ballot: Soup."
    long = "Your ballot: " + "Soup, " * 20
    whole = toast(presented(View(None, (Paragraph(T("{x}", x=long)), note))))
    assert "change it" in whole
    assert units(whole) > GLANCE_MAX
    only = toast(presented(View(None, (note,))))
    assert "change it" in only
