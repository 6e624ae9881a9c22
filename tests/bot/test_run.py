"""The program itself, as people start and end it: signals, a second one, a full or closed disk."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from bot.system import SystemClock
from tests.kill.audit import verified
from tests.world import World

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if "FOLKMOOT" not in name},
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
}
# Any wait for the program; far above what it takes.
PATIENCE_S = 180.0
# "Within a second or two"; where even the start takes long, several times as long as that.
ENDING_S, ENDING_STARTS = 5.0, 5

Program = subprocess.Popen[bytes]


def start(folder: Path, before: tuple[str, ...] = ()) -> Program:
    """Start the program in a folder, by way of another command where there is one."""
    return subprocess.Popen(
        [*before, sys.executable, "-m", "bot"],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def say(program: Program, *lines: str) -> None:
    assert program.stdin is not None
    program.stdin.write("".join(f"{line}\n" for line in lines).encode())
    program.stdin.flush()


def read_until(program: Program, words: str) -> list[str]:
    """Return what is printed until a line has these words."""
    assert program.stdout is not None
    lines = []
    for line in out(program.stdout):
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(f"{words!r} never came: {lines}")


def out(stream: IO[bytes]) -> Iterator[str]:
    for line in stream:
        yield line.decode().rstrip("\n")


def rest_of(program: Program) -> tuple[str, str, int]:
    """Return what the program still says, its errors, and its exit code."""
    said, errors = program.communicate(timeout=PATIENCE_S)
    return said.decode(), errors.decode(), program.returncode


def votes(database: Path) -> int:
    with closing(sqlite3.connect(database)) as db:
        sql = "select count(*) from journal where command = 'vote'"
        return int(db.execute(sql).fetchone()[0])


def confirmed(said: str) -> int:
    return said.count("Your ballot on #1")


@pytest.fixture
def polled(tmp_path: Path) -> Path:
    """A database with a poll that is open now."""
    world = World(tmp_path)
    world.clock.set(SystemClock().now())
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    world.close()
    return world.path


@pytest.mark.usefixtures("polled")
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_room_cleanly_and_the_line_taken_is_answered(
    tmp_path: Path, name: signal.Signals
) -> None:
    began = time.monotonic()
    program = start(tmp_path)
    say(program, *(f"voter{n}: /vote 1 Pizza" for n in range(10)))
    # Refusals are kept as well, and no card keeps the room busy between them. What it says to all
    # of them is more than the pipe holds, so it cannot be through before it is told to end.
    say(program, *(f"voter{n}: /vote 99 Pizza" for n in range(1_000)))
    said = read_until(program, "(to voter20)")
    before = time.monotonic()
    program.send_signal(name)
    more, errors, code = rest_of(program)
    assert time.monotonic() - before < max(ENDING_S, ENDING_STARTS * (before - began))
    assert (errors, code) == ("", 0)
    database = tmp_path / "folkmoot.db"
    wal = database.with_name("folkmoot.db-wal")
    assert not wal.exists() or not wal.stat().st_size
    all_said = "\n".join([*said, more])
    assert votes(database) == confirmed(all_said) == 10
    with closing(sqlite3.connect(database)) as db:
        kept = db.execute("select count(*) from request where id not like '%:test:%'").fetchone()[0]
    assert 20 < kept == all_said.count("(to voter") < 1_000
    assert verified(f"sqlite:///{database}") == []


@pytest.mark.usefixtures("polled")
def test_a_signal_ends_a_room_that_waits_for_a_line(tmp_path: Path) -> None:
    program = start(tmp_path)
    say(program, "/help")
    read_until(program, "a number presses a button")
    program.send_signal(signal.SIGTERM)
    _, errors, code = rest_of(program)
    assert (errors, code) == ("", 0)


def test_a_signal_during_the_start_leaves_a_database_that_starts(tmp_path: Path) -> None:
    program = start(tmp_path)
    path = tmp_path / "folkmoot.db"
    until = time.monotonic() + PATIENCE_S
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.001)  # another process has no event for us
    program.send_signal(signal.SIGTERM)
    _, errors, code = rest_of(program)
    assert (errors, code) == ("", 0)
    again = start(tmp_path)
    say(again, "/poll Lunch? Pizza | Soup", "/quit")
    said, errors, code = rest_of(again)
    assert "+-- [open] #1 Lunch?" in said
    assert (errors, code) == ("", 0)


@pytest.mark.usefixtures("polled")
def test_a_second_one_on_the_same_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    first = start(tmp_path)
    say(first, "/proposals")
    read_until(first, "Lunch?")
    _, errors, code = rest_of(start(tmp_path))
    assert code == 1
    assert errors.count("\n") == 1
    assert "Another Folkmoot is working on" in errors
    assert "End it first" in errors
    say(first, "ben: /vote 1 Pizza", "/quit")
    said, errors, code = rest_of(first)
    assert confirmed(said) == 1
    assert (errors, code) == ("", 0)


def test_a_disk_that_is_full_loses_no_ballot_and_says_so(polled: Path) -> None:
    n_blocks = (polled.stat().st_size + 60_000) // 512
    limit = ("sh", "-c", f'ulimit -f {n_blocks} && exec "$0" "$@"')
    lines = [f"voter{n}: /vote 1 Pizza" for n in range(120)]
    program = start(polled.parent, limit)
    say(program, *lines, "/proposals", "/quit")
    said = " ".join(rest_of(program)[0].split())
    assert "I cannot write to my database right now" in said
    assert "#1 Lunch?" in said.rpartition("/proposals")[2]
    assert 0 < confirmed(said) < 120
    assert confirmed(said) == votes(polled)
    assert verified(f"sqlite:///{polled}") == []
    program = start(polled.parent)
    say(program, *lines, "/quit")
    rest_of(program)
    with closing(sqlite3.connect(polled)) as db:
        assert db.execute("select turnout from running").fetchone() == (120,)


@pytest.mark.usefixtures("polled")
def test_a_file_that_may_only_be_read_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with closed(tmp_path) as before:
        program = start(tmp_path, before=before)
        _, errors, code = rest_of(program)
    if "unshare:" in errors or "mount:" in errors:
        pytest.skip("nothing can be closed to this user here")
    assert code == 1
    assert errors.count("\n") == 1
    assert "folkmoot.db" in errors
    assert votes(tmp_path / "folkmoot.db") == 0


@contextmanager
def closed(folder: Path) -> Iterator[tuple[str, ...]]:
    """Close a folder to writing; to root, for whom nothing is closed, by a mount of its own."""
    if os.geteuid() == 0:
        close = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"'
        yield ("unshare", "--mount", "sh", "-c", close, str(folder))
        return
    paths = [*folder.iterdir(), folder]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(modes[path] & ~0o222)
    yield ()
    for path in paths:
        path.chmod(modes[path])


def test_the_command_line_answers_also_by_the_name_of_its_module() -> None:
    for module in ("bot", "bot.cli"):
        asked = [sys.executable, "-m", module, "--version"]
        said = subprocess.run(asked, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        assert said.stdout.startswith("folkmoot ")
