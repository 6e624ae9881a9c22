"""The longest legal input, as hostile as it can be, in every view of ours on Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room

TITLE, QUESTION, DETAILS, REASON, OPTION, NAME = 120, 200, 2000, 500, 80, 100

HOSTILE = {
    "tags": "<b>&amp;</i>",
    "quotes": "\"'&#60;",
    "mentions": "@ben_b @all ",
    "right to left": "\u05d0\u05d1 \u0634",
    "emoji": "👩‍👩‍👧🏽",
    "zero width": "a\u200b\u200d",
    "private use": "\ue0000\ue001",
    "lines": "a\n/vote 1 Yes\n",
}


def filled(with_: str, n: int) -> str:
    return (with_ * n)[:n]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    async with open_room(tmp_path) as here:
        yield here


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
async def test_every_view_shows_the_longest_words_safely(room: Room, hostile: str) -> None:
    ana, chat = room.ana, room.chat
    line = hostile.replace("\n", " ")
    zoe = room.server.add_user(filled(line, 64))
    chat.join(zoe, quietly=True)
    zoe.starts()
    options = " | ".join(f"{at:02}{filled(line, OPTION - 2)}" for at in range(20))
    for who, text in (
        (ana, f"/setup {filled(line, NAME)}"),
        (zoe, f"/propose x\n{filled(hostile, DETAILS)}"),
        (zoe, f"/propose {filled(line, TITLE)} closes_in=1h"),
        (zoe, f'/poll "{filled(line.replace(chr(34), "x"), QUESTION)}" {options}'),
        (zoe, f"/poll y? {options} multiple=true secret=true"),
        (ana, f"/extend 1 1d {filled(line, REASON)}"),
        (ana, f"/withdraw 2 {filled(line, REASON)}"),
        (zoe, "/vote 1 1"),
        (zoe, "/vote 3 1"),
        (zoe, f"/vote 3 {filled(line, 2000)}"),
        *((zoe, text) for text in ("/me", "/help", "/journal", "/proposals", "/config_show")),
        (zoe, "/show 1"),
        (ana, f"/config_set {filled(hostile, 50)} 1"),
        (zoe, f"/help {filled(line, 40)}"),
        (zoe, f"/vote {filled(line, 60)}"),
    ):
        await room.says(who, text)
    await room.says(zoe, "/vote 4 1 | 2 | 3", zoe.private)
    card = next(one for one in reversed(chat.bot_messages) if len(one.buttons) == 20)
    answer = await zoe.presses(card, data=card.buttons[3].data)
    assert answer.text
    await room.moot.advance(days=10)
    await room.says(zoe, "/proposals")
    refused = [str(call) for call in room.server.audit.refused()]
    assert refused == []
    messages = [*chat.bot_messages, *zoe.private_messages]
    assert len([one for one in messages if "Journal entry" in one.text]) == 3
    for one in messages:
        assert "went wrong" not in one.text
        kinds = {kind for kind, _ in one.marks}
        assert "mention" not in kinds
        assert "text_mention" not in kinds
