"""How a typed line becomes a command and its options, the same in every room."""

from collections.abc import Mapping

import pytest

from bot.platforms import console
from bot.platforms.grammar import parse
from core.features import FEATURES
from core.kernel.command import Declaration
from core.kernel.feature import House

HOUSE = House(FEATURES, {console.NAME: console.ADMINS})
COMMANDS: Mapping[str, Declaration] = {one.path: one for one in HOUSE.declarations}

LUNCH = {"question": "Lunch?", "options": "Pizza | Soup"}


@pytest.mark.parametrize(
    ("line", "path", "args"),
    [
        ("/poll Lunch? Pizza | Soup", "poll", LUNCH),
        ("poll Lunch? Pizza | Soup", "poll", LUNCH),
        ("/POLL Lunch? Pizza | Soup", "poll", LUNCH),
        ("  /poll   Lunch?   Pizza | Soup  ", "poll", LUNCH),
        ("/poll@folkmoot_bot Lunch? Pizza | Soup", "poll", LUNCH),
        ("/poll Lunch?Pizza | Soup", "poll", LUNCH),
        ('/poll "Lunch? Or not" Pizza | Soup', "poll", {**LUNCH, "question": "Lunch? Or not"}),
        ("/poll «Lunch» Pizza | Soup", "poll", {**LUNCH, "question": "Lunch"}),
        ("/poll “Lunch” Pizza | Soup", "poll", {**LUNCH, "question": "Lunch"}),
        ("/poll Lunch Pizza | Soup", "poll", {**LUNCH, "question": "Lunch"}),
        (
            "/poll question=Lunch? Pizza",
            "poll",
            {"question": "question=Lunch?", "options": "Pizza"},
        ),
        (
            "/poll Lunch? Pizza | Soup closes_in=1h secret=true",
            "poll",
            {**LUNCH, "closes_in": "1h", "secret": "true"},
        ),
        ("/poll Lunch? Pizza | a=b", "poll", {**LUNCH, "options": "Pizza | a=b"}),
        (
            "/poll Lunch? closes_in=1h Pizza | Soup",
            "poll",
            {**LUNCH, "options": "closes_in=1h Pizza | Soup"},
        ),
        ("/poll", "poll", {}),
        ("/poll Lunch?", "poll", {"question": "Lunch?"}),
        ("/propose Paint the hall", "propose", {"title": "Paint the hall"}),
        ('/propose "Paint the hall"', "propose", {"title": "Paint the hall"}),
        ('/propose Say "yes" and "no"', "propose", {"title": 'Say "yes" and "no"'}),
        (
            "/propose Paint the hall closes_in=3d",
            "propose",
            {"title": "Paint the hall", "closes_in": "3d"},
        ),
        (
            '/propose Paint details="In blue, or so" closes_in=3d',
            "propose",
            {"title": "Paint", "details": "In blue, or so", "closes_in": "3d"},
        ),
        (
            "/propose Paint the hall closes_in=3d\nIn blue\n\nOr green",
            "propose",
            {"title": "Paint the hall", "closes_in": "3d", "details": "In blue\n\nOr green"},
        ),
        ("/propose Is a=b fair?", "propose", {"title": "Is a=b fair?"}),
        ("/vote 1 Pizza", "vote", {"proposal": "1", "choice": "Pizza"}),
        ("/vote 1 Pizza | Soup", "vote", {"proposal": "1", "choice": "Pizza | Soup"}),
        ("/vote #1 two words", "vote", {"proposal": "#1", "choice": "two words"}),
        ("/vote 1", "vote", {"proposal": "1"}),
        ("/withdraw 1", "withdraw", {"proposal": "1"}),
        ("/withdraw 1 not ours", "withdraw", {"proposal": "1", "reason": "not ours"}),
        ("/withdraw 1 reason=other", "withdraw", {"proposal": "1", "reason": "other"}),
        ("/withdraw 1\nnot ours", "withdraw", {"proposal": "1", "reason": "not ours"}),
        ("/extend 1 2h Away", "extend", {"proposal": "1", "by": "2h", "reason": "Away"}),
        ("/config set quorum 5", "config set", {"setting": "quorum", "value": "5"}),
        ("/config_set quorum 5", "config set", {"setting": "quorum", "value": "5"}),
        ("/CONFIG Set quorum 5 people", "config set", {"setting": "quorum", "value": "5 people"}),
        ("/config show", "config show", {}),
        ("/config show quorum", "config show", {"setting": "quorum"}),
        ("/forget me yes", "forget me", {"confirm": "yes"}),
        ("/forget_me yes", "forget me", {"confirm": "yes"}),
        ("/help config set", "help", {"command": "config set"}),
        ("/journal 5", "journal", {"last": "5"}),
        ("/journal last=5", "journal", {"last": "5"}),
        ("/proposals", "proposals", {}),
        ("/me", "me", {}),
        ("/channel admin", "channel", {"purpose": "admin"}),
        ("/channel admin channel=#hall", "channel", {"purpose": "admin", "channel": "#hall"}),
        ("/setup The Old Hall", "setup", {"name": "The Old Hall"}),
    ],
)
def test_a_line_means_what_it_says(line: str, path: str, args: dict[str, str]) -> None:
    spoken = parse(line, COMMANDS)
    assert (spoken.command, spoken.args) == (path, args)
    assert spoken.declared is COMMANDS[path]


