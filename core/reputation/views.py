"""What people read about thanks and standing."""

from collections.abc import Sequence
from typing import Any

from core import ledger
from core.kernel.call import Call
from core.kernel.clock import from_ms, span_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import CommandName, MemberId, T, Text, counted
from core.kernel.view import Block, Button, Fields, Items, Note, Paragraph, Quote, Tone, View
from core.ledger import Book, Entry, Holder
from core.reputation import standing, store
from core.reputation.allowance import allowance
from core.reputation.model import DECIMALS, SYMBOL, Tip
from core.reputation.settings import HALF_LIFE

# Ten members a page: who is further down finds themselves with `standing`.
PAGE = 10
PAGES_MAX = 100
ENTRIES = 10
# Standing is shown to so many places.
PLACES = 2
STEP = 10 ** (DECIMALS - PLACES)
_NEW_ORDER = T(
    "The half-life was changed, and who comes before whom is being computed anew. Until then it "
    "is as before; the points are right already."
)


@drawing("reputation.thanks")
def thanks(call: Call, entry: int) -> View:
    """What everybody sees of a tip, where it was given."""
    tip = _tip(call, entry)
    line = T("{giver} thanks {to} with {points}.", **_who(tip), points=_points(tip.points))
    blocks: list[Block] = [Paragraph(line), Quote(_reason(call, tip))]
    if tip.undone_by is not None:
        blocks.append(Note(T("{giver} took it back.", giver=MemberId(tip.giver))))
    elif tip.reversed_by is not None:
        blocks.append(Note(_reversal(call, tip)))
    else:
        blocks.append(Note(T("Entry {entry} of the books.", entry=entry)))
    return View(None, tuple(blocks), tone=Tone.PASSED if tip.stands else Tone.QUIET)


@drawing("reputation.tipped")
def tipped(call: Call, entry: int) -> View:
    """The answer to `tip`."""
    tip = _tip(call, entry)
    line = T("You gave {to} {points}.", to=MemberId(tip.receiver), points=_points(tip.points))
    slip = T("A slip? Within 10 minutes: {undo}.", undo=CommandName("undo"))
    button = Button(T("Take it back"), call.house.command("undo", entry=entry))
    blocks = (Paragraph(line), Paragraph(_left(call, tip.giver)), Note(slip))
    return View(None, blocks, (button,) if tip.stands else (), Tone.PASSED)


@drawing("reputation.received")
def received(call: Call, entry: int) -> View:
    """The notice to who was thanked."""
    tip = _tip(call, entry)
    line = T(
        "{giver} thanks you with {points}.", giver=MemberId(tip.giver), points=_points(tip.points)
    )
    return View(None, (Paragraph(line), Quote(_reason(call, tip))), tone=Tone.PASSED)


@drawing("reputation.undone")
def undone(call: Call, entry: int) -> View:
    """The answer to `undo`."""
    tip = _tip(call, entry)
    to = MemberId(tip.receiver)
    line = T("You took back {points} from {to}.", points=_points(tip.points), to=to)
    return View(None, (Paragraph(line), Paragraph(_left(call, tip.giver))))


@drawing("reputation.reversed")
def reversed_entry(_: Call, entry: int) -> View:
    """The answer to `reverse`."""
    return View(None, (Paragraph(T("Entry {entry} is taken back.", entry=entry)),))


@drawing("reputation.unfunded")
def unfunded(call: Call, entry: int) -> View:
    """What everybody sees where something that came into a pool is taken back."""
    back = ledger.entry(call.tx, call.community.id, entry)
    if back is None:
        raise Gone
    line = T(
        "{by} took back entry {entry} of the books, {amount} from outside: {reason}",
        by=MemberId(back.by or 0),
        entry=back.undoes or 0,
        amount=ledger.said(back.amount, ledger.asset_by_id(call.tx, back.asset)),
        reason=_note(back),
    )
    return View(None, (Paragraph(line),), tone=Tone.QUIET)


@drawing("reputation.taken")
def taken_back(call: Call, entry: int) -> View:
    """The notice to giver and receiver of a tip that was taken back."""
    tip = _tip(call, entry)
    line = T("The tip of {points} from {giver} to {to} was taken back.", points=_points(tip.points),
             **_who(tip))  # fmt: skip
    blocks: list[Block] = [Paragraph(line)]
    if tip.reversed_by is not None:
        blocks.append(Note(_reversal(call, tip)))
    return View(None, tuple(blocks), tone=Tone.QUIET)


@drawing("reputation.leave")
def on_leave(_: Call, starts_ms: int, ends_ms: int) -> View:
    """The answer to `leave`."""
    line = T(
        "You are on leave from {start} to {end}. Your standing does not fade meanwhile.",
        start=from_ms(starts_ms),
        end=from_ms(ends_ms),
    )
    return View(None, (Paragraph(line),), tone=Tone.PASSED)


