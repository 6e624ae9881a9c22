"""What Telegram has to ask back: what is missing, who is meant. This file is the questions."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.feature import Feature
from core.kernel.fields import Domain, OptionKind
from core.kernel.request import AccountRef
from core.kernel.text import T
from core.kernel.view import Paragraph, View
from tests.platforms.telegram_moot import Room, open_room


def _read_person(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    assert isinstance(raw, AccountRef), raw
    state = "here" if raw.joined_at else "gone"
    return f"{raw.name} {raw.account} {state}{' bot' if raw.is_bot else ''}"


Person = Annotated[str, Domain("person", _read_person, kind=OptionKind.MEMBER, is_word=True)]


class Praise(Command, name="praise"):
    """Say something good of somebody."""

    to: Person = Field(description="who is praised")
    points: int = Field(ge=1, description="how much")
    reason: str = Field(max_length=100, description="what for")

    def run(self, _: Call) -> View:
        """Show what was understood."""
        text = T("{to} | {n} | {reason}", to=self.to, n=self.points, reason=self.reason)
        return View(blocks=(Paragraph(text),))


class Whisper(Command, name="whisper", may=May.ANYONE, is_personal=True):
    """Answer in private."""

    word: str = Field(max_length=100, description="which word")

    def run(self, _: Call) -> View:
        """Say it back."""
        return View(blocks=(Paragraph(T("psst: {word}", word=self.word)),))


TRIAL = Feature("trial", (Praise, Whisper))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot that can also praise and whisper."""
    async with open_room(tmp_path, features=(TRIAL,)) as here:
        yield here


async def said(room: Room, line: str, **more: Any) -> str:
    answer = await room.says(room.ana, line, **more)
    return answer.text if answer is not None else ""


# Receivers


