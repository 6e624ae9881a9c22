"""What people read about pools and payments."""

from core import execution
from core.kernel.call import Call
from core.kernel.clock import from_ms
from core.kernel.drawing import drawing
from core.kernel.errors import Gone
from core.kernel.text import Code, CommandName, MemberId, T, Text, Value
from core.kernel.view import Block, Fields, Items, Note, Paragraph, Tone, View
from core.ledger import Book, Entry, Holder, asset_by_id, balances_of, entries_of, entry, said
from core.ledger import balance as balance_of
from core.pools import onchain_views, store
from core.pools.model import Payment, PaymentState, Pool
from core.pools.pause_views import pause_blocks

ENTRIES_SHOWN = 10


@drawing("pools.created")
def created(call: Call, number: int) -> View:
    """The answer to `pool create`."""
    one = _pool(call, number)
    text = T("The pool {name} holds {asset} now.", name=one.name, asset=Code(one.asset.symbol))
    hint = T("To note what comes in: {command}", command=CommandName("pool fund"))
    return View(None, (Paragraph(text), Note(hint)), tone=Tone.PASSED)


@drawing("pools.posted")
def posted(call: Call, number: int) -> View:
    """The answer to `pool fund` and `pool settle`, also posted for everybody."""
    one = entry(call.tx, call.community.id, number)
    if one is None:
        raise Gone
    amount = said(one.amount, asset_by_id(call.tx, one.asset))
    by = MemberId(one.by or 0)
    if one.giver.book is Book.OUTSIDE:
        pool = _pool(call, one.taker.owner)
        text = T("{amount} came into the pool {pool}, says {by}: {note}", amount=amount,
                 pool=pool.name, by=by, note=one.note or "(erased)")  # fmt: skip
    else:
        text = T("{who} was paid {amount} outside, says {by}: {note}", amount=amount,
                 who=MemberId(one.giver.owner), by=by, note=one.note or "(erased)")  # fmt: skip
    where = T("Entry {number} of the books", number=number)
    return View(None, (Paragraph(text), Note(where)), tone=Tone.PASSED)


@drawing("pools.settled")
def settled(call: Call, number: int) -> View:
    """What a member is told who was paid outside."""
    one = entry(call.tx, call.community.id, number)
    if one is None:
        raise Gone
    asset = asset_by_id(call.tx, one.asset)
    left = balance_of(call.tx, call.community.id, one.giver, one.asset)
    text = T(
        "{by} noted that you were paid {amount}: {note}",
        by=MemberId(one.by or 0),
        amount=said(one.amount, asset),
        note=one.note or "(erased)",
    )
    rest = T("{name} owes you {left} now.", name=call.community.name, left=said(left, asset))
    return View(None, (Paragraph(text), Note(rest)))


@drawing("pools.paid")
def paid(_: Call, number: int) -> View:
    """What the clock gets; nobody reads it."""
    return View(None, (Paragraph(T("#{number} was paid.", number=number)),))


@drawing("pools.stopped")
def stopped(call: Call, number: int) -> View:
    """The answer to `stop`."""
    one, pool = _payment(call, number)
    text = T(
        "The payment of #{number} is stopped; {amount} are back in the pool {pool}.",
        number=number,
        amount=said(one.amount, pool.asset),
        pool=pool.name,
    )
    return View(None, (Paragraph(text),), tone=Tone.PASSED)


@drawing("pools.news")
def news(call: Call, number: int) -> View:
    """What the payee, the author and the treasury channel are told of a payment, as it stands."""
    one, pool = _payment(call, number)
    match one.state:
        case PaymentState.WAITING:
            text = _waiting(one, pool)
        case PaymentState.PAID:
            text = T(
                "{amount} from the pool {pool} are owed to {who} now, for #{number}. An admin "
                "hands it over.",
                **_said(one, pool),
            )
        case PaymentState.STOPPED:
            text = _stopped(one, pool)
    where = T("{name}: see {command}", name=call.community.name, command=Code(f"/show {number}"))
    tone = Tone.FAILED if one.state is PaymentState.STOPPED else Tone.PASSED
    return View(None, (Paragraph(text), Note(where)), tone=tone)


def listing(call: Call) -> View:
    """All pools."""
    found = store.pools(call.tx, call.community.id)
    if not found:
        text = T("No pools yet. An admin creates one with {a}.", a=CommandName("pool create"))
        return View(T("Pools"), (Paragraph(text),))
    rows = []
    for one in found:
        if one.token is not None:
            line = onchain_views.line(call, one)
        else:
            free, held = _balances(call, one)
            line = T("{free} free, {held} reserved", free=free, held=held)
        rows.append((T("{name}", name=one.name), line))
    return View(T("Pools"), (Fields(tuple(rows)), *pause_blocks(call)))


def pool(call: Call, one: Pool) -> View:
    """One pool with its last entries."""
    if one.token is not None:
        shown = onchain_views.pool(call, one)
        return View(shown.title, (*shown.blocks, *pause_blocks(call)))
    free, held = _balances(call, one)
    rows = ((T("free"), free), (T("reserved"), held))
    found = {
        last.number: last
        for book in (one.free, one.held)
        for last in entries_of(call.tx, call.community.id, book, one.asset.id, ENTRIES_SHOWN)
    }
    newest = [found[number] for number in sorted(found, reverse=True)][:ENTRIES_SHOWN]
    numbers = _proposals_of(call, one)
    lines = tuple(_line(last, one, numbers.get(last.number)) for last in newest)
    last = Items(lines) if lines else Paragraph(T("Nothing has come in yet."))
    blocks: tuple[Block, ...] = (Fields(rows), last, *pause_blocks(call))
    return View(T("Pool {name}", name=one.name), blocks)


