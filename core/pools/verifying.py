"""Checking pools and payments: each held against the journal and the books."""

from dataclasses import replace
from typing import Any

from core.kernel import audit
from core.kernel.canonical import decode
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx
from core.kernel.words import skeleton
from core.ledger import Book, Holder, balance, entry
from core.pools import onchain_verifying, store
from core.pools.model import SIGNER, Asked, Payment, PaymentState, Pool, Switch

_FACTS = (audit.MERGED, "pool", "chain_pools", "reserved", "paid", "stopped", "payments")


class Told:
    """What the journal says of pools, payments and pauses, as the tables should have it."""

    def __init__(self, tx: Tx, community: int) -> None:
        """Read the journal once."""
        # (asset, name, created_ms, token) by number.
        self.pools: dict[int, tuple[int, str | None, int, int | None]] = {}
        self.payments: dict[int, Payment] = {}
        self.asked: dict[Switch, Asked] = {}
        lines = list(audit.saying(tx, community, _FACTS))
        self._seals = audit.secrets(tx, community, [line.seq for line in lines])
        for line in lines:
            self._take(line)

    def _take(self, line: Entry) -> None:
        facts = line.facts
        if audit.MERGED in facts:
            self._merge(*facts[audit.MERGED])
        if "pool" in facts:
            number, asset = facts["pool"]
            self.pools[number] = (asset, self._text(line, "name"), line.at_ms, None)
        for number, token, name in facts.get("chain_pools", ()):
            self.pools[number] = (0, name, line.at_ms, token)
        if "reserved" in facts:
            number, pool, member, amount, pay_ms, made = facts["reserved"]
            self.payments[number] = Payment(number, pool, member, amount, line.at_ms, pay_ms, made)
        for number, made in facts.get("paid", ()):
            self._end(number, made, paid_ms=line.at_ms)
        for number, made in facts.get("stopped", ()):
            reason = self._text(line, "reason") or ""
            self._end(number, made, stopped_ms=line.at_ms, stopped_by=line.member,
                      stop_reason=reason)  # fmt: skip
        if "payments" in facts:
            self._switch(facts["payments"], line.at_ms, line.member or SIGNER)

    def _end(self, number: int, made: int, **how: Any) -> None:
        if number in self.payments:
            self.payments[number] = replace(self.payments[number], end_entry=made, **how)

    def _merge(self, gone: int, into: int) -> None:
        for number, one in self.payments.items():
            if one.member == gone and one.state is PaymentState.WAITING:
                self.payments[number] = replace(one, member=into)
        for what, asked in self.asked.items():
            by = into if asked.asked_by == gone else asked.asked_by
            done_by = into if asked.done_by == gone else asked.done_by
            self.asked[what] = replace(asked, asked_by=by, done_by=done_by)

    def _switch(self, what: str, at_ms: int, by: int) -> None:
        if what == "resumed":
            self.asked.clear()
        elif what == "frozen":
            frozen = Asked(Switch.PAUSE, at_ms, SIGNER, at_ms, SIGNER)
            self.asked[Switch.PAUSE] = frozen
        elif what == "paused":
            asked = self.asked[Switch.PAUSE]
            self.asked[Switch.PAUSE] = replace(asked, done_ms=at_ms, done_by=by)
        else:
            switch = Switch(what.removesuffix(" asked"))
            self.asked[switch] = Asked(switch, at_ms, by)

    def _text(self, line: Entry, name: str) -> str | None:
        _, value = self._seals.get((line.seq, name), (None, None))
        return None if value is None else decode(value)


def verify(tx: Tx, community: int) -> Checked:
    """Hold every pool, payment and pause of a community against the journal and the books."""
    told = Told(tx, community)
    pools, payments = store.pools(tx, community), store.payments(tx, community)
    where = f"community {community}"
    faults = _check_pools(tx, community, told, pools)
    for one in payments:
        said = told.payments.pop(one.proposal, None)
        faults += [
            Fault(f"{where}, payment #{one.proposal}", what)
            for what in _check_payment(tx, community, one, said)
        ]
    faults += [
        Fault(f"{where}, payment #{number}", "the journal has it, the table does not")
        for number in sorted(told.payments)
    ]
    if store.asked(tx, community) != told.asked:
        faults.append(Fault(where, "the journal says otherwise about paused payments"))
    n_chain, of_chain = onchain_verifying.check(tx, community)
    n = len(pools) + len(payments) + n_chain
    return Checked("pools and payments", n, (*faults, *of_chain))


def _check_pools(tx: Tx, community: int, told: Told, pools: list[Pool]) -> list[Fault]:
    keys = store.name_keys(tx, community)
    faults = []
    for one in pools:
        where = f"community {community}, pool {one.id}"
        nothing = (None, None, None, None)
        asset, name, created_ms, token = told.pools.pop(one.id, nothing)
        if (one.asset.id, one.created_ms, one.token) != (asset, created_ms, token):
            faults.append(Fault(where, "it is not the one that was created"))
        if (name is not None and name != one.name) or keys[one.id] != skeleton(one.name):
            faults.append(Fault(where, "its name is not the one it was given"))
        waiting = sum(
            payment.amount for payment in store.waiting(tx, community) if payment.pool == one.id
        )
        if waiting != balance(tx, community, one.held, one.asset.id):
            faults.append(Fault(where, "what is reserved differs from the payments that wait"))
    return faults + [
        Fault(f"community {community}, pool {number}", "the journal has it, the table does not")
        for number in sorted(told.pools)
    ]


def _check_payment(tx: Tx, community: int, one: Payment, said: Payment | None) -> list[str]:
    if said is None:
        return ["the journal does not have it"]
    problems = []
    if one != said:
        problems.append("it is not what the journal says")
    pool = Holder(Book.POOL, one.pool)
    held = Holder(Book.RESERVED, one.pool)
    ends = {
        PaymentState.WAITING: None,
        PaymentState.PAID: (held, Holder(Book.MEMBER, one.member), one.amount),
        PaymentState.STOPPED: (held, pool, one.amount),
    }
    if _moved(tx, community, one.entry) != (pool, held, one.amount):
        problems.append("the books did not reserve it")
    if _moved(tx, community, one.end_entry) != ends[one.state]:
        problems.append("the books ended it otherwise")
    return problems


def _moved(tx: Tx, community: int, number: int | None) -> tuple[Holder, Holder, int] | None:
    found = None if number is None else entry(tx, community, number)
    return None if found is None else (found.giver, found.taker, found.amount)