@pytest.mark.parametrize(
    ("line", "word"),
    [("", ""), ("/", ""), ("/nothing at all", "nothing"), ("/config", "config"),
     ("/config_unset x", "config unset"), ("/pollen", "pollen"), ("//", "/")],
)  # fmt: skip
def test_an_unknown_command_is_told_by_its_word(line: str, word: str) -> None:
    spoken = parse(line, COMMANDS)
    assert (spoken.command, spoken.args, spoken.declared) == (word, {}, None)


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("/propose Paint closes_in=1h closes_in=2h", "closes_in"),
        ("/propose Paint details=x details=y details=z", "details"),
        ("/propose Paint details=x in blue details=y", "details"),
        ("/propose Paint details=in blue details=or green", "details"),
        ('/propose Paint details="x" closes_in=1h details="y"', "details"),
        ('/propose Buy 5" pipe details=x details="y"', "details"),
        ('/poll "Where?" options="A | B" options="C | D"', "options"),
        ("/poll Where? options=A | B options=C | D", "options"),
        ("/config set setting=quorum setting=threshold value=5", "setting"),
        ("/tip to=@ben to=@cara 5", "to"),
    ],
)
def test_what_is_given_twice_is_no_part_of_a_text(line: str, option: str) -> None:
    spoken = parse(line, COMMANDS)
    assert (spoken.twice, spoken.args) == (option, {})


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("/propose Is a=b or a=c fair?", {"title": "Is a=b or a=c fair?"}),
        (
            '/propose Say "details=x" and "details=y" details=z',
            {"title": 'Say "details=x" and "details=y"', "details": "z"},
        ),
        (
            '/propose Paint closes_in=1h "or details=y"',
            {"title": 'Paint closes_in=1h "or details=y"'},
        ),
        (
            '/propose "Is details=x or details=y"',
            {"title": "Is details=x or details=y"},
        ),
        (
            '/propose Paint details="details=x or details=y"',
            {"title": "Paint", "details": "details=x or details=y"},
        ),
        (
            "/propose Paint «details=x» („details=y“) details=z",
            {"title": "Paint «details=x» („details=y“)", "details": "z"},
        ),
        ("/propose Paint my_details=x details=y", {"title": "Paint my_details=x", "details": "y"}),
        ("/propose Paint details=x\ndetails=y", {"title": "Paint", "details": "x\ndetails=y"}),
        ("/propose \ue002twice\ue002", {"title": "\ue002twice\ue002"}),
    ],
)
def test_what_only_looks_as_if_given_twice_is_a_text(line: str, args: dict[str, str]) -> None:
    spoken = parse(line, COMMANDS)
    assert (spoken.twice, spoken.args) == ("", args)


def test_a_long_line_is_read_in_a_moment() -> None:
    """Nothing here may take more than a look at each letter: ten thousand come from anybody."""
    for part in (
        "a ",
        '"',
        "closes_in=",
        "a=",
        'details="',
        ' "',
        "«",
        " «",
        " „",
        "| ",
        "\n",
        " " * 5,
    ):
        parse("/propose " + part * (10_000 // len(part)), COMMANDS)
        parse("/poll Lunch? " + part * (10_000 // len(part)), COMMANDS)
