"""Whether the bot may do something somewhere. This file finds chats and says no to strangers."""

from __future__ import annotations

from tests.platforms.telegram_server.asks import Ask
from tests.platforms.telegram_server.chats import Chat, Kind, Topic
from tests.platforms.telegram_server.messages import Message
from tests.platforms.telegram_server.people import User
from tests.platforms.telegram_server.refusals import (
    bad_request,
    chat_not_found,
    forbidden,
    upgraded,
)
from tests.platforms.telegram_server.seats import Status
from tests.platforms.telegram_server.world import World


def chat_to_read(world: World, ask: Ask) -> Chat:
    """The chat of a request, if the bot may look at it; raises Refusal."""
    name = ask.chat_id
    if not name:
        raise bad_request("chat_id is empty")
    if name.startswith("@"):
        by_name = [one for one in world.chats.values() if one.username == name[1:]]
        if not by_name:
            raise chat_not_found()
        chat = by_name[0]
    else:
        chat = _chat_by_id(world, ask.number("chat_id"))
    if not chat.is_private and chat.kind is not Kind.GROUP:
        _check_seat(chat)
    return chat


def chat_to_change(world: World, ask: Ask) -> Chat:
    """The chat of a request, if the bot may do something in it; raises Refusal."""
    chat = chat_to_read(world, ask)
    if chat.migrated_to is not None:
        raise upgraded(chat.migrated_to.id)
    if chat.peer is not None:
        _check_person(chat.peer)
    else:
        _check_seat(chat)
    return chat


def chat_to_write(world: World, ask: Ask) -> tuple[Chat, Topic | None, Message | None]:
    """Where a message goes, and what it answers; raises Refusal."""
    chat = chat_to_change(world, ask)
    replied = _replied(chat, ask)
    topic = _topic(chat, ask, replied)
    seat = chat.bot_seat
    if chat.is_channel:
        if not seat.may("can_post_messages", frozenset()):
            raise bad_request("need administrator rights in the channel chat")
    elif not chat.is_private and not seat.may("can_send_messages", chat.permissions):
        raise bad_request("not enough rights to send text messages to the chat")
    if chat.is_closed_for(seat, topic):
        raise bad_request("TOPIC_CLOSED")
    return chat, topic, replied


def message_of(chat: Chat, ask: Ask, what: str) -> Message:
    """The message of a request; `what` names it in the complaint."""
    number = ask.number("message_id")
    found = chat.find(number) if number > 0 else None
    if found is None:
        raise bad_request(f"{what} not found")
    return found


def user_of(world: World, ask: Ask) -> User:
    """The person of a request, whom the bot has met."""
    user = world.users.get(ask.number("user_id"))
    if user is None:
        raise bad_request("user not found")
    return user


def _chat_by_id(world: World, number: int) -> Chat:
    user = world.users.get(number)
    if user is not None and world.knows(user):
        return user.private
    chat = world.chats.get(number)
    if chat is None or (chat.is_private and user is None):
        raise chat_not_found()
    if not chat.is_private and world.bot.id not in chat.seats:
        raise chat_not_found()
    return chat


def _check_person(peer: User) -> None:
    if peer.is_deactivated:
        raise forbidden("user is deactivated")
    if peer.is_bot:
        raise forbidden("bots can't send messages to bots")
    if peer.has_blocked:
        raise forbidden("bot was blocked by the user")
    if not peer.has_started:
        raise forbidden("bot can't initiate conversation with a user")


def _check_seat(chat: Chat) -> None:
    status = chat.bot_seat.status
    if status is Status.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status is Status.LEFT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def _replied(chat: Chat, ask: Ask) -> Message | None:
    asked = ask.json("reply_parameters", "can't parse reply parameters JSON object")
    if isinstance(asked, dict):
        number = int(asked.get("message_id") or 0)
        may_miss = bool(asked.get("allow_sending_without_reply"))
    else:
        number = ask.number("reply_to_message_id")
        may_miss = ask.flag("allow_sending_without_reply")
    if number <= 0:
        return None
    found = chat.find(number)
    if found is None and not may_miss:
        raise bad_request("message to be replied not found")
    return found


def _topic(chat: Chat, ask: Ask, replied: Message | None) -> Topic | None:
    number = ask.number("message_thread_id")
    if number <= 0:
        return replied.topic if replied is not None else None
    if not chat.is_forum:
        # Outside of a forum a thread is a message and what answers it.
        if chat.find(number) is None:
            raise bad_request("message thread not found")
        return None
    topic = chat.topics.get(number)
    if topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    return topic
