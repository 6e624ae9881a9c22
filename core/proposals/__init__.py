"""Proposals and polls: opened, voted on, closed by the clock."""

from typing import NamedTuple

from core.community import show_card_in, tell
from core.kernel.call import Call
from core.kernel.command import Command
from core.kernel.feature import CardOf, Feature
from core.kernel.journal import Head
from core.kernel.people import Space
from core.kernel.tx import Tx
from core.kernel.view import Drawn
from core.proposals import (
    effects,
    exports,
    face,
    joining,
    papers,
    said,
    store,
    turns,
    verifying,
    views,
)
from core.proposals.commands import COMMANDS, Retry, Tick, Vote, load
from core.proposals.effects import is_done
from core.proposals.fields import ProposalNumber
from core.proposals.model import is_open
from core.proposals.opening import open_proposal
from core.proposals.settings import SETTINGS

# No channel is flooded by a space that joins; the others are a `show` away.
MIRRORED_MAX = 20

card = face.card


def _forget(call: Call, member: int) -> None:
    """Withdraw what a member has open, and erase the texts that they wrote.

    What has ended and waits to be counted is counted: nobody ends a vote after its end.
    """
    for number in store.numbers_by(call.tx, call.community.id, member):
        one = store.proposal(call.tx, call.community.id, number)
        assert one is not None
        if is_open(one, call.now):
            turns.withdraw(call, one, member, "")
        store.erase_texts(call.tx, one)
        call.refresh(face.card, number)
        call.refresh(views.announcement, number)
    for number in store.erase_reasons(call.tx, call.community.id, member):
        call.refresh(face.card, number)


def author_of(call: Call, number: int) -> int:
    """Return who opened a proposal that is known to exist."""
    return load(call, number).author


def effects_of(tx: Tx, community: int, number: int) -> tuple[str, str | None] | None:
    """Return the bytes that a proposal carries, and the digest that was voted on."""
    found = store.proposal(tx, community, number)
    return None if found is None else (found.effects, found.effects_digest)


class Opened(NamedTuple):
    """Where the journal has an opening, and the digest of what the proposal carries since then."""

    at: Head
    effects: str | None


def opened_with(tx: Tx, community: int, number: int) -> Opened | None:
    """Return what the journal says of an opening.

    None where that entry is gone, or is not what was written, or says nothing that can be read:
    its hash may fit all the same.
    """
    try:
        entry = said.opening(tx, community, number)
        if entry is None:
            return None
        return Opened(Head(entry.seq, entry.hash), entry.facts["rule"]["effects"])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def is_carried_out(tx: Tx, community: int, number: int) -> bool:
    """Whether a proposal passed and its effects happened."""
    found = store.proposal(tx, community, number)
    return found is not None and is_done(found)


def check_in_time(call: Call, number: int) -> None:
    """Refuse to try again what passed too long ago."""
    effects.check_in_time(call, load(call, number))


def _undelivered(call: Call, card: Drawn, trouble: str) -> None:
    """Tell the author of a vote that its card cannot be shown, and what helps."""
    if card.name != face.card.name:
        return
    one = store.proposal(call.tx, call.community.id, int(card.ids[0]))
    if one is not None:
        tell(call, one.author, views.unshown, one.number, trouble)


def _joined(call: Call, space: Space) -> None:
    """Show what can still be voted on in a space that has joined; what ends first comes first."""
    waiting = [one for one in store.open_ones(call.tx, call.community.id) if is_open(one, call.now)]
    for one in waiting[:MIRRORED_MAX]:
        show_card_in(call, space, "proposals", face.card, one.number)


def _card_of(command: Command) -> CardOf | None:
    """Return the card that the buttons of a vote stand on."""
    if isinstance(command, Vote | Tick | Retry):
        return face.card, views.pointer, (command.proposal,)
    return None


FEATURE = Feature(
    "proposals",
    commands=(*COMMANDS, *turns.CLOCK_COMMANDS),
    settings=SETTINGS,
    me=views.mine,
    forget=_forget,
    verify=verifying.verify,
    export=exports.export,
    papers=papers.papers,
    after_outage=turns.Returned,
    card_of=_card_of,
    undelivered=_undelivered,
    merged=joining.merged,
    on_space=_joined,
    works={views.counting.name: turns.count_snapshot},
)

__all__ = [
    "FEATURE",
    "ProposalNumber",
    "author_of",
    "card",
    "check_in_time",
    "effects_of",
    "is_carried_out",
    "load",
    "open_proposal",
    "opened_with",
]
