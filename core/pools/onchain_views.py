"""What people read about payments on a chain, and about a treasury's pools."""

from typing import assert_never

from core import execution
from core.execution import Operation, State, Token, Why
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, MemberId, T, Text, Value
from core.kernel.view import Block, Fields, Items, Note, Paragraph, Tone, View
from core.ledger import said, write_amount
from core.pools import onchain_rules
from core.pools.model import Pool

SHOWN = 10
_RETRY = "An admin can try again with {retry}."
_WHY: dict[Why, Text] = {
    Why.NOT_DELIVERED: T(
        "the transaction went through, but the amount did not arrive whole. It never counts as "
        "paid, and nothing more is sent. Look at the token, and settle the rest in a new request."
    ),
    Why.REVERTED: T("the chain refused the transaction."),
    Why.DECIMALS_CHANGED: T(
        "the token has other decimals now than when it was voted on, so the amount would be "
        "another one. Nothing was sent. An admin should stop it; ask for it again."
    ),
    Why.OVER_CAP: T(
        "it is more than one payment may be by the signer's own cap. Nothing was sent."
    ),
    Why.OVER_DAY_CAP: T(
        "with it, payments of this day would be more than the signer's own cap. Nothing was sent."
    ),
    Why.NOT_ENOUGH: T("the treasury holds less than that. Nothing was sent."),
    Why.DIGEST_DIFFERS: T(
        "what the books say is not what was voted on. Nothing was sent. Whoever runs me should "
        "look at the database with verify."
    ),
    Why.FEE_CEILING: T("fees on the chain are above the ceiling that is set."),
    Why.UNKNOWN_TOKEN: T("the signer does not know this token any more. Nothing was sent."),
    Why.NOT_ALLOWED: T("the signer may not pay this from that treasury. Nothing was sent."),
}


@drawing("onchain.news")
def news(call: Call, number: int) -> View:
    """What the payee, the author and the treasury channel are told, as it stands."""
    one = _operation(call, number)
    where = T("{name}: see {command}", name=call.community.name, command=Code(f"/show {number}"))
    is_bad = one.state in {State.STOPPED, State.VETOED, State.FAILED}
    blocks = (Paragraph(state_of(one)), Note(where))
    return View(None, blocks, tone=Tone.FAILED if is_bad else Tone.PASSED)


@drawing("onchain.stopped")
def stopped(call: Call, number: int) -> View:
    """The answer to `stop`."""
    one = _operation(call, number)
    text = T("The payment of #{number} is stopped: {amount} stay in the treasury.",
             number=number, amount=amount_of(one))  # fmt: skip
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


@drawing("onchain.retried")
def retried(call: Call, number: int) -> View:
    """The answer to `retry` of a payment that failed."""
    _operation(call, number)
    text = T("The payment of #{number} is handed to the chain again.", number=number)
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


@drawing("onchain.treasury")
def treasury(_: Call, name: str, pools: str) -> View:
    """What is posted when a treasury comes in."""
    text = T("The treasury {name} on the chain has pools here now: {pools}.", name=name,
             pools=pools)  # fmt: skip
    hint = T("Whoever wants to be paid from it says where to, with {command}.",
             command=CommandName("wallet set"))  # fmt: skip
    return View(None, (Paragraph(text), Note(hint)), tone=Tone.PASSED)


@drawing("onchain.frozen")
def frozen(_: Call, why: str) -> View:
    """What is posted when the signer stops everything."""
    text = T(
        "All payments are paused by the signer, because the chain and the books differ: {why}. "
        "Perhaps the books come from an old backup. Look at each payment on the chain; then two "
        "admins let payments go on with {command}.",
        why=why,
        command=CommandName("resume payments"),
    )
    return View(T("Payments are frozen"), (Paragraph(text),), tone=Tone.FAILED)


