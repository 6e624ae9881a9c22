"""What is allowed and what follows in a vote: plain values in, plain values out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.kernel.clock import from_ms
from core.kernel.duration import write_duration
from core.kernel.errors import UserError
from core.kernel.text import CommandName
from core.kernel.words import is_visible, skeleton
from core.proposals.model import (
    ABSTAIN,
    EXTENSIONS_MAX,
    Proposal,
    Sort,
    State,
    Why,
    state,
)
from core.proposals.settings import PERIOD_MAX, PERIOD_MIN

OPTIONS_MIN = 2
OPTIONS_MAX = 20
OPTION_MAX = 80


class BadPeriod(UserError):
    """A vote is open for 1m to 90d; {given} is outside that. Choose a length such as 3d."""


class TooFewOptions(UserError):
    """A poll needs at least 2 options, separated by |, as in Pizza | Soup."""


class TooManyOptions(UserError):
    """A poll takes at most {most} options; you gave {n}. Please leave some out."""


class OptionTooLong(UserError):
    """The option "{option}" is too long. Shorten it: at most {most} letters fit on a button."""


class SameOption(UserError):
    """The option "{option}" is there twice. Please leave one of them out."""


class OptionUnseen(UserError):
    """Option {at} has no letters that people could see. Write a word there, or leave it out."""


class OptionIsNumber(UserError):
    """The option "{option}" would be taken for an option's number. Write it without the #."""


class TooManyOpen(UserError):
    """You have {n} votes open, and {limit} is the limit here. Withdraw one, or wait
    until one closes."""


class AlreadyOpen(UserError):
    """The same proposal is open already, as #{number}. Vote there."""


class TooSoonAgain(UserError):
    """The same failed or was withdrawn as #{number}. Change it, or propose it unchanged
    after {at}."""


class Closed(UserError):
    """#{number} closed at {at}, so nothing can be changed about it. Use {command} to
    see how it ended."""


class IsWithdrawn(UserError):
    """#{number} was withdrawn, so nothing can be changed about it. Open a new one if it
    is still needed."""


class JoinedLater(UserError):
    """Who was here when #{number} opened may vote on it; you joined after that. Vote on what
    opens from now on."""


class JoiningUnknown(UserError):
    """I could not find out since when you are here, so I cannot take this ballot. Please try again
    in a minute."""


class SecretHere(UserError):
    """The ballots on #{number} are secret, and others can read what you type here. Press a button
    on its card instead."""


class ReasonNeeded(UserError):
    """Please say why: an admin who withdraws somebody else's vote gives a reason."""


class ExtendedBefore(UserError):
    """#{number} was extended by an admin already, which is possible once. Open a new vote if
    more time is needed."""


class ExtendsTooFar(UserError):
    """That is too long. Extend #{number} by at most {most}, its original length."""


class ExtendsNothing(UserError):
    """That is too short. Extend a vote by at least 1m, as 12h or 2d."""


class LastTick(UserError):
    """A ballot needs at least one option. Choose another one before you take this one off."""


def check_period(period: timedelta) -> None:
    """Refuse a period outside the bounds."""
    if not PERIOD_MIN <= period <= PERIOD_MAX:
        raise BadPeriod(given=write_duration(period))


def check_options(options: Sequence[str]) -> None:
    """Refuse what cannot be voted on."""
    if len(options) < OPTIONS_MIN:
        raise TooFewOptions
    if len(options) > OPTIONS_MAX:
        raise TooManyOptions(n=len(options), most=OPTIONS_MAX)
    seen: set[str] = set()
    for at, option in enumerate(options, 1):
        if not is_visible(option):
            raise OptionUnseen(at=at)
        if option[0] == "#" and option[1:].isdecimal():
            raise OptionIsNumber(option=option[:OPTION_MAX])
        if len(option) > OPTION_MAX:
            raise OptionTooLong(option=option[:OPTION_MAX], most=OPTION_MAX)
        if skeleton(option) in seen:
            raise SameOption(option=option)
        seen.add(skeleton(option))


def check_open(proposal: Proposal, now: datetime) -> None:
    """Refuse to touch what is no longer open: late is late, whether or not it was counted."""
    where = state(proposal, now)
    if where is State.WITHDRAWN:
        raise IsWithdrawn(number=proposal.number)
    if where is not State.OPEN:
        raise Closed(number=proposal.number, at=proposal.closes_at, command=CommandName("show"))


def check_electorate(proposal: Proposal, joined_at: datetime | None) -> None:
    """Refuse who came after the opening: weight cannot be brought in later."""
    if joined_at is None:
        raise JoiningUnknown
    if joined_at > proposal.opened_at:
        raise JoinedLater(number=proposal.number)


def leader(proposal: Proposal, totals: Sequence[int]) -> int | None:
    """Return the option alone in front; abstaining is never in front."""
    in_race = totals if proposal.sort is Sort.POLL else totals[:ABSTAIN]
    most = max(in_race)
    return in_race.index(most) if most > 0 and in_race.count(most) == 1 else None


def extension(proposal: Proposal, now: datetime, turnout: int, leads: int | None) -> Why | None:
    """Return why a ballot cast now moves the end, or None (MECHANISMS 1, extension).

    `turnout` and `leads` are as of after the ballot. The last sole leader stays in
    `running.leader` while options are level, so a tie in between changes nothing.
    """
    if now + proposal.guard <= proposal.closes_at:
        return None
    by_themselves = [one for one in proposal.extensions if one.why in (Why.QUORUM, Why.LEADER)]
    if len(by_themselves) >= EXTENSIONS_MAX:
        return None
    quorum = proposal.rule.quorum
    if proposal.sort is Sort.PROPOSAL and proposal.running.turnout < quorum <= turnout:
        return Why.QUORUM
    before = proposal.running.leader
    is_followed = proposal.rule.method == "single" and not proposal.rule.is_secret
    if is_followed and leads is not None and before is not None and leads != before:
        return Why.LEADER
    return None


def check_extension(proposal: Proposal, by: timedelta) -> None:
    """Refuse a second extension by an admin, or one longer than the original period."""
    if any(one.why is Why.ADMIN for one in proposal.extensions):
        raise ExtendedBefore(number=proposal.number)
    if by < PERIOD_MIN:
        raise ExtendsNothing
    if by > proposal.period:
        raise ExtendsTooFar(number=proposal.number, most=proposal.period)


def outage_moves(proposal: Proposal, away_since: datetime, now: datetime) -> bool:
    """Whether the bot was away for more than the guard of a vote's last quarter (DESIGN 6)."""
    if any(one.why is Why.OUTAGE for one in proposal.extensions) or now >= proposal.closes_at:
        return False
    quarter = proposal.closes_at - proposal.period / 4
    return now - max(away_since, quarter) > proposal.guard


def open_again_at(ended_ms: int, cooldown: timedelta) -> datetime:
    """Return when a refused or withdrawn proposal may be made again unchanged."""
    return from_ms(ended_ms) + cooldown
