"""Counting afterwards: the database and what was shown, held against what was asked."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import compose
from bot.database.port import database_at
from bot.verify import verify
from tests.kill import books, paydays
from tests.kill.child import Plan
from tests.kill.found import Found, Number, read_journal
from tests.kill.ledger import Ledger
from tests.kill.reading import reading

_BALLOTS = """
select s.space, p.number, a.account, b.choice
  from ballot b join proposal p on p.id = b.proposal
  join community c on c.id = p.community join space s on s.id = c.home_space
  join account a on a.member = b.voter and a.community = c.id"""
_VOTES = """
select s.space, p.number, p.closes_ms, p.closed_ms, p.closed_seq, p.result, r.turnout
  from proposal p join running r on r.proposal = p.id
  join community c on c.id = p.community join space s on s.id = c.home_space"""
_OUTBOX = """
select o.key, o.kind, o.version, o.sent_version, o.lease_ms from outbox o"""
_SUBJECTS = """
select s.space, c.id from community c join space s on s.id = c.home_space"""
_LATE = "select count(*) from agenda where run_ms <= ?"


def after_restart(plan: Plan, ledger: Ledger) -> list[str]:
    """Check everything that must hold at any time; the process may be at work meanwhile."""
    with closing(reading(plan.url)) as db:
        found, faults = read_journal(db, ledger)
        faults += _check_once(found, ledger)
        faults += _check_order(found, ledger)
        faults += _check_boxes(db, found)
        faults += _check_results(db, found)
        entries = books.Books(db)
        faults += books.check(db, ledger, found, entries)
        faults += paydays.check(db, ledger, found, entries)
        faults += books.unaccounted(entries)
    return faults + verified(plan.url)


def at_the_end(plan: Plan, ledger: Ledger) -> list[str]:
    """Check what must hold once everything was answered, closed and told."""
    faults = [f"{one.request.id} was never answered" for one in ledger.unanswered()]
    with closing(reading(plan.url)) as db:
        for one in ledger.asked.values():
            rows = db.execute("select count(*) from journal where request = ?", (one.request.id,))
            if rows.fetchone()[0] != (one.outcome == "ok"):
                faults.append(f"{one.request.id} ({one.outcome}) is not in the journal once")
        faults += [
            f"{space}#{number} was not closed"
            for space, number, _, closed, *_ in db.execute(_VOTES)
            if closed is None
        ]
        if late := db.execute(_LATE, (plan.now_ms,)).fetchone()[0]:
            faults.append(f"{late} agenda rows are late")
        faults += _check_told(db, plan)
        faults += books.at_the_end(db)
        faults += paydays.at_the_end(db, ledger, plan.now_ms)
    return faults


def verified(url: str) -> list[str]:
    """Have the bot's own check look at a database."""
    tx = database_at(url).read()
    try:
        tx.begin(is_writing=False)
        checked = verify(tx, compose.house())
    finally:
        tx.close()
    return [f"verify: {one.where}: {one.what}" for part in checked for one in part.faults]


def _check_once(found: Found, ledger: Ledger) -> list[str]:
    faults = [f"{name} is there {len(at)} times" for name, at in found.lines.items() if at[1:]]
    for one in ledger.asked.values():
        is_there = one.request.id in found.lines
        if one.answered is not None and is_there != (one.outcome == "ok"):
            what = "is there" if is_there else "is lost"
            faults.append(f"{one.request.id}, answered with {one.outcome}, {what}")
        if is_there and not one.times_sent:
            faults.append(f"{one.request.id} is there, and was never sent")
    faults += [
        f"{name} opened {space}#{number}, but said #{ledger.asked[name].number}"
        for (space, number), name in found.opened.items()
        if ledger.asked[name].number not in (0, number)
    ]
    return faults


def _check_order(found: Found, ledger: Ledger) -> list[str]:
    """Check that what was asked after an answer came after what was answered."""
    faults = []
    latest: dict[str, int] = defaultdict(int)
    for name, at in found.lines.items():
        one = ledger.asked.get(name)
        if one is None:
            continue
        space = at[0][0]
        if one.answered is not None and one.answered < latest[space]:
            faults.append(f"{name} stands after what was asked later")
        latest[space] = max(latest[space], one.first_sent or 0)
    return faults


