"""The option type of this feature: the number of an entry in the books."""

from collections.abc import Mapping
from typing import Annotated, Any

from core.kernel.call import Call
from core.kernel.errors import UserError
from core.kernel.fields import Domain, OptionKind
from core.kernel.words import clean

DIGITS_MAX = 12


class NotAnEntry(UserError):
    """I read "{written}" where the number of an entry belongs. Write it in digits, as in 12."""


def _read_entry(raw: Any, _: Call, __: Mapping[str, Any]) -> int:
    written = clean(str(raw))
    digits = written.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX):
        raise NotAnEntry(written=written[:40])
    return int(digits)


EntryNumber = Annotated[int, Domain("entry", _read_entry, kind=OptionKind.INTEGER, is_word=True)]
