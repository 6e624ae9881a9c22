"""What people ask about proposals and polls."""

from datetime import timedelta

from pydantic import Field

from core.community import live_card, move_card, tell
from core.kernel.call import Call
from core.kernel.clock import from_ms, to_ms
from core.kernel.codec import UnknownButton
from core.kernel.command import Command, May
from core.kernel.duration import Duration
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.text import CommandName, Text
from core.kernel.view import View
from core.proposals import ballots, effects, face, opening, rules, turns, views
from core.proposals.fields import (
    Choice,
    NoSuchProposal,
    Options,
    ProposalNumber,
    Question,
)
from core.proposals.model import (
    Extension,
    Proposal,
    Rule,
    Sort,
    Why,
)
from core.proposals.settings import (
    THRESHOLD,
)
from core.voting import METHODS, BallotError

TITLE_MAX = 120
QUESTION_MAX = 200
DETAILS_MAX = 2000
REASON_MAX = 500
CHOICE_MAX = 2000
# A card is moved by `show` at most so often in one space; else a private copy is shown. Its opening
# is no move: who opened it in the wrong place may put that right at once.
MOVE_AGAIN = timedelta(minutes=1)


class NotABallot(UserError):
    """{problem}"""


def load(call: Call, number: int) -> Proposal:
    """Return a proposal of this community; raises NoSuchProposal."""
    found = turns.known(call, number)
    if found is None:
        raise NoSuchProposal(written=f"#{number}", command=CommandName("proposals"))
    return found


class Poll(Command, name="poll"):
    """Ask a question with options to choose from."""

    question: Sealed[Question] = Field(max_length=QUESTION_MAX, description="what you ask")
    options: Sealed[Options] = Field(
        max_length=2000, description="2 to 20 options, separated by |, as in Pizza | Soup"
    )
    closes_in: Duration = Field(
        default=timedelta(hours=24), description="how long it is open: 1m to 90d, as 45m, 36h, 3d"
    )
    multiple: bool = Field(default=False, description="whether one may choose several")
    secret: bool = Field(default=False, description="whether nobody sees who chose what")

    def run(self, call: Call) -> View:
        """Open the poll."""
        options = tuple(self.options.split(" | "))
        rules.check_options(options)
        rule = Rule(
            method="approval" if self.multiple else "single",
            quorum=0,
            threshold=call.settings[THRESHOLD],
            is_secret=self.secret,
        )
        content = (self.question, "", options)
        return opening.open_vote(call, Sort.POLL, content, rule, self.closes_in)


class Propose(Command, name="propose"):
    """Propose something to be decided: for, against or abstain."""

    title: Sealed[str] = Field(max_length=TITLE_MAX, description="what is to be done")
    details: Sealed[str] = Field(default="", max_length=DETAILS_MAX, description="more about it")
    closes_in: Duration | None = Field(
        default=None, description="how long it is open, as 36h or 3d (empty: as set here)"
    )

    def run(self, call: Call) -> View:
        """Open the proposal under the rule that is set now."""
        return opening.open_proposal(call, self.title, self.details, self.closes_in)


class Vote(Command, name="vote"):
    """Cast your ballot; a later one replaces it as long as the vote is open."""

    proposal: ProposalNumber = Field(description="which vote: its number")
    choice: Sealed[Choice] = Field(
        max_length=CHOICE_MAX, description="an option's text or number; several separated by |"
    )

    def run(self, call: Call) -> View:
        """Check, cast, and see whether the end moves."""
        proposal = load(call, self.proposal)
        rules.check_open(proposal, call.now)
        if proposal.rule.is_secret and call.request.is_overheard:
            raise rules.SecretHere(number=proposal.number)
        try:
            packed = ballots.read(proposal.rule.method, proposal.options, self.choice)
        except BallotError as error:
            raise NotABallot(problem=problem_of(error)) from error
        after = turns.cast(call, proposal, packed)
        return views.taken(after, packed)


class Tick(Command, name="tick", is_typed=False):
    """Put one option on your ballot or take it off, as a card's buttons do."""

    proposal: ProposalNumber = Field(description="which vote: its number")
    option: Sealed[int] = Field(ge=1, le=rules.OPTIONS_MAX, description="the option's number")

    def run(self, call: Call) -> View:
        """Change the member's own ballot by one option."""
        proposal = load(call, self.proposal)
        rules.check_open(proposal, call.now)
        method = METHODS[proposal.rule.method]
        before = turns.ballot_of(call, proposal)
        marks = list(before[0] if before else bytes(len(proposal.options)))
        if self.option > len(marks) or proposal.rule.method != "approval":
            raise UnknownButton(command=CommandName("proposals"))
        marks[self.option - 1] ^= 1
        if not any(marks):
            raise rules.LastTick
        packed = method.pack(method.unpack(bytes(marks), len(marks)))
        after = turns.cast(call, proposal, packed)
        return views.taken(after, packed)


