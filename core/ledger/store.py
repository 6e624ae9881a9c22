"""The SQL of the books."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.kernel.tx import Tx, several
from core.ledger.model import BOUNDLESS, Asset, Book, Entry, Holder

_COLUMNS = """
number, at_ms, journal_seq, from_book, from_owner, to_book, to_owner, asset, amount, purpose,
note, by_member, undoes"""
_ASSET = "select id, symbol, decimals from asset where community = ? and symbol = ?"
_ASSET_BY_ID = "select id, symbol, decimals from asset where id = ?"
_ADD_ASSET = "insert into asset (id, community, symbol, decimals) values (?, ?, ?, ?)"
_ASSETS = "select id, symbol, decimals from asset where community = ? order by id"
_GIVE = """
update balance set amount = amount - ?
 where community = ? and book = ? and owner = ? and asset = ? and amount >= ?"""
_TAKE = """
insert into balance (community, book, owner, asset, amount) values (?, ?, ?, ?, ?)
on conflict (community, book, owner, asset) do update
   set amount = balance.amount + excluded.amount"""
_BALANCE = """
select amount from balance where community = ? and book = ? and owner = ? and asset = ?"""
_BALANCES = """
select book, owner, asset, amount from balance where community = ? order by book, owner, asset"""
_OF_OWNER = """
select asset, amount from balance
 where community = ? and book = ? and owner = ? and amount <> 0 order by asset"""
_SINCE = """
select from_book, from_owner, to_book, to_owner from entry
 where community = ? and asset = ? and number > ?"""
_NEWEST = "select coalesce(max(at_ms), 0) from entry where community = ?"
_NEXT = "select coalesce(max(number), 0) + 1 from entry where community = ?"
_ADD = f"""
insert into entry (community, {_COLUMNS})
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""  # noqa: S608 - only our own columns
_ONE = f"select {_COLUMNS} from entry where community = ? and number = ?"  # noqa: S608
_ALL = f"select {_COLUMNS} from entry where community = ? order by number"  # noqa: S608
# Each half finds its rows by an index; no entry has the same book on both sides.
_OF = f"""
select {_COLUMNS} from entry
 where community = ? and asset = ? and from_book = ? and from_owner = ?
union all
select {_COLUMNS} from entry
 where community = ? and asset = ? and to_book = ? and to_owner = ?
 order by number desc limit ?"""  # noqa: S608
_HELD = f"""
select {_COLUMNS} from entry
 where community = ? and asset = ? and to_book = ? and to_owner = ?
   and not exists (select 1 from entry u
                    where u.community = entry.community and u.undoes = entry.number)
 order by number"""  # noqa: S608
# Every movement of an asset, seen from its books: when it came, and from when it counts.
_MOVED = """
select e.from_book, e.from_owner, e.to_book, e.to_owner, e.amount,
       coalesce(o.at_ms, e.at_ms), o.undoes
  from entry e left join entry o on o.community = e.community and o.number = e.undoes
 where e.community = ? and e.asset = ? and e.at_ms <= ?"""
_MOVED_OF = f"""{_MOVED} and e.from_book = ? and e.from_owner = ?
union all {_MOVED} and e.to_book = ? and e.to_owner = ?"""
_UNDONE = "select number from entry where community = ? and undoes = ? limit 1"
_NAMING = f"""
select {_COLUMNS} from entry
 where community = ? and (by_member = ? or (from_book = ? and from_owner = ?)
                          or (to_book = ? and to_owner = ?))
   and purpose in ({{places}}) order by number"""  # noqa: S608
_ERASE = "update entry set note = '' where community = ? and by_member = ?"


def asset(tx: Tx, community: int, symbol: str) -> Asset | None:
    """Return an asset of a community by its symbol."""
    row = tx.one(_ASSET, (community, symbol))
    return Asset(*row) if row else None


def asset_by_id(tx: Tx, number: int) -> Asset:
    """Return an asset that is known to exist."""
    row = tx.one(_ASSET_BY_ID, (number,))
    assert row is not None
    return Asset(*row)


def assets(tx: Tx, community: int) -> list[Asset]:
    """Return the assets of a community."""
    return [Asset(*row) for row in tx.all(_ASSETS, (community,))]


def add_asset(tx: Tx, community: int, new: Asset) -> None:
    """Add an asset."""
    tx.run(_ADD_ASSET, (new.id, community, new.symbol, new.decimals))


def give(tx: Tx, community: int, holder: Holder, asset: int, amount: int) -> bool:
    """Take an amount out of a book; return False where there is not enough in it."""
    if holder.book in BOUNDLESS:
        return True
    args = (amount, community, holder.book.value, holder.owner, asset, amount)
    return tx.change(_GIVE, args) == 1


def take(tx: Tx, community: int, asset: int, parts: Iterable[tuple[Holder, int]]) -> None:
    """Put amounts into books."""
    rows = [
        (community, holder.book.value, holder.owner, asset, amount)
        for holder, amount in parts
        if holder.book not in BOUNDLESS
    ]
    if rows:
        tx.many(_TAKE, rows)


def balance(tx: Tx, community: int, holder: Holder, asset: int) -> int:
    """Return what is in a book that has a kept balance."""
    row = tx.one(_BALANCE, (community, holder.book.value, holder.owner, asset))
    return int(row[0]) if row else 0


