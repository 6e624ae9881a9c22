"""What the client did, in order. This file is what a test asks when it asserts on traffic."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.platforms.telegram_server.refusals import Json


@dataclass
class ApiCall:
    """One request and what became of it; `code` 0 is one whose answer was dropped."""

    method: str
    arguments: Json
    is_authorized: bool
    code: int | None = None
    description: str = ""
    # Whether the platform carried it out, whatever the client got to hear.
    is_done: bool = False

    def __str__(self) -> str:
        return f"{self.method} -> {self.code} {self.description}".rstrip()


@dataclass
class Audit:
    """Every call of the API, but for the polls, which are counted only."""

    calls: list[ApiCall] = field(default_factory=list)
    polls: int = 0

    def to(self, method: str) -> list[ApiCall]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    def refused(self) -> list[ApiCall]:
        """The calls that the client was told had failed."""
        return [call for call in self.calls if call.code is not None and call.code != 200]

    def tail(self, last: int = 8) -> str:
        """The latest traffic, for the message of a failed wait."""
        seen = "; ".join(str(call) for call in self.calls[-last:]) or "no request at all"
        return f"{seen} (and {self.polls} polls)"
