"""The types of a command's options: how each is read, described, completed and sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from core.kernel.tx import Row

if TYPE_CHECKING:
    from core.kernel.call import Call
    from core.kernel.feature import House


class OptionKind(StrEnum):
    """What a platform needs to know of an option."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MEMBER = "member"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: what is sent, and what is shown for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Typing:
    """A half-typed option: what stands there, and the options given already."""

    typed: str
    given: Mapping[str, str]
    community: int | None = None
    platform: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Completions that are rows: a query for a read-only connection, and how to read a row."""

    sql: str
    args: Callable[[Typing], Sequence[Any]]
    read: Callable[[Row], Sequence[Suggestion]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Completions that need no database."""

    choose: Callable[[Typing, "House"], Sequence[Suggestion]]


Suggest = Lookup | Choices


@dataclass(frozen=True, slots=True)
class Domain:
    """How a field of the domain is read from what a platform gives.

    `read(raw, call, given)` returns the value or raises a UserError; reading what it returned,
    written as text, gives the same value (buttons rely on it). `given` are the earlier fields.
    `is_word` says that it is one word in a typed line, `ends_at` that it ends at a letter.
    `is_plain` says that `read` needs neither the call nor the earlier fields: the same words
    always give the same value, so that they need not be read twice.
    """

    name: str
    read: Callable[[Any, "Call", Mapping[str, Any]], Any]
    kind: OptionKind = OptionKind.TEXT
    suggest: Suggest | None = None
    ends_at: str = ""
    is_word: bool = False
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class SealedMark:
    """Marks a field that enters the journal as a salted digest only."""


_T = TypeVar("_T")
Sealed = Annotated[_T, SealedMark()]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a declaration, ready for any platform."""

    name: str
    description: str
    kind: OptionKind
    is_required: bool
    default: Any
    domain: Domain | None
    is_sealed: bool
    choices: tuple[str, ...]
    at_least: int | None
    at_most: int | None
    shortest: int | None
    longest: int | None
