"""HTML and plain texts as the platform reads them. This file is the parser's every complaint."""

from __future__ import annotations

import pytest

from tests.platforms.telegram_server.entities import cut, find_entities
from tests.platforms.telegram_server.formatting import parse_html
from tests.platforms.telegram_server.refusals import Refusal

REFUSED = [
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("x<b>y", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    (
        "<b><i>x</b></i>",
        'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
    ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_what_is_no_html_of_the_platform_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_html(source)
    description = refusal.value.body["description"]
    assert description.startswith(f"Bad Request: can't parse entities: {reason}")


READ = [
    ("plain", "plain", []),
    ("&lt;b&gt; &amp; &quot;&#39;&#x41;", "<b> & \"'A", []),
    # What the platform does not know stands for itself.
    ("&nbsp;&copy; & x", "&nbsp;&copy; & x", []),
    ("<B>x</b>", "x", [("bold", "x")]),
    ("<strong>x</strong><em>y</em>", "xy", [("bold", "x"), ("italic", "y")]),
    ("<b>a<i>b</i></b>", "ab", [("bold", "ab"), ("italic", "b")]),
    ("🎉<u>é🎉</u>", "🎉é🎉", [("underline", "é🎉")]),
    ("<b></b>x", "x", []),
    ('<span class="tg-spoiler">x</span>', "x", [("spoiler", "x")]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", "x")]),
    ('<a href="https://moot.example/?a=1&amp;b=2">x</a>', "x", [("text_link", "x")]),
    ('<a href="tg://user?id=7">Ben</a>', "Ben", [("text_mention", "Ben")]),
    ('<a href="nowhere">x</a>', "x", []),
    ('<pre><code class="language-py">x</code></pre>', "x", [("pre", "x")]),
    ("<code>x</code>", "x", [("code", "x")]),
]


@pytest.mark.parametrize(("source", "text", "marks"), READ)
def test_what_is_html_becomes_text_and_marks(
    source: str, text: str, marks: list[tuple[str, str]]
) -> None:
    plain, entities = parse_html(source)
    assert plain == text
    assert [(one["type"], cut(plain, one)) for one in entities] == marks


def test_links_and_languages_are_kept() -> None:
    _, (link,) = parse_html("<a href='https://moot.example/?a=1&amp;b=2'>x</a>")
    assert link["url"] == "https://moot.example/?a=1&b=2"
    _, (block,) = parse_html('<pre><code class="language-py">x</code></pre>')
    assert block["language"] == "py"


SEEN = [
    ("/poll Lunch?", [("bot_command", "/poll")]),
    ("/poll@folkmoot_bot x", [("bot_command", "/poll@folkmoot_bot")]),
    ("either/or and /usr/bin", []),
    ("ask @ana_m, not me@moot.example", [("mention", "@ana_m"), ("email", "me@moot.example")]),
    ("see https://moot.example/a b", [("url", "https://moot.example/a")]),
    ("🎉 #roof", [("hashtag", "#roof")]),
]


@pytest.mark.parametrize(("text", "marks"), SEEN)
def test_what_a_text_holds_by_itself(text: str, marks: list[tuple[str, str]]) -> None:
    assert [(one["type"], cut(text, one)) for one in find_entities(text)] == marks


def test_nothing_is_seen_inside_of_code() -> None:
    text, given = parse_html("<code>/poll</code> /vote")
    marks = [(one["type"], cut(text, one)) for one in find_entities(text, given)]
    assert marks == [("code", "/poll"), ("bot_command", "/vote")]
