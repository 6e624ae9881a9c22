"""Decay in whole numbers: halves a half-life, the same on every machine, never rising by time.

An amount a is worth a * 2^(-e/H) after e. Time is cut into steps of H / 2^24 (half a second at 90
days) on a grid that is the same for all, and 2^(-step) is read from two tables of whole numbers.
A step makes a factor smaller by 4e-8, rounding moves it by less than 1e-18: so it only falls.

>>> day = 86_400_000
>>> worth([(0, 8_000)], 0, 90 * day), worth([(0, 8_000)], 90 * day, 90 * day)
(8000, 4000)
>>> worth([(0, 8_000)], 45 * day, 90 * day)  # 8 / sqrt(2) = 5.65685..
5656
>>> worth([(0, 8_000)], 900 * day, 0)  # without a half-life nothing decays
8000
"""

from collections.abc import Iterable
from functools import cache
from math import isqrt

# Steps a half-life, as bits: the upper and the lower half have a table each.
STEP_BITS = 24
HALF_BITS = STEP_BITS // 2
MASK = (1 << HALF_BITS) - 1
# Factors are kept with so many bits.
ONE_BITS = 62
_ROOT_BITS = 96


@cache
def _tables() -> tuple[list[int], list[int]]:
    """Return 2^(-a/2^12) and 2^(-b/2^24), a and b below 2^12, in ONE_BITS."""
    one = 1 << _ROOT_BITS
    root = one >> 1
    roots = []
    for _ in range(STEP_BITS):
        root = isqrt(root << _ROOT_BITS)
        roots.append(root)  # 2^(-2^-j) for j = 1, 2, ..
    tables = []
    for first in (HALF_BITS, STEP_BITS):
        found = [one]
        for at in range(1, 1 << HALF_BITS):
            low = at & -at
            found.append(found[at - low] * roots[first - low.bit_length()] >> _ROOT_BITS)
        tables.append([value >> (_ROOT_BITS - ONE_BITS) for value in found])
    return tables[0], tables[1]


def step(at_ms: int, half_life_ms: int) -> int:
    """Return which step of the grid an instant of one's own clock is in."""
    return (at_ms << STEP_BITS) // half_life_ms if half_life_ms else 0


def total(amounts: Iterable[tuple[int, int]], now_ms: int, half_life_ms: int) -> int:
    """Return the sum of (born_ms, amount) at an instant, in units of 2^-ONE_BITS.

    What was taken back stands there twice, with both signs, and cancels exactly.
    """
    high, low = _tables()
    now = step(now_ms, half_life_ms)
    found = 0
    for born_ms, amount in amounts:
        steps = now - step(born_ms, half_life_ms)
        factor = high[steps >> HALF_BITS & MASK] * low[steps & MASK] >> ONE_BITS
        part = abs(amount) * factor >> (steps >> STEP_BITS)
        found += part if amount > 0 else -part
    return found


def worth(amounts: Iterable[tuple[int, int]], now_ms: int, half_life_ms: int) -> int:
    """Return the sum of (born_ms, amount) at an instant, rounded down."""
    return max(0, total(amounts, now_ms, half_life_ms) >> ONE_BITS)


def log2(value: int) -> int:
    """Return log2 of a whole number above 0, in steps, rounded down.

    >>> log2(1 << 40) == 40 << STEP_BITS
    True
    """
    whole = value.bit_length() - 1
    part = value << ONE_BITS >> whole
    found = whole
    for _ in range(STEP_BITS):
        part = part * part >> ONE_BITS
        bit = part >> (ONE_BITS + 1)
        part >>= bit
        found = found << 1 | bit
    return found
