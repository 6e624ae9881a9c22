"""The errors that a person can mend, those that mean "later", and nothing else."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from core.kernel.clock import from_ms, span_ms, to_ms
from core.kernel.text import CommandName, MemberId, Text, Value, placeholders


class UserError(Exception):
    """Something is wrong that you can mend."""

    # The class is the fact, its docstring the sentence that people read, its facts the values.
    known: ClassVar[dict[str, type["UserError"]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep every class by name, so that a kept outcome can be told again."""
        known = UserError.known.get(cls.__name__)
        if known is not None and known.__module__ != cls.__module__:
            raise TypeError(f"two errors are named {cls.__name__}")
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


class ToldBefore(UserError):
    """An earlier version of me refused this. To hear why, please try again."""


class Unavailable(Exception):
    """The store cannot take this now; nothing was changed, and trying later is right."""


class Broken(Exception):
    """The database failed under a whole batch: the engine recovers, no command sees this."""


class Gone(Exception):
    """A drawing's subject no longer exists."""


def keep(error: UserError) -> dict[str, Any]:
    """Return an error as a fact to keep: numbers, ids and times stay, people's words do not."""
    facts = {name: _kept(value) for name, value in error.facts.items()}
    return {"error": type(error).__name__, "facts": facts}


def recall(kept: dict[str, Any]) -> UserError:
    """Return a kept error; words that were not kept read as an ellipsis.

    What failed stays on a card for good, and a later version may know no such error any more.
    """
    cls = UserError.known.get(kept["error"])
    facts = {name: _recalled(value) for name, value in kept["facts"].items()}
    if cls is None or placeholders(cls.sentence()) != facts.keys():
        return ToldBefore()
    return cls(**facts)


def _kept(value: Value) -> Any:
    match value:
        case MemberId():
            return {"member": int(value)}
        case int():
            return value
        case datetime():
            return {"at": to_ms(value)}
        case timedelta():
            return {"span": span_ms(value)}
        case CommandName(path):
            return {"command": path}
        case Text(template, values, plural):
            inner = {name: _kept(one) for name, one in values.items()}
            return {"text": template, "values": inner, "plural": plural}
        case _:
            return None


def _recalled(kept: Any) -> Value:
    match kept:
        case int():
            return kept
        case {"member": member}:
            return MemberId(member)
        case {"at": at_ms}:
            return from_ms(at_ms)
        case {"span": length_ms}:
            return timedelta(milliseconds=length_ms)
        case {"command": path}:
            return CommandName(path)
        case {"text": template, "values": values, "plural": plural}:
            inner = {name: _recalled(one) for name, one in values.items()}
            return Text(template, inner, plural)
        case _:
            return "…"
