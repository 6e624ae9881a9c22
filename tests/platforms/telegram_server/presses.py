"""A press of a button and its answer. This file is the callback query's life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram_server.refusals import Json, query_too_old

if TYPE_CHECKING:
    from tests.platforms.telegram_server.messages import Message
    from tests.platforms.telegram_server.people import User
    from tests.platforms.telegram_server.world import World


class CallbackAnswer:
    """One press. Until it is answered or too old, the button spins."""

    def __init__(self, world: World, user: User, message: Message, told: str | None) -> None:
        self.world = world
        self.user = user
        self.message = message
        self.data = told
        self.id = str(4_000_000_000_000_000_000 + world.new_query_number())
        self.text = ""
        self.is_alert = False
        self.url = ""
        self.is_answered = False
        self.is_expired = False
        # How often the bot was refused an answer, because it came too late or twice.
        self.refused = 0
        # A message the bot can no longer see is told by its number alone.
        self.is_inaccessible = False
        world.presses[self.id] = self

    def __repr__(self) -> str:
        return f"<press of {self.data!r} by {self.user.name}: {self.text!r}>"

    @property
    def is_settled(self) -> bool:
        """Tell whether the button has stopped spinning, or the bot was told that it is late."""
        return self.is_answered or self.refused > 0

    async def settled(self, within_s: float | None = None) -> CallbackAnswer:
        """Wait until the bot has answered, or tried to."""
        wait = self.world.watch.wait_for
        await wait(lambda: self.is_settled, within_s, lambda: f"no answer to {self!r}")
        return self

    def expire(self) -> None:
        """Let it grow too old to be answered."""
        self.is_expired = True

    def deliver(self) -> None:
        """Tell the bot; a second time it is a new update with the same query."""
        message = self.message
        inaccessible: Json = {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
        is_gone = self.is_inaccessible or message.deleted
        told: Json = {
            "id": self.id,
            "from": self.user.as_json(),
            "message": inaccessible if is_gone else message.as_json(),
            "chat_instance": str(message.chat.id),
        }
        if self.data is not None:
            told["data"] = self.data
        self.world.updates.add("callback_query", told)

    def take_answer(self, text: str, url: str, *, is_alert: bool) -> None:
        """Let the person see the answer; raises Refusal if it is too late."""
        if self.is_answered or self.is_expired:
            self.refused += 1
            raise query_too_old()
        self.is_answered = True
        self.text, self.url, self.is_alert = text, url, is_alert
