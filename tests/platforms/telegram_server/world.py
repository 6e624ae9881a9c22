"""Everything the platform knows at one moment. This file is the state the other parts share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from tests.platforms.telegram_server.audit import Audit
from tests.platforms.telegram_server.chats import Chat, Kind
from tests.platforms.telegram_server.entities import find_entities, trim
from tests.platforms.telegram_server.messages import Look, Message
from tests.platforms.telegram_server.people import User
from tests.platforms.telegram_server.presses import CallbackAnswer
from tests.platforms.telegram_server.privacy import hears
from tests.platforms.telegram_server.refusals import Json
from tests.platforms.telegram_server.updates import Updates
from tests.platforms.watch import Watch

# The platform's own accounts, the same in every chat of the world.
SERVICE_ID = 777000
ANONYMOUS_ADMIN_ID = 1087968824
CHANNEL_ACCOUNT_ID = 136817688

FIRST_USER_ID = 500_001
FIRST_GROUP_ID = -4_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The real time, for tests that have no clock of their own."""
    return datetime.now(UTC)


class World:
    """Accounts, chats, presses and updates, with one source of ids and of time."""

    def __init__(self, token: str, username: str, clock: Clock) -> None:
        self.token = token
        self.now = clock
        self.watch = Watch()
        self.audit = Audit()
        self.updates = Updates(self.watch.changed)
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, CallbackAnswer] = {}
        # Whether privacy mode is off for the bot, as its maker can set it.
        self.can_read_all = False
        # Faults of this server itself; `stop` raises the first so that no test hides one.
        self.mistakes: list[Exception] = []
        self._last_user_id = FIRST_USER_ID - 1
        self._last_chat_number = -1
        self._last_message_id = 0
        self._last_query_number = 0
        number, _, secret = token.partition(":")
        assert secret, "a token is <number>:<secret>"
        bot_id = int(number)
        self.bot = self._account(bot_id, "Folkmoot", username, is_bot=True)
        self.service_account = self._account(SERVICE_ID, "Telegram", "", is_bot=False)
        self.anonymous_admin = self._account(
            ANONYMOUS_ADMIN_ID, "Group", "GroupAnonymousBot", is_bot=True
        )
        self.channel_account = self._account(
            CHANNEL_ACCOUNT_ID, "Channel", "Channel_Bot", is_bot=True
        )

    def _account(self, id_: int, name: str, username: str, *, is_bot: bool) -> User:
        self.users[id_] = User(self, id_, name, username=username, is_bot=is_bot)
        return self.users[id_]

    # Making

    def add_user(
        self, name: str, *, username: str = "", is_bot: bool = False, language: str = ""
    ) -> User:
        """A new account."""
        self._last_user_id += 1
        user = self._account(self._last_user_id, name, username, is_bot=is_bot)
        user.language = language
        return user

    def open_chat(self, kind: Kind, title: str, *, is_forum: bool = False) -> Chat:
        """A new group, supergroup or channel without anybody in it."""
        self._last_chat_number += 1
        first = FIRST_GROUP_ID if kind is Kind.GROUP else FIRST_SUPERGROUP_ID
        chat = Chat(self, first - self._last_chat_number, kind, title, is_forum=is_forum)
        self.chats[chat.id] = chat
        return chat

    def new_message_id(self) -> int:
        """The next number of all the chats that count together."""
        self._last_message_id += 1
        return self._last_message_id

    def new_query_number(self) -> int:
        """The next number of a press."""
        self._last_query_number += 1
        return self._last_query_number

    # Telling

    def look_of(self, text: str, marks: Iterable[Json] = ()) -> Look:
        """What somebody typed, with what the platform sees in it."""
        body, kept = trim(text, list(marks))
        return Look(body, tuple(find_entities(body, kept)), text)

    def tell(self, message: Message, *, is_edit: bool = False) -> None:
        """Tell the bot of a message, if it may hear of it."""
        if message.is_by_bot and not message.is_service:
            return
        if hears(message):
            kind = "channel_post" if message.chat.is_channel else "message"
            self.updates.add(f"edited_{kind}" if is_edit else kind, message.as_json())

    def tell_entity(self, one: Json) -> Json:
        """An entity as the platform sends it: who is named by a link is told whole."""
        if "user_id" not in one:
            return one
        told = {key: value for key, value in one.items() if key != "user_id"}
        return {**told, "user": self.users[one["user_id"]].as_json()}

    def knows(self, user: User) -> bool:
        """Tell whether the bot has met somebody: in private, in a group, by a press."""
        if user.has_started or user is self.bot:
            return True
        if any(press.user is user for press in self.presses.values()):
            return True
        return any(
            user.id in chat.seats and self.bot.id in chat.seats for chat in self.chats.values()
        )
