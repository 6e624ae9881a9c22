"""Checking tips against the books, and the rest of this feature against the journal."""

import math
from collections.abc import Mapping

from core import ledger
from core.kernel import audit
from core.kernel.audit import FORGETTING
from core.kernel.feature import Checked, Fault
from core.kernel.journal import Entry as Line
from core.kernel.tx import Tx
from core.ledger import Book, Entry, Holder
from core.reputation import giving, standing, store
from core.reputation.model import MILLI, SYMBOL, Leave, Tip
from core.reputation.ranking import RecordRanks

_HIDING = "hide me"
_FACTS = (audit.MERGED, "entries", "ranked", "took_part", "leave")


def verify(tx: Tx, community: int) -> Checked:
    """Hold every tip against its entries, and what else is kept against what the journal says."""
    tips = store.tips(tx, community)
    known = {one.entry for one in tips}
    into = audit.merges(tx, community)
    books = _Books(tx, community)
    problems = [problem for one in tips for problem in _check_tip(one, books, into)]
    told = _Told(tx, community)
    problems += [
        f"entry {number} of the books is a tip, and the table has none"
        for number in sorted(told.tips - known)
    ]
    problems += told.differences(tx, community)
    problems += _check_ranks(tx, community, told)
    where = f"community {community}, tips"
    return Checked("tips", len(tips), tuple(Fault(where, what) for what in problems))


class _Books:
    """The books as they are, read once: a question for each tip would take far longer."""

    def __init__(self, tx: Tx, community: int) -> None:
        self.asset = ledger.asset(tx, community, SYMBOL)
        self.entries = {one.number: one for one in ledger.entries(tx, community)}
        self._undone = {one.undoes: one for one in self.entries.values() if one.undoes is not None}

    def taken_back(self, entry: Entry) -> Entry | None:
        """Return the entry by which points went back, wherever they had moved."""
        last = entry
        while (back := self._undone.get(last.number)) is not None:
            if back.number <= last.number:
                break  # no entry takes back a later one: somebody changed it
            if back.taker == giving.ISSUE:
                return back
            last = back
        return None


def _check_tip(one: Tip, books: _Books, into: Mapping[int, int]) -> list[str]:
    entry, asset = books.entries.get(one.entry), books.asset
    if entry is None or asset is None:
        return [f"tip {one.entry} has no entry in the books"]
    # Who gave it or got it may have turned out to be somebody else since.
    owner, by = entry.taker.owner, entry.by or 0
    kept = (
        entry.giver,
        Holder(entry.taker.book, into.get(owner, owner)),
        entry.asset,
        entry.amount,
        entry.at_ms,
        into.get(by, by),
        entry.purpose,
    )
    taker = Holder(Book.MEMBER, one.receiver)
    said = (
        giving.ISSUE, taker, asset.id, one.points * MILLI, one.at_ms, one.giver, giving.GIVEN
    )  # fmt: skip
    problems = [] if kept == said else [f"tip {one.entry} is not what the books say"]
    undone = {giving.UNDONE: one.undone_by, giving.REVERSED: one.reversed_by}
    back = books.taken_back(entry)
    expected = dict.fromkeys(undone)
    if back is not None:
        expected[back.purpose] = back.number
    if undone != expected:
        problems.append(f"tip {one.entry} was not taken back as the books say")
    return problems


class _Told:
    """What the journal says of tips, leave, participation and hiding."""

    def __init__(self, tx: Tx, community: int) -> None:
        asset = ledger.asset(tx, community, SYMBOL)
        self._asset = asset.id if asset else 0
        self.tips: set[int] = set()
        # By which entry (0: leave) and when each member's place changed last, since everybody's
        # did; when that was, and by which half-life.
        self.changed: dict[int, tuple[int, int]] = {}
        self.ranked_at_ms = 0
        self.ranked_by_ms: int | None = None
        self._parts: set[tuple[int, int]] = set()
        self._leaves: dict[int, list[Leave]] = {}
        self._hidden: set[int] = set()
        self._into: dict[int, int] = {}
        for entry in audit.saying(tx, community, _FACTS, (FORGETTING, _HIDING)):
            self._take_points(entry)
            self._take_ranks(entry)
            if entry.member is not None:
                self._take(entry, entry.member)

    def differences(self, tx: Tx, community: int) -> list[str]:
        """Return where the tables say otherwise."""
        pairs = {
            "who took part": (self._parts, store.parts(tx, community)),
            "who is on leave": (self._leaves, store.all_leaves(tx, community)),
            "who is hidden": (self._hidden, store.hidden(tx, community)),
        }
        return [
            f"{what} is not what the journal says"
            for what, (said, kept) in pairs.items()
            if said != kept
        ]

    def _take_points(self, entry: Line) -> None:
        for number, giver, giver_owner, taker, taker_owner, asset, *_ in entry.facts.get(
            "entries", ()
        ):
            if entry.command == "tip":
                self.tips.add(number)
            for book, owner in ((giver, giver_owner), (taker, taker_owner)):
                if book == Book.MEMBER and asset == self._asset:
                    self.changed[owner] = (number, entry.at_ms)

    def _take_ranks(self, entry: Line) -> None:
        """Note that everybody was put in order, in that entry or before it by a worker."""
        if "ranked" not in entry.facts:
            return
        self.ranked_by_ms = entry.facts["ranked"]
        self.ranked_at_ms, last = entry.at_ms, math.inf
        if entry.command == RecordRanks.declaration.path:
            self.ranked_at_ms, last = entry.args["at_ms"], entry.args["last"]
        # Whom the worker did not know of was put in place again by that entry.
        self.changed = {
            who: (number, entry.at_ms) for who, (number, _) in self.changed.items() if number > last
        }

    def _take(self, entry: Line, member: int) -> None:
        args, facts = entry.args, entry.facts
        if audit.MERGED in facts:
            self._merge(*facts[audit.MERGED])
        if "took_part" in facts:
            self._parts.add((member, facts["took_part"]))
        if "leave" in facts:
            self._leaves.setdefault(member, []).append(Leave(*facts["leave"]))
            self.changed[member] = (0, entry.at_ms)
        if entry.command == FORGETTING:
            self._hidden |= {one for one, into in self._into.items() if into == member}
        if entry.command == FORGETTING or (entry.command == _HIDING and args["on"]):
            self._hidden.add(member)
        elif entry.command == _HIDING:
            self._hidden.discard(member)

    def _merge(self, gone: int, into: int) -> None:
        self._into = {one: into if who == gone else who for one, who in self._into.items()}
        self._into[gone] = into
        self._parts = {(into if who == gone else who, day) for who, day in self._parts}
        if gone in self._hidden:
            self._hidden.add(into)


def _check_ranks(tx: Tx, community: int, told: _Told) -> list[str]:
    """Compute the order of the leaderboard again, for the instants at which it was kept."""
    kept = store.ranks(tx, community)
    amounts = standing.all_amounts(tx, community)
    leaves = store.all_leaves(tx, community)
    half_life_ms = standing.ranked_by(tx, community)
    problems = []
    if store.ranked(tx, community) != told.ranked_by_ms:
        problems.append("the leaderboard is not ordered by the half-life that the journal says")
    for member in sorted(kept.keys() | amounts.keys()):
        _, at_ms = told.changed.get(member, (0, told.ranked_at_ms))
        found = amounts.get(member, ())
        rank = standing.rank_of(found, leaves.get(member, []), at_ms, half_life_ms)
        if rank != kept.get(member):
            problems.append(f"member {member} is not where the leaderboard has them")
    return problems