@drawing("reputation.hidden")
def hidden(_: Call, is_hidden: int) -> View:
    """The answer to `hide me`."""
    line = T("You are on the leaderboard again.")
    if is_hidden:
        line = T("You are not on the leaderboard any more; {command} still shows your standing.",
                 command=CommandName("standing"))  # fmt: skip
    return View(None, (Paragraph(line),), tone=Tone.PASSED)


@drawing("reputation.ranked")
def ranked(_: Call) -> View:
    """The answer to a worker who computed the order of the leaderboard."""
    return View(None, (Paragraph(T("The leaderboard is put in order.")),), tone=Tone.QUIET)


def standing_of(call: Call, member: int) -> View:
    """Somebody's standing, and the newest entries behind it."""
    now = standing.standing(call.tx, call.community.id, member, call.now)
    line = T("{who} has a standing of {points}.", who=MemberId(member), points=_milli(now))
    blocks: list[Block] = [Paragraph(line)]
    asset = ledger.asset(call.tx, call.community.id, SYMBOL)
    holder = Holder(Book.MEMBER, member)
    if asset is not None:
        found = ledger.entries_of(call.tx, call.community.id, holder, asset.id, ENTRIES)
        if found:
            blocks.append(Items(tuple(_entry(call, one, holder) for one in found)))
    away = [
        one for one in store.leaves(call.tx, call.community.id, member) if one.to_ms > call.now_ms
    ]
    if away:
        blocks.append(Note(T("On leave until {end}.", end=from_ms(away[-1].to_ms))))
    return View(T("Standing"), tuple(blocks))


def leaderboard(call: Call, page: int) -> View:
    """One page of who has the most standing."""
    first = (page - 1) * PAGE
    found = standing.leaders(call, first, PAGE + 1)
    if not found:
        text = T("Nobody has points on this page. Thank somebody: {tip}", tip=CommandName("tip"))
        return View(T("Leaderboard"), (Paragraph(text),))
    rows = [
        T("{place}. {who}: {points}", place=at, who=MemberId(who), points=_milli(milli))
        for at, (who, milli) in enumerate(found[:PAGE], first + 1)
    ]
    hints = [Note(T("Not to be shown here: {hide} on", hide=CommandName("hide me")))]
    if standing.ranked_by(call.tx, call.community.id) != span_ms(call.settings[HALF_LIFE]):
        hints.append(Note(_NEW_ORDER))
    has_next = len(found) > PAGE and page < PAGES_MAX
    turn = call.house.command("leaderboard", page=page + 1) if has_next else None
    buttons = (Button(T("Next page"), turn),) if turn else ()
    return View(T("Leaderboard"), (Items(tuple(rows)), *hints), buttons)


def mine(call: Call, member: int) -> Sequence[Block]:
    """What `me` shows: standing, and what is left to give."""
    now = standing.standing(call.tx, call.community.id, member, call.now)
    rows = ((T("standing"), _milli(now)), (T("to give"), _left(call, member)))
    return (Fields(rows),)


def _tip(call: Call, entry: int) -> Tip:
    found = store.tip(call.tx, call.community.id, entry)
    if found is None:
        raise Gone
    return found


def _who(tip: Tip) -> dict[str, MemberId]:
    return {"giver": MemberId(tip.giver), "to": MemberId(tip.receiver)}


def _reason(call: Call, tip: Tip) -> Text:
    found = ledger.entry(call.tx, call.community.id, tip.entry)
    return _note(found)


def _note(found: Entry | None) -> Text:
    return T("{reason}", reason=found.note) if found and found.note else T("(erased)")


def _reversal(call: Call, tip: Tip) -> Text:
    found = ledger.entry(call.tx, call.community.id, tip.reversed_by or 0)
    return T("An admin took it back: {reason}", reason=_note(found))


def _left(call: Call, member: int) -> Text:
    now = allowance(call, member)
    return T(
        "{left} of {whole} points are left to give until {until}.",
        left=now.left,
        whole=now.whole,
        until=now.epoch.end,
    )


def _points(n: int) -> Text:
    return counted(n, "1 point", "{n} points")


def _milli(milli: int) -> Text:
    """Return milli-points as text of our own, to two places, rounded half up.

    What was given a moment ago has faded by less than anybody should have to read.
    """
    shown = (milli + STEP // 2) // STEP
    unit = "point" if shown == 10**PLACES else "points"
    return T(f"{ledger.write_amount(shown, PLACES)} {unit}")


def _entry(call: Call, one: Entry, holder: Holder) -> Text:
    """Return one line of the books, as the holder sees it."""
    sign = "+" if one.taker == holder else "-"
    amount = T(f"{sign}{ledger.write_amount(one.amount, DECIMALS)}")
    tip = store.tip(call.tx, call.community.id, one.number)
    line: dict[str, Any] = {"entry": one.number, "at": from_ms(one.at_ms), "amount": amount}
    if tip is not None:
        who = MemberId(tip.giver)
        return T("{entry}. {at} {amount} from {who}: {reason}", **line, who=who, reason=_note(one))
    return T("{entry}. {at} {amount} for entry {of}", **line, of=one.undoes or 0)
