"""What happens to an open vote: ballots, moves of its end, the close."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from core.community import post_beside, tell
from core.kernel.call import Call
from core.kernel.canonical import digest
from core.kernel.clock import from_ms, to_ms
from core.kernel.command import Command, May
from core.kernel.outbox import Kind, Letter
from core.kernel.tx import Tx
from core.kernel.view import View
from core.proposals import box, closing, effects, face, rules, store, views
from core.proposals.model import Extension, Proposal, Running, State, Why
from core.proposals.settings import ANNOUNCE
from core.reputation import took_part

WORKER = "worker"


def known(call: Call, number: int) -> Proposal | None:
    """Return a proposal as this batch has left it; a hundred votes on one read it once."""
    key = _key(call.community.id, number)
    return call.recall(key, lambda: store.proposal(call.tx, call.community.id, number))


def ballot_of(call: Call, proposal: Proposal) -> tuple[bytes, int] | None:
    """Return the asking member's ballot as this batch has left it: (packed choice, weight)."""
    voter, asking = call.member.id, call.unit.asking.get(call.community.id, ())
    key, whole = _ballot_key(proposal, voter), ("ballots", proposal.id)
    if voter not in asking or key in call.unit.known:
        return call.recall(key, lambda: box.ballot(call.tx, proposal.id, voter))
    read = call.recall(whole, lambda: box.ballots_by(call.tx, proposal.id, sorted(asking)))
    return read.get(voter)


