"""The command line of the killing: how often, with which seed, and what came of it."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.system import SystemClock
from core.kernel.clock import to_ms
from tests.databases.server import DURABLE
from tests.kill.child import Plan
from tests.kill.ground import Files, Ground, Served
from tests.kill.life import PATIENCE_S, Life
from tests.kill.room import kill_rooms
from tests.kill.season import Season
from tests.kill.tally import Tally

KILLS_A_SEASON = 10
FAULTS_SHOWN = 30
GROUNDS: dict[str, Callable[[], Ground]] = {"sqlite": Files, "postgres": partial(Served, DURABLE)}
# So many of the kills hit the whole program, on piped lines and on Discord: it starts slowly.
ROOM_PART = 0.1
GUILD_PART = 0.05


def start_s(folder: Path, ground: Ground) -> float:
    """Return how long a start with a migration takes here, in seconds."""
    lasted = []
    for n in range(2):  # the first one also pays for the fork server
        place = folder / f"calm{n}"
        place.mkdir()
        before = time.monotonic()
        life = Life(Plan(place, ground.lay(place), to_ms(SystemClock().now()), n))
        life.hear(PATIENCE_S)
        lasted.append(time.monotonic() - before)
        life.terminate()
        life.remaining()
        life.join()
    return lasted[-1]


def main(arguments: list[str] | None = None) -> int:
    """Kill, count, tell; return the exit status."""
    parser = argparse.ArgumentParser("python -m tests.kill", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how many kills")
    parser.add_argument("--seed", type=int, default=None, help="to ask for the same things again")
    known = sorted(GROUNDS)
    parser.add_argument("--database", choices=known, default="sqlite", help="on which kind")
    asked = parser.parse_args(arguments)
    seed = random.SystemRandom().getrandbits(32) if asked.seed is None else asked.seed
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-kill-"))
    tell(f"seed {seed}, in {folder}")
    ground = GROUNDS[asked.database]()
    try:
        tally = run(folder, asked.times, seed, ground)
    finally:
        ground.close()
    for fault in tally.faults[:FAULTS_SHOWN]:
        tell(f"FAULT {fault}")
    if tally.faults:
        tell(f"What is left of it is in {folder}.")
        return 1
    shutil.rmtree(folder)
    return 0


def run(folder: Path, times: int, seed: int, ground: Ground) -> Tally:
    """Kill so often, and tell how it goes."""
    began = time.monotonic()
    tally = Tally()
    lasts_s = start_s(folder, ground)
    chance = random.Random(seed)
    n_room, n_guild = round(times * ROOM_PART), round(times * GUILD_PART)
    n_seasons = times - n_room - n_guild
    while tally.n < n_seasons:
        place = folder / f"season{tally.n}"
        place.mkdir()
        kills = min(KILLS_A_SEASON, n_seasons - tally.n)
        Season(place, ground, chance.getrandbits(32), tally, lasts_s).run(kills)
        tell(
            f"{tally.n}/{times} kills, {time.monotonic() - began:.0f} s, {len(tally.faults)} faults"
        )
    kill_rooms(folder, ground, chance, tally, n_room)
    if n_guild:
        # Not above: every process that is killed imports this file, and would pay for a server.
        from tests.kill.guild import kill_guilds

        kill_guilds(folder, ground, chance, tally, n_guild)
    tell(tally.summary(time.monotonic() - began, seed))
    return tally


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
