"""This file is commands on Discord's side: a bot process on a server of ours, people who vote."""

import asyncio
import time
from dataclasses import dataclass, field

from benchmarks.house import folder
from benchmarks.measure import Line, Reach
from benchmarks.process import cpu_s, memory_mib
from benchmarks.start import PATIENCE_S, run_bot
from tests.platforms.discord_server import Channel, DiscordServer, Guild, Member, Message
from tests.platforms.discord_server import permissions as rights

PEOPLE = 200
AT_ONCE = 50
ROUNDS = 3
COMMANDS = 600
PER_CPU_S = Reach(least=1_500)


@dataclass
class Found:
    """What the rounds gave, a way of asking each."""

    per_cpu_s: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)


def lines() -> list[Line]:
    """Measure."""
    return asyncio.run(_lines())


async def _lines() -> list[Line]:
    with folder() as here:
        async with await DiscordServer.start() as server:
            server.patience_s = PATIENCE_S
            guild = server.add_guild("The workshop")
            channel = guild.add_channel("general")
            bot = await run_bot(server, here)
            try:
                await server.synced()
                await server.ready()
                typed, pressed = await _all(server, guild, channel, bot.pid)
                memory = memory_mib(bot.pid)
            finally:
                bot.terminate()
                await bot.wait()
    return [
        Line("votes typed on Discord, a bot-CPU-second", typed.per_cpu_s, "/s", PER_CPU_S),
        Line("votes typed on Discord, a second (server and people on the same cores)",
             typed.per_s, "/s"),
        Line("buttons pressed on Discord, a bot-CPU-second", pressed.per_cpu_s, "/s", PER_CPU_S),
        Line("memory with Discord, after these", [memory], "MiB"),
    ]  # fmt: skip


async def _all(
    server: DiscordServer, guild: Guild, channel: Channel, pid: int
) -> tuple[Found, Found]:
    ana = guild.add_member("ana", permissions=rights.MANAGE_GUILD)
    people = [guild.add_member(f"p{n}") for n in range(PEOPLE)]
    await ana.slash(channel, "poll", question="Lunch?", options="Pizza | Soup | Salad")
    (card,) = await server.wait_for(lambda: channel.messages[-1:])
    typed, pressed = Found(), Found()
    for shift in range(ROUNDS + 1):  # the first round makes members of them, and warms up
        for found, is_typed in ((typed, True), (pressed, False)):
            before, start = cpu_s(pid), time.perf_counter()
            await _everybody(people, channel, card, shift=shift, is_typed=is_typed)
            if shift:
                found.per_cpu_s.append(COMMANDS / (cpu_s(pid) - before))
                found.per_s.append(COMMANDS / (time.perf_counter() - start))
    return typed, pressed


async def _everybody(
    people: list[Member], channel: Channel, card: Message, *, shift: int, is_typed: bool
) -> None:
    queue = iter(range(COMMANDS))

    async def somebody() -> None:
        for n in queue:
            who, choice = people[n % PEOPLE], (n + shift) % 3
            if is_typed:
                answer = await who.slash(channel, "vote", proposal="1", choice=str(choice + 1))
            else:
                answer = await who.press(card, label=("Pizza", "Soup", "Salad")[choice])
            assert "Your ballot" in answer.text, answer.text

    await asyncio.gather(*(somebody() for _ in range(AT_ONCE)))
