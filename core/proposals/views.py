"""What people read about proposals and polls."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from core.kernel.call import Call
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, MemberId, T, Text, counted
from core.kernel.view import Block, Button, Fields, Items, Note, Paragraph, Tone, View
from core.proposals import ballots, box, effects, store
from core.proposals.face import TONES, card, load, titled
from core.proposals.model import Proposal, State, is_open, state
from core.proposals.words import outcome, title_of

PAGE = 10
MINE_MAX = 20


@drawing("proposals.copy")
def copy(call: Call, number: int, moved_lately: int = 0) -> View:
    """A copy of the card; it moves nothing, and what is voted later is not put into it.

    Some platforms show it to one person, others to all, where a press makes it a pointer: the
    words hold for both.
    """
    drawn = card(call, number)
    notes = [Note(T("This is a copy as of now; the card itself stays where it is."))]
    if moved_lately:
        notes.append(Note(T("A card moves once a minute at most.")))
    return View(drawn.title, (*drawn.blocks, *notes), drawn.buttons, drawn.tone)


@drawing("proposals.pointer")
def pointer(call: Call, number: int) -> View:
    """What an old card or a pressed copy turns into when another one is live."""
    one = load(call, number)
    text = T("The card of #{number} is elsewhere. See it with {command}.", **_ref(one))
    return View(titled(one), (Note(text),), tone=Tone.QUIET)


@drawing("proposals.opened")
def opened(call: Call, number: int) -> View:
    """The answer to `poll` and `propose`."""
    one = load(call, number)
    text = T("#{number} is open until {at}.", number=number, at=one.closes_at)
    hint = T("To take it back: {command}", command=Code(f"/withdraw {number}"))
    return View(None, (Paragraph(text), Note(hint)), tone=Tone.PASSED)


@drawing("proposals.voted")
def voted(call: Call, number: int) -> View:
    """The answer to a ballot: what stands in the box now."""
    one = load(call, number)
    # Nobody, where this is told again to somebody who was forgotten meanwhile.
    if call.visitor is None:
        raise Gone
    ballot = box.ballot(call.tx, one.id, call.member.id)
    if ballot is None:
        raise Gone
    return taken(one, ballot[0])


def taken(one: Proposal, packed: bytes) -> View:
    """Return `voted` for who has the ballot in hand."""
    choice = ballots.write(one.rule.method, one.options, packed)
    return _taken(one.number, one.closes_at, choice)


@lru_cache(ballots.REMEMBERED_MAX)
def _taken(number: int, closes_at: datetime, choice: str) -> View:
    text = T("Your ballot on #{number}: {choice}.", number=number, choice=choice)
    note = T("You can change it until {at}.", at=closes_at)
    return voted.of(View(None, (Paragraph(text), Note(note)), tone=Tone.PASSED), number)


@drawing("proposals.shown")
def shown(_: Call, number: int) -> View:
    """The answer to `show`."""
    return View(None, (Paragraph(T("The card of #{number} is here now.", number=number)),))


@drawing("proposals.withdrawn")
def withdrawn(_: Call, number: int) -> View:
    """The answer to `withdraw`."""
    return View(None, (Paragraph(T("#{number} is withdrawn.", number=number)),), tone=Tone.PASSED)


@drawing("proposals.removed")
def taken_down(call: Call, number: int) -> View:
    """What an author is told whose vote an admin has withdrawn."""
    one = load(call, number)
    if one.withdrawal is None:
        raise Gone
    line = T(
        "{by} withdrew your vote {title}: {reason}",
        by=MemberId(one.withdrawal.by),
        title=title_of(one),
        reason=one.withdrawal.reason or "(erased)",
    )
    where = T("{name}: see {command}", name=call.community.name, command=Code(f"/show {number}"))
    return View(None, (Paragraph(line), Note(where)), tone=Tone.QUIET)


@drawing("proposals.extended")
def extended(call: Call, number: int) -> View:
    """The answer to `extend`."""
    one = load(call, number)
    text = T("#{number} is open until {at} now.", number=number, at=one.closes_at)
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


@drawing("proposals.retried")
def retried(call: Call, number: int) -> View:
    """The answer to `retry`."""
    why = effects.failure(load(call, number))
    if why is None:
        text = T("#{number} is carried out now.", number=number)
        return View(None, (Paragraph(text),), tone=Tone.PASSED)
    text = T("#{number} still cannot be carried out: {why}", number=number, why=why)
    return View(None, (Paragraph(text),), tone=Tone.FAILED)


@drawing("proposals.announcement")
def announcement(call: Call, number: int) -> View:
    """The result, posted beside the card."""
    one = load(call, number)
    if one.result is None:
        raise Gone
    return View(titled(one), _ended(one), tone=TONES[state(one, call.now)])


@drawing("proposals.notice")
def notice(call: Call, number: int) -> View:
    """The result, told to the author."""
    one = load(call, number)
    if one.result is None:
        raise Gone
    line = T("Your vote {title} closed. {outcome}", title=title_of(one), outcome=outcome(one))
    told = (Paragraph(line), *_ended(one)[1:])
    where = T("{name}: see {command}", name=call.community.name, command=Code(f"/show {number}"))
    return View(None, (*told, Note(where)))


def _ended(one: Proposal) -> tuple[Block, ...]:
    """Return the outcome, and why nothing came of it where that is so."""
    blocks: tuple[Block, ...] = (Paragraph(outcome(one)),)
    why = effects.failure(one)
    if why is None:
        return blocks
    retry = T("An admin can try again: {command}", command=Code(f"/retry {one.number}"))
    return (*blocks, Paragraph(T("It is not carried out: {why}", why=why)), Note(retry))


@drawing("proposals.unshown")
def unshown(call: Call, number: int, trouble: str) -> View:
    """What the author is told when the card cannot be shown where it belongs."""
    one = load(call, number)
    line = T("I could not show the card of {title}: {why}.", title=title_of(one), why=trouble)
    hint = T(
        "Votes still count. Ask an admin to mend it, or type {command} in a channel where I "
        "may write.",
        command=Code(f"/show {number}"),
    )
    return View(None, (Paragraph(line), Note(hint)), tone=Tone.FAILED)


@drawing("proposals.counted")
def counted_by_clock(_: Call, number: int) -> View:
    """What the clock gets; nobody reads it."""
    return View(None, (Paragraph(T("#{number} was counted.", number=number)),))


@drawing("proposals.count")
def counting(_: Call, __: int) -> View:
    """What a worker is asked to count; nobody reads it."""
    return View()


@drawing("proposals.moved")
def moved(_: Call) -> View:
    """What the clock gets after an outage; nobody reads it."""
    return View(None, (Paragraph(T("Ends were moved.")),))


def listing(call: Call, page: int) -> View:
    """One page of the list."""
    n = store.count(call.tx, call.community.id)
    if not n:
        start = T("No votes yet. Open one with {a} or {b}.", **_starters())
        return View(T("Votes"), (Paragraph(start),))
    last = -(-n // PAGE)
    page = min(page, last)
    found = store.page(call.tx, call.community.id, PAGE, (page - 1) * PAGE)
    lines = tuple(_line(one, call.now) for one in found)
    buttons = []
    if page > 1:
        buttons.append(Button(T("Newer"), call.house.command("proposals", page=page - 1)))
    if page < last:
        buttons.append(Button(T("Older"), call.house.command("proposals", page=page + 1)))
    where = T("Page {page} of {last}", page=page, last=last)
    return View(T("Votes"), (Items(lines), Note(where)), tuple(buttons))


def mine(call: Call, member: int) -> list[Block]:
    """The part of `me`: the asker's ballots in open votes, and what waits for one."""
    found = box.open_ballots_of(call.tx, call.community.id, member, call.now_ms, MINE_MAX)
    rows = []
    for number, title, packed, options, method_name in found:
        choice = ballots.write(method_name, tuple(options), packed)
        name = T("#{number} {title}", number=number, title=title)
        rows.append((name, T("{choice}", choice=choice)))
    voted_on = {number for number, *_ in found}
    waiting = [
        one
        for one in store.open_ones(call.tx, call.community.id)
        if is_open(one, call.now) and one.number not in voted_on
    ]
    blocks: list[Block] = []
    if rows:
        blocks += [Paragraph(T("Your ballots in open votes:")), Fields(tuple(rows))]
    if waiting:
        lines = tuple(_line(one, call.now) for one in waiting[:MINE_MAX])
        blocks += [Paragraph(T("Waiting for your ballot:")), Items(lines)]
    return blocks


def _ref(one: Proposal) -> dict[str, Any]:
    return {"number": one.number, "command": Code(f"/show {one.number}")}


def _starters() -> dict[str, Any]:
    return {"a": CommandName("poll"), "b": CommandName("propose")}


def _line(one: Proposal, now: datetime) -> Text:
    where = state(one, now)
    if where is State.OPEN:
        voted = counted(one.running.turnout, "1 vote", "{n} votes")
        return T(
            "#{number} {title}: open until {at}, {voted}",
            number=one.number,
            title=title_of(one),
            at=one.closes_at,
            voted=voted,
        )
    ended = {
        State.WITHDRAWN: T("withdrawn"),
        State.COUNTING: T("being counted"),
    }.get(where)
    said = ended if ended is not None else outcome(one)
    if effects.failure(one) is not None:
        said = T("{outcome} It is not carried out.", outcome=said)
    return T("#{number} {title}: {said}", number=one.number, title=title_of(one), said=said)