class Proposals(Command, name="proposals", may=May.ANYONE):
    """List the votes here, the open ones first."""

    page: int = Field(default=1, ge=1, le=100_000, description="which page")

    def run(self, call: Call) -> View:
        """Show one page."""
        return views.listing(call, self.page)


class Show(Command, name="show", may=May.ANYONE):
    """Show a vote's card here; the card moves to this place."""

    proposal: ProposalNumber = Field(description="which vote: its number")

    def run(self, call: Call) -> View:
        """Move the card here, or show a copy where that would be too often."""
        proposal = load(call, self.proposal)
        if call.space is None or call.place is None or not call.place.channel:
            return views.copy(call, proposal.number)
        if call.place.missing or call.actor.is_bot:
            return views.copy(call, proposal.number)
        if _moved_lately(call, proposal):
            return views.copy(call, proposal.number, 1)
        move_card(call, face.card, views.pointer, proposal.number)
        return views.shown(call, proposal.number)


def _moved_lately(call: Call, proposal: Proposal) -> bool:
    live = live_card(call, face.card, proposal.number)
    if live is None or live.moved_ms <= to_ms(proposal.opened_at):
        return False
    return call.now < from_ms(live.moved_ms) + MOVE_AGAIN


class Withdraw(Command, name="withdraw", may=May.AUTHOR_OR_ADMINS):
    """Withdraw a vote while it is open; an admin gives a reason, which the card shows."""

    proposal: ProposalNumber = Field(description="which vote: its number")
    reason: Sealed[str] = Field(
        default="", max_length=REASON_MAX, description="why (an admin has to say it)"
    )

    def author(self, call: Call) -> int:
        """Return who opened it."""
        return load(call, self.proposal).author

    def run(self, call: Call) -> View:
        """Withdraw, and take its end off the agenda."""
        proposal = load(call, self.proposal)
        rules.check_open(proposal, call.now)
        if proposal.author != call.member.id and not self.reason:
            raise rules.ReasonNeeded
        turns.withdraw(call, proposal, call.member.id, self.reason)
        if proposal.author != call.member.id:
            tell(call, proposal.author, views.taken_down, proposal.number)
        return views.withdrawn(call, proposal.number)


class Extend(Command, name="extend", may=May.ADMINS):
    """Give a vote more time, once, with a reason that the card shows."""

    proposal: ProposalNumber = Field(description="which vote: its number")
    by: Duration = Field(description="how much longer, as 12h or 2d")
    reason: Sealed[str] = Field(max_length=REASON_MAX, description="why")

    def run(self, call: Call) -> View:
        """Move the end."""
        proposal = load(call, self.proposal)
        rules.check_open(proposal, call.now)
        rules.check_extension(proposal, self.by)
        by_ms = self.by // timedelta(milliseconds=1)
        extension = Extension(call.now_ms, by_ms, Why.ADMIN, call.member.id, self.reason)
        turns.move_end(call, proposal, proposal.closes_at + self.by, extension)
        return views.extended(call, proposal.number)


def problem_of(error: BallotError) -> Text:
    """Return a counting method's sentence as a text."""
    template, values = error.sentence
    return Text(template, dict(values))


class Retry(Command, name="retry", may=May.ADMINS):
    """Try again to carry out a proposal that passed, where something kept it from happening."""

    proposal: ProposalNumber = Field(description="which vote: its number")

    def run(self, call: Call) -> View:
        """Run its effects again, all or none."""
        proposal = load(call, self.proposal)
        for feature in call.house.features:
            again = feature.on_retry(call, proposal.number) if feature.on_retry else None
            if again is not None:
                return again
        effects.check_retry(call, proposal)
        effects.carry_out(call, proposal)
        call.refresh(face.card, proposal.number)
        return views.retried(call, proposal.number)


COMMANDS: tuple[type[Command], ...] = (
    Poll,
    Propose,
    Vote,
    Proposals,
    Show,
    Withdraw,
    Extend,
    Retry,
    Tick,
)
