"""What a decision carries: kept byte for byte at the opening, compared and run when it passed."""

from collections.abc import Sequence
from copy import deepcopy

from core.kernel.call import Call
from core.kernel.canonical import decode, digest, encode
from core.kernel.command import Command
from core.kernel.errors import UserError, keep, recall
from core.kernel.text import Text
from core.proposals import store
from core.proposals.model import RETRY_FOR, Proposal, State, state

# The one kind of decision that carries effects so far: the ordinary vote.
ORDINARY = "proposal"
EFFECTS_MAX = 10


class EffectsChanged(UserError):
    """What would run is not what was voted on, so nothing was done. Whoever runs me should look at
    the database with verify."""


class NothingToRetry(UserError):
    """#{number} has nothing that could be tried again. Use /show to see how it ended."""


class TooLateToRetry(UserError):
    """#{number} passed more than 30 days ago, so it cannot be carried out any more. Ask for it
    again in a new proposal."""


def pack(effects: Sequence[Command]) -> str:
    """Return the bytes that are voted on; raises TypeError for what no decision may carry."""
    if len(effects) > EFFECTS_MAX:
        raise TypeError(f"{len(effects)} effects")
    for effect in effects:
        if effect.declaration.carried_by != ORDINARY:
            raise TypeError(f"{effect.declaration.path} cannot be carried by a proposal")
    return encode([[one.declaration.path, one.declaration.version, one.dumped] for one in effects])


def unpack(call: Call, proposal: Proposal) -> list[Command]:
    """Return what a proposal carries; raises EffectsChanged unless it is what was voted on."""
    if proposal.has_effects and digest(proposal.effects) != proposal.effects_digest:
        raise EffectsChanged
    try:
        found = [call.house.restored(*kept) for kept in decode(proposal.effects)]
    except (KeyError, TypeError, ValueError) as error:  # what nobody of ours has written
        raise EffectsChanged from error
    if any(one.declaration.carried_by != ORDINARY for one in found):
        raise EffectsChanged
    return found


def described(call: Call, proposal: Proposal) -> list[Text]:
    """Return in full what would run."""
    return [one.described(call) for one in unpack(call, proposal)]


def carry_out(call: Call, proposal: Proposal) -> None:
    """Run the effects of a proposal that passed: all of them, or none and why."""
    facts, letters = deepcopy(call.facts), set(call.refreshed)
    secrets, known = list(call.secrets), dict(call.known)
    tries = (proposal.carried or {}).get("tries", 0) + 1
    carried = {"at_ms": call.now_ms, "error": None, "tries": tries}
    call.decision = proposal.number
    call.tx.savepoint()
    try:
        for effect in unpack(call, proposal):
            effect.run(call)
    except UserError as error:
        call.tx.undo()
        call.unit.forget()
        call.facts.clear()
        call.facts.update(facts)
        call.refreshed, call.secrets, call.known = letters, secrets, known
        carried["error"] = keep(error)
    else:
        call.tx.release()
    finally:
        call.decision = None
    store.carry(call.tx, proposal.id, carried)
    call.fact("carried", [proposal.number, digest(carried)])


def failure(proposal: Proposal) -> Text | None:
    """Return why the effects of a proposal did not happen, None where nothing is wrong."""
    if proposal.carried is None or proposal.carried["error"] is None:
        return None
    return recall(proposal.carried["error"]).text


def is_done(proposal: Proposal) -> bool:
    """Whether it was closed and its effects happened, all of them."""
    if proposal.closed_at is None or proposal.carried is None:
        return False
    return proposal.carried["error"] is None


def check_retry(call: Call, proposal: Proposal) -> None:
    """Refuse to try again what did not fail, or passed too long ago."""
    if state(proposal, call.now) is not State.PASSED or failure(proposal) is None:
        raise NothingToRetry(number=proposal.number)
    check_in_time(call, proposal)


def check_in_time(call: Call, proposal: Proposal) -> None:
    """Refuse to try again what passed too long ago."""
    if proposal.closed_at is None or call.now > proposal.closed_at + RETRY_FOR:
        raise TooLateToRetry(number=proposal.number)
