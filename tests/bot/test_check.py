"""A look over everything says all that is wrong at once, and changes nothing."""

import io
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import check, cli
from bot.checks.backlog import is_alive
from bot.checks.discord import check_discord
from bot.checks.finding import Level
from bot.settings import Backup, Database, Discord, Settings
from core.kernel import state
from core.kernel.clock import to_ms
from tests.bot.votes import hold_votes
from tests.platforms.discord_server import DiscordServer
from tests.world import World


def settings_of(path: Path) -> Settings:
    return Settings(database=Database(url=f"sqlite:///{path}"))


def looked(settings: Settings, config: Path | None = None) -> tuple[int, str]:
    out = io.StringIO()
    status = check.check(settings, config, out)
    return status, out.getvalue()


async def asked(server: DiscordServer, **more: object) -> dict[Level, str]:
    settings = Discord(token=SecretStr(server.token), api_url=server.api_url).model_copy(
        update=more
    )
    found: dict[Level, str] = {}
    for one in await check_discord(settings):
        found[one.level] = f"{found.get(one.level, '')}{one.what}\n"
    return found


def test_nothing_is_wrong_with_a_room(world: World) -> None:
    hold_votes(world)
    with world.unchanged():
        status, said = looked(settings_of(world.path))
    assert status == 0, said
    assert "is whole, and can be read and written" in said
    assert said.endswith("Nothing is wrong.\n")


def test_all_that_is_wrong_is_said_at_once(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    world.tx.run("update outbox set trouble = 'the channel is gone', sent_version = version")
    world.tx.run("update agenda set tries = 8 where key = '1:close:5'")
    (tmp_path / "file").touch()
    settings = settings_of(world.path)
    settings = settings.model_copy(update={"backup": Backup(folder=tmp_path / "file")})
    status, said = looked(settings)
    assert status == 1
    assert "for room could not be shown (given up): the channel is gone." in said
    assert "1:close:5 of community 1 has failed 8 times" in said
    assert f"nothing can be written to {tmp_path / 'file'}" in said
    assert said.endswith("3 things are wrong.\n")


def test_a_database_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    status, said = looked(settings_of(tmp_path / "folkmoot.db"))
    assert status == 0
    assert "it is made at the first start" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"some text", "is not a database of Folkmoot"),
        (b"SQLite format 3\0" + b"\xff" * 4000, "is damaged"),
    ],
)
def test_a_file_that_is_not_ours_is_said_and_left_alone(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "folkmoot.db"
    path.write_bytes(content)
    status, said = looked(settings_of(path))
    assert status == 1
    assert words in said
    assert path.read_bytes() == content


def test_a_newer_database_is_wrong_and_an_older_one_is_not(world: World) -> None:
    settings = settings_of(world.path)
    world.tx.run("update alembic_version set version_num = '9999'")
    assert "was written by a newer Folkmoot (schema 9999" in looked(settings)[1]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    status, said = looked(settings_of(tmp_path / "none" / "folkmoot.db"))
    assert status == 1
    assert f"there is no folder {tmp_path / 'none'}" in said


def test_a_database_that_somebody_else_writes_is_a_note(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checks.database.WAIT_S", 0.01)
    world.tx.begin()
    status, said = looked(settings_of(world.path))
    world.tx.rollback()
    assert status == 0
    assert "is being written by another program" in said


@pytest.mark.parametrize(("ago_s", "is_at_work"), [(0, True), (179, True), (181, False)])
def test_a_heart_that_beat_within_three_minutes_is_alive(
    world: World, ago_s: int, *, is_at_work: bool
) -> None:
    beat_ms = to_ms(world.clock.now()) - ago_s * 1000
    state.put(world.tx, "alive_ms", str(beat_ms))
    assert is_alive(world.database, world.clock)[0] is is_at_work


def test_a_heart_that_never_beat_is_not_alive(world: World) -> None:
    is_at_work, said = is_alive(world.database, world.clock)
    assert not is_at_work
    assert "no bot has been at work" in said


async def test_discord_takes_the_token_and_grants_the_rights() -> None:
    async with await DiscordServer.start() as server:
        server.add_guild("Moot")
        found = await asked(server)
    assert Level.WRONG not in found
    assert "the bot is in 1 server" in found[Level.FINE]


async def test_discord_refuses_a_token_that_is_not_repeated() -> None:
    async with await DiscordServer.start() as server:
        found = await asked(server, token=SecretStr("hunter2"))
    assert "the token is not taken" in found[Level.WRONG]
    assert "hunter2" not in json.dumps(found)


async def test_missing_rights_intents_and_servers_are_all_named() -> None:
    async with await DiscordServer.start() as server:
        server.add_guild("Moot", bot_permissions=1 << 10)
        found = await asked(server, members_intent=True, guild_ids=(5,))
    wrong = found[Level.WRONG]
    assert "lacks Send Messages, Embed Links, Send Messages in Threads" in wrong
    assert '"Server Members Intent"' in wrong
    assert "not in the server 5 of guild_ids" in wrong
    assert "https://discord.com/oauth2/authorize?client_id=" in wrong


async def test_discord_that_cannot_be_reached_is_said_clearly() -> None:
    async with await DiscordServer.start() as server:
        server.go_down()
        found = await asked(server)
    assert "cannot be reached from here" in found[Level.WRONG]


def said_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return what the command line says of a configuration: status, stdout, stderr."""
    status = cli.main(["check", "--config", str(folder / "c.toml")])
    return (status, *capsys.readouterr())


def test_what_is_sound_beside_the_mistakes_is_looked_at_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "colour = 'red'\n[discord]\ntokn = 'x'\n[database]\nurl = 'sqlite:////no/x.db'\n"
    (tmp_path / "c.toml").write_text(config)
    status, out, err = said_of(tmp_path, capsys)
    assert status == 1
    assert err.count("folkmoot: ") == 2
    assert "WRONG database: there is no folder" in out
    assert "[discord] is not looked at until its settings are mended" in out
    assert "Discord" not in out
    assert "Telegram" in out
    assert out.endswith("3 things are wrong.\n")


def test_what_is_faulty_is_not_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "chain = 1\n[telegram]\ntoken = 1\n[database]\nurl = 1\n[backup]\nkeep = 0\n"
    (tmp_path / "c.toml").write_text(config)
    status, out, _ = said_of(tmp_path, capsys)
    assert status == 1
    assert [line.split()[1] for line in out.splitlines()[:4]] == [
        "[backup]", "[chain]", "[database]", "[telegram]"
    ]  # fmt: skip
    assert not any(word in out for word in ("disk:", "Telegram", "backup:", "chain:"))
    assert "4 things are wrong." in out
