"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters; only what is wrong changes the exit status."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is fine, worth knowing, or wrong and how to mend it."""

    level: Level
    what: str


def fine(what: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Level.FINE, what)


def note(what: str) -> Finding:
    """Return something worth knowing."""
    return Finding(Level.NOTE, what)


def wrong(what: str) -> Finding:
    """Return something that needs a person."""
    return Finding(Level.WRONG, what)
