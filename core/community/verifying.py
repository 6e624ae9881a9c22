"""Checking who turned out to be whom against the journal."""

from core.community import codes
from core.kernel import audit
from core.kernel.feature import Checked, Fault
from core.kernel.tx import Tx


def verify(tx: Tx, community: int) -> Checked:
    """Hold the members who were joined to others against what the journal says."""
    into = audit.merges(tx, community)
    told = {
        entry.facts[audit.MERGED][0]: entry.at_ms
        for entry in audit.entries(tx, community)
        if audit.MERGED in entry.facts
    }
    said = {member: (into[member], at_ms) for member, at_ms in told.items()}
    kept = codes.linked(tx, community)
    faults = tuple(
        Fault(f"community {community}, member {member}", "the journal says otherwise of their link")
        for member in sorted(said.keys() | kept.keys())
        if said.get(member) != kept.get(member)
    )
    stray = codes.stray_accounts(tx, community)
    faults += tuple(
        Fault(f"community {community}, member {member}", "an account was not moved with its link")
        for member in stray
    )
    return Checked("linked members", len(kept), faults)
