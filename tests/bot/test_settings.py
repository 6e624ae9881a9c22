"""An operator writes config.toml and is told all that is wrong; this file is about settings."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import SECTIONS, VOCABULARY, ConfigMistakes, Database, Settings, load

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TOKEN = "MTExMjIyMzMzNDQ0NTU1NjY2.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


def read(config: Path, text: str) -> Settings:
    config.write_text(text, encoding="utf-8")
    return load(config)


def mistake(config: Path, text: str) -> str:
    with pytest.raises(ConfigMistakes) as refused:
        read(config, text)
    (only,) = refused.value.mistakes
    return only


def test_without_a_file_everything_has_its_default() -> None:
    settings = load(None)
    assert settings.database.url == "sqlite:///folkmoot.db"
    assert settings.database.path == Path("folkmoot.db")
    assert settings.discord.api_url == "https://discord.com/api/v10"
    assert settings.discord.gateway_url is None
    assert settings.discord.guild_ids == ()
    assert not settings.discord.is_on
    assert not settings.discord.members_intent
    assert (settings.log.level, settings.log.is_json) == ("info", False)
    assert (settings.backup.folder, settings.backup.keep) == (None, 7)
    assert settings.secrets == ()


def test_an_empty_file_means_the_defaults(config: Path) -> None:
    assert read(config, "") == load(None)


def test_a_full_file_is_read(config: Path) -> None:
    settings = read(
        config,
        f"""
        [database]
        url = "sqlite:////srv/moot.db"
        [discord]
        token = "{TOKEN}"
        api_url = "http://127.0.0.1:8080/api/v10/"
        gateway_url = "ws://127.0.0.1:8081"
        guild_ids = [123456789012345678, 2]
        members_intent = true
        [log]
        level = "WARNING"
        json = true
        [backup]
        folder = "/srv/backups"
        keep = 30
        """,
    )
    assert settings.database.path == Path("/srv/moot.db")
    assert settings.discord.token.get_secret_value() == TOKEN
    assert settings.discord.is_on
    assert settings.discord.api_url == "http://127.0.0.1:8080/api/v10"
    assert settings.discord.gateway_url == "ws://127.0.0.1:8081"
    assert settings.discord.guild_ids == (123456789012345678, 2)
    assert settings.discord.members_intent
    assert (settings.log.level, settings.log.is_json) == ("warning", True)
    assert (settings.backup.folder, settings.backup.keep) == (Path("/srv/backups"), 30)
    assert settings.secrets == (TOKEN,)


def test_settings_are_frozen_and_do_not_show_secrets(config: Path) -> None:
    settings = read(config, f'[discord]\ntoken = "{TOKEN}"')
    with pytest.raises(ValidationError):
        settings.log.level = "debug"  # type: ignore[misc]
    assert TOKEN not in repr(settings)
    assert TOKEN not in settings.model_dump_json()


def test_a_file_from_windows_is_read(config: Path) -> None:
    config.write_bytes(b'\xef\xbb\xbf[log]\r\nlevel = "error"\r\n')
    assert load(config).log.level == "error"


def test_the_example_names_every_key_with_its_default() -> None:
    tables = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert load(EXAMPLE) == load(None)
    assert {name: set(table) for name, table in tables.items()} == {
        name: set(keys) for name, keys in VOCABULARY.keys.items()
    }


def test_every_key_says_what_it_must_be() -> None:
    assert set(SECTIONS) == set(Settings.model_fields)
    assert all(text for keys in VOCABULARY.keys.values() for text in keys.values())


@pytest.mark.parametrize(
    "value", ["5", "{}", "'1'", "[true]", "['1', '2']", "[0]", "[1.5]", f"[{1 << 64}]", "[[1]]"]
)
def test_guild_ids_that_are_no_list_of_ids_are_refused(config: Path, value: str) -> None:
    assert "[discord] guild_ids: must be a list" in mistake(
        config, f"[discord]\nguild_ids = {value}"
    )


def test_more_guild_ids_than_a_test_needs_are_refused(config: Path) -> None:
    assert "at most 100" in mistake(config, f"[discord]\nguild_ids = {list(range(1, 102))}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "discord.com/api/v10",
        "https://",
        "https://:443",
        "https://discord.com:99999/api",
        "https://discord.com:port/api",
        "https://[::1/api",
        "https://discord.com/api v10",
        "https://discord.com/api\\n",
        "https://name:hunter2@discord.com/api",
        "https://discord.com/api?x=hunter2",
        "wss://discord.com/api",
        "javascript:alert(1)",
    ],
)
def test_a_bad_rest_address_is_refused(config: Path, url: str) -> None:
    told = mistake(config, f'[discord]\napi_url = "{url}"')
    assert told.startswith("[discord] api_url: must be an address that starts with https://")
    assert "hunter2" not in told


@pytest.mark.parametrize("url", ["gateway.discord.gg", "https://gateway.discord.gg", "ws:///"])
def test_a_bad_gateway_address_is_refused(config: Path, url: str) -> None:
    told = mistake(config, f'[discord]\ngateway_url = "{url}"')
    assert told.startswith("[discord] gateway_url: must be an address that starts with wss://")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://ana:hunter2@db", "must be postgresql://user:password@host/name"),
        ("postgresql://ana:hunter2@db:x/moot", "must be postgresql://user:password@host/name"),
        ("postgresql://ana:hun/ter2@db/moot", "must be postgresql://user:password@host/name"),
        ("postgresql://ana:hunter2@db/mo ot", "must be postgresql://user:password@host/name"),
        ("postgresql+psycopg://db/moot", "must start with postgresql://"),
        ("postgres.db", "must be sqlite:///"),
        ("sqlite://folkmoot.db", "must be sqlite:///"),
        ("mysql://db/moot", "must be sqlite:///"),
        ("", "must be sqlite:///"),
        ("sqlite:///folder/", "must be sqlite:///"),
        ("sqlite:///..", "must be sqlite:///"),
        ("sqlite:///", "must name a file"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///moot.db?mode=ro", "must end with the file's name"),
    ],
)
def test_a_bad_database_url_is_refused(config: Path, url: str, words: str) -> None:
    told = mistake(config, f'[database]\nurl = "{url}"')
    assert told.startswith("[database] url: ")
    assert words in told
    assert "hunter2" not in told


def test_a_database_url_is_relative_with_three_slashes_and_absolute_with_four() -> None:
    assert Database(url="sqlite:///sub/moot.db").path == Path("sub/moot.db")
    assert Database(url="sqlite:////sub/moot.db").path == Path("/sub/moot.db")


@pytest.mark.parametrize("token", [f"Bot {TOKEN}", f"{TOKEN} x", f"{TOKEN}é", TOKEN * 4])
def test_a_token_that_was_copied_badly_is_refused_and_not_repeated(
    config: Path, token: str
) -> None:
    told = mistake(config, f'[discord]\ntoken = "{token}"')
    assert told.startswith("[discord] token: must be the")
    assert TOKEN[:10] not in told


def test_the_environment_wins_over_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_DISCORD__TOKEN", f"{TOKEN}\n")
    monkeypatch.setenv("FOLKMOOT_DISCORD__GUILD_IDS", "12, 34")
    monkeypatch.setenv("folkmoot_discord__members_intent", "true")
    monkeypatch.setenv("FOLKMOOT_LOG__JSON", "1")
    monkeypatch.setenv("FOLKMOOT_LOG__LEVEL", "")
    monkeypatch.setenv("FOLKMOOT_BACKUP__KEEP", "3")
    settings = read(config, "[discord]\ntoken = 'old'\nguild_ids = [5]\n[log]\nlevel = 'error'\n")
    assert settings.secrets == (TOKEN,)
    assert settings.discord.guild_ids == (12, 34)
    assert settings.discord.members_intent
    assert settings.log.is_json
    assert settings.log.level == "error", "an empty variable counts as not set"
    assert settings.backup.keep == 3
    assert load(None).secrets == (TOKEN,)
