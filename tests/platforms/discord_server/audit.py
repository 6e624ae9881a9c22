"""What the client did, in order. This file is what a test asks when it asserts on traffic."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.platforms.discord_server.refusals import Json


@dataclass
class RestCall:
    """One request and what became of it; `status` 0 is one whose answer was dropped."""

    method: str
    path: str
    json: Json | list[Json] | None
    is_authorized: bool
    query: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    code: int | None = None
    # Whether the platform carried it out, whatever the client got to hear.
    is_done: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status} {self.code or ''}".rstrip()


@dataclass(frozen=True)
class Identify:
    """One IDENTIFY: a fresh session was asked for."""

    intents: int
    is_authorized: bool
    shard: tuple[int, int] | None


@dataclass
class Audit:
    """Every REST call, IDENTIFY and RESUME, and how often the heart beat."""

    calls: list[RestCall] = field(default_factory=list)
    identifies: list[Identify] = field(default_factory=list)
    resumes: int = 0
    heartbeats: int = 0
    closes: list[int] = field(default_factory=list)

    def to(self, method: str, pattern: str) -> list[RestCall]:
        """The calls of a method whose path matches: `*` is any one part of the path."""
        return [call for call in self.calls if call.method == method and fits(call.path, pattern)]

    def refused(self) -> list[RestCall]:
        """The calls that the client was told had failed."""
        return [call for call in self.calls if call.status is None or call.status >= 400]

    def tail(self, last: int = 8) -> str:
        """The latest traffic, for the message of a failed wait."""
        return "; ".join(str(call) for call in self.calls[-last:]) or "no request at all"


def fits(path: str, pattern: str) -> bool:
    """Tell whether a path is of a pattern such as `/channels/*/messages`."""
    parts = [re.escape(part) if part != "*" else "[^/]+" for part in pattern.split("/")]
    return re.fullmatch("/".join(parts), path) is not None