async def test_a_reply_names_the_receiver(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    text = await said(room, "/praise 5 great roof", reply_to=praised)
    assert f"Cleo {room.cleo.id} here | 5 | great roof" in text


async def test_a_link_names_the_receiver(room: Room) -> None:
    text = await said(room, "/praise Cleo 5 Cleo is great", mention=[room.cleo])
    assert f"Cleo {room.cleo.id} here | 5 | Cleo is great" in text


async def test_a_username_is_shown_back_and_confirmed(room: Room) -> None:
    await room.says(room.ben, "/proposals")
    asked = await room.says(room.ana, "/praise @Ben_B 5 great roof")
    assert asked is not None
    assert "is for Ben (@\u200bben_b)" in asked.text or "is for Ben" in asked.text
    assert "Only who asked" in (await room.cleo.presses(asked, "Yes, do it")).text
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert f"Ben {room.ben.id} here | 5 | great roof" in asked.text
    assert "over" in (await room.ana.presses(asked, data="?y:old", raw=True)).text


async def test_a_username_that_is_not_known_or_changed_hands_is_refused(room: Room) -> None:
    assert "have not seen @" in await said(room, "/praise @ben_b 5 roof")
    await room.says(room.ben, "/proposals")
    room.ben.username = "other"
    room.moot.clock.set(room.moot.clock.now().replace(hour=22))
    assert "have not seen @" in await said(room, "/praise @ben_b 5 roof")
    room.ben.username = "ben_b"
    await room.moot.advance(days=31)
    assert "have not seen @" in await said(room, "/praise @ben_b 5 roof")
    assert "where a person belongs" in await said(room, "/praise ben 5 roof")


async def test_a_written_receiver_must_be_the_one_replied_to(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    text = await said(room, "/praise @ben_b 5 roof", reply_to=praised)
    assert "You reply to Cleo, but name @" in text
    text = await said(room, "/praise Ben 5 roof", reply_to=praised, mention=[room.ben])
    assert "You reply to Cleo, but name Ben" in text
    text = await said(room, "/praise Cleo 5 roof", reply_to=praised, mention=[room.cleo])
    assert f"Cleo {room.cleo.id} here | 5 | roof" in text


async def test_who_has_left_is_told_as_gone(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    room.chat.remove(room.cleo)
    assert f"Cleo {room.cleo.id} gone" in await said(room, "/praise 5 roof", reply_to=praised)


async def test_the_note_that_opened_a_topic_is_no_receiver(tmp_path: Path) -> None:
    async with open_room(tmp_path, features=(TRIAL,), is_forum=True) as room:
        topic = room.chat.add_topic("Thanks", by=room.cleo)
        text = await said(room, "/praise 5 roof", topic=topic)
        assert "where a person belongs" in text or "who is praised" in text


# Questions


async def test_missing_arguments_are_asked_one_by_one(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    first = await room.says(room.ana, "/praise", reply_to=praised)
    assert first is not None
    assert "points (how much)" in first.text
    await room.says(room.ben, "9", reply_to=first)
    second = await room.says(room.ana, "5", reply_to=first)
    assert second is not None
    assert "reason (what for)" in second.text
    await room.moot.handled()
    last = await room.says(room.ana, "a great roof", reply_to=second)
    assert last is not None
    assert f"Cleo {room.cleo.id} here | 5 | a great roof" in last.text


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("/praise points=5 points=6 great roof", "points"),
        ("/praise to=@cleo to=@ben 5 great roof", "to"),
        ("/praise reason=roof reason=floor", "reason"),
    ],
)
@pytest.mark.parametrize("is_reply", [True, False])
async def test_what_is_given_twice_is_refused_before_anything_is_asked(
    room: Room, line: str, option: str, is_reply: bool
) -> None:
    praised = room.cleo.says(room.chat, "the roof is done") if is_reply else None
    assert f"{option} is given twice. Write it once" in await said(room, line, reply_to=praised)


async def test_a_channel_given_twice_is_refused_for_that_here_too(room: Room) -> None:
    line = "/channel admin channel=#a channel=#b"
    assert "channel is given twice. Write it once" in await said(room, line)


async def test_signs_of_no_alphabet_are_a_text_like_any_other(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    line = "/praise 5 \ue002twice\ue002"
    assert "here | 5 | \ue002twice\ue002" in await said(room, line, reply_to=praised)


async def test_a_missing_person_is_asked_for(room: Room) -> None:
    await room.says(room.ben, "/proposals")
    first = await room.says(room.ana, "/praise")
    assert first is not None
    assert "who is praised" in first.text
    second = await room.says(room.ana, "@ben_b", reply_to=first)
    assert second is not None
    third = await room.says(room.ana, "5", reply_to=second)
    assert third is not None
    asked = await room.says(room.ana, "roof", reply_to=third)
    assert asked is not None
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert f"Ben {room.ben.id} here | 5 | roof" in asked.text


async def test_a_question_is_taken_back_or_grows_old(room: Room) -> None:
    first = await room.says(room.ana, "/poll")
    assert first is not None
    taken = await room.says(room.ana, "/cancel")
    assert taken is not None
    assert "Taken back" in taken.text
    assert await room.says(room.ana, "Lunch?", reply_to=first) is None
    again = await room.says(room.ana, "/poll")
    assert again is not None
    await room.moot.advance(minutes=11)
    late = await room.says(room.ana, "Lunch?", reply_to=again)
    assert late is not None
    assert "older than 10 minutes" in late.text
    assert await room.says(room.ana, "/cancel") is None


async def test_what_is_personal_is_asked_in_private(room: Room) -> None:
    line = await room.says(room.ben, "/whisper")
    assert line is not None
    room.ben.opens(line.buttons[0].url or "")
    await room.moot.handled()
    assert "word (which word)" in room.ben.private_messages[-1].text
    await room.says(room.ben, "apple", room.ben.private)
    assert room.ben.private_messages[-1].text == "psst: apple"
    await room.says(room.ben, "pear", room.ben.private)
    assert "commands only" in room.ben.private_messages[-1].text
    await room.says(room.ben, "/cancel", room.ben.private)
    assert "have not asked you anything" in room.ben.private_messages[-1].text


async def test_an_anonymous_admin_is_asked_what_is_missing_after_the_press(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/poll")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert "Still missing for /poll: question (what you ask)." in room.chat.bot_messages[-1].text


async def test_a_tip_in_a_reply_and_the_same_again_is_asked_back(room: Room) -> None:
    done = room.cleo.says(room.chat, "the roof is done")
    assert "5" in await said(room, "/tip 5 great roof", reply_to=done)
    asked = await room.says(room.ana, "/tip 5 great roof", reply_to=done)
    assert asked is not None
    assert "Again?" in asked.text
    assert "Only who asked" in (await room.ben.presses(asked, "Yes, again")).text
    await room.ana.presses(asked, "Yes, again")
    await room.moot.handled()
    late = await room.ana.presses(asked, "Yes, again")
    assert "confirmed before" in late.text
    assert await room.moot.rows("select count(*) from journal where command = 'tip'") == [(2,)]