def on_card(call: Call, number: int) -> list[Block]:
    """The part of a request's card: what became of its payment."""
    one = store.payment(call.tx, call.community.id, number)
    if one is None:
        return _on_chain(call, number)
    pool = _pool(call, one.pool)
    match one.state:
        case PaymentState.WAITING:
            return [Paragraph(_waiting(one, pool)), *pause_blocks(call)]
        case PaymentState.PAID:
            assert one.paid_ms is not None
            at = from_ms(one.paid_ms)
            text = T("Paid {at}: {amount} from {pool} to {who}.", at=at, **_said(one, pool))
            return [Paragraph(text)]
        case PaymentState.STOPPED:
            return [Paragraph(_stopped(one, pool))]


def _on_chain(call: Call, number: int) -> list[Block]:
    found = execution.operation(call.tx, call.community.id, number)
    if found is None:
        return []
    blocks = onchain_views.on_card(call, found)
    return blocks if found.is_over else [*blocks, *pause_blocks(call)]


def mine(call: Call, member: int) -> list[Block]:
    """The part of `me`: what the community owes the asker."""
    kept = [one for one in store.pools(call.tx, call.community.id) if one.token is None]
    ours = {one.asset.id: one.asset for one in kept}
    found = balances_of(call.tx, call.community.id, Holder(Book.MEMBER, member))
    lines = [said(amount, ours[asset]) for asset, amount in found if asset in ours]
    if not lines:
        return []
    return [Paragraph(T("Owed to you:")), Items(tuple(lines))]


def _waiting(one: Payment, pool: Pool) -> Text:
    return T(
        "{amount} from the pool {pool} are reserved for {who} (#{number}). They will be paid {at} "
        "unless an admin stops the payment with {command}.",
        at=from_ms(one.pay_ms),
        command=CommandName("stop"),
        **_said(one, pool),
    )


def _stopped(one: Payment, pool: Pool) -> Text:
    assert one.stopped_ms is not None
    at = from_ms(one.stopped_ms)
    if one.stopped_by == one.member and not one.stop_reason:
        return T(
            "Not paid, because who should have got it asked to be forgotten, {at}: {amount} are "
            "back in the pool {pool} (#{number}, for {who}).",
            at=at,
            **_said(one, pool),
        )
    return T(
        "{by} stopped the payment of #{number} to {who}, {at}: {reason}. {amount} are back in the "
        "pool {pool}.",
        by=MemberId(one.stopped_by or 0),
        at=at,
        reason=one.stop_reason or "(erased)",
        **_said(one, pool),
    )


def _said(one: Payment, pool: Pool) -> dict[str, Value]:
    amount = said(one.amount, pool.asset)
    who = MemberId(one.member)
    return {"amount": amount, "pool": pool.name, "who": who, "number": one.proposal}


def _balances(call: Call, one: Pool) -> tuple[Text, Text]:
    free, held = (
        said(balance_of(call.tx, call.community.id, book, one.asset.id), one.asset)
        for book in (one.free, one.held)
    )
    return free, held


def _proposals_of(call: Call, one: Pool) -> dict[int, int]:
    """Return which request the newest entries of a pool belong to."""
    found = {}
    for payment in store.latest(call.tx, one, 5 * ENTRIES_SHOWN):
        found[payment.entry] = payment.proposal
        if payment.end_entry is not None:
            found[payment.end_entry] = payment.proposal
    return found


def _line(last: Entry, one: Pool, request: int | None) -> Text:
    amount, at = said(last.amount, one.asset), from_ms(last.at_ms)
    number = T("#{n}", n=request) if request is not None else T("entry {n}", n=last.number)
    facts: dict[str, Value] = {"at": at, "amount": amount, "number": number}
    match last.giver.book, last.taker.book:
        case Book.OUTSIDE, _:
            by, note = MemberId(last.by or 0), last.note or "(erased)"
            return T("{at}: {amount} in, by {by}: {note}", at=at, amount=amount, by=by, note=note)
        case Book.POOL, Book.OUTSIDE:
            return T("{at}: {amount} taken back, by {by}: {note} (entry {of})", at=at,
                     amount=amount, by=MemberId(last.by or 0), note=last.note or "(erased)",
                     of=last.undoes or 0)  # fmt: skip
        case Book.POOL, Book.RESERVED:
            return T("{at}: {amount} reserved ({number})", **facts)
        case Book.POOL, Book.PAYDAY:
            return T("{at}: {amount} shared out to members ({number})", **facts)
        case Book.RESERVED, Book.POOL:
            return T("{at}: {amount} given back ({number})", **facts)
        case _, Book.MEMBER:
            who = MemberId(last.taker.owner)
            return T("{at}: {amount} paid to {who} ({number})", who=who, **facts)
        case _:
            return T("{at}: {amount} moved ({number})", **facts)


def _pool(call: Call, number: int) -> Pool:
    found = store.pool(call.tx, call.community.id, number)
    if found is None:
        raise Gone
    return found


def _payment(call: Call, number: int) -> tuple[Payment, Pool]:
    found = store.payment(call.tx, call.community.id, number)
    if found is None:
        raise Gone
    return found, _pool(call, found.pool)
