"""Who is behind an account and which community a place is: what the door asks."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from core.community import store, views
from core.community.telling import live_card, retire, warn_admins
from core.kernel.call import Call
from core.kernel.canonical import encode, sha256
from core.kernel.clock import to_ms
from core.kernel.feature import CardOf
from core.kernel.ids import next_id
from core.kernel.outbox import Live, Person
from core.kernel.people import Community, Member, Space
from core.kernel.request import AccountRef, Asker, Kind, Place, Request
from core.kernel.setting import Settings
from core.kernel.tx import Tx
from core.kernel.unit import Unit
from core.kernel.words import clean, is_visible

SALT_BYTES = 32
NAME_MAX = 100
# Fewer askers are looked up one at a time, as they come.
MEET_MIN = 4


class Directory:
    """The door's directory, over the tables of this feature."""

    def find(self, unit: Unit, place: Place) -> tuple[Community, Space]:
        """Return the community of a place, founding it at its first command."""
        key = (place.platform, place.space)
        if key not in unit.spaces:
            found = store.find(unit.tx, *key) or _found(unit, place)
            unit.spaces[key] = found
        return unit.spaces[key]

    def at(self, tx: Tx, place: Place) -> int | None:
        """Return which community a place is of, None where there is none yet."""
        found = store.find(tx, place.platform, place.space)
        return found[0].id if found else None

    def community(self, unit: Unit, community: int) -> Community:
        """Return a community by id."""
        if community not in unit.communities:
            found = store.community(unit.tx, community)
            if found is None:
                raise LookupError(f"there is no community {community}")
            unit.communities[community] = found
        return unit.communities[community]

    def meet(self, unit: Unit, requests: Sequence[Request]) -> None:
        """Learn who is behind the askers of a batch, with one statement for each space."""
        asking: dict[tuple[str, str], set[str]] = defaultdict(set)
        for request in requests:
            place, asker = request.place, request.asker
            if place is not None and place.platform == asker.platform:
                asking[place.platform, place.space].add(asker.account)
        for (platform, space), accounts in asking.items():
            if len(accounts) < MEET_MIN:
                continue
            found = unit.spaces.get((platform, space)) or store.find(unit.tx, platform, space)
            if found is None:
                continue
            unit.spaces[platform, space] = found
            community = found[0].id
            members = store.behind(unit.tx, community, platform, sorted(accounts))
            for account in accounts:
                unit.known[_key(community, platform, account)] = members.get(account)
            unit.asking[community] = frozenset(one.id for one in members.values())

    def settings(self, unit: Unit, community: int) -> Settings:
        """Return a community's settings."""
        if community not in unit.settings:
            unit.settings[community] = Settings(store.settings(unit.tx, community))
        return unit.settings[community]

    def member(self, unit: Unit, community: int, asker: Asker) -> Member | None:
        """Return the member behind an account, if there is one."""
        key = _key(community, asker.platform, asker.account)
        if key in unit.known:
            found: Member | None = unit.known[key]
            return found
        return store.member(unit.tx, community, asker.platform, asker.account)

    def join(self, call: Call) -> Member:
        """Make the asking person a member, or note the name that a member goes by now."""
        asker, known = call.actor, call.visitor
        if known is not None and known.name == asker.name:  # as it was made clean once
            return known
        name = _name(asker.name)
        if known is None:
            known = introduce(call, AccountRef(asker.platform, asker.account, name))
        elif known.name != name:
            store.rename_member(call.tx, known.id, name)
            known = Member(known.id, name, known.first_seen_ms)
        else:
            return known
        call.know(_key(call.community.id, asker.platform, asker.account), known)
        return known

    def warn(self, call: Call, what: str) -> None:
        """Tell the admins of a community that something needs them."""
        warn_admins(call, views.warning, what)

    def retire(self, call: Call, stale: CardOf, message: str) -> None:
        """Turn a pressed message that is not the live card into a pointer to it."""
        card, pointer, ids = stale
        if call.space is None or call.place is None:
            return
        live = live_card(call, card, *ids)
        # Without a known message the pressed one may well be the live card.
        if live is None or live.message in ("", message):
            return
        old = Live("", call.place.channel, call.place.thread, message, 0)
        retire(call, call.space, old, pointer, *ids)

    def salted(self, tx: Tx, community: int, value: Any) -> str:
        """Return a digest that cannot be guessed without the community's salt."""
        return store.salted(tx, community, value)

    def space(self, tx: Tx, space: int) -> Space | None:
        """Return a space by id."""
        return store.space(tx, space)

    def spaces(self, tx: Tx, community: Community) -> Sequence[Space]:
        """Return the spaces of a community, its home first."""
        found = store.spaces(tx, community.id)
        return sorted(found, key=lambda one: one.id != community.home_space)

    def people(self, tx: Tx, members: Collection[int]) -> dict[int, Person]:
        """Return members as renderers name them."""
        return store.people(tx, members)


def introduce(call: Call, ref: AccountRef) -> Member:
    """Return the member behind an account, added now if nobody has seen it before.

    Somebody who was forgotten is the same member again, so that nothing counts twice.
    """
    community = call.community.id
    known = store.member(call.tx, community, ref.platform, ref.account)
    if known is not None:
        return known
    mask = store.masked(call.tx, community, ref.platform, ref.account)
    if store.move_account(call.tx, community, ref.platform, mask, ref.account):
        known = store.member(call.tx, community, ref.platform, ref.account)
        assert known is not None
        store.rename_member(call.tx, known.id, _name(ref.name))
        return Member(known.id, _name(ref.name), known.first_seen_ms)
    new = Member(call.new_id("member"), _name(ref.name), call.now_ms)
    store.add_member(call.tx, community, new, call.now_ms, ref)
    return new


def _key(community: int, platform: str, account: str) -> tuple[str, int, str, str]:
    return ("member", community, platform, account)


def _name(written: str) -> str:
    name = clean(written)[:NAME_MAX]
    return name if is_visible(name) else "(no name)"


def _found(unit: Unit, place: Place) -> tuple[Community, Space]:
    """Found a community in a space; the first line of its journal says so."""
    tx = unit.tx
    at_ms = to_ms(unit.clock.now())
    community_id, space_id = next_id(tx, "community"), next_id(tx, "space")
    name = clean(place.space_name)[:NAME_MAX]
    new = Community(community_id, name if is_visible(name) else "our community", space_id)
    space = Space(space_id, place.platform, place.space, community_id)
    salt = unit.chance.draw(SALT_BYTES)
    store.found(tx, new, space, salt, at_ms)
    facts = {
        "ids": [["community", community_id], ["space", space_id]],
        "drawn": [["salt", sha256([salt.hex()]).hex()]],
    }
    args = encode({"platform": place.platform, "space": place.space})
    line = (at_ms, "found", 1, Kind.WORKER.value, None, "", args, encode(facts))
    unit.pages.write(community_id, line, ())
    return new, space
