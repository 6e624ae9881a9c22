"""Counting the books afterwards: every entry is one that was asked for, or that an end led to."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.kill.asked import Asked, What
from tests.kill.found import Found, Number
from tests.kill.ledger import Ledger
from tests.kill.purses import DELAY_MS

_ENTRIES = """
select s.space, e.number, e.journal_seq, x.symbol, e.purpose,
       e.from_book, coalesce(f.account, iif(e.from_book = 'payday', e.from_owner || '', '')),
       e.to_book, coalesce(t.account, iif(e.to_book = 'payday', e.to_owner || '', '')),
       e.amount, e.undoes
  from entry e
  join asset x on x.id = e.asset
  join community c on c.id = e.community join space s on s.id = c.home_space
  left join account f on f.community = e.community and f.member = e.from_owner
                     and e.from_book = 'member'
  left join account t on t.community = e.community and t.member = e.to_owner
                     and e.to_book = 'member'
 order by e.community, e.number"""
_BALANCES = """
select s.space, b.book, coalesce(a.account, iif(b.book = 'payday', b.owner || '', '')),
       x.symbol, b.amount
  from balance b
  join asset x on x.id = b.asset
  join community c on c.id = b.community join space s on s.id = c.home_space
  left join account a on a.community = b.community and a.member = b.owner
                     and b.book = 'member'"""
_TIPS = """
select s.space, t.entry, g.account, r.account, t.points, t.undone_by, t.reversed_by
  from tip t
  join community c on c.id = t.community join space s on s.id = c.home_space
  join account g on g.community = t.community and g.member = t.giver
  join account r on r.community = t.community and r.member = t.receiver"""
_PAYMENTS = """
select s.space, p.proposal, a.account, p.amount, p.reserved_ms, p.pay_ms, p.paid_ms,
       p.stopped_ms, p.entry, p.end_entry
  from payment p
  join community c on c.id = p.community join space s on s.id = c.home_space
  join account a on a.community = p.community and a.member = p.member"""
_CARRIED = """
select s.space, p.number, p.result, p.carried, y.paid_ms
  from proposal p
  join community c on c.id = p.community join space s on s.id = c.home_space
  left join payment y on y.community = p.community and y.proposal = p.number
 where p.effects <> '[]'"""
BOUNDLESS = frozenset({"issue", "outside"})


@dataclass(frozen=True)
class Moved:
    """One entry: whose book gave how much to whose, and what it takes back.

    A book is named with the account that it belongs to, or with the journal's entry of a payday.
    """

    purpose: str
    giver: tuple[str, str]
    taker: tuple[str, str]
    amount: int
    undoes: int | None = None


class Books:
    """The entries of every space, read with no code of ours."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.entries: dict[Number, Moved] = {}
        self.by_line: dict[Number, list[int]] = defaultdict(list)
        self.seq_of: dict[Number, int] = {}
        self.symbols: dict[Number, str] = {}
        for space, number, seq, symbol, purpose, *rest in db.execute(_ENTRIES):
            giver, giving, taker, taking, amount, undoes = rest
            at = (space, number)
            self.entries[at] = Moved(purpose, (giver, giving), (taker, taking), amount, undoes)
            self.by_line[space, seq].append(number)
            self.seq_of[at] = seq
            self.symbols[at] = symbol
        self._left = set(self.entries)

    def take(self, space: str, number: int | None) -> Moved | None:
        """Return an entry that something accounts for; a second time there is none."""
        if number is None or (space, number) not in self._left:
            return None
        self._left.remove((space, number))
        return self.entries[space, number]

    def left(self) -> list[Number]:
        """Return the entries that nothing accounts for."""
        return sorted(self._left)


def check(db: sqlite3.Connection, ledger: Ledger, found: Found, books: Books) -> list[str]:
    """Hold what was asked, and what decisions led to, against the entries."""
    faults = [*_check_asked(ledger, found, books)]
    faults += _check_tips(db, ledger, found)
    faults += _check_payments(db, ledger, found, books)
    faults += _check_balances(db, books)
    return faults


def at_the_end(db: sqlite3.Connection) -> Iterator[str]:
    """Check that every request that passed was paid, unless the pool could not."""
    for space, book, owner, symbol, amount in db.execute(_BALANCES):
        if book in {"reserved", "payday"} and amount:
            yield f"{space}: {amount} {symbol} are still {book} {owner}"
    for space, number, result, carried, paid_ms in db.execute(_CARRIED):
        what = json.loads(result)["outcome"] if result else "open"
        failed = json.loads(carried)["error"] if carried else None
        is_due = what == "passed" and failed is None
        if (what == "passed") != (carried is not None) or is_due != (paid_ms is not None):
            yield f"{space}, request #{number}: {what}, carried {carried}, paid {paid_ms}"


def unaccounted(books: Books) -> list[str]:
    """Tell which entries nobody asked for, once everything else has taken its own."""
    return [f"entry {at}: nobody asked for {books.entries[at]}" for at in books.left()]


