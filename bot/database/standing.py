"""How a database stands to this program, and the sentence for each way that is no good."""

from dataclasses import dataclass
from enum import StrEnum

from bot.database.schema import HEAD, SchemaTooNew, known
from bot.trouble import Trouble


class Standing(StrEnum):
    """How a database stands to this program."""

    MISSING = "missing"
    EMPTY = "empty"
    FOREIGN = "foreign"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Look:
    """How a database stands, and the schema's revision where it has one."""

    standing: Standing
    revision: str = ""


def of_revision(revision: str) -> Look:
    """Return how a database of ours stands by its schema's revision."""
    if revision == HEAD:
        return Look(Standing.CURRENT, revision)
    return Look(Standing.OLDER if revision in known() else Standing.NEWER, revision)


def refusal(shown: str, found: Look) -> str:
    """Return why a database cannot be worked on, and what to do; empty where it can."""
    match found.standing:
        case Standing.MISSING:
            return f"there is no database {shown}; name another with --config, or start the bot."
        case Standing.EMPTY:
            return f"{shown} is empty: the bot has not been started on it yet."
        case Standing.FOREIGN:
            return f"{shown} is not a database of Folkmoot; nothing was touched."
        case Standing.OLDER:
            return (
                f"{shown} was written by an older Folkmoot (schema {found.revision}, this is "
                f"{HEAD}). Make a backup, then run: folkmoot migrate"
            )
        case Standing.NEWER:
            return (
                f"{shown} was written by a newer Folkmoot (schema {found.revision}, this is "
                f"{HEAD}). Use that version, or restore an older backup."
            )
        case Standing.CURRENT:
            return ""


def is_behind(shown: str, found: Look) -> bool:
    """Whether it has to be migrated; raises SchemaTooNew, or Trouble where it is not ours."""
    match found.standing:
        case Standing.NEWER:
            raise SchemaTooNew(found.revision)
        case Standing.FOREIGN:
            raise Trouble(refusal(shown, found))
        case _:
            return found.standing is not Standing.CURRENT
