"""The SQL of ballots and running tallies."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from core.kernel.canonical import decode, encode
from core.kernel.held import Held
from core.kernel.tx import Tx, several
from core.proposals.model import Running

_BALLOT = "select choice, weight from ballot where proposal = ? and voter = ?"
_BALLOTS_BY = """
select voter, choice, weight from ballot where proposal = ? and voter in ({places})"""
_CAST_BY = "select voter, choice, weight, at_ms from ballot where proposal = ? and voter = ?"
_TAKE_OUT = "delete from ballot where proposal = ? and voter = ?"
_CAST = """
insert into ballot (proposal, voter, choice, weight, at_ms) values (?, ?, ?, ?, ?)
on conflict (proposal, voter) do update
   set choice = excluded.choice, weight = excluded.weight, at_ms = excluded.at_ms"""
_RUN = "update running set turnout = ?, totals = ?, leader = ? where proposal = ?"
_BOX = """
select choice, weight, count(*) from ballot where proposal = ?
 group by choice, weight order by choice, weight"""
# Ten times as fast as a row a ballot: the packed ballots as one text of bytes.
# (PostgreSQL calls it string_agg.)
_BOX_WHOLE = """
select count(*), min(weight), max(weight), min(length(choice)), max(length(choice)),
       cast(group_concat(choice, '') as blob)
  from ballot where proposal = ?"""
_BALLOTS = """
select voter, choice, weight, at_ms from ballot where proposal = ? order by voter"""
_N_BALLOTS = "select count(*), coalesce(max(at_ms), 0) from ballot where proposal = ?"
_MINE = """
select p.number, p.title, b.choice, p.options, p.method
  from ballot b join proposal p on p.id = b.proposal
 where p.community = ? and b.voter = ? and p.closed_ms is null and p.withdrawn_ms is null
   and p.closes_ms > ?
 order by p.closes_ms limit ?"""


class Cast(NamedTuple):
    """A ballot as it is kept."""

    voter: int
    choice: bytes
    weight: int
    at_ms: int


def ballot(tx: Tx, proposal: int, voter: int) -> tuple[bytes, int] | None:
    """Return a member's ballot as (packed choice, weight)."""
    row = tx.one(_BALLOT, (proposal, voter))
    return (bytes(row[0]), row[1]) if row else None


def ballots_by(tx: Tx, proposal: int, voters: Sequence[int]) -> dict[int, tuple[bytes, int]]:
    """Return the ballots of some members (at least one) as (packed choice, weight), by voter."""
    places, args = several(voters)
    rows = tx.all(_BALLOTS_BY.format(places=places), (proposal, *args))
    return {voter: (bytes(choice), weight) for voter, choice, weight in rows}


def cast_by(tx: Tx, proposal: int, voter: int) -> Cast | None:
    """Return a member's ballot as it is kept."""
    row = tx.one(_CAST_BY, (proposal, voter))
    return Cast(row[0], bytes(row[1]), row[2], row[3]) if row else None


def take_out(tx: Tx, proposal: int, voter: int) -> None:
    """Take a member's ballot out of the box."""
    tx.run(_TAKE_OUT, (proposal, voter))


def cast(tx: Held, proposal: int, new: Cast) -> None:
    """Keep a ballot, in place of the member's earlier one."""
    kept = (proposal, new.voter, new.choice, new.weight, new.at_ms)
    tx.hold(_CAST, kept, key=kept[:2])


def run_tally(tx: Held, proposal: int, now: Running) -> None:
    """Keep the running tally."""
    tx.hold(
        _RUN,
        lambda: (now.turnout, encode(list(now.totals)), now.leader, proposal),
        key=proposal,
    )


def alike(tx: Tx, proposal: int) -> list[tuple[bytes, int, int]]:
    """Return the ballots as (packed choice, weight, how many are alike), in that order."""
    row = tx.one(_BOX_WHOLE, (proposal,))
    assert row is not None
    n, weight, weight_most, length, length_most, marks = row
    if n and weight == weight_most and length == length_most > 0:
        alike = Counter(marks[at : at + length] for at in range(0, len(marks), length))
        return [(choice, weight, times) for choice, times in sorted(alike.items())]
    return [(bytes(choice), weight, n) for choice, weight, n in tx.all(_BOX, (proposal,))]


def ballots(tx: Tx, proposal: int) -> list[Cast]:
    """Return every ballot with its voter."""
    rows = tx.all(_BALLOTS, (proposal,))
    return [Cast(voter, bytes(choice), weight, at) for voter, choice, weight, at in rows]


def n_ballots(tx: Tx, proposal: int) -> tuple[int, int]:
    """Return how many ballots there are, and when the last one came (ms)."""
    row = tx.one(_N_BALLOTS, (proposal,))
    assert row is not None
    return row[0], row[1]


def open_ballots_of(
    tx: Tx, community: int, voter: int, now_ms: int, limit: int
) -> list[tuple[int, str, bytes, list[str], str]]:
    """Return (number, title, packed, options, method) of a member's ballots in open votes."""
    return [
        (number, title, bytes(choice), decode(options), method)
        for number, title, choice, options, method in tx.all(
            _MINE, (community, voter, now_ms, limit)
        )
    ]
