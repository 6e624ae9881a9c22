"""What may be given, taken back and announced: plain values in, nothing or an error out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.kernel.clock import from_ms, span_ms
from core.kernel.errors import UserError
from core.kernel.text import MemberId
from core.reputation.model import Given, Leave, Tip

UNDO_WITHIN = timedelta(minutes=10)
LEAVE_DAYS_MAX = 90
DAY_MS = span_ms(timedelta(days=1))
YEAR_MS = 365 * DAY_MS


class ToYourself(UserError):
    """You cannot thank yourself. Choose somebody else."""


class OverAllowance(UserError):
    """You have {left} of {allowance} points left to give until {until}. Give that or less, or
    wait."""


class NoTips(UserError):
    """Nobody has points to give here: tip_allowance is 0. Please ask an admin to change it."""


class AllGiven(UserError):
    """You have 0 of {allowance} points left to give. Please wait until {until}."""


class OverPairLimit(UserError):
    """At most {most} of your points may go to one person until {until}, and {who} has {given} of
    them from you already. Thank somebody else too, or wait."""


class TooManyTips(UserError):
    """You gave {most} tips today, and no more count in a day. Please wait until tomorrow."""


class NoTipYet(UserError):
    """You have given no tip yet, so there is nothing left to do."""


class NoSuchTip(UserError):
    """Entry {entry} is no tip. Type the number that stands beside the thanks."""


class NotYourTip(UserError):
    """Only {giver}, who gave it, can take this tip back; an admin can reverse it. Please ask
    one."""


class TooLateToUndo(UserError):
    """A tip can be taken back for 10 minutes, and this was given at {at}. An admin can still
    reverse it: please ask one."""


class NotReversible(UserError):
    """Entry {entry} cannot be reversed. Type the number of a tip, or of what came into a pool
    from outside."""


class OverLeave(UserError):
    """Leave is at most {most} days a year, and you have {left} left now. Write that or less."""


def check_tip(  # noqa: PLR0913 - who, whom, how much, and what the community allows
    giver: int,
    receiver: int,
    points: int,
    given: Given,
    *,
    allowance: int,
    pair_limit: int,
    per_day: int,
    until: datetime,
) -> None:
    """Refuse a tip to oneself, over a limit of the epoch or of the day."""
    if giver == receiver:
        raise ToYourself
    if given.today >= per_day:
        raise TooManyTips(most=per_day)
    if given.points + points > allowance:
        left = max(0, allowance - given.points)
        if not allowance:
            raise NoTips
        if not left:
            raise AllGiven(allowance=allowance, until=until)
        raise OverAllowance(left=left, allowance=allowance, until=until)
    if given.to_one + points > pair_limit:
        who = MemberId(receiver)
        raise OverPairLimit(most=pair_limit, who=who, given=given.to_one, until=until)


def check_undo(tip: Tip, member: int, now: datetime) -> None:
    """Refuse to take back what is somebody else's, or too old."""
    if tip.giver != member:
        raise NotYourTip(giver=MemberId(tip.giver))
    at = from_ms(tip.at_ms)
    if now - at > UNDO_WITHIN:
        raise TooLateToUndo(at=at)


def next_leave(leaves: Sequence[Leave], days: int, now_ms: int) -> Leave:
    """Return a leave of some days from now, or from the end of the one that runs.

    No year holds more than 90 days: the worst one ends with the new leave.
    """
    starts = max([now_ms, *(one.to_ms for one in leaves)])
    left = _left(leaves, starts)
    if days > left:
        raise OverLeave(most=LEAVE_DAYS_MAX, left=left)
    return Leave(starts, starts + days * DAY_MS)


def _left(leaves: Sequence[Leave], starts: int) -> int:
    for days in range(LEAVE_DAYS_MAX, 0, -1):
        since = starts + days * DAY_MS - YEAR_MS
        taken = sum(max(0, one.to_ms - max(one.from_ms, since)) for one in leaves)
        if taken + days * DAY_MS <= LEAVE_DAYS_MAX * DAY_MS:
            return days
    return 0
