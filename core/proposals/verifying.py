"""Checking votes: every closed one counted again, every ballot held against the journal."""

from typing import Any

from core.kernel import agenda, outbox
from core.kernel.canonical import digest
from core.kernel.clock import span_ms, to_ms
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.proposals import box, closing, said, store, views
from core.proposals.fields import content_key
from core.proposals.model import PROPOSAL_OPTIONS, Proposal, Sort
from core.proposals.said import Said, Seals
from core.proposals.turns import CloseProposal
from core.voting import commitment


def rule_facts(one: Proposal) -> dict[str, Any]:
    """Return what the journal keeps of a vote at its opening: the rule, the end, the lot's key."""
    return {
        "sort": one.sort.value,
        "method": one.rule.method,
        "quorum": one.rule.quorum,
        "threshold": str(one.rule.threshold),
        "secret": one.rule.is_secret,
        "options": len(one.options),
        "opened_ms": to_ms(one.opened_at),
        "closes_ms": to_ms(one.closes_at),
        "effects": one.effects_digest,
        "lot": commitment(one.lot_key).hex(),
    }


def verify(tx: Tx, community: int) -> Checked:
    """Recount every closed vote of a community, and check all of them against the journal."""
    told, seals = said.read(tx, community)
    contents, strays = store.contents(tx, community), store.strays(tx, community)
    opened, ends = store.opened_seqs(tx, community), _ends(tx, community)
    found = store.all_of(tx, community)
    faults: list[Fault] = []
    for one in found:
        where = f"community {community}, vote #{one.number}"
        said_of = told.pop(one.number, Said())
        problems = _check(tx, one, said_of, seals)
        if said_of.opening is not None and opened[one.number] != said_of.opening.seq:
            problems.append("it says that it was opened elsewhere in the journal")
        if contents[one.number] != _content(one):
            problems.append("the digest of its title and details is not theirs")
        if not _will_end(tx, community, one, ends.get(one.number)):
            problems.append("nothing will close it at its end")
        if one.number in strays:
            problems.append("it says who withdrew it or why, and was not withdrawn")
        faults += [Fault(where, problem) for problem in problems]
    faults += [
        Fault(f"community {community}, vote #{number}", "the journal has it, the table does not")
        for number in sorted(told)
    ]
    return Checked("votes", len(found), tuple(faults))


def _ends(tx: Tx, community: int) -> dict[int, int]:
    """Return when the clock will close each vote, by its number."""
    due = agenda.due_of(tx, community, CloseProposal.declaration.path)
    return {args["proposal"]: due_ms for due_ms, args in due}


def _will_end(tx: Tx, community: int, one: Proposal, due_ms: int | None) -> bool:
    if one.result is not None or one.withdrawal is not None:
        return True
    if due_ms is None:  # it is over, and a worker counts it
        return outbox.is_work(tx, community, views.counting.subject(one.number))
    return due_ms == to_ms(one.closes_at)


def _content(one: Proposal) -> str | None:
    if one.sort is Sort.POLL or one.is_erased:
        return None
    return content_key(one.title, one.details, one.effects)


def _check(tx: Tx, one: Proposal, told: Said, seals: Seals) -> list[str]:
    if told.opening is None:
        return ["its opening is not in the journal"]
    return [
        *_check_opening(one, told, told.opening),
        *_check_texts(one, told.opening, seals),
        *_check_turns(one, told, seals),
        *_check_ballots(tx, one, told, seals),
        *_check_count(tx, one, told),
    ]


def _check_opening(one: Proposal, told: Said, opening: Entry) -> list[str]:
    problems = []
    if one.has_effects and digest(one.effects) != one.effects_digest:
        problems.append("what it carries is not what was voted on")
    rule = opening.facts["rule"]
    kept = {**rule, "closes_ms": told.closes_ms()}
    now = rule_facts(one)
    if kept != now:
        differing = ", ".join(sorted(name for name in now if kept.get(name) != now[name]))
        problems.append(f"its rule is not the one it opened with ({differing})")
    if ["proposal", one.id] not in opening.facts.get("ids", ()):
        problems.append("its id is not the one it was given")
    if told.author != one.author:
        problems.append("its author is not the member who opened it")
    if span_ms(one.period) != rule["closes_ms"] - rule["opened_ms"]:
        problems.append("its length is not the one it opened with")
    return problems


