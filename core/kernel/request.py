"""A request: a command's name and raw arguments, who asks, from where, under which id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of asker; set by our own code, never parsed from outside."""

    PERSON = "person"
    CLOCK = "clock"
    DECISION = "decision"
    SIGNER = "signer"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as a platform names it, with what the platform says of it now.

    `joined_at` is None where the platform does not see it in this place any more.
    """

    platform: str
    account: str
    name: str
    is_bot: bool = False
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel as a platform names it."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """The asking account, and what the platform vouches for at this moment.

    `is_admin` is None where the platform could not say: then rights are refused, not guessed.
    """

    kind: Kind = Kind.PERSON
    platform: str = ""
    account: str = ""
    name: str = ""
    is_bot: bool = False
    is_admin: bool | None = False
    joined_at: datetime | None = None
    roles: tuple[str, ...] = ()
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked: a space (guild or chat), a channel, a thread.

    `missing` names the rights that the bot lacks there to post a card, as the platform calls them.
    """

    platform: str
    space: str
    channel: str = ""
    thread: str = ""
    space_name: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for.

    `is_overheard` says that others saw the words being typed. `is_stored` marks arguments that a
    command of ours wrote (agenda, effects): they are taken as they are, at `version`.
    A press carries the button's code in `press` and, where others see it too, the pressed
    message. `community` is set by our own code only, where there is no place to find it by.
    `twice` names an option that a typed line gives twice; such a request is refused.
    """

    id: str
    command: str
    args: Mapping[str, Any]
    asker: Asker
    place: Place | None = None
    is_overheard: bool = False
    is_stored: bool = False
    version: int = 1
    community: int | None = None
    agenda: tuple[str, int] | None = None
    press: str | None = None
    message: str = ""
    twice: str = ""
