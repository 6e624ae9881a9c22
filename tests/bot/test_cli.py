"""The command line as a process: what it prints where, and how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings
from tests.bot.votes import hold_votes
from tests.world import World

# Above any start on a machine that is busy with other tests.
PATIENCE_S = 180


def run(folder: Path, *words: str, said: str = "") -> tuple[int, str, str]:
    """Run the command line in a folder; return its status, its output and its errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", *words],
        cwd=folder,
        input=said,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env=surroundings(),
    )
    return done.returncode, done.stdout, done.stderr


def surroundings() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if "FOLKMOOT_" not in name.upper()}
    root = str(Path(__file__).parent.parent.parent)
    return {**ours, "PYTHONPATH": root, "PYTHONUTF8": "1"}


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command line in this process."""
    try:
        status = cli.main(words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and to find empty afterwards."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def test_a_room_is_opened_verified_copied_and_exported(folder: Path) -> None:
    status, out, err = run(folder, said="ana: /poll Lunch? Pizza | Soup\nben: 1\n")
    assert (status, err) == (0, "")
    assert "Your ballot on #1: Pizza." in out
    config = folder / "config.toml"
    config.write_text('[database]\nurl = "sqlite:///folkmoot.db"\n')
    status, out, _ = run(folder, "--config", "config.toml", said="cy: /vote 1 Soup\n")
    assert status == 0
    assert "1 vote (50 %)" in out, "the room opens on the same database again"
    assert run(folder, "check", "--alive", "--config", "config.toml")[0] == 0
    assert run(folder, "backup", "copy.db")[0] == 0
    assert run(folder, "export", "--to", "out", "--community", "room")[0] == 0
    assert (folder / "out/community-1/votes.csv").is_file()
    (folder / "folkmoot.db").unlink()
    (folder / "copy.db").rename(folder / "folkmoot.db")
    status, out, _ = run(folder, "verify")
    assert status == 0
    assert "Everything fits." in out


def test_the_room_ends_quietly_when_it_is_interrupted(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings(),
    ) as room:
        assert room.stdin is not None
        assert room.stdout is not None
        room.stdin.write("ana: /help\n")
        room.stdin.flush()
        while "(to ana)" not in room.stdout.readline():
            pass
        room.send_signal(signal.SIGINT)
        _, err = room.communicate(timeout=PATIENCE_S)
    assert err == ""
    assert room.returncode == 0


def test_help_is_quick_and_imports_nothing_heavy(folder: Path) -> None:
    heavy = "{'pydantic', 'sqlite3', 'asyncio', 'discord', 'alembic', 'aiohttp', 'core'}"
    code = f"import sys, bot.cli\nbot.cli.parser().format_help()\nprint({heavy} & {{*sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=surroundings()
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("verfy",), "there is no command 'verfy'; did you mean verify?"),
        (("xyzzy",), "there is no command 'xyzzy'; there are run, demo, check,"),
        (("backup",), "the following arguments are required: FILE"),
        (("export",), "the following arguments are required: --to"),
        (("verify", "--heat", "x"), "unrecognized arguments: --heat x"),
        (("--config",), "expected one argument"),
        (("verify", "--head", "xyz"), "a head is 64 hexadecimal digits"),
        (("verify", "--config", "none.toml"), "none.toml: there is no such file"),
        (("--config", "none.toml"), "none.toml: there is no such file"),
        (("--config", "none.toml", "migrate"), "none.toml: there is no such file"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2_and_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    status, out, err = asked(capsys, *words)
    assert status == 2
    assert told in err
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize(
    "words", [("verify",), ("export", "--to", "out"), ("backup", "copy.db"), ("check", "--alive")]
)
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no database folkmoot.db"),
        (b"", "folkmoot.db is empty"),
        (b"a letter to my aunt", "folkmoot.db is not a database of Folkmoot"),
    ],
)
def test_a_database_that_is_none_is_told_and_nothing_is_created(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    content: bytes | None,
    told: str,
) -> None:
    if content is not None:
        (folder / "folkmoot.db").write_bytes(content)
    status, out, err = asked(capsys, *words)
    assert (status, out) == (1, "")
    assert told in err
    assert [one.name for one in folder.iterdir()] == ([] if content is None else ["folkmoot.db"])


@pytest.mark.parametrize("words", [(), ("run",), ("migrate",), ("verify",)])
def test_a_newer_database_is_told_and_left_alone(
    world: World,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("FOLKMOOT_DATABASE__URL", f"sqlite:///{world.path}")
    world.tx.run("update alembic_version set version_num = '9999'")
    with world.unchanged():
        status, out, err = asked(capsys, *words)
    assert (status, out) == (1, "")
    assert "was written by a newer Folkmoot (schema 9999" in err


def test_a_stranger_s_database_gets_no_tables_of_ours(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "folkmoot.db").write_bytes(b"SQLite format 3, or so it says")
    for words in ((), ("run",), ("migrate",)):
        status, _, err = asked(capsys, *words)
        assert status == 1
        assert "is not a database of Folkmoot; nothing was touched" in err
    assert [one.name for one in folder.iterdir()] == ["folkmoot.db"]


def test_a_difference_ends_with_1(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_votes(world)
    monkeypatch.setenv("FOLKMOOT_DATABASE__URL", f"sqlite:///{world.path}")
    assert asked(capsys, "verify")[0] == 0
    world.tx.run("update proposal set title = 'x' where number = 1")
    assert asked(capsys, "verify")[0] == 1


def test_migrating_says_what_was_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "folkmoot.db: created, schema" in asked(capsys, "migrate")[1]
    assert "nothing to do" in asked(capsys, "migrate")[1]


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = asked(capsys, "--version")
    assert status == 0
    assert out.startswith("folkmoot ")


def test_every_mistake_of_a_configuration_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "c.toml").write_text("[log]\nlevel = 'loud'\n[backup]\nkeep = 0\n")
    status, _, err = asked(capsys, "check", "--config", "c.toml")
    assert status == 1
    assert err.count("folkmoot: ") == 2


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [
        (KeyboardInterrupt(), cli.INTERRUPTED, ""),
        (OSError(28, "No space left on device", "x.db"), 1, "x.db: No space left on device."),
        (PermissionError(13, "Permission denied"), 1, "Permission denied."),
    ],
)
def test_what_happens_to_a_command_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    status: int,
    told: str,
) -> None:
    def fail(_: Settings, __: object) -> int:
        raise raised

    monkeypatch.setitem(cli.COMMANDS, "verify", fail)
    found = asked(capsys, "verify")
    assert found == (status, "", f"folkmoot: {told}\n" if told else "")


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_folder_that_is_not_there_is_named(command: str, folder: Path) -> None:
    url = f'[database]\nurl = "sqlite:///{folder}/no/such.db"\n'
    (folder / "config.toml").write_text(f'{url}[discord]\ntoken = "abc.def.ghi"\n')
    code, said, errors = run(folder, command, "--config", "config.toml")
    assert (code, said) == (1, "")
    assert f"there is no folder {folder}/no; make it" in errors


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict", "latin-1"])
def test_letters_that_are_none_here_are_taken_and_shown_as_they_can_be(
    folder: Path, encoding: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=folder, env={**surroundings(), "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
        input=b"ana: /poll Lunch\xff? a | b\nben: 1\n", capture_output=True, check=False,
        timeout=PATIENCE_S,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 person voted." in done.stdout


def test_a_room_without_any_input_is_over_at_once(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m bot <&-', sys.executable],
        cwd=folder, env=surroundings(), capture_output=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_lines_from_elsewhere_are_read_as_those_from_here(folder: Path) -> None:
    lines = "\ufeff/poll Lunch? a | b\r\n\r\nana: 1\r\nben: /QUIT\r\nana: 2\r\n"
    code, said, errors = run(folder, said=lines)
    assert (code, errors) == (0, "")
    assert said.startswith("/poll Lunch? a | b\n(to you) #1 is open until ")
    assert "\nana: 1\n(to ana) Your ballot on #1: a.\n" in said
    assert "\r" not in said
    assert "ana: 2" not in said


def test_what_ended_while_the_room_was_closed_is_shown_before_anything_is_said(
    world: World, folder: Path
) -> None:
    ana = world.member("ana")
    ana.says("/poll Second? a | b closes_in=2h")
    ana.says("/poll First? a | b closes_in=1h")
    (folder / "c.toml").write_text(f'[database]\nurl = "sqlite:///{world.path}"\n')
    code, said, errors = run(folder, "--config", "c.toml")
    assert (code, errors) == (0, "")
    first, second = (said.index(f"Your vote {name}? closed.") for name in ("First", "Second"))
    assert first < second
    assert "  +-- #1 Second? (changed)" in said
    code, said, errors = run(folder, "--config", "c.toml", said="ana: /proposals")
    assert (code, errors) == (0, "")
    assert said.startswith("ana: /proposals\n(to ana) Votes\n")
