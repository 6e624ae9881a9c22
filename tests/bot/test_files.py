"""Files and folders that take no writes: told in a sentence, and nothing is left beside them."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.database.lock import Lock
from bot.database.look import look
from bot.database.sqlite import SqliteDatabase
from bot.database.standing import Standing
from bot.trouble import Trouble
from tests.bot.test_cli import PATIENCE_S, surroundings
from tests.bot.test_mistakes import somebody


@pytest.fixture
def path() -> Iterator[Path]:
    """A database in a folder that every user of the machine gets at."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        SqliteDatabase(folder / "moot.db").migrate()
        yield folder / "moot.db"
        folder.chmod(0o777)


def test_a_read_only_file_can_be_read_and_gets_no_files_beside_it(path: Path) -> None:
    path.chmod(0o444)
    database = SqliteDatabase(path)
    with somebody():
        assert look(path).standing is Standing.CURRENT
        reading = database.read()
        assert reading.one("select count(*) from journal") == (0,)
        reading.close()
        with pytest.raises(Trouble, match="read-only here"):
            database.open()
    # What SQLite makes beside a read-only file is read-only too, and would outlive the mending.
    assert [one.name for one in path.parent.iterdir()] == ["moot.db"]


def test_a_folder_in_place_of_the_file_is_told(path: Path) -> None:
    with pytest.raises(Trouble, match=r"is a folder; name a file in it in \[database\] url"):
        look(path.parent)


def test_an_older_file_that_is_read_only_is_not_migrated(path: Path) -> None:
    old = path.with_name("old.db")
    old.touch(0o444)
    with somebody(), pytest.raises(Trouble, match="read-only here"):
        SqliteDatabase(old).migrate()
    assert old.stat().st_size == 0


def test_a_folder_that_takes_no_writes_is_told(path: Path) -> None:
    path.parent.chmod(0o555)
    with (
        somebody(),
        pytest.raises(Trouble, match=r"moot.db.lock cannot be written: Permission denied. The"),
    ):
        Lock(path).take()


def test_a_disk_that_is_full_at_the_first_start_is_told_without_a_traceback(path: Path) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, 40_960))

    done = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=path.parent, env=surroundings(), capture_output=True, text=True, check=False,
        timeout=PATIENCE_S, preexec_fn=no_room,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("folkmoot: folkmoot.db: ")
    assert done.stderr.count("\n") == 1
