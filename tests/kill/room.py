"""Killing the whole program, as people start it: the room on piped lines, under the real clock."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from bot.platforms import console
from bot.platforms.console.read import Speaker, asker_of
from bot.system import SystemClock
from core.kernel.clock import to_ms
from core.kernel.request import Place, Request
from tests.kill.audit import verified
from tests.kill.child import Plan
from tests.kill.ground import Ground
from tests.kill.life import PATIENCE_S, Hung, Life
from tests.kill.reading import reading, wait_alone
from tests.kill.tally import Tally

ROOT = Path(__file__).parents[2]
N_POLLS = 40
# Over how long they end, for each kill: about as long as that takes.
ENDING_S = 4
HOUR_MS = 3_600_000
LINES = 1_200
# From before the first line of the program to well into its work, in seconds.
KILLED_AFTER_S = (0.3, 2.2)

_VOTED = """
select count(*) from journal where command = 'vote' and request like 'room:%'"""
_CLOSINGS = """
select p.number, p.closed_ms,
       (select count(*) from journal j
         where j.command = 'proposal close' and j.args = '{"proposal":' || p.number || '}')
  from proposal p"""
_TOLD = "select key, kind, sent_version, version from outbox"


def kill_rooms(
    folder: Path, ground: Ground, chance: random.Random, tally: Tally, times: int
) -> None:
    """Kill a room so often while it votes and closes, and count after each time."""
    if not times:
        return
    place = folder / "room"
    place.mkdir()
    url = ground.lay(place)
    (place / "config.toml").write_text(f'[database]\nurl = "{url}"\n')
    ended_ms = _prepare(place, url, chance, ENDING_S * times)
    n_answered = 0
    for n in range(times):
        out = place / f"out{n}.txt"
        process = _start(place, out)
        _feed(process, chance)
        time.sleep(chance.uniform(*KILLED_AFTER_S))
        process.kill()
        process.communicate()
        tally.kills["room"] += 1
        before, n_answered = n_answered, n_answered + _answers(out)
        wait_alone(url)
        with closing(reading(url)) as db:
            n_voted = db.execute(_VOTED).fetchone()[0]
        # A kill may come between the commit and the answer: one vote more, not answered.
        if not n_answered <= n_voted <= n_answered + 1:
            tally.faults.append(f"room {n}: {n_voted} votes counted, {n_answered} answered")
        tally.asked += n_voted - before
        n_answered = n_voted
        tally.faults += [f"room {n}: {one}" for one in verified(url)]
    # Nothing ends while the last room does, so that all it knows of can have been told.
    time.sleep(max(0, ended_ms - to_ms(SystemClock().now())) / 1000)
    _end(place, url, tally)


def _prepare(place: Path, url: str, chance: random.Random, within_s: int) -> int:
    """Open votes an hour ago by a set clock, so that they end now and in the next seconds.

    Return when the last one does.
    """
    now_ms = to_ms(SystemClock().now())
    life = Life(Plan(place, url, now_ms - HOUR_MS, chance.getrandbits(32)))
    here = Place(console.NAME, console.SPACE, console.CHANNEL, space_name="the room")
    _until(life, ("ready",))
    for n in range(N_POLLS):
        args = {
            "question": f"Lunch {n}?",
            "options": "Pizza | Soup",
            "closes_in": f"{3600 + n * within_s // N_POLLS}s",
        }
        asker = asker_of(Speaker(f"opener{n // 4}"))
        life.say("ask", Request(f"open:{n}", "poll", args, asker, here))
        _until(life, ("answer", f"open:{n}", "ok", n + 1))
    # The room must find that the bot was at work until now, or it gives the votes more time.
    life.say("clock", now_ms)
    life.say("settle", 0)
    _until(life, ("settled", 0))
    life.terminate()
    life.remaining()
    life.join()
    return now_ms + within_s * 1_000


def _until(life: Life, wanted: tuple[object, ...]) -> None:
    while (heard := life.hear(PATIENCE_S)) != wanted:
        if heard is None:
            raise Hung


def _start(place: Path, out: Path) -> "subprocess.Popen[bytes]":
    clean = {name: value for name, value in os.environ.items() if "FOLKMOOT" not in name}
    with out.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "--config", "config.toml"],
            cwd=place,
            env={**clean, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
        )


def _feed(process: "subprocess.Popen[bytes]", chance: random.Random) -> None:
    """Put many lines in the pipe, more than it will live to read."""
    assert process.stdin is not None
    for _ in range(LINES):
        choice = chance.choice(["Pizza", "Soup"])
        line = f"voter{chance.randrange(20)}: /vote {chance.randrange(N_POLLS) + 1} {choice}\n"
        process.stdin.write(line.encode())
    process.stdin.flush()


def _answers(out: Path) -> int:
    """Return how many ballots were confirmed."""
    lines = out.read_text(errors="replace").splitlines()
    return sum(line.startswith("(to voter") and "Your ballot on" in line for line in lines)


def _end(place: Path, url: str, tally: Tally) -> None:
    """Let the room close what is over and leave, then count the closings and what was told."""
    process = _start(place, place / "last.txt")
    process.communicate(b"/proposals\n/quit\n", timeout=PATIENCE_S)
    if process.returncode != 0:
        tally.faults.append(f"the room ended with exit code {process.returncode}")
    now_ms = to_ms(SystemClock().now())
    with closing(reading(url)) as db:
        for number, closed_ms, n in db.execute(_CLOSINGS):
            if n != (closed_ms is not None):
                tally.faults.append(f"room #{number}: {n} closings, closed {closed_ms}")
            tally.closed += closed_ms is not None
        late = db.execute("select count(*) from agenda where run_ms < ?", (now_ms - 5_000,))
        if n_late := late.fetchone()[0]:
            tally.faults.append(f"room: {n_late} closes are late")
        waiting = [
            row for row in db.execute(_TOLD) if row[1] in {"card", "post"} and row[2] < row[3]
        ]
        tally.faults += [f"room: {row} was not told" for row in waiting]
    said = "\n".join(path.read_text(errors="replace") for path in place.glob("*.txt"))
    if "Traceback" in said:
        tally.faults.append(f"room: a traceback, see {place}")
    results = Counter(line for line in said.splitlines() if "closed" in line)
    if not results:
        tally.faults.append("room: no result was ever told")
