"""The allowance: what a member may still give. It is a limit, not a balance."""

from dataclasses import dataclass

from core.community import ZONE
from core.kernel.call import Call
from core.reputation import store
from core.reputation.epochs import Epoch, Every, epoch_of
from core.reputation.model import Given
from core.reputation.settings import ALLOWANCE, EPOCH


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a member may still give: points left of all, until the epoch ends."""

    left: int
    whole: int
    epoch: Epoch
    given: Given


def allowance(call: Call, giver: int, receiver: int = 0) -> Allowance:
    """Return what a member may still give, and has given to one person."""
    zone = call.settings[ZONE]
    epoch = epoch_of(call.now, zone, call.settings[EPOCH])
    today = epoch_of(call.now, zone, Every.DAY)
    given = store.given(
        call.tx,
        call.community.id,
        giver,
        receiver,
        epoch_ms=epoch.start_ms,
        day_ms=today.start_ms,
    )
    whole = call.settings[ALLOWANCE]
    return Allowance(max(0, whole - given.points), whole, epoch, given)
