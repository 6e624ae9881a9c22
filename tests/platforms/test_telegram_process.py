"""The whole program as an operator runs it, against Telegram's protocol. This file is one life."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.platforms.telegram_server import TelegramServer
from tests.platforms.watch import PATIENCE_S


async def start(folder: Path, server: TelegramServer) -> asyncio.subprocess.Process:
    """Run `folkmoot run` in a folder until it listens to Telegram."""
    config = folder / "config.toml"
    config.write_text(
        f'[database]\nurl = "sqlite:///{folder / "moot.db"}"\n[telegram]\n'
        # As much as can be asked for: libraries write every request down.
        f'api_url = "{server.api_url}"\n[log]\nlevel = "debug"\nlibraries = "debug"\n'
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(config)),
        env={**os.environ, "FOLKMOOT_TELEGRAM__TOKEN": server.token},
        stderr=asyncio.subprocess.PIPE,
    )
    await server.ready()
    return process


async def end(process: asyncio.subprocess.Process) -> str:
    """End it as a service manager does; return its log."""
    process.send_signal(signal.SIGTERM)
    _, log = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, log.decode()
    return log.decode()


async def test_a_poll_lives_through_a_restart_of_the_program(tmp_path: Path) -> None:
    async with await TelegramServer.start() as server:
        chat = server.add_group("Makers")
        ana, ben = server.add_user("Ana"), server.add_user("Ben")
        chat.join(ana, quietly=True)
        chat.join(ben, quietly=True)
        process = await start(tmp_path, server)
        ana.says(chat, "/poll Lunch? Pizza | Soup")
        card = await server.wait_for(
            lambda: next((one for one in chat.bot_messages if one.buttons), None)
        )
        await ben.presses(card, "Soup")
        await server.wait_for(lambda: "1 person voted." in card.text)
        log = await end(process)
        assert server.token not in log
        assert server.token.partition(":")[2] not in log
        process = await start(tmp_path, server)
        assert "Pizza" in (await ana.presses(card, "Pizza")).text
        await server.wait_for(lambda: "2 people voted." in card.text)
        assert "Traceback" not in await end(process)
        assert server.menus.uploads == 3


async def test_the_token_is_in_no_line_of_the_log_whatever_happens(tmp_path: Path) -> None:
    async with await TelegramServer.start() as server:
        server.faults.fail("getMe", status=None)
        server.faults.fail("setMyCommands", status=502)
        chat = server.add_group("Makers")
        ana = server.add_user("Ana")
        chat.join(ana, quietly=True)
        process = await start(tmp_path, server)
        server.faults.lose("sendMessage", status=None)
        server.faults.fail("sendMessage", status=500)
        server.faults.limit("sendMessage", retry_after_s=1)
        server.faults.fail("getChatMember", status=403)
        ana.says(chat, "/poll Lunch? Pizza | Soup")
        card = await server.wait_for(
            lambda: next((one for one in chat.bot_messages if one.buttons), None)
        )
        server.faults.lose("answerCallbackQuery", status=None)
        server.faults.fail("editMessageText", status=None, times=2)
        await ana.presses(card, "Soup", late=True)
        n_polls = server.audit.polls
        server.go_down()
        await server.wait_for(lambda: server.audit.polls > n_polls)
        server.come_back()
        await server.ready()
        log = await end(process)
    assert "debug" in log.lower()
    assert "could not fetch updates" in log
    assert server.token not in log
    assert server.token.partition(":")[2] not in log


async def test_a_second_program_with_the_token_ends_the_first_with_a_sentence(
    tmp_path: Path,
) -> None:
    async with await TelegramServer.start() as server:
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        first = await start(tmp_path / "one", server)
        second = await start(tmp_path / "two", server)
        _, log = await asyncio.wait_for(first.communicate(), PATIENCE_S)
        assert first.returncode != 0
        assert "Somebody else takes the updates of this bot" in log.decode()
        assert server.token not in log.decode()
        await end(second)
