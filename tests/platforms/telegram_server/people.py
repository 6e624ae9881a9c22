"""Accounts. This file is who can act and be named; what they do is in `acts.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram_server.acts import Acts
from tests.platforms.telegram_server.chats import Chat, Kind
from tests.platforms.telegram_server.messages import Message
from tests.platforms.telegram_server.refusals import Json

if TYPE_CHECKING:
    from tests.platforms.telegram_server.world import World


class User(Acts):
    """One account, the same in every chat."""

    def __init__(
        self,
        world: World,
        id_: int,
        name: str,
        *,
        username: str = "",
        is_bot: bool = False,
        language: str = "",
    ) -> None:
        self.world = world
        self.id = id_
        self.name = name
        self.username = username
        self.is_bot = is_bot
        self.language = language
        # Whether the bot may write to them: they wrote first, and have not blocked it since.
        self.has_started = False
        self.has_blocked = False
        self.is_deactivated = False
        self._private: Chat | None = None

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    @property
    def private(self) -> Chat:
        """Their chat with the bot; its id is their own."""
        if self._private is None:
            self._private = Chat(self.world, self.id, Kind.PRIVATE, self.name)
            self._private.peer = self
            self.world.chats[self.id] = self._private
        return self._private

    @property
    def private_messages(self) -> list[Message]:
        """What the bot wrote to them alone."""
        return self.private.bot_messages

    def as_json(self) -> Json:
        """The account as the platform sends it."""
        told: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            told["username"] = self.username
        if self.language:
            told["language_code"] = self.language
        return told
