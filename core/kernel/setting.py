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
    """The settings in force in one community.

    What is kept and no value here any more counts as the default: an earlier version took it, or
    a machine with other time zones. It must not stop everything in that community.
    """

    __slots__ = ("_kept",)

    def __init__(self, kept: Mapping[str, str]) -> None:
        """Take the values that differ from the defaults, as they are kept."""
        self._kept = kept

    def __getitem__(self, setting: Setting[V]) -> V:
        """Return the value in force."""
        kept = self._kept.get(setting.name)
        if kept is None:
            return setting.default
        try:
            return setting.read(kept)
        except ValueError:
            return setting.default

    def written(self, setting: Setting[Any]) -> str:
        """Return the value in force as people write it."""
        return setting.write(self[setting])

    def is_set(self, setting: Setting[Any]) -> bool:
        """Whether the community chose the value itself."""
        return setting.name in self._kept
