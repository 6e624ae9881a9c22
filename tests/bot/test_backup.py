"""A backup is whole, never over another file, and made while the bot writes."""

import io
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import backup, verify
from bot.database.sqlite import SqliteDatabase
from bot.settings import Backup
from bot.trouble import Trouble
from tests.bot.votes import hold_votes
from tests.world import World

MORNING = datetime(2026, 3, 2, 3, 17, tzinfo=UTC)


def test_a_backup_is_one_file_that_verifies(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    folder = tmp_path / "copies"
    folder.mkdir()
    copy = folder / "copy.db"
    backup.backup(world.path, copy)
    out = io.StringIO()
    assert verify.command(SqliteDatabase(copy), None, out) == 0
    assert "votes: 6 checked, all fit" in out.getvalue()
    assert [path.name for path in folder.iterdir()] == ["copy.db"]


def test_a_backup_in_the_middle_of_a_transaction_holds_what_was_committed(
    world: World, tmp_path: Path
) -> None:
    hold_votes(world)
    world.tx.begin()
    world.tx.run("delete from ballot")
    backup.backup(world.path, tmp_path / "copy.db")
    world.tx.rollback()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("select count(*) from ballot").fetchone() == (12,)


def test_backups_while_somebody_writes_are_all_whole(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    is_over = threading.Event()

    def write() -> None:
        n = 0
        while not is_over.is_set():
            n += 1
            world.tx.run("insert into state (name, value) values (?, ?)", (f"n{n}", "x" * 4000))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            backup.backup(world.path, tmp_path / f"copy{n}.db")
    finally:
        is_over.set()
        writer.join()
    for n in range(5):
        assert verify.command(SqliteDatabase(tmp_path / f"copy{n}.db"), None, io.StringIO()) == 0


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_stands_there_is_never_overwritten(world: World, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "copy.db"
    if kind == "file":
        target.write_text("mine")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(backup.BackupError, match="never overwrites"):
        backup.backup(world.path, target)
    assert kind != "file" or target.read_text() == "mine"


def test_a_backup_needs_its_folder(world: World, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError, match="there is no folder"):
        backup.backup(world.path, tmp_path / "none" / "copy.db")


@pytest.mark.parametrize("content", [None, b"", b"not ours", b"SQLite format 3\0" + b"x" * 200])
def test_what_is_no_database_of_ours_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "folkmoot.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Trouble):
        backup.backup(path, tmp_path / "copy.db")
    assert {one.name for one in tmp_path.iterdir()} <= {"folkmoot.db"}


def test_a_damaged_database_leaves_no_copy_behind(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    world.tx.run("pragma wal_checkpoint(truncate)")
    damaged = tmp_path / "damaged" / "folkmoot.db"
    damaged.parent.mkdir()
    shutil.copy(world.path, damaged)
    with damaged.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises((backup.BackupError, sqlite3.DatabaseError)):
        backup.backup(damaged, damaged.with_name("copy.db"))
    assert not [one for one in damaged.parent.iterdir() if "copy" in one.name]


def test_the_nightly_copies_rotate_and_nothing_else_goes(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "nights"
    wanted = Backup(folder=folder, keep=2)
    for day in (1, 2, 3):
        backup.nightly(world.path, wanted, MORNING.replace(day=day))
    (folder / "mine.db").touch()
    (folder / "folkmoot-1.db").touch()
    (folder / ".folkmoot-20260301-031700.db.abc.part").touch()
    backup.nightly(world.path, wanted, MORNING.replace(day=4))
    assert sorted(one.name for one in folder.iterdir()) == [
        "folkmoot-1.db",
        "folkmoot-20260303-031700.db",
        "folkmoot-20260304-031700.db",
        "mine.db",
    ]
