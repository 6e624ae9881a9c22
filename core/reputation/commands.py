"""What people ask about thanks and standing."""

from pydantic import Field

from core.community import KnownMember, MemberRef
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.text import CommandName
from core.kernel.view import View
from core.reputation import giving, rules, standing, store, views
from core.reputation.fields import EntryNumber
from core.reputation.settings import ALLOWANCE_MAX

REASON_MIN = 3
REASON_MAX = 500


class NobodyYet(UserError):
    """You have not taken part here yet, so you have no standing. Thank somebody with {command},
    or name whom you mean, as in @ana."""


class Tip(Command, name="tip", asks_again=True):
    """Thank a member with points from your allowance."""

    to: MemberRef = Field(description="whom you thank")
    points: int = Field(ge=1, le=ALLOWANCE_MAX, description="how many points")
    reason: Sealed[str] = Field(
        min_length=REASON_MIN, max_length=REASON_MAX, description="what for, for all to read"
    )

    def run(self, call: Call) -> View:
        """Check the limits, post the points, tell the receiver and the room."""
        tip = giving.give(call, self.to, self.points, self.reason)
        return views.tipped(call, tip.entry)


class Undo(Command, name="undo"):
    """Take back a tip that you gave in the last 10 minutes."""

    entry: EntryNumber | None = Field(
        default=None, description="the number of the tip (empty: your last one)"
    )

    def run(self, call: Call) -> View:
        """Post it back."""
        tip = giving.find(call, self.entry)
        rules.check_undo(tip, call.member.id, call.now)
        giving.undo(call, tip)
        return views.undone(call, tip.entry)


class Reverse(Command, name="reverse", may=May.ADMINS):
    """Take back a tip, or what came into a pool from outside, with a reason."""

    entry: EntryNumber = Field(description="the number of the entry")
    reason: Sealed[str] = Field(
        min_length=REASON_MIN, max_length=REASON_MAX, description="why, for all to read"
    )

    def run(self, call: Call) -> View:
        """Post it back by an entry that names it."""
        giving.reverse(call, self.entry, self.reason)
        return views.reversed_entry(call, self.entry)


class Standing(Command, name="standing", may=May.ANYONE):
    """Show somebody's standing and the entries behind it."""

    member: KnownMember | None = Field(default=None, description="whose (empty: yours)")

    def run(self, call: Call) -> View:
        """Show it as of now."""
        if self.member is not None:
            return views.standing_of(call, self.member)
        if call.visitor is None:
            raise NobodyYet(command=CommandName("tip"))
        return views.standing_of(call, call.visitor.id)


class Leaderboard(Command, name="leaderboard", may=May.ANYONE):
    """Show who has the most standing now."""

    page: int = Field(default=1, ge=1, le=views.PAGES_MAX, description="which page")

    def run(self, call: Call) -> View:
        """Show one page."""
        return views.leaderboard(call, self.page)


class LeaveCommand(Command, name="leave"):
    """Announce that you are away: your standing does not fade meanwhile."""

    days: int = Field(ge=1, le=rules.LEAVE_DAYS_MAX, description="how many days, at most 90 a year")

    def run(self, call: Call) -> View:
        """Keep the leave, from now or from the end of the one that runs."""
        community, member = call.community.id, call.member.id
        known = store.leaves(call.tx, community, member)
        new = rules.next_leave(known, self.days, call.now_ms)
        store.add_leave(call.tx, community, member, new)
        call.fact("leave", [new.from_ms, new.to_ms])
        standing.rank_again(call, member)
        return views.on_leave(call, new.from_ms, new.to_ms)


class HideMe(Command, name="hide me"):
    """Leave the leaderboard, or come back to it."""

    on: bool = Field(description="on to be left out, off to be shown")

    def run(self, call: Call) -> View:
        """Keep the wish."""
        store.hide(call.tx, call.community.id, call.member.id, is_hidden=self.on)
        return views.hidden(call, int(self.on))


COMMANDS: tuple[type[Command], ...] = (
    Tip,
    Undo,
    Reverse,
    Standing,
    Leaderboard,
    LeaveCommand,
    HideMe,
)
