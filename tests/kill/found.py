"""What the journal says, read with no code of ours and held against who asked for it."""

import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.kill.asked import Asked, What
from tests.kill.ledger import Ledger

_JOURNAL = """
select s.space, j.seq, j.at_ms, j.kind, j.command, j.request, j.args, j.facts
  from journal j join community c on c.id = j.community join space s on s.id = c.home_space
 order by j.community, j.seq"""

# A vote or an entry of the books, by its space.
Number = tuple[str, int]
# A line of the journal: its space, its place there and its time.
Line = tuple[str, int, int]


@dataclass
class Found:
    """What the journal says."""

    lines: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    opened: dict[Number, str] = field(default_factory=dict)
    boxes: dict[Number, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(dict))
    closings: Counter[Number] = field(default_factory=Counter)
    # The lines that ended an epoch, by their space and when it began.
    paydays: dict[Number, list[int]] = field(default_factory=lambda: defaultdict(list))
    # The lines that handed out what a payday had set aside, by its space and its line.
    portions: dict[Number, list[int]] = field(default_factory=lambda: defaultdict(list))
    # Where each request of ours stands first; more than once is a fault of its own.
    first: dict[str, Line] = field(default_factory=dict)


def read_journal(db: sqlite3.Connection, ledger: Ledger) -> tuple[Found, list[str]]:
    """Return what the journal says, and what in it nobody asked for."""
    found, faults = Found(), []
    for space, seq, at_ms, kind, command, request, args, facts in db.execute(_JOURNAL):
        told = json.loads(facts)
        if request:
            found.lines[request].append((space, seq, at_ms))
        if "result" in told:
            found.closings[space, json.loads(args)["proposal"]] += 1
        if "payday" in told:
            found.paydays[space, told["payday"][1]].append(seq)
        if command == "rewards handout":
            found.portions[space, json.loads(args)["seq"]].append(seq)
        asked = ledger.asked.get(request)
        if asked is not None:
            found.first.setdefault(request, (space, seq, at_ms))
            _note(found, asked, told)
        elif kind == "person":
            faults.append(f"{space} entry {seq}: nobody asked for it ({request})")
    return found, faults


def _note(found: Found, asked: Asked, told: dict[str, Any]) -> None:
    if asked.is_opening:
        found.opened[asked.space, told["number"]] = asked.request.id
    if asked.what is not What.BALLOT:
        return
    assert asked.about is not None
    box = found.boxes[asked.space, asked.about.number]
    if asked.about.is_many:
        box.setdefault(asked.by, set())
        box[asked.by] ^= {asked.option}
    else:
        box[asked.by] = {asked.option}
