"""The SQL of proposals, ballots and running tallies."""

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from core.kernel.canonical import decode, encode
from core.kernel.clock import from_ms, span_ms, to_ms
from core.kernel.tx import Tx
from core.proposals.model import Extension, Proposal, Rule, Running, Sort, Why, Withdrawal

READ_MAX = 1_024

_COLUMNS = """
p.id, p.community, p.number, p.sort, p.author, p.title, p.details, p.options,
p.method, p.quorum, p.threshold, p.is_secret, p.opened_ms, p.closes_ms, p.period_ms, p.lot_key,
p.extensions, p.withdrawn_ms, p.withdrawn_by, p.withdraw_reason, p.closed_ms, p.closed_seq,
p.result, r.turnout, r.totals, r.leader, p.effects, p.effects_digest, p.carried"""
_ONE = f"""
select {_COLUMNS}
  from proposal p join running r on r.proposal = p.id
 where p.community = ? and p.number = ?"""  # noqa: S608 - only our own columns
_PAGE = f"""
select {_COLUMNS}
  from proposal p join running r on r.proposal = p.id
 where p.community = ?
 order by case when p.closed_ms is null and p.withdrawn_ms is null then 0 else 1 end,
          case when p.closed_ms is null and p.withdrawn_ms is null then p.closes_ms
               else -p.number end
 limit ? offset ?"""  # noqa: S608
_OPEN = f"""
select {_COLUMNS}
  from proposal p join running r on r.proposal = p.id
 where p.community = ? and p.closed_ms is null and p.withdrawn_ms is null
 order by p.closes_ms, p.number"""  # noqa: S608
_ALL = f"""
select {_COLUMNS}
  from proposal p join running r on r.proposal = p.id
 where p.community = ? order by p.number"""  # noqa: S608
_CONTENTS = "select number, content from proposal where community = ?"
_STRAYS = """
select number from proposal
 where community = ? and withdrawn_ms is null
   and (withdrawn_by is not null or coalesce(withdraw_reason, '') <> '')"""
_OPENED = "select opened_seq from proposal where community = ? and number = ?"
_ALL_OPENED = "select number, opened_seq from proposal where community = ?"
_COUNT = "select count(*) from proposal where community = ?"
_LAST_NUMBER = "select coalesce(max(number), 0) from proposal where community = ?"
_ADD = """
insert into proposal
  (id, community, number, sort, author, title, details, options, content, method, quorum,
   threshold, is_secret, opened_ms, closes_ms, period_ms, lot_key, effects, effects_digest,
   opened_seq, extensions)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')"""
_ADD_RUNNING = "insert into running (proposal, turnout, totals, leader) values (?, 0, ?, null)"
_N_OPEN = """
select count(*) from proposal
 where community = ? and author = ? and closed_ms is null and withdrawn_ms is null
   and closes_ms > ?"""
_SAME = """
select number, closes_ms, closed_ms, withdrawn_ms, result
  from proposal where community = ? and content = ? order by number desc"""
_MOVE = "update proposal set closes_ms = ?, extensions = ? where id = ?"
_WITHDRAW = """
update proposal set withdrawn_ms = ?, withdrawn_by = ?, withdraw_reason = ? where id = ?"""
_MOVE_AUTHOR = "update proposal set author = ? where id = ?"
_CLOSE = """
update proposal set closed_ms = ?, closed_seq = ?, result = ? where id = ? and closed_ms is null"""
_CARRY = "update proposal set carried = ? where id = ?"
_ERASE = """
update proposal set title = '', details = '', options = ?, content = null where id = ?"""
_BY_AUTHOR = "select number from proposal where community = ? and author = ? order by number"
_EXTENDED = f"""
select {_COLUMNS} from proposal p join running r on r.proposal = p.id
 where p.community = ? and p.extensions <> '[]'"""  # noqa: S608
_ERASE_REASONS = """
update proposal set withdraw_reason = '' where community = ? and withdrawn_by = ?
returning number"""
SUGGEST = """
select number, title from proposal where community = ?
 order by case when closed_ms is null and withdrawn_ms is null then 0 else 1 end, number desc
 limit 200"""
