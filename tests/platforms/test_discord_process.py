"""The whole program as an operator runs it, against Discord's protocol. This file is one life."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.platforms.discord_moot import answered
from tests.platforms.discord_server import DiscordServer
from tests.platforms.watch import PATIENCE_S


async def start(folder: Path, server: DiscordServer, sessions: int) -> asyncio.subprocess.Process:
    """Run `folkmoot run` in a folder until it hears from Discord."""
    config = folder / "config.toml"
    config.write_text(
        f'[database]\nurl = "sqlite:///{folder / "moot.db"}"\n[discord]\n'
        f'api_url = "{server.api_url}"\ngateway_url = "{server.gateway_url}"\n'
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(config)),
        env={**os.environ, "FOLKMOOT_DISCORD__TOKEN": server.token},
        stderr=asyncio.subprocess.PIPE,
    )
    await server.ready(sessions)
    return process


async def end(process: asyncio.subprocess.Process) -> str:
    """End it as a service manager does; return its log."""
    process.send_signal(signal.SIGTERM)
    _, log = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == 0, log.decode()
    return log.decode()


async def test_a_poll_lives_through_a_restart_of_the_program(tmp_path: Path) -> None:
    async with await DiscordServer.start() as server:
        guild = server.add_guild("Makers")
        channel = guild.add_channel("general")
        ana, ben = guild.add_member("ana"), guild.add_member("ben")
        process = await start(tmp_path, server, 1)
        answer = await ana.slash(channel, "poll", question="Lunch?", options="Pizza | Soup")
        assert "#1 is open" in answered(answer)
        card = (await server.wait_for(lambda: channel.messages))[-1]
        await ben.press(card, label="Soup")
        await server.wait_for(lambda: "1 person voted." in card.text)
        log = await end(process)
        assert server.token not in log
        assert "voice" not in log
        assert "connected as folkmoot#0001, servers: 1" in log
        process = await start(tmp_path, server, 2)
        assert "Pizza" in answered(await ana.press(card, label="Pizza"))
        await server.wait_for(lambda: "2 people voted." in card.text)
        assert "Traceback" not in await end(process)
        assert len(channel.messages) == 1
        assert server.sync_count == 1
