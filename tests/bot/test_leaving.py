"""A reader that leaves, as head does: no failure to talk about, whatever was asked."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from tests.bot.test_cli import PATIENCE_S, surroundings
from tests.voting.test_recount import proposal

POLL = "ana: /poll Lunch? Pizza | Soup\nben: 1\n"


def left(
    folder: Path, *words: str, is_buffered: bool = True, is_all: bool = False, said: str = ""
) -> tuple[int, str]:
    """Run a module whose reader has left before it begins; return its status and its errors.

    With `is_all` errors have the same reader, as after `2>&1`.
    """
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", *words],
            cwd=folder,
            input=said,
            stdout=writer,
            stderr=writer if is_all else subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**surroundings(), "PYTHONUNBUFFERED": "" if is_buffered else "1"},
        )
    finally:
        os.close(writer)
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize("command", ["--version", "check", "demo"])
def test_what_needs_no_database_ends_quietly(tmp_path: Path, command: str) -> None:
    assert left(tmp_path, "bot", command) == (cli.PIPE_CLOSED, "")


def test_what_looks_at_a_database_ends_quietly(tmp_path: Path) -> None:
    assert left(tmp_path, "bot", said=POLL) == (cli.PIPE_CLOSED, "")
    for command in (
        "verify",
        "export --to out",
        "backup copy.db",
        "move --from sqlite:///folkmoot.db --to sqlite:///new.db",
    ):
        assert left(tmp_path, "bot", *command.split()) == (cli.PIPE_CLOSED, ""), command
    assert left(tmp_path, "bot", "verify", is_buffered=False) == (cli.PIPE_CLOSED, "")


@pytest.mark.parametrize("command", ["verify --head xyz", "backup copy.db"])
def test_so_does_what_would_only_tell_a_mistake(tmp_path: Path, command: str) -> None:
    assert left(tmp_path, "bot", *command.split(), is_all=True)[0] == cli.PIPE_CLOSED


@pytest.mark.parametrize("command", ["--help", "chain deploy-timelock --help"])
def test_so_does_help(tmp_path: Path, command: str) -> None:
    words = ("bot", *command.split())
    assert left(tmp_path, *words) == (cli.PIPE_CLOSED, "")
    # Unbuffered, the parser's own writing overlooks that nobody reads.
    assert left(tmp_path, *words, is_buffered=False) == (cli.FINE, "")


@pytest.mark.parametrize("is_buffered", [True, False])
def test_a_recount_ends_quietly_by_the_signal_itself(tmp_path: Path, is_buffered: bool) -> None:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(proposal()), "utf-8")
    root = surroundings()["PYTHONPATH"]
    told = left(Path(root), "core.voting.recount", str(path), is_buffered=is_buffered)
    assert told == (-signal.SIGPIPE, "")
