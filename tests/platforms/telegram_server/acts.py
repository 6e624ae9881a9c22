"""What people do: they speak, edit, press, start and block. This file is the driver's verbs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.platforms.telegram_server.entities import entity, units
from tests.platforms.telegram_server.limits import START_PAYLOAD, TEXT_MAX
from tests.platforms.telegram_server.messages import Look, Message
from tests.platforms.telegram_server.presses import CallbackAnswer
from tests.platforms.telegram_server.refusals import Json
from tests.platforms.telegram_server.seats import Seat, Status

if TYPE_CHECKING:
    from tests.platforms.telegram_server.chats import Chat, Topic
    from tests.platforms.telegram_server.people import User
    from tests.platforms.telegram_server.world import World


class WouldNotSend(AssertionError):
    """A person's own client would not let them do this."""


class Acts:
    """The verbs of an account; what it is, is in `people.py`."""

    if TYPE_CHECKING:
        world: World
        id: int
        name: str
        is_bot: bool
        has_started: bool
        has_blocked: bool

        @property
        def private(self) -> Chat: ...
        def as_json(self) -> Json: ...

    @property
    def _self(self) -> User:
        return self.world.users[self.id]

    # Speaking

    def says(
        self,
        chat: Chat,
        text: str,
        *,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        mention: User | Iterable[User] = (),
    ) -> Message:
        """Write in a chat. `mention` names people by a link, where their names stand."""
        self._check_may_write(chat, text, topic)
        if chat.is_private and not self.has_started:
            # A first line is as good as /start: the bot may write back from now on.
            self.has_started = True
        people = [mention] if isinstance(mention, Acts) else list(mention)
        message = chat.compose(self._self, self._look(text, people))
        return self._put(message, topic, reply_to)

    def says_anonymously(
        self,
        chat: Chat,
        text: str,
        *,
        topic: Topic | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Write as the group itself, as administrators can; the bot does not learn who it was."""
        if not chat.seat_of(self._self).is_admin:
            raise WouldNotSend(f"{self.name} is no administrator of {chat.title}")
        message = chat.compose(self.world.anonymous_admin, self._look(text))
        message.sender_chat = chat
        return self._put(message, topic, reply_to)

    def says_as(self, channel: Chat, chat: Chat, text: str) -> Message:
        """Write in a group in the name of one's channel."""
        if not channel.seat_of(self._self).is_admin:
            raise WouldNotSend(f"{self.name} does not run {channel.title}")
        message = chat.compose(self.world.channel_account, self._look(text))
        message.sender_chat = channel
        return chat.publish(message)

    def edits(self, message: Message, text: str, *, mention: User | Iterable[User] = ()) -> Message:
        """Change what one wrote."""
        if message.sender is not self and message.sender_chat is not message.chat:
            raise WouldNotSend(f"{self.name} did not write {message!r}")
        people = [mention] if isinstance(mention, Acts) else list(mention)
        message.change(self._look(text, people))
        self.world.tell(message, is_edit=True)
        return message

    def _put(self, message: Message, topic: Topic | None, reply_to: Message | None) -> Message:
        message.reply_to = reply_to
        message.topic = topic or (reply_to.topic if reply_to is not None else None)
        return message.chat.publish(message)

    def _look(self, text: str, people: list[User] | None = None) -> Look:
        marks: list[Json] = []
        for person in people or []:
            start = text.find(person.name)
            if start < 0:
                raise WouldNotSend(f"{person.name} is not named in {text!r}")
            end = start + len(person.name)
            marks.append(entity("text_mention", text, start, end, user_id=person.id))
        return self.world.look_of(text, marks)

    def _check_may_write(self, chat: Chat, text: str, topic: Topic | None) -> None:
        if not text.strip() or units(text) > TEXT_MAX:
            raise WouldNotSend("a message has 1 to 4096 characters")
        if chat.is_private:
            if chat.peer is not self or self.has_blocked:
                raise WouldNotSend(f"{self.name} does not write to the bot here")
            return
        if chat.migrated_to is not None:
            raise WouldNotSend(f"{chat.title} is a supergroup by now")
        seat = chat.seat_of(self._self)
        right = "can_post_messages" if chat.is_channel else "can_send_messages"
        if not seat.may(right, chat.permissions) or (chat.is_channel and not seat.is_admin):
            raise WouldNotSend(f"{self.name} ({seat.status}) may not write in {chat.title}")
        if chat.is_closed_for(seat, topic):
            raise WouldNotSend("the topic is closed")

    # Pressing

    async def presses(
        self,
        message: Message,
        label: str | None = None,
        *,
        data: str | None = None,
        raw: bool = False,
        late: bool = False,
        within_s: float | None = None,
    ) -> CallbackAnswer:
        """Press a button and wait for the answer; `late` lets the bot be too late."""
        answer = self.begin_press(message, label, data=data, raw=raw, late=late)
        return await answer.settled(within_s)

    def begin_press(
        self,
        message: Message,
        label: str | None = None,
        *,
        data: str | None = None,
        raw: bool = False,
        late: bool = False,
    ) -> CallbackAnswer:
        """Press a button by what stands on it; `raw` sends any `data`, from anywhere."""
        if not raw:
            data = self._button_data(message, label, data)
        answer = CallbackAnswer(self.world, self._self, message, data)
        answer.is_expired = late
        answer.deliver()
        return answer

    def _button_data(self, message: Message, label: str | None, data: str | None) -> str:
        if message.deleted:
            raise WouldNotSend(f"{message!r} is deleted")
        chat = message.chat
        is_here = chat.peer is self if chat.is_private else chat.seat_of(self._self).is_inside
        if not is_here or self.is_bot:
            raise WouldNotSend(f"{self.name} does not see {message!r}")
        try:
            button = message.button(label, data=data)
        except LookupError as unknown:
            raise WouldNotSend(str(unknown)) from None
        if button.data is None:
            raise WouldNotSend(f"{button.text!r} does not press: {button.url or 'another action'}")
        return button.data

    # In private

    def starts(self, payload: str = "") -> Message:
        """Open the private chat by its button, or by a deep link with a payload."""
        if payload and not re.fullmatch(START_PAYLOAD, payload):
            raise WouldNotSend(f"a link cannot carry {payload!r}")
        if self.has_blocked:
            self.unblocks_bot()
        self.has_started = True
        return self.says(self.private, f"/start {payload}".strip())

    def opens(self, url: str) -> Message:
        """Follow a deep link, `https://t.me/<bot>?start=<payload>`, wherever it stood."""
        link = re.fullmatch(r"https://t\.me/(\w+)(?:\?start=(.*))?", url)
        if link is None or link[1].lower() != self.world.bot.username.lower():
            raise WouldNotSend(f"{url} does not lead to the bot")
        return self.starts(link[2] or "")

    def blocks_bot(self) -> None:
        """Stop the bot from writing."""
        self.has_blocked = True
        self._tell_block(Status.MEMBER, Status.KICKED)

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self.has_blocked = False
        self._tell_block(Status.KICKED, Status.MEMBER)

    def _tell_block(self, before: Status, after: Status) -> None:
        bot = self.world.bot
        told = {
            "chat": self.private.as_json(),
            "from": self.as_json(),
            "date": int(self.world.now().timestamp()),
            "old_chat_member": Seat(bot, before).as_json(),
            "new_chat_member": Seat(bot, after).as_json(),
        }
        self.world.updates.add("my_chat_member", told)
