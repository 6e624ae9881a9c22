"""Checking wallets against the journal."""

from core.execution import wallet_store
from core.kernel import audit
from core.kernel.canonical import decode
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry
from core.kernel.tx import Tx

_FORGET, _ASK = audit.FORGETTING, "wallet set"
_FACTS = (audit.MERGED, "proved")
# What the journal says of a wallet: (challenge, proved_ms) by (member, chain).
_Told = dict[tuple[int, int], tuple[int, int]]


def verify(tx: Tx, community: int) -> Checked:
    """Hold every wallet against who proved it, and when, and for which address."""
    lines = list(audit.saying(tx, community, _FACTS, (_FORGET, _ASK)))
    told: _Told = {}
    for line in lines:
        _take(told, line)
    asking = [line for line in lines if line.command == _ASK]
    seals = audit.secrets(tx, community, [line.seq for line in asking])
    asked = {
        number: seals.get((line.seq, "address"), (None, None))
        for line in asking
        for kind, number in line.facts.get("ids", ())
        if kind == "wallet"
    }
    faults = []
    kept = wallet_store.wallets(tx, community)
    for one in kept:
        where = f"community {community}, wallet of member {one.member}"
        if told.pop((one.member, one.chain_id), None) != (one.challenge, one.proved_ms):
            faults.append(Fault(where, "it is not the one that was proved"))
        _, address = asked.get(one.challenge, (None, None))
        if address is not None and decode(address) != one.address:
            faults.append(Fault(where, "its address is not the one that was proved"))
    faults += [
        Fault(f"community {community}, wallet of member {member}", "the table does not have it")
        for member, _ in sorted(told)
    ]
    return Checked("wallets", len(kept), tuple(faults))


def _take(told: _Told, line: Entry) -> None:
    if audit.MERGED in line.facts:
        gone, into = line.facts[audit.MERGED]
        for member, chain in [key for key in told if key[0] == gone]:
            moved, other = told.pop((member, chain)), told.get((into, chain))
            if other is None or moved[::-1] > other[::-1]:
                told[into, chain] = moved
    if "proved" in line.facts:
        challenge, member, chain = line.facts["proved"]
        told[member, chain] = (challenge, line.at_ms)
    if line.command == _FORGET:
        for key in [key for key in told if key[0] == line.member]:
            del told[key]
