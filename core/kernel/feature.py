"""A feature as the rest of the house sees it: what it adds to each list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.kernel.command import Command, Declaration
from core.kernel.drawing import Drawing
from core.kernel.setting import Setting
from core.kernel.tx import Tx
from core.kernel.view import Block, Drawn, View

if TYPE_CHECKING:
    from core.kernel.call import Call
    from core.kernel.people import Space


@dataclass(frozen=True, slots=True)
class Fault:
    """A difference that `verify` found: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of an export: a file name, a header, rows of plain values."""

    name: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A JSON document of an export: a file name that may name a folder, and its value."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check looked at, and the differences."""

    what: str
    n: int
    faults: tuple[Fault, ...] = ()


CardOf = tuple[Drawing, Drawing, tuple[int | str, ...]]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its commands and settings, and its part in what concerns the whole house.

    `card_of` gives, for a command that buttons of a card carry, that card and what a card turns
    into when it is no longer live: (card, pointer, ids). `on_card` adds to the card of a proposal
    with effects. `undelivered` hears of a card that cannot be shown, and why. `on_setting` hears of
    a setting that was changed, `on_operation` of a payment on a chain of which something became
    known: its proposal's number. `on_retry` takes up again what a decision began and could not
    end, and answers; None where there is nothing like that. `merged` joins what two members have
    who turn out to be one person: `(call, from_member, into_member)`. `on_space` hears of a space
    that has joined the community. `works` are long computations by the drawing that asks for
    them: `(tx, community, *ids)` on a snapshot gives the command that records the result.
    """

    name: str
    commands: tuple[type[Command], ...] = ()
    settings: tuple[Setting[Any], ...] = ()
    me: Callable[["Call", int], Sequence[Block]] | None = None
    forget: Callable[["Call", int], None] | None = None
    verify: Callable[[Tx, int], Checked] | None = None
    export: Callable[[Tx, int], Sequence[Sheet]] | None = None
    papers: Callable[[Tx, int], Iterable[Paper]] | None = None
    after_outage: type[Command] | None = None
    card_of: Callable[[Command], CardOf | None] | None = None
    undelivered: Callable[["Call", Drawn, str], None] | None = None
    on_card: Callable[["Call", int], Sequence[Block]] | None = None
    on_setting: Callable[["Call", str], None] | None = None
    merged: Callable[["Call", int, int], None] | None = None
    on_space: Callable[["Call", "Space"], None] | None = None
    on_operation: Callable[["Call", int], None] | None = None
    on_retry: Callable[["Call", int], View | None] | None = None
    works: Mapping[str, Callable[..., Command | None]] = field(default_factory=dict)


class House:
    """All features together: the tables that the door and the platforms look things up in."""

    def __init__(self, features: Sequence[Feature], admins: Mapping[str, str]) -> None:
        """Build the tables; two commands or settings of one name are a bug.

        `admins` says in words who counts as admin on each platform.
        """
        self.features = tuple(features)
        self.admins = admins
        self.commands: Mapping[str, type[Command]] = _unique(
            (command.declaration.path, command) for one in features for command in one.commands
        )
        self.joined: Mapping[str, type[Command]] = _unique(
            (command.declaration.joined, command) for command in self.commands.values()
        )
        self.settings: Mapping[str, Setting[Any]] = _unique(
            (setting.name, setting) for one in features for setting in one.settings
        )

    def restored(self, path: str, version: int, args: Mapping[str, Any]) -> Command:
        """Return a command that was stored, brought to today's declaration."""
        found = self.commands[path]
        kept = dict(args)
        for since in range(version, found.declaration.version):
            kept = found.upcasters[since](kept)
        return found.model_validate(kept)

    def command(self, path: str, **args: Any) -> Command:
        """Return a command by its path, for a button of a view."""
        return self.commands[path].model_validate(args)

    def card_of(self, command: Command) -> CardOf | None:
        """Return the card whose buttons carry a command, with its pointer and ids."""
        answers = (one.card_of(command) for one in self.features if one.card_of is not None)
        return next((found for found in answers if found is not None), None)

    @property
    def declarations(self) -> list[Declaration]:
        """What persons can type, in the order of the features."""
        declared = [command.declaration for command in self.commands.values()]
        return [one for one in declared if one.is_for_persons and one.is_typed]


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise TypeError(f"{name!r} is declared twice")
        found[name] = value
    return found
