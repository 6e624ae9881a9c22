"""A group that lives on under another id: everything that names the old one, at once."""

from datetime import timedelta

from pydantic import Field

from core.community import store, views
from core.kernel import outbox_moves
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.drawing import redraw
from core.kernel.errors import Gone, UserError
from core.kernel.view import View

# No older card can be open: a vote lasts 90 days, and is extended once by as much.
OPEN_MAX = timedelta(days=200)
CARDS_MAX = 500


class MovedInto(UserError):
    """The new group has members of its own already, so the old one cannot become it. Open new
    votes there."""


class Moved(Command, name="moved", may=May.WORKER):
    """Take over a group's new id; open cards are shown anew, as the old ones stay behind."""

    old: str = Field(description="the id that the platform knew it by")
    new: str = Field(description="the id by which it knows it now")

    def run(self, call: Call) -> View:
        """Move the space, its channels and what is to be told there."""
        assert call.space is not None
        found = store.find(call.tx, call.space.platform, self.new)
        if found is not None:
            # A command may have come from there before we heard of the move.
            if store.members(call.tx, found[0].id):
                raise MovedInto
            store.move_space(call.tx, found[1].id, f"{self.new}:unused:{found[1].id}")
        store.move_space(call.tx, call.space.id, self.new)
        store.move_channels(call.tx, call.space.id, self.old, self.new)
        since_ms = call.now_ms - OPEN_MAX // timedelta(milliseconds=1)
        cards = outbox_moves.cards(call.tx, call.space.id, since_ms, CARDS_MAX)
        is_open = [key for key, subject in cards if _is_open(call, subject)]
        outbox_moves.move(call.tx, call.space.id, self.new, is_open, call.now_ms)
        call.unit.forget()
        return views.noted(call)


def _is_open(call: Call, subject: str) -> bool:
    """Whether there is still something to press on a card."""
    try:
        return bool(redraw(call, subject).buttons)
    except Gone:
        return False