SUGGEST_OPTIONS = "select options from proposal where community = ? and number = ?"


@dataclass(frozen=True, slots=True)
class Same:
    """An earlier proposal with the same title and details."""

    number: int
    closes_ms: int
    ended_ms: int | None
    is_refused: bool


def read_proposal(row: tuple[Any, ...]) -> Proposal:
    """Read a row of the columns above."""
    (number_id, community, number, sort, author, title, details, options, method, quorum,
     threshold, is_secret, opened, closes, period, lot_key, extensions, withdrawn, by, reason,
     closed, closed_seq, result, turnout, totals, leader, effects, effects_digest,
     carried) = row  # fmt: skip
    return Proposal(
        id=number_id,
        community=community,
        number=number,
        sort=Sort(sort),
        author=author,
        title=title,
        details=details,
        options=_options(options),
        rule=_rule(method, quorum, threshold, is_secret),
        opened_at=from_ms(opened),
        closes_at=from_ms(closes),
        period=timedelta(milliseconds=period),
        lot_key=bytes(lot_key),
        extensions=_extensions(extensions),
        withdrawal=None if withdrawn is None else Withdrawal(from_ms(withdrawn), by, reason),
        closed_at=None if closed is None else from_ms(closed),
        closed_seq=closed_seq,
        result=None if result is None else decode(result),
        running=Running(turnout, tuple(decode(totals)), leader),
        effects=effects,
        effects_digest=effects_digest,
        carried=None if carried is None else decode(carried),
    )


# A vote is read again for each ballot that comes alone, and these never change.
@lru_cache(READ_MAX)
def _options(kept: str) -> tuple[str, ...]:
    return tuple(decode(kept))


@lru_cache(READ_MAX)
def _rule(method: str, quorum: int, threshold: str, is_secret: int) -> Rule:
    return Rule(method, quorum, Fraction(threshold), bool(is_secret))


def _extensions(kept: str) -> tuple[Extension, ...]:
    if kept == "[]":
        return ()
    return tuple(
        Extension(at, length, Why(why), by, reason) for at, length, why, by, reason in decode(kept)
    )


def proposal(tx: Tx, community: int, number: int) -> Proposal | None:
    """Return a proposal of a community by its number."""
    row = tx.one(_ONE, (community, number))
    return read_proposal(row) if row else None


def page(tx: Tx, community: int, limit: int, offset: int) -> list[Proposal]:
    """Return some proposals: the open ones by their end, then the others, newest first."""
    return [read_proposal(row) for row in tx.all(_PAGE, (community, limit, offset))]


def open_ones(tx: Tx, community: int) -> list[Proposal]:
    """Return what is not closed and not withdrawn, by its end."""
    return [read_proposal(row) for row in tx.all(_OPEN, (community,))]


def all_of(tx: Tx, community: int) -> list[Proposal]:
    """Return every proposal of a community."""
    return [read_proposal(row) for row in tx.all(_ALL, (community,))]


def contents(tx: Tx, community: int) -> dict[int, str | None]:
    """Return the digest of each vote's title and details, where it has one."""
    return dict[int, str | None](tx.all(_CONTENTS, (community,)))


def strays(tx: Tx, community: int) -> set[int]:
    """Return the votes that say who withdrew them or why, and were not withdrawn."""
    return {row[0] for row in tx.all(_STRAYS, (community,))}


def count(tx: Tx, community: int) -> int:
    """Return how many proposals a community has had."""
    row = tx.one(_COUNT, (community,))
    return int(row[0]) if row else 0


def next_number(tx: Tx, community: int) -> int:
    """Return the number of the next proposal of a community."""
    row = tx.one(_LAST_NUMBER, (community,))
    return int(row[0]) + 1 if row else 1


def opened_seq(tx: Tx, community: int, number: int) -> int | None:
    """Return the journal's entry of an opening; None where there is no such vote."""
    row = tx.one(_OPENED, (community, number))
    return None if row is None else int(row[0])


