"""What people read about proposals and polls."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from core.kernel import journal
from core.kernel.call import Call
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, MemberId, T, Text, counted
from core.kernel.view import Block, Button, Fields, Items, Note, Paragraph, Quote, Style, Tone, View
from core.proposals import ballots, effects, store
from core.proposals.chart import bars, option_name
from core.proposals.model import Proposal, Sort, State, Why, is_open, state
from core.proposals.words import outcome, rule_in_force, secrecy, title_of
from core.voting import commitment

PAGE = 10
MINE_MAX = 20

_TONES: dict[State, Tone] = {
    State.OPEN: Tone.OPEN,
    State.COUNTING: Tone.OPEN,
    State.PASSED: Tone.PASSED,
    State.DECIDED: Tone.PASSED,
    State.FAILED: Tone.FAILED,
    State.TIED: Tone.QUIET,
    State.EMPTY: Tone.QUIET,
    State.WITHDRAWN: Tone.QUIET,
}
_MOVED: dict[Why, Text] = {
    Why.QUORUM: T("the quorum was reached only near the end"),
    Why.LEADER: T("the lead changed near the end"),
    Why.OUTAGE: T("I was away for a part of the last quarter"),
}


@drawing("proposals.card")
def card(call: Call, number: int) -> View:
    """The live card of a vote."""
    one = _load(call, number)
    where = state(one, call.now)
    blocks = _head(one)
    if one.has_effects:
        blocks += _carried(call, one)
    match where:
        case State.OPEN | State.COUNTING:
            blocks += _open_blocks(call, one, where)
        case State.WITHDRAWN:
            blocks.append(Paragraph(_withdrawal(one)))
        case _:
            blocks += _result_blocks(call, one)
    buttons = _buttons(call, one) if where is State.OPEN else ()
    if where is State.PASSED and effects.failure(one) is not None:
        retry = call.house.command("retry", proposal=number)
        buttons = (Button(T("Try again (admins)"), retry),)
    return View(_titled(one), tuple(blocks), buttons, _TONES[where])


@drawing("proposals.copy")
def copy(call: Call, number: int) -> View:
    """A copy of the card for one person; it moves nothing and is not edited later."""
    return card(call, number)


@drawing("proposals.pointer")
def pointer(call: Call, number: int) -> View:
    """What an old card turns into when a newer one is live."""
    one = _load(call, number)
    text = T("The card of #{number} moved further down. See it with {command}.", **_ref(one))
    return View(_titled(one), (Note(text),), tone=Tone.QUIET)


@drawing("proposals.opened")
def opened(call: Call, number: int) -> View:
    """The answer to `poll` and `propose`."""
    one = _load(call, number)
    text = T("#{number} is open until {at}.", number=number, at=one.closes_at)
    hint = T("To take it back: {command}", command=Code(f"/withdraw {number}"))
    return View(None, (Paragraph(text), Note(hint)), tone=Tone.PASSED)


@drawing("proposals.voted")
def voted(call: Call, number: int) -> View:
    """The answer to a ballot: what stands in the box now."""
    one = _load(call, number)
    ballot = store.ballot(call.tx, one.id, call.member.id)
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


@drawing("proposals.extended")
def extended(call: Call, number: int) -> View:
    """The answer to `extend`."""
    one = _load(call, number)
    text = T("#{number} is open until {at} now.", number=number, at=one.closes_at)
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


@drawing("proposals.retried")
def retried(call: Call, number: int) -> View:
    """The answer to `retry`."""
    why = effects.failure(_load(call, number))
    if why is None:
        text = T("#{number} is carried out now.", number=number)
        return View(None, (Paragraph(text),), tone=Tone.PASSED)
    text = T("#{number} still cannot be carried out: {why}", number=number, why=why)
    return View(None, (Paragraph(text),), tone=Tone.FAILED)


@drawing("proposals.announcement")
def announcement(call: Call, number: int) -> View:
    """The result, posted beside the card."""
    one = _load(call, number)
    if one.result is None:
        raise Gone
    line = T("{title}: {outcome}", title=title_of(one), outcome=outcome(one))
    return View(None, (Paragraph(line),), tone=_TONES[state(one, call.now)])


@drawing("proposals.notice")
def notice(call: Call, number: int) -> View:
    """The result, told to the author."""
    one = _load(call, number)
    if one.result is None:
        raise Gone
    line = T("Your vote {title} closed. {outcome}", title=title_of(one), outcome=outcome(one))
    where = T("{name}: see {command}", name=call.community.name, command=Code(f"/show {number}"))
    return View(None, (Paragraph(line), Note(where)))


@drawing("proposals.unshown")
def unshown(call: Call, number: int, trouble: str) -> View:
    """What the author is told when the card cannot be shown where it belongs."""
    one = _load(call, number)
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
    found = store.open_ballots_of(call.tx, call.community.id, member, call.now_ms, MINE_MAX)
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


def _load(call: Call, number: int) -> Proposal:
    found = store.proposal(call.tx, call.community.id, number)
    if found is None:
        raise Gone
    return found


def _titled(one: Proposal) -> Text:
    return T("#{number} {title}", number=one.number, title=title_of(one))


def _ref(one: Proposal) -> dict[str, Any]:
    return {"number": one.number, "command": Code(f"/show {one.number}")}


def _starters() -> dict[str, Any]:
    return {"a": CommandName("poll"), "b": CommandName("propose")}


def _head(one: Proposal) -> list[Block]:
    what = {
        (Sort.PROPOSAL, False): T("Proposal by {who}", who=MemberId(one.author)),
        (Sort.POLL, False): T("Poll by {who}", who=MemberId(one.author)),
        (Sort.POLL, True): T("Secret poll by {who}", who=MemberId(one.author)),
    }[one.sort, one.rule.is_secret]
    blocks: list[Block] = [Paragraph(what)]
    if one.details:
        blocks.append(Quote(T("{details}", details=one.details)))
    return blocks


def _carried(call: Call, one: Proposal) -> list[Block]:
    """What runs if it passes, in full; after that what became of it."""
    blocks: list[Block] = []
    try:
        blocks.append(Items(tuple(effects.described(call, one))))
    except effects.EffectsChanged as changed:
        blocks.append(Paragraph(changed.text))
    blocks.append(Note(T("Digest of what runs: {digest}", digest=Code(one.effects_digest or ""))))
    why = effects.failure(one)
    if why is not None:
        blocks.append(Paragraph(T("Passed, not carried out: {why}", why=why)))
    for feature in call.house.features:
        if feature.on_card is not None:
            blocks.extend(feature.on_card(call, one.number))
    return blocks


def _open_blocks(call: Call, one: Proposal, where: State) -> list[Block]:
    blocks: list[Block] = []
    turnout = one.running.turnout
    if one.rule.is_secret:
        options = tuple(option_name(one, at) for at in range(len(one.options)))
        blocks.append(Items(options))
    else:
        blocks.append(bars(one, one.running.totals, ()))
    voted = counted(turnout, "1 person voted.", "{n} people voted.")
    if where is State.COUNTING:
        blocks.append(Paragraph(T("{voted} Closed; the ballots are being counted.", voted=voted)))
    else:
        soon = call.now >= one.closes_at - one.guard
        ends = T("Closes soon: {at}.", at=one.closes_at) if soon else _ends(one)
        blocks.append(Paragraph(T("{voted} {ends}", voted=voted, ends=ends)))
    blocks += [Paragraph(_extension(extension)) for extension in one.extensions]
    blocks.append(Note(rule_in_force(one)))
    if one.rule.is_secret:
        blocks.append(Note(secrecy(one)))
    if one.sort is Sort.POLL:
        key = Code(commitment(one.lot_key).hex())
        blocks.append(Note(T("If it ties, a lot gives an order. Its sealed key: {key}", key=key)))
    return blocks


def _ends(one: Proposal) -> Text:
    return T("Closes {at}.", at=one.closes_at)


def _extension(one: Any) -> Text:
    if one.why is Why.ADMIN:
        who = MemberId(one.by or 0)
        return T("{who} gave it more time: {reason}", who=who, reason=one.reason or "(erased)")
    return T("The end moved, because {why}.", why=_MOVED[one.why])


def _withdrawal(one: Proposal) -> Text:
    assert one.withdrawal is not None
    who, at = MemberId(one.withdrawal.by), one.withdrawal.at
    if not one.withdrawal.reason:
        return T("Withdrawn by {who}, {at}.", who=who, at=at)
    return T("Withdrawn by {who}, {at}: {reason}", who=who, at=at, reason=one.withdrawal.reason)


def _result_blocks(call: Call, one: Proposal) -> list[Block]:
    assert one.result is not None
    assert one.closed_seq is not None
    record = one.result
    blocks: list[Block] = [
        Paragraph(outcome(one)),
        bars(one, record["totals"], _marked(one)),
        Paragraph(counted(record["turnout"], "1 person voted.", "{n} people voted.")),
    ]
    blocks += [Paragraph(_extension(extension)) for extension in one.extensions]
    if "lot" in record:
        order = ", ".join(ballots.names_of(one.options)[at] for at in record["lot"]["order"])
        lot = T(
            "If you need an order, the lot says: {order}. Key {key}, seed {seed}.",
            order=order,
            key=Code(record["lot"]["key"]),
            seed=Code(record["lot"]["seed"]),
        )
        blocks.append(Note(lot))
    blocks.append(Note(rule_in_force(one)))
    entry = journal.entry(call.tx, call.community.id, one.closed_seq)
    if entry is not None:
        head = T(
            "Closed {at}. Journal entry {seq}, head {hash}",
            at=one.closes_at,
            seq=one.closed_seq,
            hash=Code(entry.hash.hex()),
        )
        blocks.append(Note(head))
    return blocks


def _marked(one: Proposal) -> list[int]:
    """Return the options to mark as chosen; of a proposal none, as its gates decide."""
    assert one.result is not None
    winners: list[int] = one.result["winners"]
    return winners if one.sort is Sort.POLL else []


def _buttons(call: Call, one: Proposal) -> tuple[Button, ...]:
    buttons = []
    for at in range(len(one.options)):
        command = (
            call.house.command("tick", proposal=one.number, option=at + 1)
            if one.rule.method == "approval"
            else call.house.command("vote", proposal=one.number, choice=f"#{at + 1}")
        )
        is_main = one.sort is Sort.PROPOSAL and at == 0
        style = Style.MAIN if is_main else Style.PLAIN
        buttons.append(Button(option_name(one, at), command, style))
    return tuple(buttons)


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
    return T("#{number} {title}: {said}", number=one.number, title=title_of(one), said=said)