def _check_texts(one: Proposal, opening: Entry, seals: Seals) -> list[str]:
    """Hold what people read against what was sealed; what was erased there is empty here."""
    texts = {"title": one.title, "details": one.details}
    if one.sort is Sort.POLL:
        texts = {
            "question": one.title,
            "options": " | ".join(one.options) if any(one.options) else "",
        }
    # A request is titled by its purpose.
    titles = {"title": opening.facts.get("title", "title")}
    problems = [
        f"its {name} is not what was voted on"
        for name, text in texts.items()
        if text != (seals.value(opening.seq, titles.get(name, name)) or "")
    ]
    if one.sort is Sort.PROPOSAL and one.options != PROPOSAL_OPTIONS:
        problems.append("its options are not those of a proposal")
    if one.sort is Sort.POLL and one.details:
        problems.append("a poll has no details")
    return problems


def _check_turns(one: Proposal, told: Said, seals: Seals) -> list[str]:
    problems = []
    if (None if one.carried is None else digest(one.carried)) != told.carried:
        problems.append("it was not carried out as the journal says")
    if one.extensions != told.extensions(seals):
        problems.append("its end did not move as the journal says")
    entry, kept = told.withdrawal, one.withdrawal
    if (entry is None) != (kept is None):
        problems.append("the journal says otherwise about whether it was withdrawn")
    elif entry is not None and kept is not None:
        reason = seals.value(entry.seq, "reason") or ""
        if (to_ms(kept.at), kept.by, kept.reason) != (entry.at_ms, entry.member, reason):
            problems.append("it was not withdrawn as the journal says")
    return problems


def _check_ballots(tx: Tx, one: Proposal, told: Said, seals: Seals) -> list[str]:
    problems = []
    kept = {ballot.voter: ballot for ballot in box.ballots(tx, one.id)}
    for voter in sorted(kept.keys() ^ told.ballots.keys()):
        missing = "the box" if voter in told.ballots else "the journal"
        problems.append(f"the ballot of member {voter} is not in {missing}")
    for voter in sorted(kept.keys() & told.ballots.keys()):
        cast = told.ballots[voter]
        choice = cast.ballot
        if isinstance(choice, dict):
            choice = seals.value(cast.seq, "ballot")
        ballot = kept[voter]
        now = (ballot.choice.hex(), ballot.weight, ballot.at_ms)
        if now != (choice, cast.weight, cast.at_ms):
            problems.append(f"the ballot of member {voter} is not the one that was cast")
    if len(kept) != one.running.turnout:
        problems.append("the turnout differs from the ballots")
    return problems


def _check_count(tx: Tx, one: Proposal, told: Said) -> list[str]:
    problems = []
    again = closing.count(one, box.alike(tx, one.id))
    shown = [0] * len(one.options) if one.rule.is_secret else again["totals"]
    if list(one.running.totals) != shown:
        problems.append("the running tally differs from the ballots")
    if (one.result is None) != (told.close is None):
        problems.append("the journal says otherwise about whether it has a result")
    if one.result is None or told.close is None:
        if one.closed_at is not None or one.closed_seq is not None:
            problems.append("it is marked as closed and has no result")
        return problems
    if not closing.same_record(one, one.result, again):
        problems.append("a recount gives another result")
    if told.close.facts["result"] != digest(one.result):
        problems.append("the journal's entry of the close has another result")
    if (one.closed_at and to_ms(one.closed_at), one.closed_seq) != (
        told.close.at_ms,
        told.close.seq,
    ):
        problems.append("it was not closed as the journal says")
    if told.close.at_ms < told.closes_ms():
        problems.append("it was closed before its end")
    return problems
