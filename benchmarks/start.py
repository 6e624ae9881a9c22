"""This file is the start of the bot with one platform: until it answers, and its memory then."""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.house import folder
from benchmarks.measure import Line, Reach, seconds
from benchmarks.process import PYTHON, config, cpu_s, memory_mib
from tests.platforms.discord_server import DiscordServer

ROUNDS = 5
PATIENCE_S = 30
READY_S, MEMORY_MIB = Reach(most=0.9, peer=0.52), Reach(most=90)
# What any such bot has to load before it can do a thing.
IMPORTS = "import aiosqlite, apscheduler.schedulers.asyncio, discord, pydantic_settings"
PEER = "the imports of the libraries alone"
ASKED = b"ana: /proposals\n"
ANSWERED = b"(to ana)"


@dataclass(frozen=True)
class Found:
    """One start: how long it took, on the clock and of the processor, and the memory then."""

    s: float
    cpu_s: float
    memory_mib: float

    @classmethod
    def now(cls, start: float, pid: int) -> "Found":
        """Return how a process stands that was started at `start`."""
        return cls(time.perf_counter() - start, cpu_s(pid), memory_mib(pid))


def lines() -> list[Line]:
    """Measure."""
    with folder() as here:
        first = _room(here)
        room = [_room(here) for _ in range(ROUNDS)]
    discord, imports = asyncio.run(_all_discord())
    return [
        *_told("the room, to its first answer", room, []),
        Line("start of the room, where the database has to be made first", [first.s], "s"),
        *_told("Discord, until the gateway knows it", discord, imports),
    ]


def _told(what: str, found: list[Found], imports: list[float]) -> list[Line]:
    return [
        Line(f"start of {what}", [one.s for one in found], "s", READY_S, PEER, imports),
        Line("of this, processor time", [one.cpu_s for one in found], "s"),
        Line("memory then", [one.memory_mib for one in found], "MiB", MEMORY_MIB),
    ]


def _room(here: Path) -> Found:
    """Start the room and ask it something."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*PYTHON, "--config", str(config(here))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as room:
        assert room.stdin is not None
        assert room.stdout is not None
        room.stdin.write(ASKED)
        room.stdin.flush()
        for line in room.stdout:
            if line.startswith(ANSWERED):
                break
        found = Found.now(start, room.pid)
        room.stdin.close()
        room.stdout.read()
    return found


def _import() -> None:
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)


async def _all_discord() -> tuple[list[Found], list[float]]:
    found, imports = [], []
    with folder() as here:
        async with await DiscordServer.start() as server:
            server.patience_s = PATIENCE_S
            server.add_guild("The workshop").add_channel("general")
            for session in range(1, ROUNDS + 2):
                found.append(await _discord(server, here, session))
                imports.append(await asyncio.to_thread(seconds, _import))
    return found[1:], imports[1:]


async def _discord(server: DiscordServer, here: Path, session: int) -> Found:
    """Start the bot and wait until it has identified."""
    start = time.perf_counter()
    bot = await run_bot(server, here)
    await server.ready(session)
    found = Found.now(start, bot.pid)
    bot.terminate()
    await bot.wait()
    return found


async def run_bot(server: DiscordServer, here: Path) -> asyncio.subprocess.Process:
    """Start the bot as a process of its own, on this server."""
    urls = f'api_url = "{server.api_url}"\ngateway_url = "{server.gateway_url}"\n'
    path = config(here, f'[discord]\ntoken = "{server.token}"\n{urls}[log]\nlevel = "error"\n')
    return await asyncio.create_subprocess_exec(*PYTHON, "run", "--config", str(path))
