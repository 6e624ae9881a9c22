"""The live card of a vote: what everybody sees, open or closed."""

from itertools import groupby

from core.kernel import journal
from core.kernel.call import Call
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, MemberId, T, Text, counted
from core.kernel.view import Block, Button, Items, Note, Paragraph, Quote, Style, Tone, View
from core.proposals import ballots, effects, store
from core.proposals.chart import bars, option_name
from core.proposals.model import Extension, Proposal, Sort, State, Why, state
from core.proposals.words import outcome, rule_in_force, secrecy, title_of
from core.voting import commitment

TONES: dict[State, Tone] = {
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
    one = load(call, number)
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
    return View(titled(one), tuple(blocks), buttons, TONES[where])


def titled(one: Proposal) -> Text:
    """Return the number and the title."""
    return T("#{number} {title}", number=one.number, title=title_of(one))


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
    blocks += _extensions(one)
    blocks.append(Note(rule_in_force(one)))
    if one.rule.is_secret:
        blocks.append(Note(secrecy(one)))
    if one.sort is Sort.POLL:
        key = Code(commitment(one.lot_key).hex())
        blocks.append(Note(T("If it ties, a lot gives an order. Its sealed key: {key}", key=key)))
    return blocks


def _ends(one: Proposal) -> Text:
    return T("Closes {at}.", at=one.closes_at)


def _extensions(one: Proposal) -> list[Block]:
    """Why the end is where it is: a line for each admin's reason, one for each other cause."""
    lines = []
    for why, found in groupby(one.extensions, key=lambda extension: extension.why):
        several = list(found)
        if why is Why.ADMIN:
            lines += [_more_time(extension) for extension in several]
        else:
            once, often = "The end moved, because {why}.", "The end moved {n} times, because {why}."
            lines.append(counted(len(several), once, often, why=_MOVED[why]))
    return [Paragraph(line) for line in lines]


def _more_time(one: Extension) -> Text:
    who = MemberId(one.by or 0)
    return T("{who} gave it more time: {reason}", who=who, reason=one.reason or "(erased)")


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
    blocks += _extensions(one)
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


def load(call: Call, number: int) -> Proposal:
    """Return a vote for a drawing; raises Gone."""
    found = store.proposal(call.tx, call.community.id, number)
    if found is None:
        raise Gone
    return found
