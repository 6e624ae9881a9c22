"""What waits while payments are paused: in the books and for a chain alike."""

from core import execution
from core.kernel import outbox
from core.kernel.call import Call
from core.pools import onchain, pause_views, payments, store


def hold_all(call: Call) -> None:
    """Take everything that waits off the agenda."""
    for payment in store.waiting(call.tx, call.community.id):
        payments.unschedule(call, payment)
    for one in execution.waiting(call.tx, call.community.id):
        call.never(onchain.key_of(one.proposal))
    redraw_all(call)


def let_all_go(call: Call) -> None:
    """Put everything that waits back on the agenda; what is due is paid at once."""
    for payment in store.waiting(call.tx, call.community.id):
        payments.schedule(call, payment)
    for one in execution.waiting(call.tx, call.community.id):
        onchain.schedule(call, one)
    redraw_all(call)


def redraw_all(call: Call) -> None:
    """Have every card drawn again that says whether payments are paused."""
    for payment in store.waiting(call.tx, call.community.id):
        payments.redraw(call, payment.proposal)
    for one in execution.operations(call.tx, call.community.id):
        if not one.is_over:
            payments.redraw(call, one.proposal)


def redraw_switches(call: Call, member: int) -> None:
    """Have what was posted of a member's asking and confirming be edited."""
    for what in pause_views.WHAT:
        outbox.refresh_posts(call.tx, call.community.id, pause_views.switched.name, what, member)
