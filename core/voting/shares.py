"""This file is the arithmetic of equal shares: what supporters must pay each, exactly."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class Payers(NamedTuple):
    """Supporters who hold the same money and want the option equally much."""

    money: Fraction  # for each unit of weight
    wish: int  # marks: 1 where the ballot only approves
    weight: int


def price(payers: Iterable[Payers], cost: int | Fraction) -> Fraction | None:
    """Return the least r at which paying min(money, r x wish) covers the cost, or None.

    Two who hold 1/2 and one who holds 1/10 buy something that costs 1 at 9/20 each:

    >>> price([Payers(Fraction(1, 2), 1, 2), Payers(Fraction(1, 10), 1, 1)], 1)
    Fraction(9, 20)
    """
    poorest_first = sorted(payers, key=lambda group: group.money / group.wish)
    left, wished = Fraction(cost), sum(group.wish * group.weight for group in poorest_first)
    for group in poorest_first:
        rate = left / wished
        if rate * group.wish <= group.money:
            return rate
        left -= group.money * group.weight
        wished -= group.wish * group.weight
    return None