def opened_seqs(tx: Tx, community: int) -> dict[int, int]:
    """Return the journal's entries of all openings."""
    return dict[int, int](tx.all(_ALL_OPENED, (community,)))


def add(tx: Tx, new: Proposal, content: str | None, opened_seq: int) -> None:
    """Add a proposal with an empty tally; `opened_seq` is the journal's entry of its opening."""
    rule = new.rule
    tx.run(
        _ADD,
        (
            new.id,
            new.community,
            new.number,
            new.sort.value,
            new.author,
            new.title,
            new.details,
            encode(list(new.options)),
            content,
            rule.method,
            rule.quorum,
            str(rule.threshold),
            int(rule.is_secret),
            to_ms(new.opened_at),
            to_ms(new.closes_at),
            span_ms(new.period),
            new.lot_key,
            new.effects,
            new.effects_digest,
            opened_seq,
        ),
    )
    tx.run(_ADD_RUNNING, (new.id, encode(list(new.running.totals))))


def n_open(tx: Tx, community: int, author: int, now_ms: int) -> int:
    """Return how many votes a member has open."""
    row = tx.one(_N_OPEN, (community, author, now_ms))
    return int(row[0]) if row else 0


def same(tx: Tx, community: int, content: str) -> list[Same]:
    """Return earlier proposals with the same title and details, the newest first."""
    rows = tx.all(_SAME, (community, content))
    return [
        Same(
            number,
            closes,
            withdrawn if withdrawn is not None else closed,
            withdrawn is not None or (result is not None and decode(result)["outcome"] == "failed"),
        )
        for number, closes, closed, withdrawn, result in rows
    ]


def move_end(tx: Tx, proposal: int, closes_ms: int, extensions: tuple[Extension, ...]) -> None:
    """Move the end of a vote, with why."""
    kept = [[one.at_ms, one.by_ms, one.why.value, one.by, one.reason] for one in extensions]
    tx.run(_MOVE, (closes_ms, encode(kept), proposal))


def withdraw(tx: Tx, proposal: int, at_ms: int, by: int, reason: str) -> None:
    """Note that something was withdrawn."""
    tx.run(_WITHDRAW, (at_ms, by, reason, proposal))


def move_author(tx: Tx, proposal: int, author: int) -> None:
    """Have something be a member's."""
    tx.run(_MOVE_AUTHOR, (author, proposal))


def close(tx: Tx, proposal: int, at_ms: int, seq: int, result: dict[str, Any]) -> bool:
    """Keep the result; return False where there was one already."""
    return tx.change(_CLOSE, (at_ms, seq, encode(result), proposal)) == 1


def carry(tx: Tx, proposal: int, carried: dict[str, Any]) -> None:
    """Keep when the effects were carried out, or what kept them from it."""
    tx.run(_CARRY, (encode(carried), proposal))


def erase_texts(tx: Tx, proposal: Proposal) -> None:
    """Erase what the author wrote; the number of options stays."""
    empty = encode([""] * len(proposal.options))
    options = encode(list(proposal.options)) if proposal.sort is Sort.PROPOSAL else empty
    tx.run(_ERASE, (options, proposal.id))


def numbers_by(tx: Tx, community: int, author: int) -> list[int]:
    """Return the numbers of what a member has opened."""
    return [row[0] for row in tx.all(_BY_AUTHOR, (community, author))]


def erase_reasons(tx: Tx, community: int, member: int) -> list[int]:
    """Erase the reasons that a member gave for withdrawing or extending; return which votes'."""
    found = [row[0] for row in tx.all(_ERASE_REASONS, (community, member))]
    for one in (read_proposal(row) for row in tx.all(_EXTENDED, (community,))):
        kept = tuple(replace(e, reason="") if e.by == member else e for e in one.extensions)
        if kept != one.extensions:
            move_end(tx, one.id, to_ms(one.closes_at), kept)
            found.append(one.number)
    return found
