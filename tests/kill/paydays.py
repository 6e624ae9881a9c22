"""Counting paydays afterwards: each epoch ended once, and its whole budget was shared out."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator

from tests.kill.asked import What
from tests.kill.books import Books, Moved
from tests.kill.found import Found
from tests.kill.ledger import Ledger
from tests.kill.purses import BUDGET, BY_TIPS

DAY_MS = 86_400_000
PURPOSE, POOL = "reward", ("pool", "")
_PAYDAYS = """
select s.space, p.from_ms, p.to_ms, p.paid_ms, p.seq
  from payday p
  join community c on c.id = p.community join space s on s.id = c.home_space
 where p.reward is not null"""
_SET = """
select s.space, j.at_ms, j.request
  from journal j join community c on c.id = j.community join space s on s.id = c.home_space
 where j.command = 'rewards set'"""


def check(db: sqlite3.Connection, ledger: Ledger, found: Found, books: Books) -> Iterator[str]:
    """Hold every payday against the journal, the books and the tips that were asked for."""
    paydays = db.execute(_PAYDAYS).fetchall()
    known = {(space, from_ms) for space, from_ms, *_ in paydays}
    for at in found.paydays.keys() - known:
        yield f"payday {at} is in the journal alone"
    for space, from_ms, to_ms, paid_ms, seq in paydays:
        where = f"{space}, payday from {from_ms}"
        lines = found.paydays.get((space, from_ms), [])
        if lines != ([] if seq is None else [seq]):
            yield f"{where} stands at {lines} in the journal, should at {seq}"
        if paid_ms is None or seq is None:
            continue
        if paid_ms < to_ms:
            yield f"{where} was paid at {paid_ms}, before its end {to_ms}"
        earned = _earned(ledger, found, space, (from_ms, to_ms, seq))
        for what in _check_shares(books, found, earned, space, seq):
            yield f"{where}: {what}"


def at_the_end(db: sqlite3.Connection, ledger: Ledger, now_ms: int) -> Iterator[str]:
    """Check that every epoch since the reward was set, and no other, is over."""
    paid: dict[str, list[int]] = {}
    for space, from_ms, _, paid_ms, _ in sorted(db.execute(_PAYDAYS)):
        if paid_ms is not None:
            paid.setdefault(space, []).append(from_ms)
    for space, at_ms, request in db.execute(_SET).fetchall():
        first_ms = -(-at_ms // DAY_MS) * DAY_MS
        should = list(range(first_ms, now_ms - DAY_MS + 1, DAY_MS))
        if (is_paid := paid.pop(space, [])) != should:
            yield f"{space}: epochs from {is_paid} are paid, should from {should}"
        if request not in ledger.asked:
            yield f"{space}: nobody asked for the reward {request}"
    if paid:
        yield f"nobody set a reward for {paid}"


def n_paid(database: sqlite3.Connection) -> int:
    """Return how many epochs ended with a budget shared out."""
    records = database.execute("select record from payday where record is not null")
    return sum(json.loads(record)["outcome"] == "paid" for (record,) in records)


def _earned(ledger: Ledger, found: Found, space: str, epoch: tuple[int, int, int]) -> Counter[str]:
    """Return the points by receiver of the tips that stood when an epoch was reckoned."""
    from_ms, to_ms, seq = epoch
    earned: Counter[str] = Counter()
    for name, (where, at, at_ms) in found.first.items():
        one = ledger.asked[name]
        if where != space or at >= seq:
            continue
        if one.what is What.TIP and from_ms <= at_ms < to_ms:
            earned[one.to] += one.amount
        elif one.about is not None and one.about.what is What.TIP:
            given_ms = found.first[one.about.request.id][2]
            earned[one.about.to] -= one.about.amount * (from_ms <= given_ms < to_ms)
    return +earned


def _check_shares(
    books: Books, found: Found, earned: Counter[str], space: str, seq: int
) -> Iterator[str]:
    """Check that all was shared out, or nothing for a reason; by points, each got their part."""
    free = _free(books, space, seq)
    moved = _take(books, space, [seq])
    aside = ("payday", str(seq))
    is_aside = moved == [Moved(PURPOSE, POOL, aside, BUDGET)]
    if is_aside:
        moved = _take(books, space, found.portions.get((space, seq), []))
    shares: Counter[str] = Counter()
    for one in moved:
        to = ("", "") if one is None else one.taker
        should = Moved(PURPOSE, aside if is_aside else POOL, to, one.amount if one else 0)
        if one != should or to[0] != "member" or to[1] in shares:
            yield f"it moved {one}"
        elif one is not None:
            shares[to[1]] = one.amount
    if not moved and not is_aside and (free < BUDGET or not earned):
        return
    if shares.total() != BUDGET and not (is_aside and shares.total() < BUDGET):
        yield f"{shares.total()} of {BUDGET} were shared out, with {free} in the pool"
    # What is set aside is on its way to those who have no part yet.
    who_got = shares if is_aside and shares.total() < BUDGET else shares | earned
    for who in who_got if space == BY_TIPS else ():
        least = BUDGET * earned[who] // (earned.total() or 1)
        if not least <= shares[who] <= least + (earned[who] > 0):
            yield f"{who} got {shares[who]} for {earned[who]} of {earned.total()}"


def _take(books: Books, space: str, lines: list[int]) -> list[Moved | None]:
    """Take all entries of some lines of the journal."""
    return [
        books.take(space, number) for seq in lines for number in books.by_line.get((space, seq), [])
    ]


def _free(books: Books, space: str, seq: int) -> int:
    """Return what was in the pool before a line of the journal."""
    free = 0
    for at, moved in books.entries.items():
        if at[0] == space and books.seq_of[at] < seq:
            free += moved.amount * (moved.taker[0] == "pool")
            free -= moved.amount * (moved.giver[0] == "pool")
    return free