def expected(one: Asked) -> Moved | None:
    """Return what a request that was done moves."""
    about = one.about
    member, points, pool = ("member", one.to), ("issue", ""), ("pool", "")
    if one.what is What.TIP:
        return Moved("tip", points, member, one.amount)
    if one.what is What.FUND:
        return Moved("pool fund", ("outside", ""), pool, one.amount)
    if one.what not in {What.UNDO, What.REVERSE} or about is None:
        return None
    first = expected(about)
    assert first is not None
    purpose = "tip undone" if one.what is What.UNDO else "reversed"
    return Moved(purpose, first.taker, first.giver, first.amount, about.number)


def _check_asked(ledger: Ledger, found: Found, books: Books) -> Iterator[str]:
    for name, (space, seq, _) in found.first.items():
        one = ledger.asked[name]
        moved = [books.take(space, number) for number in books.by_line.get((space, seq), [])]
        should = expected(one)
        if moved != [one for one in [should] if one is not None]:
            yield f"{name} ({one.what}) moved {moved}, should {should}"
        is_new = one.what in {What.TIP, What.FUND}
        if is_new and one.number and [one.number] != books.by_line[space, seq]:
            yield f"{name} was told entry {one.number}, is {books.by_line[space, seq]}"


def _check_tips(db: sqlite3.Connection, ledger: Ledger, found: Found) -> list[str]:
    """Hold the table of tips against what was asked and against what was taken back."""
    asked = [ledger.asked[name] for name in found.first]
    given = Counter(
        (one.space, one.by, one.to, one.amount) for one in asked if one.what is What.TIP
    )
    back = Counter((one.space, one.about.number, one.what) for one in asked if one.about)
    faults, kept = [], Counter[tuple[str, str, str, int]]()
    for space, entry, giver, to, points, undone, reversed_by in db.execute(_TIPS):
        kept[space, giver, to, points * 1_000] += 1
        for what, by in ((What.UNDO, undone), (What.REVERSE, reversed_by)):
            if back[space, entry, what] != (by is not None):
                faults.append(f"{space}: tip {entry} has {what} {by}, asked otherwise")
    if kept != given:
        faults.append(f"tips differ: {kept - given} too many, {given - kept} missing")
    return faults


def _check_payments(
    db: sqlite3.Connection, ledger: Ledger, found: Found, books: Books
) -> Iterator[str]:
    """Hold each payment against the request that it comes from; each moves once, after its time."""
    for space, number, to, amount, *times, held_by, paid_by in db.execute(_PAYMENTS):
        reserved_ms, pay_ms, paid_ms, stopped_ms = times
        where = f"{space}, payment #{number}"
        one = ledger.asked.get(found.opened.get((space, number), ""))
        if one is None or (one.what, one.to, one.amount) != (What.PAYMENT, to, amount):
            yield f"{where}: {amount} for {to} kept, asked {one}"
        if pay_ms != reserved_ms + DELAY_MS or (paid_ms is not None and paid_ms < pay_ms):
            yield f"{where}: reserved {reserved_ms}, due {pay_ms}, paid {paid_ms}"
        if stopped_ms is not None:
            yield f"{where}: nobody stopped it"
        held, paid = books.take(space, held_by), books.take(space, paid_by)
        if held != Moved("pool reserve", ("pool", ""), ("reserved", ""), amount):
            yield f"{where}: reserved by {held}"
        should = Moved("pool pay", ("reserved", ""), ("member", to), amount)
        if paid != (None if paid_ms is None else should):
            yield f"{where}: paid {paid_ms}, by {paid}"


def _check_balances(db: sqlite3.Connection, books: Books) -> Iterator[str]:
    """Re-add every book in order: none is ever below 0, all together are nothing."""
    held: Counter[tuple[str, str, str, str]] = Counter()
    for at, one in books.entries.items():
        symbol = books.symbols[at]
        giver, taker = (at[0], *one.giver, symbol), (at[0], *one.taker, symbol)
        held[giver] -= one.amount
        held[taker] += one.amount
        if one.giver[0] not in BOUNDLESS and held[giver] < 0:
            yield f"entry {at} leaves {giver} with {held[giver]}"
    kept: Counter[tuple[str, str, str, str]] = Counter()
    for space, book, account, symbol, amount in db.execute(_BALANCES):
        kept[space, book, account, symbol] += amount
        if amount < 0:
            yield f"{space}: {book} {account} holds {amount} {symbol}"
    for key in kept.keys() | held.keys():
        if key[1] not in BOUNDLESS and kept[key] != held[key]:
            yield f"{key}: {kept[key]} kept, {held[key]} in the entries"
    # Nothing is kept of the boundless books: what they gave is all that the others hold.
    sums: Counter[tuple[str, str]] = Counter()
    boundless = [(key, amount) for key, amount in held.items() if key[1] in BOUNDLESS]
    for (space, _, _, symbol), amount in [*kept.items(), *boundless]:
        sums[space, symbol] += amount
    for asset, amount in sums.items():
        if amount:
            yield f"all books of {asset} come to {amount}"
