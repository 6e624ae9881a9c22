"""Commands: frozen values with a declaration that is checked when it is imported."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import EnumType, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, get_args

import annotated_types as limits
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from core.kernel.canonical import encode
from core.kernel.fields import Domain, Option, OptionKind, SealedMark

if TYPE_CHECKING:
    from core.kernel.call import Call
    from core.kernel.text import Text
    from core.kernel.view import View

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

WORD = re.compile(r"[a-z][a-z0-9]*")
OPTION = re.compile(r"[a-z][a-z0-9_]*")
# What the platforms allow: a command's name 32, a description 100, options and choices 25.
NAME_MAX = 32
DESCRIPTION_MAX = 100
OPTIONS_MAX = 25
WORDS_MAX = 2
BOUNDS = {
    "ge": limits.Ge, "le": limits.Le, "min_length": limits.MinLen, "max_length": limits.MaxLen
}  # fmt: skip


class May(StrEnum):
    """Who may ask for a command."""

    ANYONE = "anyone"
    MEMBERS = "members"
    ADMINS = "admins"
    AUTHOR_OR_ADMINS = "author or admins"
    CLOCK = "clock"
    DECISION = "decision"
    SIGNER = "signer"
    WORKER = "worker"


PERSONS = frozenset({May.ANYONE, May.MEMBERS, May.ADMINS, May.AUTHOR_OR_ADMINS})


class DeclarationError(TypeError):
    """A command's declaration is not legal everywhere."""


@dataclass(frozen=True)
class Declaration:
    """What every platform, the help and the codecs know of a command."""

    path: str
    help: str
    may: May
    version: int
    carried_by: str | None
    is_personal: bool
    is_typed: bool
    asks_again: bool
    is_local: bool
    options: tuple[Option, ...]
    command: type["Command"]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The path cut into words: `config set` is ("config", "set")."""
        return tuple(self.path.split())

    @cached_property
    def joined(self) -> str:
        """The path as one word: `config_set`."""
        return self.path.replace(" ", "_")

    @cached_property
    def is_for_persons(self) -> bool:
        """Whether a person may type it at all."""
        return self.may in PERSONS

    @cached_property
    def by_name(self) -> Mapping[str, Option]:
        """The options by their names, in order."""
        return {option.name: option for option in self.options}

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """The names of the options that enter the journal sealed, in their alphabet's order."""
        return tuple(sorted(option.name for option in self.options if option.is_sealed))

    @cached_property
    def unsaid(self) -> Mapping[str, Any]:
        """The options that may be left out, with what they then are, as plain values of JSON."""
        defaults = {one.name: one.default for one in self.options if not one.is_required}
        plain = self.command.model_construct(None, **defaults)
        return plain.model_dump(mode="json", include=set(defaults))

    @cached_property
    def is_plain(self) -> bool:
        """Whether the same few words always spell the same command, whoever asks.

        Free text is as good as never the same twice, and nobody's words are to be remembered.
        """
        return not any(
            option.kind is OptionKind.TEXT and not option.choices
            if option.domain is None
            else not option.domain.is_plain
            for option in self.options
        )


class Command(BaseModel):
    """What is asked: a value that can be typed, pressed, due, carried and recorded."""

    # Validators are built at first use: most commands are not asked for in a process's first hour.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    declaration: ClassVar[Declaration]
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}

    def __init_subclass__(  # noqa: PLR0913 - as `declare`
        cls,
        *,
        name: str = "",
        may: May = May.MEMBERS,
        version: int = 1,
        carried_by: str | None = None,
        is_personal: bool = False,
        is_typed: bool = True,
        asks_again: bool = False,
        is_local: bool = False,
        **kwargs: Any,
    ) -> None:
        """Take the declaration's words; pydantic completes the class afterwards."""
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, **words: Any) -> None:
        """Check the declaration now that the fields are known."""
        if words.get("name"):
            cls.declaration = declare(cls, **words)

    @cached_property
    def dumped(self) -> Mapping[str, Any]:
        """The arguments as plain values of JSON; they stay what they are, as a command does."""
        return self.model_dump(mode="json")

    @cached_property
    def sealed_texts(self) -> Mapping[str, str]:
        """The sealed arguments as canonical JSON, by name."""
        return {name: encode(self.dumped[name]) for name in self.declaration.sealed}

    @cached_property
    def shown_args(self) -> str:
        """The arguments as they stand in the journal: canonical JSON, to be filled with digests.

        In place of a sealed one it has `%(name)s`, so that any other % is doubled.
        """
        shown = {name: encode(value).replace("%", "%%") for name, value in self.dumped.items()}
        shown |= {name: f'{{"sealed":"%({name})s"}}' for name in self.declaration.sealed}
        return f"{{{','.join(f'{encode(name)}:{shown[name]}' for name in sorted(shown))}}}"

    def run(self, call: "Call") -> "View":
        """Load, check, decide, save, tell."""
        raise NotImplementedError

    def described(self, call: "Call") -> "Text":
        """Return what will happen, in full, for a decision that carries this command."""
        raise NotImplementedError

    def author(self, call: "Call") -> int | None:
        """Return the member who counts as author, for `author or admins`."""
        raise NotImplementedError


