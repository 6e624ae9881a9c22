"""The errors that a person can mend, those that mean "later", and nothing else."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from core.kernel.text import MemberId, Text, Value, placeholders


class UserError(Exception):
    """Something is wrong that you can mend."""

    # The class is the fact, its docstring the sentence that people read, its facts the values.
    known: ClassVar[dict[str, type["UserError"]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep every class by name, so that a kept outcome can be told again."""
        UserError.known[cls.__name__] = cls

    def __init__(self, **facts: Value) -> None:
        """Take exactly the facts that the sentence has places for."""
        super().__init__(type(self).__name__)
        self.facts = facts
        if missing := placeholders(self.sentence()) ^ facts.keys():
            raise TypeError(f"{type(self).__name__} and its sentence differ in {missing}")

    @classmethod
    def sentence(cls) -> str:
        """Return the template that people read."""
        return " ".join((cls.__doc__ or "").split())

    @property
    def text(self) -> Text:
        """The sentence with its facts."""
        return Text(self.sentence(), self.facts)


class Unavailable(Exception):
    """The store cannot take this now; nothing was changed, and trying later is right."""


class Broken(Exception):
    """The database failed under a whole batch: the engine recovers, no command sees this."""


class Gone(Exception):
    """A drawing's subject no longer exists."""


def keep(error: UserError) -> dict[str, Any]:
    """Return an error as a fact to keep: numbers and ids stay, people's words do not."""
    facts = {
        name: "m:" + str(int(value)) if isinstance(value, MemberId) else value
        for name, value in error.facts.items()
        if isinstance(value, int | StrEnum) and not isinstance(value, datetime)
    }
    return {"error": type(error).__name__, "facts": facts}


def recall(kept: dict[str, Any]) -> UserError:
    """Return a kept error; words that were not kept read as an ellipsis."""
    cls = UserError.known[kept["error"]]
    facts: dict[str, Value] = dict.fromkeys(placeholders(cls.sentence()), "…")
    for name, value in kept["facts"].items():
        is_member = isinstance(value, str) and value.startswith("m:")
        facts[name] = MemberId(value[2:]) if is_member else value
    return cls(**facts)
