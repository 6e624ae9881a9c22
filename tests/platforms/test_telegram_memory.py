"""What the Telegram adapter remembers: through restarts, no longer than it must, never of who asks
to be forgotten."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.platforms.telegram_moot import Room, open_room
from tests.platforms.test_telegram_asking import TRIAL

KEPT = "select name, value from state where name like 'telegram.%' order by name"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot that can also praise and whisper."""
    async with open_room(tmp_path, features=(TRIAL,)) as here:
        yield here


async def kept(room: Room) -> dict[str, str]:
    """What stands in the store."""
    return {str(name): str(value) for name, value in await room.moot.rows(KEPT)}


async def names(room: Room, sort: str) -> list[str]:
    return [name for name in await kept(room) if name.startswith(f"telegram.{sort}:")]


async def in_every_table(room: Room, word: str) -> list[str]:
    """The tables in which something can be read."""
    tables = await room.moot.rows("select name from sqlite_master where type = 'table'")
    found = []
    for (table,) in tables:
        rows = await room.moot.rows(f"select * from {table}")
        cells = [
            cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
            for row in rows
            for cell in row
        ]
        if any(word in cell for cell in cells):
            found.append(str(table))
    return found


# Being forgotten


async def test_who_is_forgotten_is_forgotten_by_the_adapter_too(room: Room) -> None:
    room.chat.promote_bot()
    dora = room.server.add_user("Dora", username="dora_d")
    room.chat.join(dora)
    await room.says(dora, "/poll Lunch? Pizza | Soup")
    await room.says(dora, "/me")
    await room.says(room.ben, "/proposals")
    await room.says(dora, "/praise @ben_b 5 great roof")
    await room.says(room.ana, "/praise @dora_d 5 great roof")
    assert len(await names(room, "pressed")) == 2
    assert "state" in await in_every_table(room, str(dora.id))
    await room.moot.advance(minutes=5)
    line = await room.says(dora, "/forget_me yes")
    assert line is not None
    dora.opens(line.buttons[0].url or "")
    await room.moot.settle()
    assert "Your name and your texts are erased" in dora.private_messages[-1].text
    assert await in_every_table(room, str(dora.id)) == []
    await room.moot.restart()
    await room.says(dora, "/me", dora.private)
    assert "do not know yet which group" in dora.private_messages[-1].text
    refused = await room.says(room.ana, "/praise @dora_d 5 roof")
    assert refused is not None
    assert "have not seen @" in refused.text


async def test_a_newcomer_does_not_become_an_elder_by_being_forgotten(room: Room) -> None:
    card = await room.poll()
    room.chat.promote_bot()
    await room.moot.advance(minutes=1)
    dora = room.server.add_user("Dora")
    room.chat.join(dora)
    await room.says(dora, "/poll Tea? Green | Black")
    await room.says(dora, "/forget_me yes")
    await room.moot.restart()
    assert "joined" in (await dora.presses(card, "Soup")).text
    await room.moot.advance(days=201)
    await room.moot.platform._desk.tidy()  # type: ignore[union-attr]
    assert await names(room, "joined") == []


async def test_others_are_remembered_and_so_is_another_group(room: Room) -> None:
    dancers = room.server.add_group("Dancers")
    dancers.join(room.ben, quietly=True)
    await room.says(room.ben, "/poll Lunch? Pizza | Soup")
    await room.says(room.cleo, "/poll Tea? Green | Black")
    await room.says(room.ben, "/poll Waltz? Yes | No", dancers)
    await room.says(room.ben, "/forget_me yes")
    memory = room.moot.platform._desk.memory  # type: ignore[union-attr]
    assert [one.title for one in memory.groups(room.ben.id)] == ["Dancers"]
    assert memory.seen(dancers.id, "ben_b") == room.ben.id
    assert memory.seen(room.chat.id, "ben_b") is None
    assert memory.groups(room.cleo.id)


async def test_to_forget_outlives_a_crash_and_a_departure(room: Room) -> None:
    await room.says(room.ben, "/poll Lunch? Pizza | Soup")
    room.ben.says(room.chat, "/forget_me yes")
    await room.moot.handled()
    room.chat.kick_bot()
    await room.moot.handled()
    await room.moot.restart()
    assert await names(room, "groups")
    await room.moot.settle()
    assert await names(room, "groups") == []
    # The answer to that very request waits for two days, as the link to it says.
    left = [name for name in await kept(room) if str(room.ben.id) in name]
    assert left == [f"telegram.waits:{room.ben.id}"]
    assert await room.moot.rows("select key from outbox where kind = 'forget'") == []


