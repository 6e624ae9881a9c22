"""Checking who turned out to be whom against the journal."""

from core.community import codes, store
from core.community.settings import SET
from core.kernel import audit
from core.kernel.clock import from_ms
from core.kernel.feature import Checked, Fault
from core.kernel.tx import Tx


def verify(tx: Tx, community: int) -> Checked:
    """Hold the members who were joined to others against what the journal says."""
    into = audit.merges(tx, community)
    told = {
        entry.facts[audit.MERGED][0]: entry.at_ms
        for entry in audit.saying(tx, community, (audit.MERGED,))
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
    faults += (*_joined(tx, community), *_settings(tx, community))
    return Checked("linked members", len(kept), faults)


def _joined(tx: Tx, community: int) -> tuple[Fault, ...]:
    """Hold when each space joined against the journal: it says who may vote on what."""
    said = {
        entry.facts["space_joined"][0]: from_ms(entry.at_ms)
        for entry in audit.saying(tx, community, ("space_joined",))
        if "space_joined" in entry.facts
    }
    kept = {one.id: one.joined_at for one in store.spaces(tx, community)}
    return tuple(
        Fault(f"community {community}, space {space}", "the journal says otherwise of its joining")
        for space in sorted(said.keys() | kept.keys())
        if said.get(space) != kept.get(space)
    )


def _settings(tx: Tx, community: int) -> tuple[Fault, ...]:
    """Hold the settings against the journal: they make the rules of what opens from now on."""
    said: dict[str, str | None] = {}
    for entry in audit.saying(tx, community, (), ("config set",)):
        # An entry of before this fact was kept says which setting, and not what it read.
        name, value = entry.facts.get(SET, [entry.args["setting"], None])
        said[name] = value
    kept = store.settings(tx, community)
    return tuple(
        Fault(f"community {community}, setting {name}", "the journal says otherwise of its value")
        for name in sorted(said.keys() | kept.keys())
        if name not in said or (said[name] is not None and said[name] != kept.get(name))
    )
