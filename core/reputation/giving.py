"""Giving points and taking them back: what a tip does to books, cards and people."""

from core import ledger
from core.community import post, show_card, tell
from core.kernel.call import Call
from core.ledger import Book, Entry, Holder
from core.reputation import rules, standing, store, views
from core.reputation.allowance import allowance
from core.reputation.model import MILLI, Tip
from core.reputation.settings import PAIR_LIMIT, PER_DAY

ISSUE = Holder(Book.ISSUE)
GIVEN, UNDONE, REVERSED = "tip", "tip undone", "reversed"
# Points may have moved with their owner to a linked account, each time by an entry more.
MOVES_MAX = 100


def give(call: Call, receiver: int, points: int, reason: str) -> Tip:
    """Give points of the asking member's allowance, and tell everybody who should know."""
    giver = call.member.id
    before = allowance(call, giver, receiver)
    rules.check_tip(
        giver,
        receiver,
        points,
        before.given,
        allowance=before.whole,
        pair_limit=int(before.whole * call.settings[PAIR_LIMIT]),
        per_day=call.settings[PER_DAY],
        until=before.epoch.end,
    )
    asset = standing.points(call)
    taker = Holder(Book.MEMBER, receiver)
    entry = ledger.post(call, ISSUE, taker, asset, points * MILLI, GIVEN, note=reason)
    tip = Tip(entry.number, giver, receiver, points, call.now_ms)
    store.add(call.tx, call.community.id, tip)
    standing.rank_again(call, receiver)
    if call.place is not None and call.place.channel and not call.place.missing:
        show_card(call, "thanks", views.thanks, tip.entry)
    tell(call, receiver, views.received, tip.entry)
    return tip


def undo(call: Call, tip: Tip) -> None:
    """Take a tip back, as its giver."""
    entry = _take_back(call, tip, UNDONE, "")
    store.undo(call.tx, call.community.id, tip.entry, entry.number)


def reverse(call: Call, number: int, reason: str) -> None:
    """Take an entry back, as an admin: a tip, or what came from outside and is still there."""
    tip = store.tip(call.tx, call.community.id, number)
    if tip is not None:
        entry = _take_back(call, tip, REVERSED, reason)
        store.reverse(call.tx, call.community.id, number, entry.number)
        tell(call, tip.giver, views.taken_back, tip.entry)
        return
    found = ledger.entry(call.tx, call.community.id, number)
    if found is None or found.giver.book is not Book.OUTSIDE or found.undoes is not None:
        raise rules.NotReversible(entry=number)
    back = ledger.reverse(call, found, REVERSED, note=reason)
    # Where it was told that this came in, it is told that it did not.
    post(call, "treasury", views.unfunded, back.number)


def reverse_quietly(call: Call, tip: Tip) -> None:
    """Take back a tip that turned out to be one to oneself; nobody needs to be told."""
    entry = _post_back(call, tip, REVERSED, "")
    store.reverse(call.tx, call.community.id, tip.entry, entry.number)


def find(call: Call, number: int | None) -> Tip:
    """Return a tip by its entry, or the last one that the asking member gave."""
    community = call.community.id
    if number is None:
        found = store.last_tip(call.tx, community, call.member.id)
        if found is None:
            raise rules.NoTipYet
        return found
    found = store.tip(call.tx, community, number)
    if found is None:
        raise rules.NoSuchTip(entry=number)
    return found


def _take_back(call: Call, tip: Tip, purpose: str, note: str) -> Entry:
    """Post the points back and tell who had them; raises UndoneBefore."""
    back = _post_back(call, tip, purpose, note)
    tell(call, back.giver.owner, views.taken_back, tip.entry)
    return back


def _post_back(call: Call, tip: Tip, purpose: str, note: str) -> Entry:
    """Post the points back from whoever has them now; raises UndoneBefore."""
    last = ledger.entry(call.tx, call.community.id, tip.entry)
    assert last is not None
    for _ in range(MOVES_MAX):
        by = ledger.undone_by(call.tx, call.community.id, last.number)
        moved = None if by is None else ledger.entry(call.tx, call.community.id, by)
        if moved is None:
            break
        if moved.taker == ISSUE:
            raise ledger.UndoneBefore(number=tip.entry, by=moved.number)
        last = moved
    asset = ledger.asset_by_id(call.tx, last.asset)
    back = ledger.post(
        call, last.taker, ISSUE, asset, last.amount, purpose, note=note, undoes=last.number
    )
    standing.rank_again(call, last.taker.owner)
    call.refresh(views.thanks, tip.entry)
    return back
