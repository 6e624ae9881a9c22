"""This file is conviction: support that grows the longer it stays, and the date at which it passes.

The idea: weight x placed on a request counts fully only in time. From c0 at the last change,

    c(t) = x + (c0 - x) 2^(-dt / h),         h = half-life,

in closed form, with no steps. A request of share r of the pool passes when r < s and

    c >= S m (beta / (beta - r))^2,          beta = s / (1 - sqrt m),

s = spending limit, m = minimum conviction, S = the larger of the weight now placed on open
requests and a fifth of the electorate's. Everything is whole units of 1e-9, rounded against
passing: conviction down, threshold up.

4 people put 10 each on a request; after one half-life it holds half of their 40:

>>> days = 24 * 3600 * 1000
>>> conviction(placed=40, held=0, elapsed_ms=3 * days, half_life_ms=3 * days) == 20 * UNIT
True
>>> rule = Rule()
>>> need = threshold(Fraction(1, 20), placed=40, electorate=100, rule=rule)
>>> round(need / UNIT, 3)
3.64
>>> wait = passes_after(need, placed=40, held=0, half_life_ms=rule.half_life_ms)
>>> round(wait / days, 2)
0.41

Reference: 1Hive Conviction Voting and Gardens, which give the same curve with rho = m beta^2.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

UNIT = 10**9  # conviction is kept in billionths of a unit of weight
HALF_LIFE_MS = 3 * 24 * 3600 * 1000
SUPPORT_LEAST = Fraction(1, 5)  # of the electorate: S when hardly anything is placed

_BITS = 256  # of the working precision
_ROOTS = 160  # a fraction of a half-life is taken to 2^-160
_SLACK = 1 << (_BITS - 150)  # more than all that is cut off on the way to a power
_FADED = 256  # half-lives after which nothing that is kept in billionths is left of a difference


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The limits of continuous funding in a pool."""

    spending_limit: Fraction = Fraction(15, 100)
    conviction_least: Fraction = Fraction(5, 100)
    half_life_ms: int = HALF_LIFE_MS

    def __post_init__(self) -> None:
        if not 0 < self.spending_limit <= 1 or not 0 < self.conviction_least < 1:
            raise ValueError((self.spending_limit, self.conviction_least))
        if self.half_life_ms < 1:
            raise ValueError(self.half_life_ms)


def conviction(*, placed: int, held: int, elapsed_ms: int, half_life_ms: int) -> int:
    """Return conviction in units of 1e-9, rounded down.

    `placed` is weight; `held` is the conviction, in units, at the last change.
    """
    if elapsed_ms < 0:
        raise ValueError(elapsed_ms)
    full = placed * UNIT
    kept = (held - full) * _power(elapsed_ms, half_life_ms, is_up=held < full)
    return full + (kept >> _BITS)


def threshold(share: Fraction, *, placed: int, electorate: int, rule: Rule) -> int | None:
    """Return the conviction that a request of a share of the pool needs, or None: never.

    `placed` is the weight now on open requests, `electorate` the weight of all; rounded up.
    """
    s, m = rule.spending_limit, rule.conviction_least
    if not 0 < share < s:
        return None
    support = max(Fraction(placed), SUPPORT_LEAST * electorate)
    scale = UNIT * UNIT
    root = Fraction(isqrt(m.numerator * scale * scale // m.denominator), scale)  # down
    stretch = s / (s - share * (1 - root))  # beta / (beta - r); a smaller root makes it larger
    need = support * m * stretch * stretch * UNIT
    return -(-need.numerator // need.denominator)


def passes(share: Fraction, held: int, *, placed: int, electorate: int, rule: Rule) -> bool:
    """Tell whether a request that holds so much conviction passes now."""
    need = threshold(share, placed=placed, electorate=electorate, rule=rule)
    return need is not None and held >= need > 0


def passes_after(need: int, *, placed: int, held: int, half_life_ms: int) -> int | None:
    """Return after how many milliseconds conviction first reaches `need`, or None: never.

    If nothing changes, that is: `placed` stays as it is from the moment at which `held` was held.
    """

    def reached(elapsed_ms: int) -> bool:
        now = conviction(placed=placed, held=held, elapsed_ms=elapsed_ms, half_life_ms=half_life_ms)
        return now >= need

    if held >= need:
        return 0
    low, high = 0, half_life_ms
    while not reached(high):
        if high > _FADED * half_life_ms:
            return None
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _power(elapsed_ms: int, half_life_ms: int, *, is_up: bool) -> int:
    """Return 2^(-elapsed / half-life) in units of 2^-256, rounded up or down.

    The fraction of a half-life is written in bits; each bit set multiplies by a square root of a
    square root .. of one half, kept in a table.
    """
    whole, part = divmod(elapsed_ms, half_life_ms)
    bits = (part << _ROOTS) // half_life_ms
    exact = part == 0
    value = 1 << _BITS
    for at in range(_ROOTS):
        if bits >> (_ROOTS - 1 - at) & 1:
            value = value * _TABLE[at] >> _BITS
    slack = 0 if exact else _SLACK
    value = value + slack if is_up else max(value - slack, 0)
    return -(-value >> whole) if is_up else value >> whole


def _table() -> tuple[int, ...]:
    roots = [isqrt(1 << (2 * _BITS - 1))]
    while len(roots) < _ROOTS:
        roots.append(isqrt(roots[-1] << _BITS))
    return tuple(roots)


_TABLE = _table()
