"""What an older database holds is still there, and whole, when its schema is brought up."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import schema

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
