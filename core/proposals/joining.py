"""What becomes of open votes when two members turn out to be one person.

The ballot cast last stands, with the weight it was cast with, and the other is taken out of the
box, the turnout and the running tally; cast in the same millisecond, the elder member's stands.
What the one had open is the other's. What is over stays as it was counted.
"""

from core.kernel.call import Call
from core.proposals import box, face, rules, store
from core.proposals.box import Cast
from core.proposals.model import Proposal, Running, is_open


def merged(call: Call, gone: int, into: int) -> None:
    """Join what two members have in open votes."""
    for one in store.open_ones(call.tx, call.community.id):
        if not is_open(one, call.now):
            continue
        if one.author == gone:
            store.move_author(call.tx, one.id, into)
        _join_ballots(call, one, gone, into)
        call.refresh(face.card, one.number)


def is_later(gone_ms: int, into_ms: int) -> bool:
    """Whether the ballot of the member who goes was cast after that of the one who stays."""
    return gone_ms > into_ms


def _join_ballots(call: Call, one: Proposal, gone: int, into: int) -> None:
    casts = {who: box.cast_by(call.tx, one.id, who) for who in (gone, into)}
    moved, kept = casts[gone], casts[into]
    if moved is None:
        return
    box.take_out(call.tx, one.id, gone)
    if kept is None or is_later(moved.at_ms, kept.at_ms):
        box.cast(call.tx, one.id, Cast(into, moved.choice, moved.weight, moved.at_ms))
    if kept is not None:
        dropped = kept if is_later(moved.at_ms, kept.at_ms) else moved
        box.run_tally(call.tx, one.id, _without(one, dropped))


def _without(one: Proposal, dropped: Cast) -> Running:
    """Return the running tally without a ballot; a secret vote has only a turnout."""
    before = one.running
    turnout = before.turnout - 1
    if one.rule.is_secret:
        return Running(turnout, before.totals, before.leader)
    marks = zip(before.totals, dropped.choice, strict=True)
    totals = tuple(total - mark * dropped.weight for total, mark in marks)
    leads = rules.leader(one, totals)
    return Running(turnout, totals, before.leader if leads is None else leads)
