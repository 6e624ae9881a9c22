"""Members type commands and press buttons on Discord. This file is the ordinary day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.platforms.discord_moot import Room, answered, open_room
from tests.platforms.discord_server import WouldNotSend
from tests.platforms.discord_server import permissions as rights


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


# Votes


async def test_a_poll_is_answered_in_private_and_its_card_appears(room: Room) -> None:
    answer = await room.ana.slash(room.channel, "poll", question="Lunch?", options="Pizza | Soup")
    assert "#1 is open until <t:" in answered(answer)
    assert answer.deferred_ephemeral
    card = await room.card()
    assert card.embeds[0]["title"] == "🗳️ #1 Lunch?"
    assert [button.label for button in card.buttons] == ["Pizza", "Soup"]
    assert room.ana.mention in card.text
    assert not card.pinged


async def test_a_press_counts_and_the_card_changes_in_place(room: Room) -> None:
    card = await room.poll()
    answer = await room.cleo.press(card, label="Soup")
    assert "Your ballot on #1: Soup." in answered(answer)
    await room.moot.settle()
    assert "1 person voted." in card.text
    assert "`████████████` 1 vote (100 %)" in card.text
    assert len(room.channel.messages) == 1


async def test_many_votes_are_one_edit(room: Room) -> None:
    card = await room.poll()
    for who in (room.ana, room.ben, room.cleo):
        await who.press(card, label="Pizza")
    await room.moot.settle()
    assert "3 people voted." in card.text
    assert len(card.history) == 2


async def test_a_quick_second_press_does_not_overtake_the_first(room: Room) -> None:
    card = await room.poll()
    first = room.ben.begin_press(card, label="Pizza")
    second = room.ben.begin_press(card, label="Soup")
    await first.settled()
    await second.settled()
    assert "Soup" in second.text
    await room.moot.settle()
    assert "**Soup**\n`████████████` 1 vote" in card.text


async def test_a_vote_is_typed_with_number_and_text_and_replaced(room: Room) -> None:
    await room.poll()
    cleo, here = room.cleo, room.channel
    assert "Pizza." in answered(await cleo.slash(here, "vote", proposal="1", choice="pizza"))
    assert "Soup." in answered(await cleo.slash(here, "vote", proposal="#1", choice="2"))
    assert await room.moot.turnout() == 1


async def test_several_options_are_ticked_one_by_one(room: Room) -> None:
    card = await room.poll(multiple=True)
    await room.cleo.press(card, label="Pizza")
    assert "Pizza | Soup" in answered(await room.cleo.press(card, label="Soup"))


async def test_a_secret_poll_shows_nothing_before_its_end(room: Room) -> None:
    card = await room.poll(secret=True)
    answer = await room.cleo.press(card, label="Soup")
    assert "Soup" in answered(answer)
    await room.moot.settle()
    assert "1 person voted." in card.text
    assert "█" not in card.text


async def test_a_vote_closes_with_result_announcement_and_notice(room: Room) -> None:
    card = await room.propose(details="With *white* paint.", closes_in="2h")
    for who in (room.ana, room.ben, room.cleo):
        await who.press(card, label="For")
    await room.moot.advance(hours=2)
    assert "✅ #1 Paint the hall" in card.text
    assert "> With \\*white\\* paint." in card.text
    assert "**For**\n`████████████` 3 votes (100 %)" in card.text
    assert "head `" in card.text
    assert card.buttons == []
    assert "Passed: 3 for, 0 against." in room.channel.messages[-1].text
    (notice,) = room.ben.dm_messages
    assert "Paint the hall closed." in notice.text


async def test_a_press_after_the_end_is_refused(room: Room) -> None:
    card = await room.poll(closes_in="1m")
    room.moot.clock.set(room.moot.clock.now() + timedelta(minutes=2))
    answer = await room.cleo.press(card, label="Soup")
    assert answered(answer).startswith("❌ ")
    assert await room.moot.turnout() == 0


async def test_a_vote_is_withdrawn_and_another_extended(room: Room) -> None:
    ana, ben, here = room.ana, room.ben, room.channel
    card = await room.poll()
    answer = await ben.slash(here, "withdraw", proposal="1", reason="wrong day")
    assert "#1 is withdrawn." in answered(answer)
    await room.moot.settle()
    assert "wrong day" in card.text
    assert card.buttons == []
    await room.propose()
    more = await ana.slash(here, "extend", proposal="2", by="12h", reason="holiday")
    assert "open until" in answered(more)
    await room.moot.settle()
    assert f"{ana.mention} gave it more time: holiday" in room.channel.messages[-1].text


async def test_show_moves_the_card_and_the_old_one_points_to_it(room: Room) -> None:
    old = await room.poll()
    room.moot.clock.set(room.moot.clock.now() + timedelta(minutes=5))
    elsewhere = room.guild.add_channel("hall")
    await room.cleo.slash(elsewhere, "show", proposal="1")
    await room.moot.settle()
    (new,) = elsewhere.messages
    assert [button.label for button in new.buttons] == ["Pizza", "Soup"]
    assert "is elsewhere" in old.text
    assert old.buttons == []


async def test_a_press_on_a_message_that_is_no_live_card_makes_it_a_pointer(room: Room) -> None:
    card = await room.poll()
    stray = room.channel.write(room.server.bot, "an older card")
    answer = await room.cleo.press(stray, custom_id=card.buttons[0].custom_id, raw=True)
    assert "Pizza." in answered(answer)
    private = await room.cleo.slash(room.channel, "me")
    await room.cleo.press(private, custom_id=card.buttons[1].custom_id, raw=True)
    await room.moot.settle()
    assert "is elsewhere" in stray.text
    assert "**Soup**\n`████████████` 1 vote" in card.text
    pointers = await room.moot.rows("select message from outbox where kind = 'pointer'")
    assert pointers == [(str(stray.id),)]


async def test_the_list_turns_its_pages_in_place(room: Room) -> None:
    for n in range(12):
        await room.moot.advance(days=4)
        await room.ben.slash(room.channel, "poll", question=f"Lunch {n}?", options="a | b")
    answer = await room.cleo.slash(room.channel, "proposals")
    assert "Page 1 of 2" in answered(answer)
    turned = await room.cleo.press(answer, label="Older")
    assert turned.message is answer.message
    assert "Page 2 of 2" in answered(answer)
    assert [button.label for button in answer.buttons] == ["Newer"]
    assert "Page 2 of 2" in (await room.cleo.slash(room.channel, "proposals", page=2)).text


# The community


async def test_setup_names_the_community_and_chooses_a_channel(room: Room) -> None:
    hall = room.guild.add_channel("hall")
    answer = await room.ana.slash(room.channel, "setup", name="Makers", channel=hall)
    assert "Makers is ready" in answered(answer)
    assert hall.mention in answer.text
    assert 'whoever has "Manage Server"' in answer.text
    await room.ask("Lunch?")
    assert len(hall.messages) == 1
    assert room.channel.messages == []


async def test_a_thread_is_a_place_for_cards(room: Room) -> None:
    thread = room.guild.add_thread(room.channel, "votes")
    answer = await room.ana.slash(room.channel, "channel", purpose="proposals", channel=thread)
    assert thread.mention in answered(answer)
    chosen = await room.moot.rows("select channel, thread from channel")
    assert chosen == [(str(room.channel.id), str(thread.id))]
    await room.ask("Lunch?")
    assert len(thread.messages) == 1
    aside = room.guild.add_thread(room.channel, "aside")
    await room.ana.slash(aside, "channel", purpose="proposals")
    await room.ask("Dinner?")
    assert len(aside.messages) == 1


async def test_settings_are_shown_and_changed(room: Room) -> None:
    ana, here = room.ana, room.channel
    assert "**quorum**: `3`" in answered(await ana.slash(here, "config show"))
    assert "default" in answered(await ana.slash(here, "config show", setting="quorum"))
    changed = await ana.slash(here, "config set", setting="quorum", value="5")
    assert "`quorum` is now `5`; it was `3`." in answered(changed)


async def test_help_journal_and_me(room: Room) -> None:
    cleo, here = room.cleo, room.channel
    card = await room.poll()
    listed = answered(await cleo.slash(here, "help"))
    for declared in room.moot.house.declarations:
        assert f"`/{declared.path}`" in listed
    assert "closes_in" in answered(await cleo.slash(here, "help", command="poll"))
    assert "poll" in answered(await cleo.slash(here, "journal", last=5))
    await cleo.press(card, label="Soup")
    assert "Soup" in answered(await cleo.slash(here, "me"))


async def test_a_forgotten_member_is_named_no_more(room: Room) -> None:
    card = await room.poll()
    assert room.ben.mention in card.text
    await room.ben.slash(room.channel, "forget me", confirm="yes")
    await room.moot.settle()
    assert room.ben.mention not in card.text
    assert "Lunch" not in card.text


# Rights, bots, forgery


async def test_admin_commands_are_offered_to_admins_and_checked_all_the_same(room: Room) -> None:
    with pytest.raises(WouldNotSend):
        await room.ben.slash(room.channel, "setup", name="Mine")
    answer = await room.ben.slash(room.channel, "setup", raw=True, name="Mine")
    assert "Only an admin can do this" in answered(answer)
    assert 'whoever has "Manage Server"' in answer.text
    refused = await room.ben.slash(room.channel, "config set", setting="quorum", value="1")
    assert "Only an admin" in answered(refused)
    boss = room.guild.add_member("boss", permissions=rights.ADMINISTRATOR)
    assert "Mine is ready" in answered(await boss.slash(room.channel, "setup", name="Mine"))


async def test_a_bot_is_refused(room: Room) -> None:
    card = await room.poll()
    robot = room.guild.add_member("robot", bot=True)
    code = card.buttons[0].custom_id
    for act in (
        robot.press(card, custom_id=code, raw=True),
        robot.slash(room.channel, "vote", raw=True, proposal="1", choice="1"),
    ):
        assert "Bots and webhooks cannot take part" in answered(await act)
    assert await room.moot.turnout() == 0


@pytest.mark.parametrize(
    "code",
    [
        *("", "x", "%:%", "💥" * 25, "vote:1:99", "vote:99:1", "tick:1:1", "#1", "#" + "9" * 18),
        *("arrived:x", "setup:Mine", "config_set:quorum:1", "proposal_close:1"),
    ],
)
async def test_a_forged_button_gets_a_sentence_and_changes_nothing(room: Room, code: str) -> None:
    card = await room.poll()
    before = await room.moot.rows("select count(*) from journal")
    answer = await room.cleo.press(card, custom_id=code or " ", raw=True)
    assert answered(answer).startswith("❌ ")
    assert "went wrong" not in answer.text
    assert await room.moot.rows("select count(*) from journal") == before


async def test_who_joined_after_the_opening_cannot_vote_on_a_proposal(room: Room) -> None:
    card = await room.propose()
    at = room.moot.clock.now() + timedelta(minutes=1)
    late = room.guild.add_member("late", joined_at=at)
    assert answered(await late.press(card, label="For")).startswith("❌ ")
    assert await room.moot.turnout() == 0


async def test_another_guild_sees_nothing_of_ours(room: Room) -> None:
    card = await room.poll("Secret plan?")
    guild = room.server.add_guild("Others")
    there = guild.add_channel("general")
    eve = guild.add_member("eve", permissions=rights.MANAGE_GUILD)
    for act in (
        eve.slash(there, "show", proposal="1"),
        eve.slash(there, "vote", proposal="1", choice="1"),
        eve.slash(there, "withdraw", proposal="1", reason="mine now"),
    ):
        assert "There is no vote" in answered(await act)
    assert "No votes yet" in answered(await eve.slash(there, "proposals"))
    assert await eve.completes(there, "vote", "proposal", "") == []
    await eve.slash(there, "poll", question="Ours?", options="a | b")
    assert "Secret plan" not in answered(await eve.slash(there, "show", proposal="1"))
    assert "Secret plan?" in card.text
    assert await room.moot.turnout() == 0


async def test_a_channel_of_another_guild_is_not_written_to(room: Room) -> None:
    theirs = room.server.add_guild("Others").add_channel("general")
    await room.ana.slash(room.channel, "channel", purpose="proposals", channel=theirs)
    await room.ask("Hi?")
    assert ["Hello" in message.text for message in theirs.messages] == [True]
    assert "another server" in (await room.moot.troubles())[0]


async def test_in_private_the_bot_points_to_the_group(room: Room) -> None:
    with pytest.raises(WouldNotSend):
        await room.ben.slash(room.ben.dm, "help")
    answer = await room.ben.slash(room.ben.dm, "help", raw=True)
    assert "works in a group" in answer.text


async def test_unknown_commands_and_wrong_values_get_a_sentence(room: Room) -> None:
    ben, here = room.ben, room.channel
    assert "I know no command" in answered(await ben.slash(here, "dance", raw=True))
    wrong = await ben.slash(here, "journal", raw=True, last=9999)
    assert "Write 50 or less" in answered(wrong)
    long = await ben.slash(here, "poll", raw=True, question="q" * 6000, options="a | b")
    assert "200" in answered(long)
    assert "a length of time" in answered(
        await ben.slash(here, "propose", title="x", closes_in="?")
    )


# After a restart


async def test_old_buttons_work_after_a_restart(room: Room) -> None:
    card = await room.poll()
    await room.cleo.press(card, label="Soup")
    await room.moot.restart()
    assert "Pizza." in answered(await room.ana.press(card, label="Pizza"))
    await room.moot.settle()
    assert "2 people voted." in card.text
    assert len(room.channel.messages) == 1
