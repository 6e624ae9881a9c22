"""One request, and all that its asker knows of it."""

from dataclasses import dataclass
from enum import StrEnum

from core.kernel.request import Request


class What(StrEnum):
    """What a request asks for."""

    SETTING = "setting"
    OPENING = "opening"
    BALLOT = "ballot"
    TIP = "tip"
    UNDO = "undo"
    FUND = "fund"
    REVERSE = "reverse"
    # A vote that carries a payment.
    PAYMENT = "payment"


OPENINGS = frozenset({What.OPENING, What.PAYMENT})


@dataclass
class Asked:
    """One request, and all that is known of it. Times are steps of the parent's own count."""

    request: Request
    what: What
    space: str
    by: str
    # The vote of a ballot, or the tip or the fund that is to be taken back.
    about: "Asked | None" = None
    option: int = 0
    is_many: bool = False
    is_proposal: bool = False
    # Who gets how much of the smallest kept unit.
    to: str = ""
    amount: int = 0
    first_sent: int | None = None
    answered: int | None = None
    outcome: str = ""
    # What the answer named: a vote, or an entry of the books.
    number: int = 0
    times_sent: int = 0
    # Of a vote: somebody came too late.
    is_over: bool = False

    @property
    def is_opening(self) -> bool:
        return self.what in OPENINGS