async def test_what_is_too_old_goes_without_a_restart(room: Room) -> None:
    await room.says(room.ben, "/me")
    await room.says(room.ben, "/praise")
    assert await names(room, "waits")
    assert await names(room, "asked")
    await room.moot.advance(days=3)
    await room.moot.platform._desk.tidy()  # type: ignore[union-attr]
    assert await names(room, "waits") == await names(room, "asked") == []
    assert await names(room, "seen")
    await room.moot.advance(days=28)
    await room.moot.platform._desk.tidy()  # type: ignore[union-attr]
    assert await names(room, "seen") == []
    assert await names(room, "groups")


# Questions


async def test_a_question_goes_on_after_a_restart(room: Room) -> None:
    praised = room.cleo.says(room.chat, "the roof is done")
    first = await room.says(room.ana, "/praise", reply_to=praised)
    assert first is not None
    await room.moot.restart()
    second = await room.says(room.ana, "5", reply_to=first)
    assert second is not None
    assert "(what for)" in second.text
    await room.moot.restart()
    done = await room.says(room.ana, "great roof", reply_to=second)
    assert done is not None
    assert f"Cleo {room.cleo.id} here | 5 | great roof" in done.text
    assert await names(room, "asked") == []


async def test_a_confirmation_goes_on_after_a_restart_and_works_once(room: Room) -> None:
    await room.says(room.ben, "/proposals")
    asked = await room.says(room.ana, "/praise @Ben_B 5 great roof")
    assert asked is not None
    await room.moot.restart()
    assert "Only who asked" in (await room.cleo.presses(asked, "Yes, do it")).text
    press = await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert f"Ben {room.ben.id} here | 5 | great roof" in asked.text
    again = await room.ana.presses(asked, data=press.data, raw=True)
    assert "over" in again.text


async def test_an_admin_without_a_name_confirms_after_a_restart(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    await room.moot.restart()
    await room.ana.presses(asked, "Yes, do it")
    assert "Lunch?" in (await room.card()).text


async def test_what_is_given_twice_is_refused_after_a_restart(room: Room) -> None:
    room.ana.says_anonymously(room.chat, "/poll Lunch? multiple=true multiple=false")
    await room.moot.settle()
    asked = room.chat.bot_messages[-1]
    line = await room.says(room.ben, "/whisper word=apple word=pear")
    assert line is not None
    await room.moot.restart()
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert "multiple is given twice. Write it once" in asked.text
    room.ben.opens(line.buttons[0].url or "")
    await room.moot.handled()
    # It was refused before, and of a refusal no words are kept.
    assert "is given twice. Write it once" in room.ben.private_messages[-1].text


async def test_what_an_earlier_version_kept_goes_on(room: Room) -> None:
    """It did not say whether an option was given twice."""
    await room.says(room.ben, "/proposals")
    asked = await room.says(room.ana, "/praise @Ben_B 5 great roof")
    line = await room.says(room.ben, "/whisper apple")
    assert asked is not None
    assert line is not None
    await room.moot.stop()
    with closing(sqlite3.connect(room.moot.database.path)) as earlier, earlier:
        earlier.execute("update state set value = replace(value, ', \"twice\": \"\"', '')")
        earlier.execute(
            "update state set value = replace(value, ', \"\"]', ']') where name like ?",
            ("telegram.waits:%",),
        )
        assert earlier.total_changes >= 2
    await room.moot.start()
    assert "twice" not in str(await kept(room))
    await room.ana.presses(asked, "Yes, do it")
    await room.moot.handled()
    assert f"Ben {room.ben.id} here | 5 | great roof" in asked.text
    room.ben.opens(line.buttons[0].url or "")
    await room.moot.handled()
    assert "apple" in room.ben.private_messages[-1].text


async def test_an_old_question_is_over_after_a_restart_too(room: Room) -> None:
    asked = await room.says(room.ana, "/poll")
    assert asked is not None
    await room.moot.advance(minutes=11)
    await room.moot.restart()
    late = await room.says(room.ana, "Lunch?", reply_to=asked)
    assert late is not None
    assert "older than 10 minutes" in late.text


async def test_of_too_many_questions_the_oldest_goes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.telegram.pending.PENDING_MAX", 2)
    first = await room.says(room.ana, "/poll")
    await room.says(room.ben, "/poll")
    await room.says(room.cleo, "/poll")
    assert len(await names(room, "asked")) == 2
    assert await room.says(room.ana, "Lunch?", reply_to=first) is None
