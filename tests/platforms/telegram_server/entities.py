"""What a text holds by itself: commands, mentions, links. Offsets count UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tests.platforms.telegram_server.refusals import Json

# A word before the slash, or another slash after it, makes a path and not a command.
COMMAND = re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")
MENTION = re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}(?!\w)")
HASHTAG = re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[A-Za-z]{2,})+")
URL = re.compile(r"(?<![\w@])(?:https?://[^\s<>\"]+|(?:[\w-]+\.)+(?:com|org|net|io|dev|eu|me)\b)")

KINDS = (
    ("url", URL),
    ("email", EMAIL),
    ("bot_command", COMMAND),
    ("mention", MENTION),
    ("hashtag", HASHTAG),
)
# Nothing is looked for inside of these.
CLOSED_KINDS = {"code", "pre", "text_link", "text_mention"}


def units(text: str) -> int:
    """The length of a text as the platform counts: one outside of the first plane is two."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, entity: Json) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return raw[start : start + entity["length"] * 2].decode("utf-16-le", "replace")


def entity(kind: str, text: str, start: int, end: int, **more: object) -> Json:
    """An entity from places in the string of Python."""
    offset = units(text[:start])
    return {"type": kind, "offset": offset, "length": units(text[start:end]), **more}


def find_entities(text: str, given: Iterable[Json] = ()) -> list[Json]:
    """The given entities and those the platform sees by itself, in the order of the text."""
    found = [dict(one) for one in given]
    closed = [one for one in found if one["type"] in CLOSED_KINDS]
    for one in _by_itself(text):
        if not any(_overlap(one, other) for other in closed):
            closed.append(one)
            found.append(one)
    return sorted(found, key=lambda one: (one["offset"], -one["length"]))


def _by_itself(text: str) -> Iterator[Json]:
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            yield entity(kind, text, match.start(), match.end())


def _overlap(one: Json, other: Json) -> bool:
    starts_before = one["offset"] < other["offset"] + other["length"]
    return bool(starts_before and other["offset"] < one["offset"] + one["length"])


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut blanks off both ends, as the platform does with everything that is sent."""
    body = text.rstrip()
    skipped = units(body) - units(body.lstrip())
    body = body.lstrip()
    length = units(body)
    kept = []
    for one in entities:
        start = max(one["offset"] - skipped, 0)
        end = min(one["offset"] + one["length"] - skipped, length)
        if end > start:
            kept.append({**one, "offset": start, "length": end - start})
    return body, kept
