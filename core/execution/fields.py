"""The option types of this feature: an address, a signature."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from core.execution.address import ZERO, is_exact, is_shaped
from core.kernel.call import Call
from core.kernel.errors import UserError
from core.kernel.fields import Domain
from core.kernel.words import clean

ADDRESS_MAX = 60
# 65 bytes by an account; what a contract takes may be longer, but not without end.
SIGNATURE_BYTES_MIN, SIGNATURE_BYTES_MAX = 64, 500
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})+", re.ASCII)


class NotAnAddress(UserError):
    """I read "{written}" where an address belongs. Write 0x and 40 digits, as your wallet shows
    it."""


class WrongChecksum(UserError):
    """The capitals in {address} do not fit its digits, so a letter may be wrong. Copy it again from
    your wallet, with capitals as they stand there."""


class ZeroAddress(UserError):
    """This is nobody's address, and what goes there is lost. Copy yours from your wallet."""


class NotASignature(UserError):
    """This is not a signature: it is 0x and at least 128 digits. Copy all that your wallet shows
    after signing."""


def _read_address(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    written = clean(str(raw))
    if not is_shaped(written):
        raise NotAnAddress(written=written[:ADDRESS_MAX])
    if written == ZERO:
        raise ZeroAddress
    if not is_exact(written):
        raise WrongChecksum(address=written)
    return written


def _read_signature(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    written = clean(str(raw))
    n = (len(written) - 2) // 2
    if not _HEX.fullmatch(written) or not SIGNATURE_BYTES_MIN <= n <= SIGNATURE_BYTES_MAX:
        raise NotASignature
    return written.lower()


Address = Annotated[str, Domain("address", _read_address, is_word=True)]
Signature = Annotated[str, Domain("signature", _read_signature, is_word=True)]
