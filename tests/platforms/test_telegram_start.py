"""What an operator sees of Telegram before the first command: the look, the parts, the imports."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import compose, run
from bot.checks.finding import Level
from bot.checks.telegram import check_telegram
from bot.database import port
from bot.database.sqlite import SqliteDatabase
from bot.platforms import telegram
from bot.settings import Database, Discord, Settings, Telegram
from bot.trouble import Trouble
from tests.platforms.telegram_moot import open_room
from tests.platforms.telegram_server import TelegramServer

NOWHERE = SqliteDatabase(Path("/nowhere/moot.db"))


async def asked(
    server: TelegramServer, database: port.Database = NOWHERE, **more: object
) -> dict[Level, str]:
    settings = Telegram(token=SecretStr(server.token), api_url=server.api_url)
    found: dict[Level, str] = {}
    for one in await check_telegram(settings.model_copy(update=more), database):
        found[one.level] = f"{found.get(one.level, '')}{one.what}\n"
    return found


async def test_telegram_takes_the_token() -> None:
    async with await TelegramServer.start() as server:
        assert await asked(server) == {Level.FINE: "Telegram: the token is that of @folkmoot_bot\n"}


async def test_telegram_refuses_a_token_that_is_not_repeated() -> None:
    async with await TelegramServer.start() as server:
        found = await asked(server, token=SecretStr("12:wrong-one"))
        assert "the token is not taken" in found[Level.WRONG]
        assert "wrong-one" not in found[Level.WRONG]


async def test_telegram_that_cannot_be_reached_is_said_without_the_token() -> None:
    async with await TelegramServer.start() as server:
        server.go_down()
        found = await asked(server)
        assert "cannot be reached" in found[Level.WRONG]
        assert server.token not in found[Level.WRONG]
        server.come_back()
        server.faults.fail("getMe", status=502)
        assert "in trouble itself" in (await asked(server))[Level.WRONG]


async def test_webhooks_that_cannot_work_are_said() -> None:
    async with await TelegramServer.start() as server:
        assert "webhook_url" in (await asked(server, mode="webhook"))[Level.WRONG]
        hook = server.webhook
        hook.url, hook.last_error = "https://moot.example/hook", "Connection refused"
        found = await asked(server, mode="webhook", webhook_url=hook.url)
        assert "failed the last time (Connection refused)" in found[Level.WRONG]
        assert "a webhook is set for this bot" in (await asked(server))[Level.NOTE]


async def test_where_the_bot_may_not_write_is_said_by_the_name_of_the_group(
    tmp_path: Path,
) -> None:
    async with open_room(tmp_path) as room:
        server, kept = room.server, room.moot.database
        await room.poll()
        assert "may write in 1 group that it knows" in (await asked(server, kept))[Level.FINE]
        room.chat.permissions -= {"can_send_messages"}
        said = (await asked(server, kept))[Level.WRONG]
        assert 'may not write in "Makers". An admin there has to allow: Send Text' in said
        room.chat.promote_bot()
        assert "may write in 1 group" in (await asked(server, kept))[Level.FINE]
        room.chat.mute_bot()
        assert "may not write" in (await asked(server, kept))[Level.WRONG]
        server.faults.fail("getChat", status=403)
        assert "Invite it again" in (await asked(server, kept))[Level.NOTE]
        server.faults.fail("getChatMember", status=502)
        assert "in trouble itself" in (await asked(server, kept))[Level.WRONG]


async def test_webhook_mode_without_an_address_does_not_start(tmp_path: Path) -> None:
    settings = Settings(
        database=Database(url=f"sqlite:///{tmp_path / 'moot.db'}"),
        telegram=Telegram(token=SecretStr("12:abc"), mode="webhook"),
    )
    with pytest.raises(Trouble, match="webhook_url"):
        await run.run(settings)


def test_every_platform_that_is_set_up_is_started(tmp_path: Path) -> None:
    settings = Settings(
        database=Database(url=f"sqlite:///{tmp_path / 'moot.db'}"),
        discord=Discord(token=SecretStr("abc")),
        telegram=Telegram(token=SecretStr("12:abc")),
    )
    bot = compose.Bot(settings)
    bot.engine = None  # type: ignore[assignment]
    names = [platform.name for platform in run._platforms(settings, bot)]
    assert names == ["discord", "telegram"]


def test_what_the_composition_says_of_telegram_is_so() -> None:
    assert compose._ADMINS["telegram"] == telegram.ADMINS
    assert compose._BUTTON_BYTES["telegram"] == telegram.BUTTON_BYTES


def test_the_library_is_imported_by_this_platform_alone() -> None:
    code = (
        "import sys; import bot.compose, bot.outbox, bot.run, bot.platforms.console; "
        "assert 'telegram' not in sys.modules; assert 'discord' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
