"""Asking the door directly, where a room has no words for it: bots, late joiners, other places."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from bot.platforms.console.read import HERE, Speaker, asker_of
from core.app import Reply
from core.kernel.errors import UserError
from core.kernel.request import Asker, Request
from tests.world import World

_numbers = count(1)


def somebody(who: str = "dan", /, **facts: Any) -> Asker:
    """Return an asker of the room, with other facts where they are given."""
    return replace(asker_of(Speaker(who)), **facts)


def request(command: str, args: dict[str, Any] | None = None, **words: Any) -> Request:
    """Return a request with an id of its own."""
    words.setdefault("id", f"test:{next(_numbers)}")
    words.setdefault("asker", somebody())
    words.setdefault("place", HERE)
    return Request(command=command, args=args or {}, **words)


def ask(world: World, command: str, args: dict[str, Any] | None = None, **words: Any) -> Reply:
    """Ask the door, and have everything that follows happen."""
    reply = world.ask(request(command, args, **words))
    world.settle()
    return reply


@contextmanager
def refused(world: World, error: type[UserError]) -> Iterator[list[Reply]]:
    """Check that what is asked inside is refused with this error and changes nothing."""
    replies: list[Reply] = []
    with world.unchanged():
        yield replies
    for reply in replies:
        assert type(reply.error) is error, reply