def cast(call: Call, proposal: Proposal, packed: bytes) -> Proposal:
    """Keep the asking member's ballot, and move the end where the rule says so.

    Returns the proposal as it stands now.
    """
    rules.check_electorate(proposal, _here_since(call))
    voter = call.member.id
    before = ballot_of(call, proposal)
    weight = 1
    turnout = proposal.running.turnout + (before is None)
    totals, leads = proposal.running.totals, proposal.running.leader
    if proposal.rule.is_secret:
        call.seal("ballot", packed.hex())
    else:
        call.fact("ballot", packed.hex())
        totals = added(totals, before, packed, weight)
        leads = rules.leader(proposal, totals)
    if before is None:
        took_part(call, voter, call.now)
    box.cast(call.tx, proposal.id, box.Cast(voter, packed, weight, call.now_ms))
    why = rules.extension(proposal, call.now, turnout, leads)
    kept_leader = proposal.running.leader if leads is None else leads
    running = Running(turnout, totals, kept_leader)
    box.run_tally(call.tx, proposal.id, running)
    proposal = proposal.after_ballot(running)
    if why is not None:
        closes_at = max(proposal.closes_at, call.now + proposal.guard)
        by = closes_at - proposal.closes_at
        extension = Extension(call.now_ms, by // timedelta(milliseconds=1), why)
        proposal = move_end(call, proposal, closes_at, extension)
    call.refresh(face.card, proposal.number)
    call.know(_key(call.community.id, proposal.number), proposal)
    call.know(_ballot_key(proposal, voter), (packed, weight))
    call.vouch()
    return proposal


def schedule(call: Call, proposal: Proposal) -> None:
    """Put the end and the reminder before it on the agenda, or move them."""
    number = proposal.number
    call.later(f"close:{number}", proposal.closes_at, CloseProposal(proposal=number))
    remind_at = proposal.closes_at - proposal.guard
    if remind_at > call.now:
        call.later(f"remind:{number}", remind_at, RemindProposal(proposal=number))


def move_end(call: Call, proposal: Proposal, closes_at: datetime, extension: Extension) -> Proposal:
    """Move the end, its agenda row, and say why on the card; return it as it stands now."""
    moved = (*proposal.extensions, extension)
    store.move_end(call.tx, proposal.id, to_ms(closes_at), moved)
    call.fact("closes_ms", to_ms(closes_at))
    call.fact("why", extension.why.value)
    call.later(f"close:{proposal.number}", closes_at, CloseProposal(proposal=proposal.number))
    remind_at = closes_at - proposal.guard
    if remind_at > call.now:
        remind = RemindProposal(proposal=proposal.number)
        call.later(f"remind:{proposal.number}", remind_at, remind)
    call.refresh(face.card, proposal.number)
    return replace(proposal, closes_at=closes_at, extensions=moved)


def withdraw(call: Call, proposal: Proposal, by: int, reason: str) -> None:
    """Withdraw a vote, and take it off the agenda."""
    store.withdraw(call.tx, proposal.id, call.now_ms, by, reason)
    call.fact("withdrawn", [*call.facts.get("withdrawn", ()), proposal.number])
    call.never(f"close:{proposal.number}")
    call.never(f"remind:{proposal.number}")
    call.refresh(face.card, proposal.number)


class CloseProposal(Command, name="proposal close", may=May.CLOCK):
    """Count a vote at its end."""

    proposal: int = Field(description="the number of the vote")

    def run(self, call: Call) -> View:
        """Count here, or have a worker count where there are many ballots."""
        found = store.proposal(call.tx, call.community.id, self.proposal)
        if found is None or found.withdrawal is not None or found.result is not None:
            return View()
        if call.now < found.closes_at:
            raise LookupError(f"the close of #{found.number} came before its end")
        n, _ = box.n_ballots(call.tx, found.id)
        if n > closing.COUNT_HERE_MAX:
            return _hand_over(call, found)
        return _finish(call, found, closing.count(found, box.alike(call.tx, found.id)))


class RecordCount(Command, name="proposal counted", may=May.WORKER):
    """Record what a worker counted."""

    proposal: int = Field(description="the number of the vote")
    record: dict[str, Any] = Field(description="the record of the count")
    n: int = Field(description="how many ballots were counted")
    last_ms: int = Field(description="when the last of them came")

    def run(self, call: Call) -> View:
        """Take the record, unless the box is not the one that was counted."""
        found = store.proposal(call.tx, call.community.id, self.proposal)
        if found is None or found.withdrawal is not None or found.result is not None:
            return View()
        if call.now < found.closes_at or box.n_ballots(call.tx, found.id) != (
            self.n,
            self.last_ms,
        ):
            return _hand_over(call, found)
        return _finish(call, found, self.record)


def count_snapshot(tx: Tx, community: int, number: int) -> RecordCount | None:
    """Count the ballots of a vote in a snapshot, outside the engine; the vote is over."""
    found = store.proposal(tx, community, number)
    if found is None:
        return None
    n, last_ms = box.n_ballots(tx, found.id)
    record = closing.count(found, box.alike(tx, found.id))
    return RecordCount(proposal=number, record=record, n=n, last_ms=last_ms)


class RemindProposal(Command, name="proposal remind", may=May.CLOCK):
    """Have the card say that the end is near."""

    proposal: int = Field(description="the number of the vote")

    def run(self, call: Call) -> View:
        """Draw the card again; nobody is pinged."""
        call.refresh(face.card, self.proposal)
        return View()


class Returned(Command, name="proposal outage", may=May.CLOCK):
    """Give the votes back the time that the bot was away in their last quarter."""

    away_since_ms: int = Field(description="when the bot was last seen at work")

    def run(self, call: Call) -> View:
        """Move each end that the outage touches, once."""
        away_since = from_ms(self.away_since_ms)
        ends: list[list[int]] = []
        for one in store.open_ones(call.tx, call.community.id):
            if rules.outage_moves(one, away_since, call.now):
                by = one.guard // timedelta(milliseconds=1)
                closes_at = one.closes_at + one.guard
                move_end(call, one, closes_at, Extension(call.now_ms, by, Why.OUTAGE))
                ends.append([one.number, to_ms(closes_at)])
        call.fact("moved", ends)
        return views.moved(call)


def _finish(call: Call, proposal: Proposal, record: dict[str, Any]) -> View:
    seq = call.head().seq + 1
    if not store.close(call.tx, proposal.id, call.now_ms, seq, record):
        return View()
    call.fact("result", digest(record))
    call.fact("outcome", record["outcome"])
    call.never(f"remind:{proposal.number}")
    if record["outcome"] == State.PASSED and proposal.has_effects:
        effects.carry_out(call, proposal)
    call.refresh(face.card, proposal.number)
    if call.settings[ANNOUNCE]:
        post_beside(call, face.card, views.announcement, proposal.number)
    tell(call, proposal.author, views.notice, proposal.number)
    return views.counted_by_clock(call, proposal.number)


def _hand_over(call: Call, proposal: Proposal) -> View:
    letter = Letter(
        key=f"{call.community.id}:count:{proposal.number}",
        kind=Kind.WORK,
        platform=WORKER,
        community=call.community.id,
        space=None,
        subject=views.counting.subject(proposal.number),
    )
    call.queue(letter)
    return views.counted_by_clock(call, proposal.number)


def _key(community: int, number: int) -> tuple[str, int, int]:
    return ("proposal", community, number)


def _here_since(call: Call) -> datetime | None:
    """Return since when the asker is of this community, None where nobody can tell.

    Who came with a space that joined came when it joined, unless they had been seen here before.
    """
    joined_at, space = call.actor.joined_at, call.space
    if joined_at is None or space is None or space.joined_at is None:
        return joined_at
    return max(joined_at, min(space.joined_at, call.member.first_seen_at))


def _ballot_key(proposal: Proposal, voter: int) -> tuple[str, int, int]:
    return ("ballot", proposal.id, voter)


def added(
    totals: tuple[int, ...], before: tuple[bytes, int] | None, packed: bytes, weight: int
) -> tuple[int, ...]:
    """Return totals with a ballot in place of the one before; marks are 0 or 1 an option."""
    after = list(totals)
    if before is not None:
        old, old_weight = before
        for option, mark in enumerate(old):
            after[option] -= mark * old_weight
    for option, mark in enumerate(packed):
        after[option] += mark * weight
    return tuple(after)


CLOCK_COMMANDS: tuple[type[Command], ...] = (CloseProposal, RecordCount, RemindProposal, Returned)
