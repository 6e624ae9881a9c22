"""What becomes of thanks and standing when two members turn out to be one person.

Each of the points moves by an entry of its own that names the one it moves: it decays from the
time of that one and counts from now. Tips that the two gave each other were given to oneself, and
nobody can thank themselves: they are taken back, and still count as given in their epoch. Tips
given before, by either of the two, count against one allowance. Taking part counts once.
Leave stays with the member who announced it; who was hidden stays hidden.
"""

from core import ledger
from core.kernel.call import Call
from core.ledger import LINKED, Book, Holder
from core.reputation import giving, standing, store, views
from core.reputation.model import SYMBOL


def merged(call: Call, gone: int, into: int) -> None:
    """Join what two members gave, got and did."""
    community = call.community.id
    store.move_tips(call.tx, community, gone, into)
    for tip in store.of_oneself(call.tx, community, into):
        giving.reverse_quietly(call, tip)
    _move_points(call, gone, into)
    store.move_parts(call.tx, community, gone, into)
    if gone in store.hidden(call.tx, community):
        store.hide(call.tx, community, into, is_hidden=True)
    for entry in store.naming(call.tx, community, into):
        call.refresh(views.thanks, entry)


def _move_points(call: Call, gone: int, into: int) -> None:
    giver, taker = Holder(Book.MEMBER, gone), Holder(Book.MEMBER, into)
    points = ledger.asset(call.tx, call.community.id, SYMBOL)
    if points is None:
        return
    held = ledger.entries_held(call.tx, call.community.id, giver, points.id)
    for one in held:
        ledger.post(call, giver, taker, points, one.amount, LINKED, undoes=one.number)
    if held:
        standing.rank_again(call, gone)
        standing.rank_again(call, into)
