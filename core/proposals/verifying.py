"""Checking votes: every closed one counted again, every ballot held against the journal."""

from dataclasses import dataclass, field
from typing import Any

from core.kernel import audit, journal
from core.kernel.canonical import decode, digest
from core.kernel.clock import to_ms
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.proposals import closing, store
from core.proposals.model import Proposal, Sort
from core.voting import commitment

_OPENING = {"poll": Sort.POLL, "propose": Sort.PROPOSAL}


@dataclass
class _Said:
    """What the journal says of one vote."""

    opening: Entry | None = None
    ballots: dict[int, tuple[int, Any]] = field(default_factory=dict)
    closes_ms: int = 0
    result: str | None = None
    is_withdrawn: bool = False


def rule_facts(one: Proposal) -> dict[str, Any]:
    """Return what the journal keeps of a vote at its opening: the rule, the end, the lot's key."""
    return {
        "method": one.rule.method,
        "quorum": one.rule.quorum,
        "threshold": str(one.rule.threshold),
        "secret": one.rule.is_secret,
        "options": len(one.options),
        "opened_ms": to_ms(one.opened_at),
        "closes_ms": to_ms(one.closes_at),
        "lot": commitment(one.lot_key).hex(),
    }


def verify(tx: Tx, community: int) -> Checked:
    """Recount every closed vote of a community, and check all of them against the journal."""
    said, seals = _read_journal(tx, community)
    found = store.all_of(tx, community)
    faults: list[Fault] = []
    for one in found:
        where = f"community {community}, vote #{one.number}"
        problems = _check(tx, one, said.pop(one.number, _Said()), seals)
        faults += [Fault(where, problem) for problem in problems]
    faults += [
        Fault(f"community {community}, vote #{number}", "the journal has it, the table does not")
        for number in sorted(said)
    ]
    return Checked("votes", len(found), tuple(faults))


def _read_journal(tx: Tx, community: int) -> tuple[dict[int, _Said], dict[tuple[int, str], Any]]:
    said: dict[int, _Said] = {}
    last = 0
    for entry in audit.entries(tx, community):
        last = entry.seq
        if entry.command in _OPENING:
            number = entry.facts["number"]
            said.setdefault(number, _Said()).opening = entry
            said[number].closes_ms = entry.facts["rule"]["closes_ms"]
        elif "ballot" in entry.facts and entry.member is not None:
            one = said.setdefault(entry.args["proposal"], _Said())
            one.ballots[entry.member] = (entry.seq, entry.facts["ballot"])
        if "closes_ms" in entry.facts and "proposal" in entry.args:
            said.setdefault(entry.args["proposal"], _Said()).closes_ms = entry.facts["closes_ms"]
        if "result" in entry.facts:
            said.setdefault(entry.args["proposal"], _Said()).result = entry.facts["result"]
        for number in entry.facts.get("withdrawn", ()):
            said.setdefault(number, _Said()).is_withdrawn = True
        for number, closes_ms in entry.facts.get("moved", ()):
            said.setdefault(number, _Said()).closes_ms = closes_ms
    return said, audit.secrets(tx, community, 1, last)


def _check(tx: Tx, one: Proposal, said: _Said, seals: dict[tuple[int, str], Any]) -> list[str]:
    if said.opening is None:
        return ["its opening is not in the journal"]
    problems = _check_opening(one, said, said.opening, seals)
    problems += _check_ballots(tx, one, said, seals)
    if (one.withdrawal is not None) != said.is_withdrawn:
        problems.append("the journal says otherwise about whether it was withdrawn")
    if one.result is None and said.result is not None:
        problems.append("its result is missing, but the journal has one")
    if one.result is not None:
        problems += _check_result(tx, one)
    elif not one.rule.is_secret:
        record = closing.count(one, store.box(tx, one.id))
        if tuple(record["totals"]) != one.running.totals:
            problems.append("the running tally differs from the ballots")
    if store.n_ballots(tx, one.id)[0] != one.running.turnout:
        problems.append("the turnout differs from the ballots")
    return problems


def _check_opening(
    one: Proposal, said: _Said, opening: Entry, seals: dict[tuple[int, str], Any]
) -> list[str]:
    problems = []
    kept = dict(opening.facts["rule"])
    now = rule_facts(one)
    kept["closes_ms"] = said.closes_ms
    if kept != now:
        differing = ", ".join(sorted(name for name in now if kept.get(name) != now[name]))
        problems.append(f"its rule is not the one it opened with ({differing})")
    if opening.member != one.author:
        problems.append("its author is not the member who opened it")
    texts = {"title": one.title, "question": one.title, "details": one.details}
    if one.sort is Sort.POLL:
        texts["options"] = " | ".join(one.options)
    for name, text in texts.items():
        salt, value = seals.get((opening.seq, name), (None, None))
        if salt is not None and decode(value) != text:
            problems.append(f"its {name} is not what was voted on")
    return problems


def _check_ballots(
    tx: Tx, one: Proposal, said: _Said, seals: dict[tuple[int, str], Any]
) -> list[str]:
    problems = []
    kept = {ballot.voter: ballot.choice.hex() for ballot in store.ballots(tx, one.id)}
    for voter in sorted(kept.keys() ^ said.ballots.keys()):
        missing = "the box" if voter in said.ballots else "the journal"
        problems.append(f"the ballot of member {voter} is not in {missing}")
    for voter in sorted(kept.keys() & said.ballots.keys()):
        seq, ballot = said.ballots[voter]
        if isinstance(ballot, dict):
            salt, value = seals.get((seq, "ballot"), (None, None))
            ballot = None if salt is None else decode(value)
        if ballot != kept[voter]:
            problems.append(f"the ballot of member {voter} is not the one that was cast")
    return problems


def _check_result(tx: Tx, one: Proposal) -> list[str]:
    assert one.result is not None
    problems = []
    again = closing.count(one, store.box(tx, one.id))
    if not closing.same_record(one, one.result, again):
        problems.append("a recount gives another result")
    entry = journal.entry(tx, one.community, one.closed_seq or 0)
    if entry is None or entry.facts.get("result") != digest(one.result):
        problems.append("the journal's entry of the close has another result")
    if one.closed_at is None or one.closed_at < one.closes_at:
        problems.append("it was closed before its end")
    return problems
