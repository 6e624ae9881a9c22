"""The open transaction, as the core sees it: SQL in, tuples out, no driver."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]
Args = Sequence[Any]


def several(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the places of `in (...)` for some values, and the arguments.

    The last value is repeated up to a power of two, so that few different statements are made
    and the driver finds them prepared.
    """
    n = 1 << (len(values) - 1).bit_length()
    return ", ".join("?" * n), [*values, *[values[-1]] * (n - len(values))]


class Tx(Protocol):
    """One writing transaction. Placeholders are `?`; every failure of the store is `Broken`.

    `run` and `many` return nothing on purpose: a server database may send them later, together.
    """

    def one(self, sql: str, args: Args = ()) -> Row | None:
        """Return the first row, or None."""
        ...

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row."""
        ...

    def run(self, sql: str, args: Args = ()) -> None:
        """Write, with nothing to learn from it."""
        ...

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Write many rows with one statement."""
        ...

    def change(self, sql: str, args: Args = ()) -> int:
        """Write, and return how many rows it touched: the guard of an update."""
        ...

    def savepoint(self) -> None:
        """Open a savepoint; they nest."""
        ...

    def release(self) -> None:
        """Keep what was written since the innermost savepoint."""
        ...

    def undo(self) -> None:
        """Take back what was written since the innermost savepoint."""
        ...


class Store(Tx, Protocol):
    """The store's own transaction, to which what waited is sent."""

    def together(self) -> AbstractContextManager[None]:
        """Have the writes inside travel together; what was refused is known at its end."""
        ...
