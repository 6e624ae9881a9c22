"""What the command line offers: settings where they are read, and nowhere else."""

import sys
from pathlib import Path

import pytest

from bot import cli
from tests.bot.test_cli import asked


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


MOVE = ("move", "--from", "sqlite:///a.db", "--to", "sqlite:///b.db")


@pytest.mark.parametrize("words", [("demo",), ("demo", "--chain"), MOVE])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_reads_no_settings_takes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], is_first: bool
) -> None:
    (tmp_path / "c.toml").write_text("")
    config = ("--config", "c.toml")
    found = asked(capsys, *((*config, *words) if is_first else (*words, *config)))
    assert found == (2, "", f"folkmoot: {words[0]} reads no settings; leave --config out.\n")


def test_a_chain_to_play_on_has_to_be_installed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bot.chain.demo", None)
    monkeypatch.delattr("bot.chain.demo", raising=False)
    status, out, err = asked(capsys, "demo", "--chain")
    assert (status, out) == (1, "")
    assert 'pip install "folkmoot[chain]" "web3[tester]"' in err


def test_moving_asks_for_no_settings_that_are_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_BACKUP__KEEP", "0")
    assert "there is no database a.db" in asked(capsys, *MOVE)[2]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [(), *((name,) for name in sorted(cli.parser().subcommands))])
def test_settings_are_offered_where_they_are_read(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        cli.main([*words, "--help"])
    is_read = not words or words[0] not in cli.WITHOUT_SETTINGS
    assert ("--config" in capsys.readouterr().out) == is_read