def on_card(call: Call, one: Operation) -> list[Block]:
    """The part of a request's card: what became of its payment on the chain."""
    blocks: list[Block] = [Paragraph(state_of(one))]
    if one.scheduled_tx is not None and one.state is State.SCHEDULED:
        number = execution.operation_id(one.address, one.to, one.amount, one.salt)
        blocks.append(Note(T("The treasury keeps it as operation {id}.", id=Code(number))))
    if one.state in {State.WAITING, State.ASKED, State.SCHEDULED}:
        blocks.append(Note(guardians_of(call, one)))
    return blocks


def state_of(one: Operation) -> Text:
    """Say where an operation stands."""
    facts = _facts(one)
    match one.state:
        case State.WAITING:
            return T(
                "{amount} go to {address}, for {who} (#{number}). This is handed to the chain "
                "{at} unless an admin stops it with {stop}.",
                at=from_ms(one.due_ms), stop=CommandName("stop"), **facts,
            )  # fmt: skip
        case State.STOPPED:
            return _stopped(one)
        case State.ASKED:
            return T(
                "{amount} to {address}, for {who} (#{number}): handed to the chain {at}, and to be "
                "scheduled in the treasury next.", at=_at(one.asked_ms), **facts,
            )  # fmt: skip
        case State.SCHEDULED:
            return T(
                "{amount} to {address}, for {who} (#{number}): scheduled in the treasury until "
                "{ready}, by the transaction {tx}. Then it is executed.",
                ready=_at(one.ready_ms), tx=Code(one.scheduled_tx or ""), **facts,
            )  # fmt: skip
        case State.EXECUTED:
            return T(
                "{amount} to {address}, for {who} (#{number}): executed by the transaction {tx} in "
                "block {block}. It counts as paid when that is final.",
                block=one.executed_block or 0, **_done(one), **facts,
            )  # fmt: skip
        case State.PAID:
            return T(
                "Paid {at}: {amount} to {address}, for {who} (#{number}), by the transaction {tx}.",
                at=_at(one.paid_ms), **_done(one), **facts,
            )  # fmt: skip
        case State.VETOED:
            return T(
                "Vetoed for good by {by}, {at}, with the transaction {tx}. {amount} to {address}, "
                "for {who} (#{number}) are not paid. It would take a new request.",
                by=Code(one.vetoed_by or ""), at=_at(one.vetoed_ms),
                tx=Code(one.vetoed_tx or ""), **facts,
            )  # fmt: skip
        case State.FAILED:
            return _failed(one)
        case _:
            assert_never(one.state)


def guardians_of(call: Call, one: Operation) -> Text:
    """Say who can veto a payment, and how, in the operator's words."""
    kept = execution.treasuries(call.tx, one.community)
    note = next((each.guardian_note for each in kept if each.name == one.treasury), "")
    return T("Who can veto it on the chain: {note}", note=note)


def line(call: Call, one: Pool) -> Text:
    """Return a pool in a list of pools."""
    token = _token(call, one)
    seen = execution.balance(call.tx, token.id)
    known = execution.operations_of(call.tx, token.id)
    held = onchain_rules.reserved_of(seen, known, token)
    if seen is None:
        return T("on a chain; not read yet, {held} reserved", held=said(held, one.asset))
    return T(
        "{free} free, {held} reserved, on a chain as of block {block}, {at}",
        free=said(onchain_rules.free_of(seen, known, token), one.asset),
        held=said(held, one.asset),
        block=seen.block,
        at=from_ms(seen.at_ms),
    )


def exactly(amount: int, symbol: str, decimals: int) -> Text:
    """Return base units in whole tokens, with every place that is not 0."""
    written = write_amount(amount, decimals)
    if "." in written:
        written = written.rstrip("0")
    return Text(f"{written} {symbol}", {})


def amount_of(one: Operation) -> Text:
    """Return the amount of an operation."""
    return exactly(one.amount, one.symbol, one.decimals)