def _check_boxes(db: sqlite3.Connection, found: Found) -> list[str]:
    """Hold every ballot against what its voter asked for, one after the other."""
    kept: dict[Number, dict[str, set[int]]] = defaultdict(dict)
    for space, number, account, choice in db.execute(_BALLOTS):
        kept[space, number][account] = {at for at, mark in enumerate(choice) if mark}
    return [
        f"the box of {number} is not what was asked: {sorted(_differing(number, kept, found))}"
        for number in kept.keys() | found.boxes.keys()
        if kept[number] != found.boxes[number]
    ]


def _differing(
    number: Number, kept: dict[Number, dict[str, set[int]]], found: Found
) -> Iterator[str]:
    ours, theirs = found.boxes[number], kept[number]
    for name in ours.keys() | theirs.keys():
        if ours.get(name) != theirs.get(name):
            yield f"{name}: {ours.get(name)} asked, {theirs.get(name)} kept"


def _check_results(db: sqlite3.Connection, found: Found) -> list[str]:
    faults = []
    for space, number, closes_ms, closed_ms, closed_seq, result, turnout in db.execute(_VOTES):
        where = (space, number)
        box = found.boxes[where]
        if found.closings[where] != (closed_ms is not None):
            faults.append(f"{where} has {found.closings[where]} closings, closed {closed_ms}")
        if turnout != len(box):
            faults.append(f"{where}: turnout {turnout}, but {len(box)} voted")
        if result is None:
            continue
        record: dict[str, Any] = json.loads(result)
        counts = Counter(option for marks in box.values() for option in marks)
        totals = [counts[option] for option in range(len(record["totals"]))]
        if record["totals"] != totals:
            faults.append(f"{where}: {record['totals']} counted, {totals} asked")
        if closed_ms < closes_ms or closed_seq is None:
            faults.append(f"{where} closed at {closed_ms}, before its end {closes_ms}")
    faults += [f"{at} closed, and is not there" for at in found.closings if at not in found.opened]
    return faults


@dataclass
class Seen:
    """What the outside was shown."""

    told: Counter[str] = field(default_factory=Counter)
    newest: dict[str, int] = field(default_factory=dict)
    results: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))


def _check_told(db: sqlite3.Connection, plan: Plan) -> list[str]:
    """Check the outside: results at least once, notices at most once, cards as they stand."""
    seen, faults = _read_shown(plan.shown)
    for key, kind, version, sent, lease_ms in db.execute(_OUTBOX):
        if sent < version or lease_ms:
            faults.append(f"{key} ({kind}) still waits: {sent} of {version}, lease {lease_ms}")
        if kind == "card" and seen.newest.get(key) != version:
            faults.append(f"{key}: version {version} was not shown but {seen.newest.get(key)}")
        if kind == "notice" and seen.told[key] > 1:
            faults.append(f"{key} was told {seen.told[key]} times")
        if kind == "post" and not seen.told[key]:
            faults.append(f"{key} was never told")
    community = dict(db.execute(_SUBJECTS))
    for space, number, *_ in db.execute(_VOTES):
        n = len(seen.results[community[space], number])
        if n != 1:
            faults.append(f"{space}#{number} has {n} announcements")
    return faults


def _read_shown(shown: Path) -> tuple[Seen, list[str]]:
    seen, faults = Seen(), []
    for line in _lines(shown):
        key, version = line["key"], line["version"]
        seen.told[key] += 1
        if version < seen.newest.get(key, 0):
            faults.append(f"{key}: version {version} was shown after {seen.newest[key]}")
        seen.newest[key] = max(seen.newest.get(key, 0), version)
        if line["subject"][0] == "proposals.announcement":
            seen.results[line["community"], line["subject"][1]].add(key)
    return seen, faults


def _lines(shown: Path) -> Iterator[dict[str, Any]]:
    for line in shown.read_bytes().splitlines():
        yield json.loads(line)


def told_twice(shown: Path) -> int:
    """Return how many first messages came again, which a kill may lead to."""
    firsts = Counter((line["key"], line["version"]) for line in _lines(shown) if line["is_first"])
    return sum(n - 1 for n in firsts.values())


def n_paid(url: str) -> tuple[int, int]:
    """Return how many payments and how many epochs of a reward were paid; nobody is at work."""
    with closing(reading(url)) as db:
        (payments,) = db.execute("select count(paid_ms) from payment").fetchone()
        return payments, paydays.n_paid(db)


__all__ = ["after_restart", "at_the_end", "n_paid", "told_twice", "verified"]