def balances(tx: Tx, community: int) -> dict[tuple[Holder, int], int]:
    """Return every kept balance by (holder, asset)."""
    return {
        (Holder(Book(book), owner), asset): amount
        for book, owner, asset, amount in tx.all(_BALANCES, (community,))
    }


def balances_of(tx: Tx, community: int, holder: Holder) -> list[tuple[int, int]]:
    """Return (asset, amount) of what is in a holder's books."""
    rows = tx.all(_OF_OWNER, (community, holder.book.value, holder.owner))
    return [(asset, amount) for asset, amount in rows]


def next_number(tx: Tx, community: int) -> int:
    """Return the number of the next entry."""
    row = tx.one(_NEXT, (community,))
    assert row is not None
    return int(row[0])


def newest_ms(tx: Tx, community: int) -> int:
    """Return the instant of the newest entry; every entry is read for it."""
    row = tx.one(_NEWEST, (community,))
    assert row is not None
    return int(row[0])


def changed_since(tx: Tx, community: int, asset: int, number: int) -> set[Holder]:
    """Return the books of an asset that entries after a number changed."""
    rows = tx.all(_SINCE, (community, asset, number))
    halves = [half for row in rows for half in (row[:2], row[2:])]
    return {Holder(Book(book), owner) for book, owner in halves}


def add(tx: Tx, community: int, new: Iterable[Entry]) -> None:
    """Add entries; they are never changed."""
    rows = (
        (
            community,
            one.number,
            one.at_ms,
            one.journal_seq,
            one.giver.book.value,
            one.giver.owner,
            one.taker.book.value,
            one.taker.owner,
            one.asset,
            one.amount,
            one.purpose,
            one.note,
            one.by,
            one.undoes,
        )
        for one in new
    )
    tx.many(_ADD, rows)


def read_entry(row: tuple[Any, ...]) -> Entry:
    """Read a row of the columns above."""
    (number, at_ms, seq, giver, giver_owner, taker, taker_owner, asset, amount, purpose, note,
     by, undoes) = row  # fmt: skip
    return Entry(
        number,
        at_ms,
        seq,
        Holder(Book(giver), giver_owner),
        Holder(Book(taker), taker_owner),
        asset,
        amount,
        purpose,
        note,
        by,
        undoes,
    )


def entry(tx: Tx, community: int, number: int) -> Entry | None:
    """Return an entry of a community."""
    row = tx.one(_ONE, (community, number))
    return read_entry(row) if row else None


def entries(tx: Tx, community: int) -> list[Entry]:
    """Return every entry of a community, in order."""
    return [read_entry(row) for row in tx.all(_ALL, (community,))]


def entries_of(tx: Tx, community: int, holder: Holder, asset: int, limit: int) -> list[Entry]:
    """Return a book's newest entries, newest first."""
    half = (community, asset, holder.book.value, holder.owner)
    return [read_entry(row) for row in tx.all(_OF, (*half, *half, limit))]


def entries_held(tx: Tx, community: int, holder: Holder, asset: int) -> list[Entry]:
    """Return what came into a book and was not taken back or moved on, in order."""
    key = (holder.book.value, holder.owner)
    return [read_entry(row) for row in tx.all(_HELD, (community, asset, *key))]


def movements(
    tx: Tx, community: int, asset: int, until_ms: int, holder: Holder | None = None
) -> Iterator[tuple[Holder, int, int]]:
    """Yield (holder, born_ms, signed amount) of one holder or of all, up to an instant.

    An entry that takes back or moves another was born when that other was.
    """
    key = ("", 0)
    if holder is None:
        rows = tx.all(_MOVED, (community, asset, until_ms))
    else:
        key = (holder.book.value, holder.owner)
        half = (community, asset, until_ms, *key)
        rows = tx.all(_MOVED_OF, (*half, *half))
    for giver, giver_owner, taker, taker_owner, amount, born_ms, earlier in rows:
        born, before = born_ms, earlier
        while before is not None:
            first = entry(tx, community, before)
            assert first is not None
            # What is taken back is earlier; a row that was changed must not lead in a circle.
            is_earlier = first.undoes is not None and first.undoes < before
            born, before = first.at_ms, first.undoes if is_earlier else None
        for book, owner, signed in ((giver, giver_owner, -amount), (taker, taker_owner, amount)):
            if book not in BOUNDLESS and (holder is None or (book, owner) == key):
                yield holder or Holder(Book(book), owner), born, signed


def entries_naming(tx: Tx, community: int, member: int, purposes: Sequence[str]) -> list[Entry]:
    """Return the entries of some purposes that a member wrote, gave or got."""
    places, args = several(purposes)
    of = (Book.MEMBER.value, member)
    rows = tx.all(_NAMING.format(places=places), (community, member, *of, *of, *args))
    return [read_entry(row) for row in rows]


def undone_by(tx: Tx, community: int, number: int) -> int | None:
    """Return the entry that takes this one back, if there is one."""
    row = tx.one(_UNDONE, (community, number))
    return int(row[0]) if row else None


def erase_notes(tx: Tx, community: int, member: int) -> None:
    """Erase what a member wrote beside entries."""
    tx.run(_ERASE, (community, member))
