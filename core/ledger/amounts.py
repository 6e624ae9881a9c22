"""Amounts as people write them: ASCII digits and a point, and back; and fair splits."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from core.kernel.errors import UserError
from core.kernel.text import Text
from core.kernel.words import clean
from core.ledger.model import Asset

DECIMALS_MAX = 6
# Far below what a 64-bit column holds, with room for every sum.
AMOUNT_MAX = 10**15


class NotAnAmount(UserError):
    """I read "{written}" where an amount belongs. Write digits and a point, such as 12 or 1.5."""


class CommaAmount(UserError):
    """I read "{written}". Write the decimals after a point: {better}."""


class TooPrecise(UserError):
    """{written} is too precise. Write at most {decimals} places after the point."""


class NotAboveZero(UserError):
    """An amount has to be above 0. Write how much it is."""


class TooMuch(UserError):
    """{written} is more than can be kept here. Write a smaller amount."""


def read_amount(written: str, decimals: int) -> int:
    """Return whole units of the smallest kept place; raises UserError."""
    text = clean(written).strip()
    digits = text.replace(",", "", 1)
    if digits != text and digits.isascii() and digits.isdigit():
        raise CommaAmount(written=text[:40], better=text.replace(",", ".", 1)[:40])
    whole, point, part = text.partition(".")
    is_number = whole.isascii() and whole.isdigit() and (not point or part.isdigit())
    if not is_number or not part.isascii():
        raise NotAnAmount(written=text[:40])
    if len(part.rstrip("0")) > decimals:
        raise TooPrecise(written=text[:40], decimals=decimals)
    if len(whole) > len(str(AMOUNT_MAX)):
        raise TooMuch(written=text[:40])
    kept = int(part.rstrip("0").ljust(decimals, "0") or "0")
    amount = int(whole) * int(10**decimals) + kept
    if amount == 0:
        raise NotAboveZero
    if amount > AMOUNT_MAX:
        raise TooMuch(written=text[:40])
    return amount


def write_amount(amount: int, decimals: int) -> str:
    """Return an amount as `read_amount` takes it, with every kept place but for whole ones."""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    whole, part = divmod(amount, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals and part else f"{sign}{whole}"


def said(amount: int, asset: Asset) -> Text:
    """Return an amount with its asset as a text of our own.

    It is all template: digits and a symbol that was checked, nobody's words. So it is kept with
    the facts of an error, where words are not.
    """
    return Text(f"{write_amount(amount, asset.decimals)} {asset.symbol}", {})


def split(
    total: int, weights: Sequence[int], order: Callable[[Sequence[int]], Sequence[int]]
) -> list[int]:
    """Return parts of a total in proportion to whole weights, by largest remainder.

    The parts always sum to the total. `order` draws the order of positions with equal
    remainders (the lot). Reference: Hamilton's method; MECHANISMS 3. Without any weight nobody
    gets anything, which is for the caller to refuse.

    >>> split(100, [1, 1, 1], lambda tied: tied)
    [34, 33, 33]
    """
    whole = sum(weights)
    if total < 0 or min(weights, default=0) < 0:
        raise ValueError((total, weights))
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_rest: dict[int, list[int]] = defaultdict(list)
    for at, weight in enumerate(weights):
        by_rest[total * weight % whole].append(at)
    left = total - sum(parts)
    for rest in sorted(by_rest, reverse=True):
        if left == 0:
            break
        tied = by_rest[rest]
        for at in (tied if len(tied) <= left else order(tied))[:left]:
            parts[at] += 1
            left -= 1
    return parts
