"""What an older database holds is still there, and whole, when its schema is brought up."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import schema
from core.kernel.canonical import encode

RECORD = {
    "outcome": "paid",
    "amount": 500,
    "free": 9000,
    "percent": 20,
    "shares": [[1, 500], [2, 0]],
    "tips": [[1, 7000]],
}


def bring_up(path: Path, revision: str, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """Bring a file up to a revision; return a connection."""
    monkeypatch.setattr(schema, "HEAD", revision)
    schema.migrate_sqlite(path)
    return sqlite3.connect(path)


def test_a_payday_that_is_over_gets_its_short_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with closing(bring_up(path, "0002", monkeypatch)) as old, old:
        old.executemany(
            "insert into payday (community, pool, from_ms, to_ms, lot_key, record)"
            " values (1, 1, ?, ?, x'00', ?)",
            [(0, 9, json.dumps(RECORD)), (9, 18, None)],
        )
    with closing(bring_up(path, "0003", monkeypatch)) as new:
        (over,), (open_,) = new.execute("select brief from payday order by from_ms")
    assert json.loads(over) == {
        "outcome": "paid",
        "amount": 500,
        "free": 9000,
        "percent": 20,
        "n": 1,
    }
    assert open_ is None


def test_each_vote_learns_where_the_journal_has_its_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    votes = [(1, 1), (1, 2), (2, 1), (1, 3)]
    lines = [
        (1, 1, {"ids": [["member", 1]]}),
        (1, 2, {"number": 1, "rule": {}}),
        (1, 3, {"number": 1, "note": 'a "rule": none'}),
        (2, 4, {"number": 1, "rule": {}}),
        (1, 5, {"number": 2, "rule": {}}),
    ]
    # What upgrades do not fall over.
    damaged = [
        '{"number":3,"rule":', '["rule",{"rule":1}]', '{"rule":{}}', '{"number":"x","rule":{}}',
        '{"number":[1],"rule":{}}', '{"number":' + "9" * 30 + ',"rule":{}}',
    ]  # fmt: skip
    kept = [(community, seq, encode(facts)) for community, seq, facts in lines]
    kept += [(1, 6 + n, facts) for n, facts in enumerate(damaged)]
    with closing(bring_up(path, "0004", monkeypatch)) as old, old:
        old.executemany(
            "insert into proposal (id, community, number, sort, author, title, details, options,"
            " method, quorum, threshold, is_secret, opened_ms, closes_ms, period_ms, lot_key,"
            " extensions) values (?, ?, ?, '', 1, '', '', '[]', '', 1, '0', 0, 0, 0, 0, x'', '[]')",
            [(number, *place) for number, place in enumerate(votes)],
        )
        old.executemany(
            "insert into journal (community, seq, at_ms, command, version, kind, request, args,"
            " facts, hash) values (?, ?, 0, '', 1, '', '', '{}', ?, x'')",
            kept,
        )
    with closing(bring_up(path, "0005", monkeypatch)) as new:
        found = new.execute("select community, number, opened_seq from proposal order by id")
        assert list(found) == [(1, 1, 2), (1, 2, 5), (2, 1, 4), (1, 3, 0)]
