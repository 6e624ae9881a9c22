"""Who and where, as every feature knows them: a community, a space, a member."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.kernel.clock import from_ms


@dataclass(frozen=True, slots=True)
class Community:
    """A group with its own settings, members and books."""

    id: int
    name: str
    home_space: int


@dataclass(frozen=True, slots=True)
class Space:
    """A guild or chat that a community lives in; its home never joined."""

    id: int
    platform: str
    space: str
    community: int
    joined_at: datetime | None = None


class Member(NamedTuple):
    """One person in a community."""

    id: int
    name: str
    first_seen_ms: int

    @property
    def first_seen_at(self) -> datetime:
        """When somebody first saw them here."""
        return from_ms(self.first_seen_ms)
