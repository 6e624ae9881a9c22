"""What the bot may find out: itself, chats and their members."""

from __future__ import annotations

from tests.platforms.telegram_server.asks import Ask
from tests.platforms.telegram_server.chats import Chat, Kind
from tests.platforms.telegram_server.reach import chat_to_change, chat_to_read, user_of
from tests.platforms.telegram_server.refusals import Json, bad_request
from tests.platforms.telegram_server.seats import PERMISSIONS, Seat, Status
from tests.platforms.telegram_server.world import World


class Looking:
    """The methods that only look, and the one to leave."""

    def __init__(self, world: World) -> None:
        self.world = world

    def me(self, _: Ask) -> Json:
        """The bot's account."""
        return {
            **self.world.bot.as_json(),
            "can_join_groups": True,
            "can_read_all_group_messages": self.world.can_read_all,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def chat(self, ask: Ask) -> Json:
        """Everything about a chat."""
        chat = chat_to_read(self.world, ask)
        told = {
            **chat.as_json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }
        if chat.description:
            told["description"] = chat.description
        if chat.linked is not None:
            told["linked_chat_id"] = chat.linked.id
        if chat.kind in (Kind.GROUP, Kind.SUPERGROUP):
            told["permissions"] = {name: name in chat.permissions for name in PERMISSIONS}
        pinned = [one for one in chat.pinned if not one.deleted]
        if pinned:
            told["pinned_message"] = pinned[-1].as_json(with_reply=False)
        return told

    def _members(self, ask: Ask) -> Chat:
        chat = chat_to_change(self.world, ask) if _is_group(self.world, ask) else None
        return chat or chat_to_read(self.world, ask)

    def member(self, ask: Ask) -> Json:
        """One person's place in a chat; one who never was there has left."""
        chat = self._members(ask)
        user = user_of(self.world, ask)
        if chat.peer is not None:
            return Seat(user, Status.MEMBER).as_json()
        is_hidden = chat.has_hidden_members or chat.is_channel
        if is_hidden and user is not self.world.bot and not chat.bot_seat.is_admin:
            raise bad_request("CHAT_ADMIN_REQUIRED")
        return chat.seat_of(user).as_json(is_channel=chat.is_channel)

    def administrators(self, ask: Ask) -> list[Json]:
        """Who runs a chat, but for other bots."""
        chat = self._members(ask)
        if chat.peer is not None:
            raise bad_request("there are no administrators in the private chat")
        assert chat.owner
        return [
            seat.as_json(is_channel=chat.is_channel)
            for seat in chat.seats.values()
            if seat.is_admin and (not seat.user.is_bot or seat.user is self.world.bot)
        ]

    def member_count(self, ask: Ask) -> int:
        """How many are in a chat."""
        chat = self._members(ask)
        if chat.peer is not None:
            return 2
        return sum(seat.is_inside for seat in chat.seats.values())

    def leave(self, ask: Ask) -> bool:
        """Go away; the bot hears of its own leaving."""
        chat = chat_to_change(self.world, ask)
        if chat.peer is not None:
            raise bad_request("CHAT_ID_INVALID")
        chat.remove(self.world.bot)
        return True


def _is_group(world: World, ask: Ask) -> bool:
    """A basic group hides its members once it is deactivated or the bot is out."""
    chat = world.chats.get(ask.number("chat_id"))
    return chat is not None and chat.kind is Kind.GROUP
