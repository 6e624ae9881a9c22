"""This file is commands on Telegram's side: a bot process on a server of ours, people who vote."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.house import folder
from benchmarks.measure import Line, Reach
from benchmarks.process import PYTHON, config, cpu_s, memory_mib
from benchmarks.trivial_telegram import AIOHTTP, AT_ONCE, HTTPX
from tests.platforms.telegram_server import Chat, Message, TelegramServer, User

PEOPLE = 200
# Three rounds of 600 put the same two programs anywhere between 0.53 and 0.86 of each other.
ROUNDS = 7
ROUND_S = 5.0
COMMANDS, WARMING = 1_200, 200
PATIENCE_S = 30
# The server keeps all that was said; looking through it would be most of what is measured.
KEPT = 50
# 1,990 were measured for a trivial handler over such a request class, 300 to 360 over httpx.
PER_CPU_S = Reach(least=1_200, peer=1_990)
LABELS = ("Pizza", "Soup", "Salad")
PEER = "the library's default transport (httpx), trivial handler"
BARE = "a trivial handler over our request class"
TYPED, PRESSED = "votes typed on Telegram, in private", "buttons pressed on Telegram"

Ask = Callable[[User, int], Coroutine[Any, Any, str]]
Process = asyncio.subprocess.Process


@dataclass
class Found:
    """What the rounds gave, for one bot."""

    per_cpu_s: dict[str, list[float]] = field(default_factory=lambda: {TYPED: [], PRESSED: []})
    per_s: dict[str, list[float]] = field(default_factory=lambda: {TYPED: [], PRESSED: []})
    memory_mib: list[float] = field(default_factory=list)


def lines() -> list[Line]:
    """Measure."""
    ours, bare, peer = asyncio.run(_measured())
    told = []
    for sort in (PRESSED, TYPED):
        what, rates = f"{sort}, a bot-CPU-second", ours.per_cpu_s[sort]
        told.append(Line(what, rates, "/s", PER_CPU_S, BARE, bare.per_cpu_s[sort]))
        told.append(Line(f"{what}, as well", rates, "/s", None, PEER, peer.per_cpu_s[sort]))
    what = f"{PRESSED}, a second, with server and people on the same cores"
    told.append(Line(what, ours.per_s[PRESSED], "/s", None, PEER, peer.per_s[PRESSED]))
    memory = "memory with Telegram, after these"
    return [*told, Line(memory, ours.memory_mib, "MiB", None, PEER, peer.memory_mib)]


async def _measured() -> tuple[Found, Found, Found]:
    ours, bare, peer = Found(), Found(), Found()
    with folder() as here:
        async with await TelegramServer.start() as server:
            server.patience_s = PATIENCE_S
            chat = server.add_group("The workshop")
            people = [server.add_user(f"p{n}") for n in range(PEOPLE)]
            for one in people:
                chat.join(one, quietly=True)
                one.has_started = True
            async with _running(server, _ours(server, here)):
                people[0].says(chat, f"/poll Lunch? {' | '.join(LABELS)}")
                card = await server.wait_for(lambda: _card(chat))
            bots = [
                (ours, partial(_ours, server, here)),
                (bare, partial(_trivial, server, AIOHTTP)),
                (peer, partial(_trivial, server, HTTPX)),
            ]
            for n in range(ROUNDS):
                # Another one begins each round, so that none always follows the same one.
                at = n % len(bots)
                for found, begin in bots[at:] + bots[:at]:
                    async with _running(server, begin()) as process:
                        await _round(found, process.pid, people, card)
    return ours, bare, peer


def _card(chat: Chat) -> Message | None:
    return next((one for one in chat.bot_messages if one.buttons), None)


def _ours(server: TelegramServer, here: Path) -> Coroutine[Any, Any, Process]:
    more = f'[telegram]\ntoken = "{server.token}"\napi_url = "{server.api_url}"\n'
    path = config(here, f'{more}[log]\nlevel = "error"\n')
    return asyncio.create_subprocess_exec(*PYTHON, "run", "--config", str(path))


def _trivial(server: TelegramServer, transport: str) -> Coroutine[Any, Any, Process]:
    where = (server.api_url, server.token, transport)
    module = "benchmarks.trivial_telegram"
    return asyncio.create_subprocess_exec(sys.executable, "-m", module, *where)


@asynccontextmanager
async def _running(
    server: TelegramServer, starting: Coroutine[Any, Any, Process]
) -> AsyncIterator[Process]:
    """Have a bot process connected meanwhile."""
    bot = await starting
    try:
        await server.ready()
        yield bot
        await server.heard()
    finally:
        bot.terminate()
        await bot.wait()


async def _round(found: Found, pid: int, people: list[User], card: Message) -> None:
    async def press(who: User, n: int) -> str:
        return (await who.presses(card, LABELS[n % 3])).text

    async def write(who: User, n: int) -> str:
        said = who.private.log
        del said[:-KEPT]
        mine = who.says(who.private, f"/vote 1 {n % 3 + 1}")
        at = said.index(mine) + 1
        return (await who.world.watch.wait_for(lambda: said[at:]))[0].text

    asking: dict[str, Ask] = {PRESSED: press, TYPED: write}
    for sort, ask in asking.items():
        await _everybody(people, ask, WARMING)
        before, start = cpu_s(pid), time.perf_counter()
        n = await _everybody(people, ask, COMMANDS)
        found.per_cpu_s[sort].append(n / (cpu_s(pid) - before))
        found.per_s[sort].append(n / (time.perf_counter() - start))
    found.memory_mib.append(memory_mib(pid))


async def _everybody(people: list[User], ask: Ask, most: int) -> int:
    """Have people act, so many at once; return how many acts there were."""
    queue = iter(range(most))
    until = time.perf_counter() + ROUND_S
    done = 0

    async def somebody(mine: list[User]) -> None:
        nonlocal done
        for n, who in zip(queue, cycle(mine), strict=False):
            answer = await ask(who, n)
            assert "ballot" in answer, answer
            done += 1
            if time.perf_counter() > until:
                return

    # Nobody speaks again before they have an answer.
    await asyncio.gather(*(somebody(people[at::AT_ONCE]) for at in range(AT_ONCE)))
    return done
