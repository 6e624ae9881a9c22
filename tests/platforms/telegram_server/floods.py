"""The flood limits, as far as they are known. This file counts what is sent to each chat.

The platform publishes them as advice: about one message a second in a chat, and twenty a minute
in a group. Edits count. Off by default, as a test would meet them by accident.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from tests.platforms.telegram_server.refusals import too_many

COUNTED = {
    "sendmessage",
    "sendphoto",
    "senddocument",
    "editmessagetext",
    "editmessagecaption",
    "editmessagemedia",
    "editmessagereplymarkup",
}
MINUTE_S = 60.0


class Floods:
    """The limits in force and what is used of them, by the clock of the server."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.is_on = False
        self.pause_s = 1.0
        self.per_minute_in_groups = 20
        self._sent: dict[int, deque[float]] = defaultdict(deque)

    def use(self, method: str, chat_id: str) -> None:
        """Count one call; raises Refusal with the pause that is asked for."""
        if not self.is_on or method.lower() not in COUNTED or not chat_id.lstrip("-").isdigit():
            return
        chat = int(chat_id)
        now = self.now().timestamp()
        sent = self._sent[chat]
        while sent and sent[0] <= now - MINUTE_S:
            sent.popleft()
        wait_s = sent[-1] + self.pause_s - now if sent else 0.0
        if chat < 0 and len(sent) >= self.per_minute_in_groups:
            wait_s = max(wait_s, sent[0] + MINUTE_S - now)
        if wait_s > 0:
            raise too_many(math.ceil(wait_s))
        sent.append(now)
