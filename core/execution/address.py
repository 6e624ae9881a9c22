"""Addresses of a chain: checksummed as EIP-55 has it, and never the zero address.

The case of the letters is the checksum: a letter is capital where the same place of the hash of
the lower-case digits is 8 or more. So one wrong letter is found in all but one of 4,000 cases,
and an address without capitals has no checksum at all. This file is what an address is.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from core.execution.keccak import keccak256

_SHAPE = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
ZERO = "0x" + "0" * 40


def checksummed(address: str) -> str:
    """Return an address with the capitals that its digits ask for.

    >>> checksummed("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    """
    digits = address.removeprefix("0x").lower()
    marks = keccak256(digits.encode()).hex()
    cased = (
        digit.upper() if int(mark, 16) >= 8 else digit
        for digit, mark in zip(digits, marks, strict=False)
    )
    return "0x" + "".join(cased)


def is_shaped(written: str) -> bool:
    """Whether something has the shape of an address at all."""
    return _SHAPE.fullmatch(written) is not None


def is_exact(written: str) -> bool:
    """Whether something is an address with the right checksum."""
    return is_shaped(written) and checksummed(written) == written


def _exact(written: str) -> str:
    if not is_exact(written) or written == ZERO:
        raise ValueError(written)
    return written


# An address in a command of our own: what is not exact is a bug of who wrote it.
ExactAddress = Annotated[str, AfterValidator(_exact)]
