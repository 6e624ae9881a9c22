"""What the bot is still to hear. This file is the queue of updates and the long poll.

Updates are numbered when they happen and stay until a poll with a higher offset, or a webhook's
2xx, confirms them; which kinds are kept is decided by the last `allowed_updates`, at the time
something happens. A second poll ends the first with 409, as the platform does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from tests.platforms.telegram_server.limits import POLL_TIMEOUT_S_MAX, UPDATES_PER_POLL_MAX
from tests.platforms.telegram_server.refusals import Json, conflict

KINDS = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "poll",
    "poll_answer",
    "chat_join_request",
}
# These come only to those who ask for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_ID = 700_000_001

OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Poll:
    """One getUpdates that waits."""

    def __init__(self, is_alive: Callable[[], bool]) -> None:
        self.is_alive = is_alive
        # True: look again. A text: give up, with a conflict.
        self.woken: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def wake(self, reason: str = "") -> None:
        """Let it look again, or end it for a reason."""
        if not self.woken.done():
            self.woken.set_result(reason)


class Updates:
    """The queue between the platform and the bot."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._next_id = FIRST_ID
        self.allowed = KINDS - ON_REQUEST
        # Everything that ever happened, and what of it is not confirmed.
        self.log: list[Json] = []
        self.pending: list[Json] = []
        self._again: list[Json] = []
        self._is_repeating = False
        self._poll: Poll | None = None
        self.has_webhook = False
        # What pushes to a webhook is told when there is something to push.
        self.on_add: list[Callable[[], None]] = []

    @property
    def is_polled(self) -> bool:
        """Tell whether somebody waits for updates at this moment."""
        return self._poll is not None and self._poll.is_alive()

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Take the kinds of a request; None keeps what was, an empty list is the default."""
        if kinds is not None:
            self.allowed = set(kinds) & KINDS or KINDS - ON_REQUEST

    def add(self, kind: str, body: Json) -> Json | None:
        """Something happened; None where nobody asked for it."""
        if kind not in self.allowed:
            return None
        update = {"update_id": self._next_id, kind: body}
        self._next_id += 1
        self.log.append(update)
        self.pending.append(update)
        self._wake()
        return update

    def repeat(self, last: int = 1) -> list[Json]:
        """Send the latest updates once more, with their numbers, though they are confirmed."""
        repeated = self.log[-last:]
        self._again += repeated
        self._wake()
        return repeated

    def take_repeated(self) -> list[Json]:
        """What is to be sent although nobody waits for it any more."""
        again, self._again = self._again, []
        self._is_repeating = bool(again)
        return again

    def end_repeating(self) -> None:
        """Note that the bot has what was sent once more."""
        self._is_repeating = False
        self._changed()

    @property
    def is_heard(self) -> bool:
        """Whether the bot has everything, what was to be repeated included."""
        return not (self.pending or self._again or self._is_repeating)

    def confirm(self, update: Json) -> None:
        """Forget what was received."""
        if update in self.pending:
            self.pending.remove(update)
            self._changed()

    def drop_pending(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()

    def _wake(self) -> None:
        if self._poll is not None:
            self._poll.wake()
        for look in self.on_add:
            look()
        self._changed()

    def end_poll(self, reason: str = "") -> None:
        """End the waiting poll: with nothing, or with a conflict."""
        if self._poll is not None:
            self._poll.wake(reason or "timeout")

    async def poll(
        self, offset: int, limit: int, timeout_s: int, is_alive: Callable[[], bool]
    ) -> list[Json]:
        """Answer one getUpdates; raises Refusal for a conflict."""
        if self.has_webhook:
            raise conflict(WEBHOOK_IS_SET)
        if self._poll is not None:
            self._poll.wake(OTHER_POLLER)
            self._poll = None
        self._forget_before(offset)
        self.end_repeating()
        ends_at = asyncio.get_running_loop().time() + min(timeout_s, POLL_TIMEOUT_S_MAX)
        while True:
            found = self.take_repeated() + self.pending[: min(limit, UPDATES_PER_POLL_MAX)]
            left_s = ends_at - asyncio.get_running_loop().time()
            if found or left_s <= 0:
                return found
            if not await self._wait(is_alive, left_s):
                return []

    async def _wait(self, is_alive: Callable[[], bool], within_s: float) -> bool:
        """Wait for something to happen; False when the time is over."""
        poll = Poll(is_alive)
        self._poll = poll
        self._changed()
        try:
            reason = await asyncio.wait_for(poll.woken, within_s)
        except TimeoutError:
            return False
        finally:
            if self._poll is poll:
                self._poll = None
        if reason not in ("", "timeout"):
            raise conflict(reason)
        return reason == ""

    def _forget_before(self, offset: int) -> None:
        """An offset confirms what is below it; a negative one keeps only the latest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
