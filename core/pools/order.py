"""What the signer asks of the core before it signs. This file is the other side of the wall."""

from core import execution
from core.execution import Order, OrderDiffers, State
from core.kernel.journal import Head
from core.kernel.tx import Tx
from core.pools import store
from core.pools.model import Switch
from core.proposals import effects_of, is_carried_out, opened_with

_OVER = frozenset({State.STOPPED, State.VETOED, State.PAID})


def order_of(tx: Tx, community: int, proposal: int) -> Order:
    """Return the payment as its decision's bytes have it; raises OrderDiffers.

    It is made of what was voted on and nothing else: the journal's entry of the opening says what
    that was, so that a hand which changes all rows alike is noticed. The operation's row is only
    held against it.
    """
    kept = effects_of(tx, community, proposal)
    one = execution.operation(tx, community, proposal)
    if kept is None or one is None:
        raise OrderDiffers(f"there is no payment of #{proposal}")
    if one.state in _OVER or one.state is State.WAITING:
        raise OrderDiffers(f"the payment of #{proposal} is {one.state.value}")
    if not is_carried_out(tx, community, proposal):
        raise OrderDiffers(f"#{proposal} was not decided, or not carried out")
    voted = opened_with(tx, community, proposal)
    if voted is None:
        raise OrderDiffers(f"the journal's entry of the opening of #{proposal} was changed")
    if voted.effects != kept[1]:
        raise OrderDiffers(f"#{proposal} carries something else than it was opened with")
    decision = execution.decision_of(execution.founding(tx, community), proposal)
    order = execution.read_order(community, proposal, *kept, decision)
    if execution.order_as_kept(one) != order:
        raise OrderDiffers(f"the books have another payment of #{proposal} than was voted on")
    return order


def opened_at(tx: Tx, order: Order) -> Head | None:
    """Return where the journal has the opening of what an order pays; None where it has none.

    Before anything is signed, the journal is followed from there to its end.
    """
    opened = opened_with(tx, order.community, order.proposal)
    return opened.at if opened is not None and opened.effects == order.effects_digest else None


def is_paused_in(tx: Tx, community: int) -> bool:
    """Whether payments are paused: then the signer signs nothing, and only watches."""
    paused = store.asked(tx, community).get(Switch.PAUSE)
    return paused is not None and paused.done_ms is not None
