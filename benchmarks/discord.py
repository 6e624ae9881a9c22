"""This file is commands on Discord's side: a bot process on a server of ours, people who vote."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.house import folder
from benchmarks.measure import Line, Reach
from benchmarks.process import cpu_s, memory_mib
from benchmarks.start import PATIENCE_S, run_bot
from tests.platforms.discord_server import Channel, DiscordServer, Interaction, Member, Message
from tests.platforms.discord_server import permissions as rights

PEOPLE = 200
AT_ONCE = 50
ROUNDS = 3
ROUND_S = 3.0
COMMANDS, WARMING = 600, 200
# 2,100 to 2,900 were measured for the trivial handler.
PER_CPU_S = Reach(least=1_500, peer=2_500)
LABELS = ("Pizza", "Soup", "Salad")
PEER = "discord.py, trivial handler"
TYPED, PRESSED = "votes typed on Discord", "buttons pressed on Discord"

Ask = Callable[[Member, int], Coroutine[Any, Any, Interaction]]
Process = asyncio.subprocess.Process


@dataclass
class Found:
    """What the rounds gave, for one bot."""

    per_cpu_s: dict[str, list[float]] = field(default_factory=lambda: {TYPED: [], PRESSED: []})
    per_s: dict[str, list[float]] = field(default_factory=lambda: {TYPED: [], PRESSED: []})
    memory_mib: list[float] = field(default_factory=list)


def lines() -> list[Line]:
    """Measure."""
    ours, peer = asyncio.run(_measured())
    told = []
    for sort in (TYPED, PRESSED):
        rate, rate_of_peer = ours.per_cpu_s[sort], peer.per_cpu_s[sort]
        told.append(Line(f"{sort}, a bot-CPU-second", rate, "/s", PER_CPU_S, PEER, rate_of_peer))
    what = f"{TYPED}, a second, with server and people on the same cores"
    told.append(Line(what, ours.per_s[TYPED], "/s", None, PEER, peer.per_s[TYPED]))
    memory = "memory with Discord, after these"
    return [*told, Line(memory, ours.memory_mib, "MiB", None, PEER, peer.memory_mib)]


async def _measured() -> tuple[Found, Found]:
    ours, peer = Found(), Found()
    with folder() as here:
        async with await DiscordServer.start() as server:
            server.patience_s = PATIENCE_S
            guild = server.add_guild("The workshop")
            channel = guild.add_channel("general")
            people = [guild.add_member(f"p{n}") for n in range(PEOPLE)]
            ana = guild.add_member("ana", permissions=rights.MANAGE_GUILD)
            async with _running(server, _ours(server, here)):
                await server.synced()
                await ana.slash(channel, "poll", question="Lunch?", options=" | ".join(LABELS))
                (card,) = await server.wait_for(lambda: channel.messages[-1:])
            for _ in range(ROUNDS):
                for found, bot in ((ours, _ours(server, here)), (peer, _peer(server))):
                    async with _running(server, bot) as process:
                        await _round(found, process.pid, people, channel, card)
    return ours, peer


def _ours(server: DiscordServer, here: Path) -> Coroutine[Any, Any, Process]:
    return run_bot(server, here)


def _peer(server: DiscordServer) -> Coroutine[Any, Any, Process]:
    where = (server.api_url, server.gateway_url, server.token)
    return asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.trivial_bot", *where)


@asynccontextmanager
async def _running(
    server: DiscordServer, starting: Coroutine[Any, Any, Process]
) -> AsyncIterator[Process]:
    """Have a bot process connected meanwhile."""
    session = len(server.audit.identifies) + 1
    bot = await starting
    try:
        await server.ready(session)
        yield bot
    finally:
        bot.terminate()
        await bot.wait()


async def _round(
    found: Found, pid: int, people: list[Member], channel: Channel, card: Message
) -> None:
    asking: dict[str, Ask] = {
        TYPED: lambda who, n: who.slash(channel, "vote", proposal="1", choice=str(n % 3 + 1)),
        PRESSED: lambda who, n: who.press(card, label=LABELS[n % 3]),
    }
    for sort, ask in asking.items():
        await _everybody(people, ask, WARMING)
        before, start = cpu_s(pid), time.perf_counter()
        n = await _everybody(people, ask, COMMANDS)
        found.per_cpu_s[sort].append(n / (cpu_s(pid) - before))
        found.per_s[sort].append(n / (time.perf_counter() - start))
    found.memory_mib.append(memory_mib(pid))


async def _everybody(people: list[Member], ask: Ask, most: int) -> int:
    """Have people act, so many at once; return how many acts there were."""
    queue = iter(range(most))
    until = time.perf_counter() + ROUND_S
    done = 0

    async def somebody() -> None:
        nonlocal done
        for n in queue:
            answer = await ask(people[n % PEOPLE], n)
            assert "Your ballot" in answer.text, answer.text
            done += 1
            if time.perf_counter() > until:
                return

    await asyncio.gather(*(somebody() for _ in range(AT_ONCE)))
    return done
