"""The SQL of tips, leave, participation and the order of the leaderboard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.kernel.held import Held
from core.kernel.tx import Tx, several
from core.reputation.model import Given, Leave, Tip

_COLUMNS = "entry, giver, receiver, points, at_ms, undone_by, reversed_by"
_ADD = f"insert into tip (community, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_ONE = f"select {_COLUMNS} from tip where community = ? and entry = ?"  # noqa: S608
_ALL = f"select {_COLUMNS} from tip where community = ? order by entry"  # noqa: S608
_LAST = f"""
select {_COLUMNS} from tip
 where community = ? and giver = ? order by at_ms desc, entry desc limit 1"""  # noqa: S608
_NAMING = "select entry from tip where community = ? and (giver = ? or receiver = ?)"
_REVERSED_BY = "select entry from tip where community = ? and reversed_by in ({places})"
_UNDO = "update tip set undone_by = ? where community = ? and entry = ?"
_REVERSE = "update tip set reversed_by = ? where community = ? and entry = ?"
_MOVE_GIVER = "update tip set giver = ? where community = ? and giver = ?"
_MOVE_RECEIVER = "update tip set receiver = ? where community = ? and receiver = ?"
_OF_ONESELF = f"""
select {_COLUMNS} from tip
 where community = ? and giver = ? and receiver = ?
   and undone_by is null and reversed_by is null order by entry"""  # noqa: S608
_GIVEN = """
select coalesce(sum(case when at_ms >= ? and undone_by is null then points end), 0),
       coalesce(sum(case when at_ms >= ? and undone_by is null and receiver = ?
                         then points end), 0),
       coalesce(sum(case when at_ms >= ? then 1 end), 0)
  from tip where community = ? and giver = ? and at_ms >= ?"""
_BETWEEN = """
select receiver, sum(points) from tip
 where community = ? and at_ms >= ? and at_ms < ? and undone_by is null and reversed_by is null
 group by receiver order by receiver"""
_N_BETWEEN = """
select count(*) from (select 1 from tip
                       where community = ? and at_ms >= ? and at_ms < ? limit ?) t"""
_N_PARTS_IN = """
select count(*) from (select 1 from took_part
                       where community = ? and day_ms >= ? and day_ms < ? limit ?) p"""
_TOOK_PART = """
insert into took_part (community, member, day_ms) values (?, ?, ?)
on conflict (community, day_ms, member) do nothing"""
_PARTS = "select member, day_ms from took_part where community = ?"
_PARTS_IN = """
select distinct member from took_part
 where community = ? and day_ms >= ? and day_ms < ? order by member"""
_MOVE_PARTS = """
insert into took_part (community, member, day_ms)
select community, ?, day_ms from took_part where community = ? and member = ?
on conflict (community, day_ms, member) do nothing"""
_DROP_PARTS = "delete from took_part where community = ? and member = ?"
_ADD_LEAVE = "insert into leave (community, member, from_ms, to_ms) values (?, ?, ?, ?)"
_LEAVES = "select from_ms, to_ms from leave where community = ? and member = ? order by from_ms"
_ALL_LEAVES = "select member, from_ms, to_ms from leave where community = ? and to_ms > ?"
_AWAY = """
select member, from_ms, to_ms from leave
 where community = ? and to_ms > ? and member in ({places})"""
_HIDE = """
insert into hidden (community, member) values (?, ?)
on conflict (community, member) do nothing"""
_SHOW = "delete from hidden where community = ? and member = ?"
_HIDDEN = "select member from hidden where community = ?"
_RANK = """
insert into ranking (community, member, rank) values (?, ?, ?)
on conflict (community, member) do update set rank = excluded.rank"""
_UNRANK = "delete from ranking where community = ? and member = ?"
_RANKED = "select half_life_ms from ranked where community = ?"
_SET_RANKED = """
insert into ranked (community, half_life_ms) values (?, ?)
on conflict (community) do update set half_life_ms = excluded.half_life_ms"""
_UNRANK_ALL = "delete from ranking where community = ?"
_N_LEAVES = "select count(*) from leave where community = ?"
_TOP = """
select r.member, r.rank from ranking r
 where r.community = ?
   and not exists (select 1 from hidden h where h.community = ? and h.member = r.member)
 order by r.rank desc, r.member limit ?"""
_RANKS = "select member, rank from ranking where community = ?"


def add(tx: Tx, community: int, new: Tip) -> None:
    """Add a tip."""
    row = (new.entry, new.giver, new.receiver, new.points, new.at_ms, None, None)
    tx.run(_ADD, (community, *row))


def tip(tx: Tx, community: int, entry: int) -> Tip | None:
    """Return the tip of an entry."""
    row = tx.one(_ONE, (community, entry))
    return Tip(*row) if row else None


def tips(tx: Tx, community: int) -> list[Tip]:
    """Return every tip of a community, in order."""
    return [Tip(*row) for row in tx.all(_ALL, (community,))]


def last_tip(tx: Tx, community: int, giver: int) -> Tip | None:
    """Return the last tip that a member gave."""
    row = tx.one(_LAST, (community, giver))
    return Tip(*row) if row else None


def naming(tx: Tx, community: int, member: int) -> list[int]:
    """Return the entries of all tips that a member gave or got."""
    return [row[0] for row in tx.all(_NAMING, (community, member, member))]


def reversed_by(tx: Tx, community: int, entries: Sequence[int]) -> list[int]:
    """Return the entries of the tips that some entries took back."""
    if not entries:
        return []
    places, args = several(entries)
    return [row[0] for row in tx.all(_REVERSED_BY.format(places=places), (community, *args))]


def undo(tx: Tx, community: int, entry: int, by: int) -> None:
    """Note that the giver took a tip back."""
    tx.run(_UNDO, (by, community, entry))


def reverse(tx: Tx, community: int, entry: int, by: int) -> None:
    """Note that an admin took a tip back."""
    tx.run(_REVERSE, (by, community, entry))


def move_tips(tx: Tx, community: int, gone: int, into: int) -> None:
    """Have the tips that one member gave and got be another's."""
    tx.run(_MOVE_GIVER, (into, community, gone))
    tx.run(_MOVE_RECEIVER, (into, community, gone))


