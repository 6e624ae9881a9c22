"""Settings: named, typed, bounded and described values of a community."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.kernel.text import Text

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Setting(Generic[V]):
    """One setting.

    `read` takes what somebody wrote and raises ValueError where it is not inside `bounds`;
    `write` gives the text that is kept, and `read` takes that back unchanged.
    """

    name: str
    default: V
    description: str
    bounds: Text
    read: Callable[[str], V]
    write: Callable[[V], str]
    choices: tuple[str, ...] = ()
    # Whether a vote copies the value at its opening and keeps it.
    is_copied: bool = False


class Settings:
    """The settings in force in one community."""

    __slots__ = ("_kept",)

    def __init__(self, kept: Mapping[str, str]) -> None:
        """Take the values that differ from the defaults, as they are kept."""
        self._kept = kept

    def __getitem__(self, setting: Setting[V]) -> V:
        """Return the value in force."""
        kept = self._kept.get(setting.name)
        return setting.default if kept is None else setting.read(kept)

    def written(self, setting: Setting[Any]) -> str:
        """Return the value in force as people write it."""
        kept = self._kept.get(setting.name)
        return setting.write(setting.default) if kept is None else kept

    def is_set(self, setting: Setting[Any]) -> bool:
        """Whether the community chose the value itself."""
        return setting.name in self._kept