def _failed(one: Operation) -> Text:
    assert one.failed_why is not None
    facts: dict[str, Value] = {"why": _WHY[one.failed_why], **_facts(one)}
    said_so = "Not paid: {amount} to {address}, for {who} (#{number}), {at}: {why}"
    if one.failed_detail:
        said_so += " The signer says: {detail}."
        facts["detail"] = one.failed_detail
    if one.is_over:
        return Text(said_so, {"at": _at(one.failed_ms), **facts})
    facts["retry"] = CommandName("retry")
    said_so += f" {_RETRY}"
    if one.is_stoppable:
        said_so += " Or end it with {stop}."
        facts["stop"] = CommandName("stop")
    return Text(said_so, {"at": _at(one.failed_ms), **facts})


def _stopped(one: Operation) -> Text:
    if one.stopped_by == one.member and not one.stop_reason:
        return T(
            "Not paid, because who should have got it asked to be forgotten, {at}: {amount} stay "
            "in the treasury (#{number}, for {who}).",
            at=_at(one.stopped_ms), **{k: v for k, v in _facts(one).items() if k != "address"},
        )  # fmt: skip
    return T(
        "{by} stopped the payment of #{number} to {address}, for {who}, {at}: {reason}. {amount} "
        "stay in the treasury.",
        by=MemberId(one.stopped_by or 0), at=_at(one.stopped_ms),
        reason=one.stop_reason or "(erased)", **_facts(one),
    )  # fmt: skip


def _facts(one: Operation) -> dict[str, Value]:
    return {
        "amount": amount_of(one),
        "address": Code(one.to),
        "who": MemberId(one.member),
        "number": one.proposal,
    }


def _done(one: Operation) -> dict[str, Value]:
    return {"tx": Code(one.executed_tx or "")}


def _at(at_ms: int | None) -> Value:
    assert at_ms is not None
    return from_ms(at_ms)


def _operation(call: Call, number: int) -> Operation:
    found = execution.operation(call.tx, call.community.id, number)
    if found is None:
        raise Gone
    return found


def _token(call: Call, one: Pool) -> Token:
    assert one.token is not None
    found = execution.token(call.tx, one.token)
    if found is None:
        raise Gone
    return found


def pool(call: Call, one: Pool) -> View:
    """One pool of a treasury with its last payments."""
    token = _token(call, one)
    kept = execution.treasuries(call.tx, one.community)
    treasury = next(each for each in kept if each.id == token.treasury)
    known = execution.operations_of(call.tx, token.id)
    seen = execution.balance(call.tx, token.id)
    held = said(onchain_rules.reserved_of(seen, known, token), one.asset)
    rows = [(T("reserved"), held)]
    if seen is not None:
        free = said(onchain_rules.free_of(seen, known, token), one.asset)
        whole = exactly(seen.amount, token.symbol, token.decimals)
        as_of = T("{whole}, as of block {block}, {at}", whole=whole, block=seen.block,
                  at=from_ms(seen.at_ms))  # fmt: skip
        rows = [(T("free"), free), *rows, (T("on the chain"), as_of)]
    rows += [
        (T("treasury"), T("{a} (chain {n})", a=Code(treasury.timelock), n=treasury.chain_id)),
        (T("token"), T("{a}", a=Code(token.address))),
        (T("one payment"), T("at most {n}", n=said(token.cap // token.unit, one.asset))),
        (T("24 hours"), T("at most {n}", n=said(token.cap_per_day // token.unit, one.asset))),
    ]
    newest = sorted(known, key=lambda op: op.proposal, reverse=True)[:SHOWN]
    lines = tuple(state_of(each) for each in newest)
    last = Items(lines) if lines else Paragraph(T("Nothing was decided about it yet."))
    blocks: list[Block] = [Fields(tuple(rows)), last]
    if seen is None:
        blocks.append(Note(T("I have not read yet what it holds. Look again in a minute.")))
    if not token.is_offered:
        blocks.append(Note(T("Whoever runs me took it out: nothing new is paid from it.")))
    blocks.append(Note(T("Who can veto on the chain: {note}", note=treasury.guardian_note)))
    return View(T("Pool {name}", name=one.name), tuple(blocks))
