"""What laws draw: legal values of options, texts that people and attackers write."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from core.kernel.command import Command
from core.kernel.fields import Option, OptionKind
from core.kernel.reading import ONE_LINE_MAX
from core.kernel.words import clean, is_visible

# For laws that lay a database an example.
few = settings(max_examples=max(8, settings().max_examples // 5))

# Mentions, markup, direction marks, joiners, controls, lone surrogates, formulas, templates.
HOSTILE = (
    "@everyone", "<@123>", "<#1>", "*bold* _it_ ~~no~~ `code` ```block```", "[a](http://x)",
    "\u202eevil\u202c", "\u2067rtl\u2069", "שלום", "\u200b", "\u200d", "\ufeff", "a\u0301" * 50,
    "\x00", "\x1b[31mred", "\ud800", "\udfff", "a\ud83db", "\r\n", "\t", "\u2028", "\x85",
    "{title}", "{0}", "{", "}}", "%s", "=1+1", "+cmd", "-x", "@x", "|", ":", "%3A", "%", "#1",
    "x" * 10_000, "𒐫" * 200, "﷽" * 100, "👩‍👩‍👧‍👦", "🏳️‍🌈", "\u3164", "\u115f", "\u2800",
    "ﬀ", "İ", "ß",
    "'; drop table proposal; --", "\\", '"', "“", "«»", "key=value", "closes_in=1h", "yes", "\x7f",
)  # fmt: skip

hostile = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map(" ".join),
)
WORDS = ("Pizza", "Soup", "paint the hall", "é", "می‌خواهم", "2", "a=b", 'say "yes"', "no: 7%")


def texts(option: Option) -> st.SearchStrategy[str]:
    """Return texts as the door leaves them: clean, seen, and inside the option's bounds."""
    longest = option.longest or 40
    drawn = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=min(longest, 60)))
    is_long = longest > ONE_LINE_MAX
    cleaned = drawn.map(lambda text: clean(text, is_long=is_long))
    shortest = max(1, option.shortest or 0)
    return cleaned.filter(lambda text: is_visible(text) and shortest <= len(text) <= longest)


# How values of each domain are written; an option of another one is drawn by its kind.
DOMAINS: dict[str, st.SearchStrategy[str]] = {
    "proposal": st.integers(0, 10**12 - 1).map(str),
    "duration": st.integers(1, 3650 * 86_400).map(lambda seconds: f"{seconds}s"),
    "options": st.lists(st.sampled_from(WORDS), min_size=2, max_size=9, unique=True).map(
        " | ".join
    ),
    "entry": st.integers(1, 10**12 - 1).map(str),
    "setting": st.sampled_from(("quorum", "zone")),
    "pool": st.sampled_from(("1", "garden")),
    "amount": st.sampled_from(("1", "12.50", "0.01", "7.10")),
    "asset": st.sampled_from(("EUR", "x1", "Seeds")),
    "member": st.just("&1"),
    "address": st.just("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    "signature": st.sampled_from(("0x" + "ab" * 65, "0x" + "cd" * 100)),
    "channel": st.sampled_from(("hall", "123", "hall/thread")),
}


def values(option: Option) -> st.SearchStrategy[Any]:
    """Return legal values of an option, as the platform may give them."""
    if option.domain is not None and option.domain.name in DOMAINS:
        return DOMAINS[option.domain.name]
    if option.kind is OptionKind.BOOLEAN:
        return st.sampled_from(("true", "false"))
    if option.kind is OptionKind.INTEGER:
        least = -(10**6) if option.at_least is None else option.at_least
        most = 10**6 if option.at_most is None else option.at_most
        return st.integers(least, most).map(str)
    if option.choices:
        return st.sampled_from(option.choices)
    return texts(option)


@st.composite
def arguments(draw: st.DrawFn, kind: type[Command]) -> dict[str, Any]:
    """Draw legal raw arguments of a command; optional ones may be left out."""
    found = {}
    for option in kind.declaration.options:
        if option.is_required or draw(st.booleans()):
            found[option.name] = draw(values(option))
    return found
