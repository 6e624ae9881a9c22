"""The real python-telegram-bot meets the server. This file is what people do in a chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.platforms.telegram_server import WouldNotSend
from tests.platforms.telegram_server.tiny_bot import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A group with two people and a bot that polls."""
    async with open_room() as here:
        yield here


# Commands and buttons


async def test_a_command_is_answered_with_a_card(room: Room) -> None:
    asked = room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    assert card.text == "Lunch?"
    assert card.html == "<b>Lunch?</b>"
    assert card.marks == [("bold", "Lunch?")]
    assert card.labels == [["Pizza"], ["Soup"], ["Rules"]]
    assert card.id == asked.id + 1


async def test_a_press_is_answered_and_edits_the_card(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    answer = await room.ben.presses(card, "Pizza")
    assert (answer.text, answer.is_alert) == ("you took vote:1", False)
    await room.server.wait_for(lambda: card.text == "Ben took vote:1")
    assert [look.text for look in card.history] == ["Lunch?", "Ben took vote:1"]
    assert (await room.ben.presses(card, "Soup")).is_alert


async def test_the_second_of_two_equal_presses_modifies_nothing(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    for _ in range(2):
        await room.ben.presses(card, "Pizza")
    await room.tiny.watch.wait_for(
        lambda: [line for line in room.tiny.seen if line.startswith("Message is not modified")]
    )
    assert room.tiny.errors == []


async def test_what_a_client_would_not_send_is_not_sent(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    stranger = room.server.add_user("Cyd")
    with pytest.raises(WouldNotSend, match="does not press"):
        await room.ben.presses(card, "Rules")
    with pytest.raises(WouldNotSend, match="no button"):
        await room.ben.presses(card, "Fish")
    with pytest.raises(WouldNotSend, match="does not see"):
        await stranger.presses(card, "Pizza")
    with pytest.raises(WouldNotSend, match="may not write"):
        stranger.says(room.chat, "let me in")
    with pytest.raises(WouldNotSend, match="did not write"):
        room.ben.edits(card, "mine")
    forged = await stranger.presses(card, data="vote:9", raw=True)
    assert forged.text == "you took vote:9"


async def test_a_late_answer_and_a_second_answer_are_refused(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    late = await room.ben.presses(card, "Pizza", late=True)
    assert not late.is_answered
    await room.tiny.watch.wait_for(lambda: room.tiny.errors)
    assert str(room.tiny.errors[0]).startswith("Query is too old and response timeout expired")
    answer = await room.ben.presses(card, "Pizza")
    answer.deliver()
    await room.server.wait_for(lambda: answer.refused)


async def test_a_press_on_what_is_gone_comes_without_its_message(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    card.delete()
    with pytest.raises(WouldNotSend, match="deleted"):
        await room.ben.presses(card, "Pizza")
    await room.ben.presses(card, data="vote:1", raw=True)
    await room.saw(f"inaccessible {card.id}")


async def test_an_edited_command_is_an_edit(room: Room) -> None:
    asked = room.ana.says(room.chat, "/poll Lunch?")
    await room.card()
    room.ana.edits(asked, "/poll Dinner?")
    await room.saw("edited_message: /poll Dinner?")
    assert [card.text for card in room.chat.bot_messages] == ["Lunch?"]


# Who is who


async def test_people_without_a_username_are_named_by_a_link(room: Room) -> None:
    said = room.ana.says(room.chat, "/poll 🎉 Ben brings cake, @ana_m soup", mention=room.ben)
    await room.card()
    assert said.marks == [("bot_command", "/poll"), ("text_mention", "Ben"), ("mention", "@ana_m")]
    # The party popper is two of the units that offsets are counted in.
    assert said.entities[1]["offset"] == 9
    update = room.server.updates.log[-1]["message"]
    assert update["entities"][1]["user"]["id"] == room.ben.id


async def test_anonymous_admins_channels_and_forwards_are_nobody(room: Room) -> None:
    channel = room.server.add_channel("News", linked=room.chat)
    channel.join(room.ana, "creator", quietly=True)
    room.chat.promote_bot()
    room.ana.says_anonymously(room.chat, "/poll as the group")
    room.ana.says_as(channel, room.chat, "/poll as the channel")
    channel.posts("/poll from the channel")
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 3)
    told = [one["message"] for one in room.server.updates.log if "message" in one][-3:]
    assert [one["from"]["id"] for one in told] == [1087968824, 136817688, 777000]
    assert [one["sender_chat"]["id"] for one in told] == [room.chat.id, channel.id, channel.id]
    assert told[2]["is_automatic_forward"]
    with pytest.raises(WouldNotSend, match="no administrator"):
        room.ben.says_anonymously(room.chat, "me too")


async def test_a_channel_with_the_bot_in_it_posts_to_the_bot(room: Room) -> None:
    channel = room.server.add_channel("News", has_bot=True)
    channel.posts("the roof is done")
    await room.saw("channel_post: the roof is done")
    await room.bot.send_message(channel.id, "indeed")
    channel.bot_rights = frozenset()
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await room.bot.send_message(channel.id, "and more")
    assert [post.text for post in channel.messages] == ["the roof is done", "indeed"]


async def test_privacy_lets_commands_and_replies_through(room: Room) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    card = await room.card()
    room.ana.says(room.chat, "good morning @folkmoot_bot")
    room.ana.says(room.chat, "see /poll")
    room.ana.says(room.chat, "/poll@other_bot Lunch?")
    room.ben.says(room.chat, "/hello@Folkmoot_Bot")
    room.ben.says(room.chat, "soup!", reply_to=card)
    await room.saw("message: soup!")
    heard = [line.removeprefix("message: ") for line in room.tiny.seen]
    assert heard == ["/poll Lunch?", "/hello@Folkmoot_Bot", "soup!"]


async def test_an_admin_hears_all_and_the_library_knows_its_own_commands(room: Room) -> None:
    room.chat.promote_bot()
    room.ana.says(room.chat, "good morning")
    room.ana.says(room.chat, "/poll@other_bot Lunch?")
    await room.saw("message: /poll@other_bot Lunch?")
    assert "message: good morning" in room.tiny.seen
    await room.server.heard()
    assert room.chat.bot_messages == []


async def test_with_another_bot_a_bare_command_goes_to_who_spoke_last(room: Room) -> None:
    other = room.server.add_user("Other", username="other_bot", is_bot=True)
    room.chat.join(other, quietly=True)
    room.ana.says(room.chat, "/poll one")
    room.ana.says(room.chat, "/poll@folkmoot_bot two")
    await room.card()
    room.ana.says(room.chat, "/poll three")
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 2)
    assert [card.text for card in room.chat.bot_messages] == ["two", "three"]


# In private


async def test_the_bot_cannot_write_first_nor_after_a_block(room: Room) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await room.bot.send_message(room.ana.id, "psst")
    with pytest.raises(BadRequest, match="Chat not found"):
        await room.bot.send_message(room.server.add_user("Nobody").id, "psst")
    room.ana.starts("link-7")
    await room.server.wait_for(lambda: room.ana.private_messages)
    assert [said.text for said in room.ana.private_messages] == ["hello link-7"]
    room.ana.blocks_bot()
    await room.saw("Folkmoot: member > kicked")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await room.bot.send_message(room.ana.id, "psst")
    room.ana.opens("https://t.me/folkmoot_bot?start=back")
    await room.server.wait_for(lambda: len(room.ana.private_messages) == 2)
    with pytest.raises(WouldNotSend, match="cannot carry"):
        room.ana.starts("no blanks")
    with pytest.raises(WouldNotSend, match="does not lead to the bot"):
        room.ana.opens("https://t.me/other_bot?start=back")


# Groups


async def test_answers_stay_in_their_topic(room: Room) -> None:
    forum = room.server.add_group("Forum", is_forum=True)
    forum.join(room.ana, quietly=True)
    topic = forum.add_topic("Votes")
    room.ana.says(forum, "/poll Lunch?", topic=topic)
    card = await room.server.wait_for(lambda: forum.bot_last)
    assert card.topic is topic
    told = room.server.updates.log[-1]["message"]
    assert told["message_thread_id"] == topic.id
    assert told["is_topic_message"]
    assert told["reply_to_message"]["message_id"] == topic.id
    assert (await room.bot.send_message(forum.id, "plain")).message_thread_id is None
    forum.close_topic(topic)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await room.bot.send_message(forum.id, "too late", message_thread_id=topic.id)
    with pytest.raises(WouldNotSend, match="closed"):
        room.ana.says(forum, "me too", topic=topic)
    forum.delete_topic(topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await room.bot.send_message(forum.id, "gone", message_thread_id=topic.id)
    assert [said.text for said in forum.bot_messages] == ["plain"]


async def test_a_group_that_becomes_a_supergroup_has_a_new_id(room: Room) -> None:
    group = room.server.add_group("Small", is_supergroup=False)
    group.join(room.ana, quietly=True)
    moved = group.migrate()
    await room.saw("message: migrate_to_chat_id")
    await room.saw("message: migrate_from_chat_id")
    with pytest.raises(ChatMigrated) as told:
        await room.bot.send_message(group.id, "hello?")
    assert told.value.new_chat_id == moved.id
    await room.bot.send_message(moved.id, "hello")
    assert moved.last.text == "hello"
    with pytest.raises(WouldNotSend):
        room.ana.says(group, "hello?")


async def test_a_bot_is_thrown_out_and_invited_again(room: Room) -> None:
    room.chat.kick_bot(by=room.ana)
    await room.saw("Folkmoot: member > kicked")
    room.ana.says(room.chat, "/poll unheard")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await room.bot.send_message(room.chat.id, "why?")
    room.chat.add_bot(by=room.ana)
    await room.saw("Folkmoot: kicked > member")
    await room.saw("message: new_chat_members")
    await room.bot.leave_chat(room.chat.id)
    await room.saw("Folkmoot: member > left")
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await room.bot.send_message(room.chat.id, "sorry")
    assert "message: /poll unheard" not in room.tiny.seen


async def test_members_are_told_to_admins_who_ask_for_it(room: Room) -> None:
    cyd = room.server.add_user("Cyd")
    room.chat.promote_bot()
    room.chat.join(cyd)
    await room.saw("message: new_chat_members")
    await room.tiny.stop()
    await room.start_bot("message", "chat_member")
    room.chat.remove(cyd, by=room.ana, banned=True)
    await room.saw("Cyd: member > kicked")
    assert room.tiny.seen == ["message: left_chat_member", "Cyd: member > kicked"]
