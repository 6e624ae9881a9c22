"""Checking treasuries and payments on a chain: held against what was voted on and the journal.

The journal's lines are played again through the same rules that the signer's reports go through,
from the decision's own bytes.
"""

from dataclasses import replace
from typing import Any

from core import execution
from core.execution import REPORTS, Operation, OrderDiffers, Token, Treasury
from core.kernel import audit
from core.kernel.canonical import decode
from core.kernel.feature import Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.proposals import effects_of

_REPORTS = {one.declaration.path: one for one in REPORTS}
_TREASURY = "chain treasury"
_FACTS = (audit.MERGED, "queued", "asked", "chain_stopped")


class _Told:
    """What the journal says, as the tables should have it."""

    def __init__(self, tx: Tx, community: int) -> None:
        self._tx = tx
        self._community = community
        self.treasuries: dict[str, Treasury] = {}
        self.tokens: dict[tuple[str, str], Token] = {}
        self.operations: dict[int, Operation] = {}
        self.faults: list[Fault] = []
        lines = list(audit.saying(tx, community, _FACTS, (*_REPORTS, _TREASURY)))
        self._seals = audit.secrets(tx, community, [line.seq for line in lines])
        for line in lines:
            self._take(line)

    def _take(self, line: Entry) -> None:
        facts = line.facts
        if line.command == _TREASURY:
            self._connect(line)
        if audit.MERGED in facts:
            gone, into = facts[audit.MERGED]
            for number, one in self.operations.items():
                if one.member == gone and not one.is_over:
                    self.operations[number] = replace(one, member=into)
        if "queued" in facts:
            self._queue(line, *facts["queued"])
        if "asked" in facts and facts["asked"] in self.operations:
            self.operations[facts["asked"]] = execution.asked(
                self.operations[facts["asked"]], line.at_ms
            )
        for number in facts.get("chain_stopped", ()):
            reason = self._text(line, "reason") or ""
            how: dict[str, Any] = {"stopped_ms": line.at_ms, "stopped_by": line.member}
            self.operations[number] = replace(self.operations[number], stop_reason=reason, **how)
        if line.command in _REPORTS:
            report = _REPORTS[line.command].model_validate(line.args)
            before = self.operations.get(report.proposal)
            if before is not None and not before.is_over and not report.contradicts(before):
                self.operations[report.proposal] = report.after(before, line.at_ms)

    def _connect(self, line: Entry) -> None:
        said, name = line.args, line.args["name"]
        ids = [number for kind, number in line.facts.get("ids", ()) if kind == "treasury"]
        known = self.treasuries.get(name)
        number = ids[0] if known is None else known.id
        facts = (name, said["chain_id"], said["timelock"], said["guardian_note"])
        self.treasuries[name] = Treasury(number, self._community, *facts)
        drawn = iter([one for kind, one in line.facts.get("ids", ()) if kind == "token"])
        offered = {one["symbol"]: one for one in said["tokens"]}
        for key, one in self.tokens.items():
            if key[0] == name and key[1] not in offered:
                self.tokens[key] = replace(one, is_offered=False)
        for symbol, one in offered.items():
            before = self.tokens.get((name, symbol))
            token = next(drawn) if before is None else before.id
            caps = (int(one["cap"]), int(one["cap_per_day"]))
            self.tokens[name, symbol] = Token(
                token, number, symbol, one["address"], one["decimals"], *caps
            )

    def _queue(self, line: Entry, number: int, token: int, member: int, due_ms: int) -> None:
        kept = effects_of(self._tx, self._community, number) or ("", None)
        founding = execution.founding(self._tx, self._community)
        decision = execution.decision_of(founding, number)
        try:
            order = execution.read_order(self._community, number, *kept, decision)
        except OrderDiffers as error:
            where = f"community {self._community}, payment #{number} on a chain"
            self.faults.append(Fault(where, str(error)))
            return
        self.operations[number] = execution.operation_of(
            order, token=token, member=member, queued_ms=line.at_ms, due_ms=due_ms
        )

    def _text(self, line: Entry, name: str) -> str | None:
        _, value = self._seals.get((line.seq, name), (None, None))
        return None if value is None else decode(value)


def check(tx: Tx, community: int) -> tuple[int, list[Fault]]:
    """Return how many treasuries and payments were checked, and the differences."""
    told = _Told(tx, community)
    where = f"community {community}"
    treasuries = execution.treasuries(tx, community)
    tokens = {
        (one.name, token.symbol): token
        for one in treasuries
        for token in execution.tokens(tx, one.id)
    }
    operations = {one.proposal: one for one in execution.operations(tx, community)}
    faults = list(told.faults)
    if {one.name: one for one in treasuries} != told.treasuries:
        faults.append(Fault(where, "the journal says otherwise about treasuries"))
    if tokens != told.tokens:
        faults.append(Fault(where, "the journal says otherwise about the tokens of treasuries"))
    faults += [
        Fault(f"{where}, payment #{number} on a chain", "it is not what the journal says")
        for number in sorted(operations.keys() | told.operations.keys())
        if operations.get(number) != told.operations.get(number)
    ]
    return len(treasuries) + len(operations), faults