def of_oneself(tx: Tx, community: int, member: int) -> list[Tip]:
    """Return the tips from a member to the same member that nobody took back."""
    return [Tip(*row) for row in tx.all(_OF_ONESELF, (community, member, member))]


def given(
    tx: Tx, community: int, giver: int, receiver: int, *, epoch_ms: int, day_ms: int
) -> Given:
    """Return what a member gave since the start of the epoch and of the day."""
    since = min(epoch_ms, day_ms)
    args = (epoch_ms, epoch_ms, receiver, day_ms, community, giver, since)
    row = tx.one(_GIVEN, args)
    assert row is not None
    return Given(*row)


def tips_between(tx: Tx, community: int, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
    """Return (receiver, points) of the tips that stand, given from one instant to before one."""
    rows = tx.all(_BETWEEN, (community, from_ms, to_ms))
    return [(receiver, points) for receiver, points in rows]


def n_counted(tx: Tx, community: int, from_ms: int, to_ms: int, most: int) -> int:
    """Return how many tips and rows of taking part a time has, each counted up to a most."""
    args = (community, from_ms, to_ms, most)
    rows = [*tx.all(_N_BETWEEN, args), *tx.all(_N_PARTS_IN, args)]
    return sum(n for (n,) in rows)


def took_part(tx: Held, community: int, member: int, at_ms: int) -> None:
    """Note that a member took part in a quarter of an hour; a row of before this has its day."""
    part = (community, member, at_ms)
    tx.hold(_TOOK_PART, part, key=part)


def parts(tx: Tx, community: int) -> set[tuple[int, int]]:
    """Return every (member, at_ms)."""
    return {(member, at_ms) for member, at_ms in tx.all(_PARTS, (community,))}


def took_part_in(tx: Tx, community: int, from_ms: int, to_ms: int) -> list[int]:
    """Return who took part from one instant to before one."""
    return [row[0] for row in tx.all(_PARTS_IN, (community, from_ms, to_ms))]


def move_parts(tx: Tx, community: int, gone: int, into: int) -> None:
    """Have what one member took part in be another's; where both did at once it counts once."""
    tx.run(_MOVE_PARTS, (into, community, gone))
    tx.run(_DROP_PARTS, (community, gone))


def add_leave(tx: Tx, community: int, member: int, new: Leave) -> None:
    """Add a leave; those of one member never overlap."""
    tx.run(_ADD_LEAVE, (community, member, new.from_ms, new.to_ms))


def leaves(tx: Tx, community: int, member: int) -> list[Leave]:
    """Return a member's leaves, the first one first."""
    return [Leave(*row) for row in tx.all(_LEAVES, (community, member))]


def all_leaves(tx: Tx, community: int, after_ms: int = -1) -> dict[int, list[Leave]]:
    """Return the leaves that end after an instant, by member."""
    found: dict[int, list[Leave]] = defaultdict(list)
    for member, from_ms, to_ms in tx.all(_ALL_LEAVES, (community, after_ms)):
        found[member].append(Leave(from_ms, to_ms))
    return found


def away(tx: Tx, community: int, members: list[int], after_ms: int) -> dict[int, list[Leave]]:
    """Return the leaves of some members that end after an instant, by member."""
    found: dict[int, list[Leave]] = defaultdict(list)
    if members:
        places, args = several(members)
        rows = tx.all(_AWAY.format(places=places), (community, after_ms, *args))
        for member, from_ms, to_ms in rows:
            found[member].append(Leave(from_ms, to_ms))
    return found


def hide(tx: Tx, community: int, member: int, *, is_hidden: bool) -> None:
    """Take a member off the leaderboard, or put them on it again."""
    tx.run(_HIDE if is_hidden else _SHOW, (community, member))


def hidden(tx: Tx, community: int) -> set[int]:
    """Return who is not on the leaderboard."""
    return {row[0] for row in tx.all(_HIDDEN, (community,))}


def rank(tx: Tx, community: int, member: int, rank: int | None) -> None:
    """Keep a member's place in the order; None: there is nothing to order."""
    if rank is None:
        tx.run(_UNRANK, (community, member))
    else:
        tx.run(_RANK, (community, member, rank))


def rank_all(tx: Tx, community: int, ranks: Iterable[Sequence[int]], half_life_ms: int) -> None:
    """Keep (member, place) of everybody in the place of what was kept before."""
    tx.run(_UNRANK_ALL, (community,))
    tx.many(_RANK, ((community, *one) for one in ranks))
    tx.run(_SET_RANKED, (community, half_life_ms))


def ranked(tx: Tx, community: int) -> int | None:
    """Return the half-life by which everybody was last put in order; None: the first one."""
    row = tx.one(_RANKED, (community,))
    return int(row[0]) if row else None


def n_leaves(tx: Tx, community: int) -> int:
    """Return how many leaves were ever announced."""
    row = tx.one(_N_LEAVES, (community,))
    assert row is not None
    return int(row[0])


def top(tx: Tx, community: int, n: int) -> list[tuple[int, int]]:
    """Return (member, rank) of the first n in order, but for the hidden ones."""
    return [(member, rank) for member, rank in tx.all(_TOP, (community, community, n))]


def ranks(tx: Tx, community: int) -> dict[int, int]:
    """Return every rank by member."""
    return dict[int, int](tx.all(_RANKS, (community,)))
