"""All that is wrong is told at once, and no secret with it; this file is about the telling."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import ConfigMistakes, load


def mistakes(config: Path, text: str) -> tuple[str, ...]:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigMistakes) as refused:
        load(config)
    assert refused.value.__context__ is None, "a cause could print what the file holds"
    return refused.value.mistakes


def test_every_mistake_is_named_at_once(config: Path) -> None:
    told = mistakes(
        config,
        """
        colour = "red"
        log = 5
        [databse]
        [database]
        url = "folkmoot.db"
        [discord]
        tokn = "x"
        token = 5
        api_url = "ftp://discord.com"
        gateway_url = "https://gateway.discord.gg"
        guild_ids = ["1"]
        members_intent = "yes"
        [backup]
        folder = 1
        keep = 0
        """,
    )
    assert [sentence.split(":")[0] for sentence in told] == [
        "colour",
        "log",
        "[databse]",
        "[database] url",
        "[discord] token",
        "[discord] api_url",
        "[discord] gateway_url",
        "[discord] guild_ids",
        "[discord] members_intent",
        "[discord] tokn",
        "[backup] folder",
        "[backup] keep",
    ]
    assert all(sentence.endswith((".", "?")) for sentence in told)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[discord]\ntokn = 'x'", "[discord] tokn: is not known; did you mean [discord] token?"),
        ("[discord]\nToken = 'x'", "[discord] Token: is not known; did you mean [discord] token?"),
        ("[log]\ntoken = 'x'", "[log] token: is not known; did you mean [discord] token?"),
        ("token = 'x'", "token: is not known; did you mean [discord] token?"),
        ("[discrod]", "[discrod]: is not known; did you mean [discord]?"),
        (
            "[log]\nqq = 1",
            "[log] qq: is not known; there are [log] level, [log] libraries, [log] json.",
        ),
        (
            "[q]",
            (
                "[q]: is not known; there are [database], [discord], [telegram], [chain], [log], "
                "[backup]."
            ),
        ),
        ("[[log]]", "[log]: must stand once and in single brackets."),
        ("[log]\njson = 'yes'", "[log] json: must be true or false (without quotes)."),
        ("[backup]\nkeep = 1.5", "[backup] keep: must be a whole number from 1 to 1000"),
        ("[backup]\nkeep = true", "[backup] keep: must be a whole number from 1 to 1000"),
        ("[backup]\nkeep = 1001", "[backup] keep: must be a whole number from 1 to 1000."),
        ("[backup]\nfolder = '~nobody-here/x'", "[backup] folder: starts with ~ and a user"),
        ("[log]\nlevel = 'loud'", "[log] level: must be one of debug, info, warning and error"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_write(
    config: Path, text: str, sentence: str
) -> None:
    (told,) = mistakes(config, text)
    assert told.startswith(sentence)


def test_no_value_and_no_pasted_secret_is_repeated(config: Path) -> None:
    secret = "hunter2" * 6
    told = mistakes(
        config,
        f"""
        {secret} = 1
        [discord]
        {secret} = "{secret}"
        token = ["{secret}"]
        api_url = "{secret}"
        gateway_url = "{secret}"
        guild_ids = ["{secret}"]
        [database]
        url = "{secret}"
        [log]
        level = "{secret}"
        [backup]
        keep = "{secret}"
        """,
    )
    assert len(told) == 9
    assert "hunter2" not in "\n".join(told)


def test_mistakes_in_the_environment_name_the_variable(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_DISCORD__TOKN", "hunter2")
    monkeypatch.setenv("FOLKMOOT_DISCORD_TOKEN", "hunter2")
    monkeypatch.setenv("FOLKMOOT_DISCRD__TOKEN", "hunter2")
    monkeypatch.setenv("FOLKMOOT_DISCORD__GUILD_IDS", "hunter2,3")
    monkeypatch.setenv("FOLKMOOT_DATABASE__URL", "hunter2")
    monkeypatch.setenv("FOLKMOOT_LOG__JSON", "maybe hunter2")
    monkeypatch.setenv("FOLKMOOT_PORT", "somebody else's")
    told = mistakes(config, "[backup]\nkeep = 0")
    assert sorted(sentence.split(":")[0] for sentence in told) == [
        "FOLKMOOT_DATABASE__URL",
        "FOLKMOOT_DISCORD_TOKEN",
        "FOLKMOOT_DISCORD__GUILD_IDS",
        "FOLKMOOT_DISCORD__TOKN",
        "FOLKMOOT_DISCRD__TOKEN",
        "FOLKMOOT_LOG__JSON",
        "[backup] keep",
    ]
    text = "\n".join(told)
    assert text.count("FOLKMOOT_DISCORD__TOKEN") == 3
    assert "quotes" not in text, "an environment has none"
    assert "hunter2" not in text


def test_a_section_without_a_key_in_the_environment_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOLKMOOT_LOG", "hunter2")
    with pytest.raises(ConfigMistakes) as refused:
        load(None)
    assert str(refused.value) == (
        "FOLKMOOT_LOG: is not known; there are FOLKMOOT_LOG__LEVEL, "
        "FOLKMOOT_LOG__LIBRARIES, FOLKMOOT_LOG__JSON."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[log]\nlevel = debug\n", "is not TOML: Invalid value (at line 2, column 9). Texts"),
        (b"[log\n", "line 1"),
        (b"[log]\nlevel = 'info'\nlevel = 'info'\n", "(at line 3, column 15)"),
        (b"[log]\nlevel = '\xff'\n", "line 2 is not UTF-8 text"),
        ("[log]\n".encode("utf-16"), "line 1 is not UTF-8 text"),
        (b"x = " + b"9" * 5000, "is not TOML that can be read"),
        (b"x = " + b"[" * 100_000, "is not TOML that can be read"),
        (b"#" * (1 << 20) + b"#", "is too large"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_place(
    config: Path, content: bytes, words: str
) -> None:
    config.write_bytes(content)
    with pytest.raises(ConfigMistakes) as refused:
        load(config)
    assert str(refused.value).startswith(f"{config}: ")
    assert words in str(refused.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    circle = tmp_path / "circle.toml"
    circle.symlink_to(circle)
    for path, words in (
        (tmp_path / "none.toml", "there is no such file"),
        (tmp_path, "is a folder"),
        (circle, "cannot be read"),
    ):
        with pytest.raises(ConfigMistakes) as refused:
            load(path)
        assert str(refused.value).startswith(f"{path}: {words}")


def test_a_file_without_the_right_to_read_is_told() -> None:
    # Not under pytest's folder, which is for its owner alone: there somebody else sees no file.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        config = Path(folder) / "config.toml"
        config.write_text("")
        config.chmod(0)
        with somebody(), pytest.raises(ConfigMistakes, match="cannot be read: Permission denied"):
            load(config)


@contextmanager
def somebody() -> Iterator[None]:
    """Act as a user without rights, since root may read everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