def declare(  # noqa: PLR0913 - a declaration has so many words
    cls: type[Command],
    *,
    name: str,
    may: May = May.MEMBERS,
    version: int = 1,
    carried_by: str | None = None,
    is_personal: bool = False,
    is_typed: bool = True,
    asks_again: bool = False,
    is_local: bool = False,
) -> Declaration:
    """Return the checked declaration of a command class; raises DeclarationError.

    `asks_again` has the door ask back before somebody does exactly the same twice in a minute.
    `is_local` says that it concerns one space alone, so that admins of that space may ask for it
    too, not only those of the community's home.
    """
    words = name.split(" ")
    if not all(WORD.fullmatch(word) for word in words) or len(words) > WORDS_MAX:
        raise DeclarationError(f"{name!r}: one or two words of a-z and 0-9")
    if len("_".join(words)) > NAME_MAX:
        raise DeclarationError(f"{name!r} is longer than {NAME_MAX}")
    text = (cls.__doc__ or "").strip().split("\n")[0]
    if not 1 <= len(text) <= DESCRIPTION_MAX or cls.__doc__ == Command.__doc__:
        raise DeclarationError(f"{name!r} needs a docstring of 1 to {DESCRIPTION_MAX} letters")
    options = tuple(
        _option(cls, at, field, is_written=may in PERSONS) for at, field in cls.model_fields.items()
    )
    if len(options) > OPTIONS_MAX:
        raise DeclarationError(f"{name!r} has more than {OPTIONS_MAX} options")
    required = [option.is_required for option in options]
    if required != sorted(required, reverse=True):
        raise DeclarationError(f"{name!r}: required options come before optional ones")
    if set(cls.upcasters) != set(range(1, version)):
        raise DeclarationError(f"{name!r} needs an upcaster from each version before {version}")
    _check_askers(cls, name, may, asks_again=asks_again)
    if carried_by is not None and cls.described is Command.described:
        raise DeclarationError(f"{name!r} must say in full what a decision would carry")
    if cls.run is Command.run:
        raise DeclarationError(f"{name!r} does not say what it does")
    return Declaration(
        name,
        text,
        may,
        version,
        carried_by,
        is_personal,
        is_typed,
        asks_again,
        is_local,
        options,
        cls,
    )


def _check_askers(cls: type[Command], name: str, may: May, *, asks_again: bool) -> None:
    if may is May.AUTHOR_OR_ADMINS and cls.author is Command.author:
        raise DeclarationError(f"{name!r} must say who its author is")
    if asks_again and may not in PERSONS - {May.ANYONE}:
        raise DeclarationError(f"{name!r}: only members can be asked again")


def _option(cls: type[Command], name: str, field: FieldInfo, *, is_written: bool) -> Option:
    where = f"{cls.__name__}.{name}"
    if not OPTION.fullmatch(name) or len(name) > NAME_MAX:
        raise DeclarationError(f"{where}: an option is named with a-z, 0-9 and _")
    description = field.description or ""
    if not 1 <= len(description) <= DESCRIPTION_MAX:
        raise DeclarationError(f"{where} needs a description of 1 to {DESCRIPTION_MAX} letters")
    marks = [*field.metadata, *_nested_marks(field.annotation)]
    domain = next((mark for mark in marks if isinstance(mark, Domain)), None)
    choices = _choices(field.annotation)
    if len(choices) > OPTIONS_MAX:
        raise DeclarationError(f"{where} has more than {OPTIONS_MAX} choices")
    bound = _bounds(field)
    return Option(
        name=name,
        description=description,
        kind=domain.kind if domain else _kind(where, field.annotation, is_written=is_written),
        is_required=field.is_required(),
        default=None if field.is_required() else field.default,
        domain=domain,
        is_sealed=any(isinstance(mark, SealedMark) for mark in field.metadata),
        choices=choices,
        at_least=bound("ge"),
        at_most=bound("le"),
        shortest=bound("min_length"),
        longest=bound("max_length"),
    )


def _nested_marks(annotation: Any) -> list[Any]:
    """Return the marks inside `Annotated[...] | None`, which pydantic leaves where they are."""
    return [mark for part in get_args(annotation) for mark in getattr(part, "__metadata__", ())]


def _choices(annotation: Any) -> tuple[str, ...]:
    kinds: list[Any] = [annotation, *get_args(annotation)]
    members: list[Any] = [part for part in kinds if isinstance(part, EnumType)]
    return tuple(str(choice.value) for part in members for choice in part)


def _kind(where: str, annotation: Any, *, is_written: bool) -> OptionKind:
    if annotation is bool:
        return OptionKind.BOOLEAN
    if annotation is int:
        return OptionKind.INTEGER
    if annotation is str or _choices(annotation) or not is_written:
        return OptionKind.TEXT
    raise DeclarationError(f"{where}: {annotation} needs a domain type that says how to read it")


def _bounds(field: FieldInfo) -> Callable[[str], int | None]:
    pairs = ((mark, word) for mark in field.metadata for word in BOUNDS)
    found = {word: getattr(mark, word) for mark, word in pairs if isinstance(mark, BOUNDS[word])}
    return found.get
