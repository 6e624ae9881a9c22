"""Tips and what is derived from them."""

from dataclasses import dataclass

# Points are kept to a thousandth, so that what fades can be told apart.
SYMBOL = "points"
DECIMALS = 3
MILLI = 10**DECIMALS


@dataclass(frozen=True, slots=True)
class Tip:
    """One thanks; `entry` is its number in the books.

    The giver takes it back within minutes (`undone_by`), an admin for a reason (`reversed_by`);
    both name the entry that did.
    """

    entry: int
    giver: int
    receiver: int
    points: int
    at_ms: int
    undone_by: int | None = None
    reversed_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody took it back."""
        return self.undone_by is None and self.reversed_by is None


@dataclass(frozen=True, slots=True)
class Given:
    """What a member gave so far: points in this epoch, of them to one person, tips today.

    What the giver took back is not counted as points; what an admin took back is.
    """

    points: int
    to_one: int
    today: int


@dataclass(frozen=True, slots=True)
class Leave:
    """A time in which a member's standing does not fade."""

    from_ms: int
    to_ms: int
