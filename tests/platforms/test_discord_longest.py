"""The longest legal input, as hostile as it can be, in every view of ours on Discord."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord_moot import Room, open_room
from tests.platforms.discord_server import Interaction
from tests.platforms.test_discord_render import assert_harmless

TITLE, QUESTION, DETAILS, REASON, OPTION, NAME = 120, 200, 2000, 500, 80, 100

HOSTILE = {
    "stars": "*",
    "mentions": "<@1> @everyone ",
    "links": "[a](https://b.example) ",
    "code": "`a``b",
    "right to left": "\u05d0\u05d1 \u0634",
    "emoji": "👩‍👩‍👧🏽",
    "zero width": "a\u200b\u200d",
    "lines": "# a\n> b\n-# c\n",
    "angles": "<t:1:R></a:1>",
}


def filled(with_: str, n: int) -> str:
    return (with_ * n)[:n]


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
async def test_every_view_shows_the_longest_words_safely(room: Room, hostile: str) -> None:
    ana, ben, here = room.ana, room.ben, room.channel
    zoe = room.guild.add_member(filled(hostile, 32))
    options = " | ".join(f"{at:02}{filled(hostile, OPTION - 2)}" for at in range(20))
    said: list[Interaction] = [
        await ana.slash(here, "setup", name=filled(hostile, NAME)),
        await zoe.slash(here, "propose", title="x", details=filled(hostile, DETAILS)),
        await zoe.slash(here, "propose", title=filled(hostile, TITLE), closes_in="1h"),
        await zoe.slash(here, "poll", question=filled(hostile, QUESTION), options=options),
        await zoe.slash(here, "poll", question="y?", options=options, multiple=True, secret=True),
        await ana.slash(here, "extend", proposal="1", by="1d", reason=filled(hostile, REASON)),
        await ana.slash(here, "withdraw", proposal="2", reason=filled(hostile, REASON)),
    ]
    await room.moot.settle()
    for who in (ana, ben, zoe):
        said += [
            await who.slash(here, "vote", proposal="1", choice="1"),
            await who.slash(here, "vote", proposal="3", choice="1"),
            await who.slash(here, "vote", proposal="4", choice="1 | 2 | 3"),
            await who.slash(here, "vote", proposal="3", choice=filled(hostile, 2000)),
        ]
    said += [
        await zoe.slash(here, "me"),
        await zoe.slash(here, "help"),
        await zoe.slash(here, "journal"),
        await zoe.slash(here, "proposals"),
        await zoe.slash(here, "config show"),
        await zoe.slash(here, "show", proposal="1"),
    ]
    await room.moot.advance(days=10)
    said += [
        await zoe.slash(here, "proposals"),
        await zoe.slash(here, "config set", setting=filled(hostile, 50), value="1"),
        await zoe.slash(here, "help", command=filled(hostile, 40)),
    ]
    assert [call for call in room.server.audit.calls if call.status == 400] == []
    cards = [card for card in here.messages if "Journal entry" in card.text]
    assert len(cards) == 3
    messages = [*here.messages, *zoe.dm_messages, *(one.message for one in said)]
    for message in messages:
        assert not message.pinged
        for embed in message.embeds:
            text = "\n".join((embed.get("title") or "", embed.get("description") or ""))
            for who in (ana, ben, zoe):
                text = text.replace(who.mention, "")
            for channel in room.guild.channels:
                text = text.replace(channel.mention, "")
            assert_harmless(text)
    assert all("went wrong" not in one.text for one in said)
