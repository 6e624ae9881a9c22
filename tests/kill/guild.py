"""Killing the whole program on Discord, and delivering again what it had not answered."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.kill.audit import verified
from tests.kill.ground import Ground
from tests.kill.life import PATIENCE_S
from tests.kill.reading import reading, wait_alone
from tests.kill.room import ROOT
from tests.kill.tally import Tally
from tests.platforms.discord_server import DiscordServer, Interaction, Message
from tests.platforms.discord_server import permissions as rights

MEMBERS = 12
OPTIONS = ("Mon", "Tue", "Wed")
# From the first press on.
KILLED_WITHIN_S = 0.4

_TICKS = "select request, count(*) from journal where command = 'tick' group by request"


def kill_guilds(
    folder: Path, ground: Ground, chance: random.Random, tally: Tally, times: int
) -> None:
    """Kill the bot so often while people press buttons, and count after each time."""
    if not times:
        return
    place = folder / "guild"
    place.mkdir()
    asyncio.run(_kill(place, ground.lay(place), chance, tally, times))


async def _kill(place: Path, url: str, chance: random.Random, tally: Tally, times: int) -> None:
    async with await DiscordServer.start() as server:
        server.patience_s = PATIENCE_S
        _configure(place, url, server)
        guild = Guild(place, url, server, chance, tally)
        await guild.open_poll()
        for _ in range(times):
            await guild.live()
            tally.kills["guild"] += 1
        await guild.end_well()


def _configure(place: Path, url: str, server: DiscordServer) -> None:
    lines = [
        "[database]",
        f'url = "{url}"',
        "[discord]",
        f'token = "{server.token}"',
        f'api_url = "{server.api_url}"',
        f'gateway_url = "{server.gateway_url}"',
        "[log]",
        'level = "warning"',
    ]
    (place / "config.toml").write_text("\n".join(lines))


class Guild:
    """A guild of people who press the buttons of one card, whatever becomes of the bot."""

    def __init__(
        self,
        place: Path,
        url: str,
        server: DiscordServer,
        chance: random.Random,
        tally: Tally,
    ) -> None:
        self._place = place
        self._url = url
        self._server = server
        self._chance = chance
        self._tally = tally
        guild = server.add_guild("Makers")
        self._channel = guild.add_channel("general")
        self._ana = guild.add_member("ana", permissions=rights.MANAGE_GUILD)
        self._members = [guild.add_member(f"member{n}") for n in range(MEMBERS)]
        self._pressed: list[Interaction] = []

    async def open_poll(self) -> None:
        """Have the bot live once, for a card to press."""
        program = await self._start()
        await self._server.synced()
        options = " | ".join(OPTIONS)
        answer = await self._ana.slash(
            self._channel, "poll", question="When?", options=options, multiple=True
        )
        await self._server.wait_for(lambda: [one for one in self._channel.messages if one.buttons])
        if "#1 is open" not in answer.text:
            self._tally.faults.append(f"guild: no poll: {answer.text}")
        await self._end(program)

    async def live(self) -> None:
        """Start it, press, kill it, and count."""
        program = await self._start()
        for one in self._unanswered():
            one.deliver()
            self._tally.again += 1
        until = asyncio.get_running_loop().time() + self._chance.random() * KILLED_WITHIN_S
        while asyncio.get_running_loop().time() < until:
            for _ in range(self._chance.randrange(1, 8)):
                self._press()
            await asyncio.sleep(self._chance.random() / 50)
        program.kill()
        await asyncio.to_thread(program.wait)
        await self._server.wait_for(lambda: not self._server.gateway.is_connected)
        self._count()

    async def end_well(self) -> None:
        """Have everything answered, end cleanly, and count for the last time."""
        program = await self._start()
        for one in self._unanswered():
            one.deliver()
        await asyncio.gather(*(one.settled() for one in self._pressed))
        await self._end(program)
        self._count()
        self._tally.asked += len(self._pressed)

    def _card(self) -> Message:
        return next(one for one in self._channel.messages if one.buttons)

    def _press(self) -> None:
        member, label = self._chance.choice(self._members), self._chance.choice(OPTIONS)
        press = member.begin_press(self._card(), label=label)
        self._pressed.append(press)
        if self._chance.random() < 0.1:
            press.deliver()

    def _unanswered(self) -> list[Interaction]:
        return [one for one in self._pressed if not one.is_settled]

    def _count(self) -> None:
        """Hold the journal against what people read as their answer."""
        wait_alone(self._url)
        with closing(reading(self._url)) as db:
            found = {str(name): int(n) for name, n in db.execute(_TICKS)}
        for one in self._pressed:
            n = found.pop(f"discord:{one.id}", 0)
            is_counted = one.is_settled and "Your ballot" in one.text
            if n > 1 or (is_counted and n != 1) or (one.is_settled and not is_counted and n):
                said = one.text if one.is_settled else "nothing"
                self._tally.faults.append(f"guild: {one.id} is there {n} times, read: {said}")
        if found:
            self._tally.faults.append(f"guild: nobody pressed {sorted(found)}")
        self._tally.faults += [f"guild: {one}" for one in verified(self._url)]

    async def _start(self) -> "subprocess.Popen[bytes]":
        sessions = len(self._server.audit.identifies) + 1
        program = self._spawn()
        await self._server.ready(sessions)
        return program

    def _spawn(self) -> "subprocess.Popen[bytes]":
        clean = {name: value for name, value in os.environ.items() if "FOLKMOOT" not in name}
        with (self._place / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", "config.toml"],
                cwd=self._place,
                env={**clean, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _end(self, program: "subprocess.Popen[bytes]") -> None:
        program.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(program.wait, PATIENCE_S)
        if code != 0:
            self._tally.faults.append(f"guild: it ended with exit code {code}")
