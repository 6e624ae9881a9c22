"""A season: some lives of the process on one database, each ended by a kill at a random point."""

import random
import time
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from bot.system import SystemClock
from core.kernel.clock import to_ms
from tests.kill import audit, wishes
from tests.kill.asked import Asked, What
from tests.kill.child import Plan
from tests.kill.ground import Break, Ground
from tests.kill.ledger import Ledger
from tests.kill.life import PATIENCE_S, Hung, Life
from tests.kill.paydays import DAY_MS
from tests.kill.tally import Tally

MINUTE_MS = 60_000
# A kill comes within so long after the point that it is aimed at.
WORK_S = 0.35
CLOSE_S = 0.06
END_S = 0.03
MOMENT_S = 0.05
# So often the server fails as well in a life that is about something else.
HIT_TOO = 0.4
# The few kills of every run hit a payday, too, after what it takes was prepared, and a server.
SURE_PAYDAY = 4
SURE_BREAKS = 2
# So much is asked in a season at least, also where the machine is slow.
ASKED_MIN = 150
# For so long it is away at most: mostly a moment, now and then over the end of an epoch.
AWAY_MS = (*[2 * MINUTE_MS] * 7, DAY_MS)


class Aim(StrEnum):
    """What the process is doing when it is killed."""

    START = "start"
    MIGRATION = "migration"
    WORK = "work"
    CLOSE = "close"
    PAYDAY = "payday"
    CHECKPOINT = "checkpoint"
    END = "end"
    # Where there is a server: it fails, and the process goes on by itself before it is killed.
    SERVER = "server"


class Season:
    """One database and everything that is asked of it."""

    def __init__(
        self, folder: Path, ground: Ground, seed: int, tally: Tally, start_s: float
    ) -> None:
        self._ground = ground
        self._chance = random.Random(seed)
        self._ledger = Ledger(self._chance)
        self._tally = tally
        self._start_s = start_s
        self._in_flight: set[str] = set()
        self._n_answered = 0
        self._plan = Plan(folder, ground.lay(folder), to_ms(SystemClock().now()), seed)

    def run(self, kills: int) -> None:
        """Kill so often, then let everything end well, and count."""
        for n in range(kills):
            aim = self._aim(n)
            self._live(aim)
            self._tally.kills[aim.value] += 1
        self._end_well()
        self._note_season()

    def _aim(self, n: int) -> Aim:
        if n == SURE_PAYDAY:
            return Aim.PAYDAY
        if n == 0 and self._chance.random() < 0.5:
            return Aim.MIGRATION
        aims = [Aim.WORK] * 4 + [Aim.CLOSE] * 3 + [Aim.PAYDAY] * 3
        aims += [Aim.START, Aim.CHECKPOINT, Aim.END]
        if self._ground.is_served:
            aims += [Aim.SERVER] * 6
        return self._chance.choice(aims)

    def _live(self, aim: Aim) -> None:
        chance = self._chance
        pages = chance.choice([2, 8, 64, 4_000]) if aim is not Aim.CHECKPOINT else 1
        self._plan = replace(
            self._plan,
            now_ms=self._plan.now_ms + chance.randrange(chance.choice(AWAY_MS)),
            seed=chance.getrandbits(32),
            checkpoint_pages=pages,
            count_here_max=chance.choice([20_000, 20_000, 4]),
            portion=chance.choice([5_000, 4, 1]),
            failing=chance.choice([0.0, 0.05]),
        )
        life = Life(self._plan)
        broken = None
        if aim in {Aim.START, Aim.MIGRATION}:
            broken = self._break(HIT_TOO, self._start_s)
            time.sleep(chance.random() * self._start_s * (1.5 if aim is Aim.MIGRATION else 0.8))
        elif self._is_ready(life):
            self._check(audit.after_restart(self._plan, self._ledger))
            if aim is Aim.SERVER:
                self._survive(life)
            broken = self._break(HIT_TOO, WORK_S)
            self._work(life, chance.random() * WORK_S, aim)
            if aim is Aim.CLOSE:
                self._jump(life, chance.randrange(1, 45) * MINUTE_MS)
                self._work(life, chance.random() * CLOSE_S, aim)
            elif aim is Aim.PAYDAY:
                # An epoch begins, people earn a part of it, and it ends.
                self._jump(life, self._until_midnight())
                self._work(life, WORK_S, aim)
                self._jump(life, self._until_midnight())
                self._work(life, chance.random() * CLOSE_S, aim)
            elif aim is Aim.END:
                life.terminate()
                time.sleep(chance.random() * END_S)
        for heard in life.kill():
            self._take(heard)
        self._in_flight.clear()
        if broken is not None:
            broken.join()

    def _break(self, likely: float, within_s: float) -> Break | None:
        """Begin to break the server, if there is one, and mostly not."""
        broken = self._ground.breaks(self._chance)
        if broken is None or self._chance.random() >= likely:
            return None
        broken.begin(within_s)
        self._tally.kills[broken.how.value] += 1
        return broken

    def _survive(self, life: Life, least: int = 1) -> None:
        """Break the server a few times while people ask; the process goes on by itself."""
        for _ in range(self._chance.randrange(least, 4)):
            broken = self._break(1.0, WORK_S)
            while broken is not None and not broken.is_over:
                self._work(life, MOMENT_S, Aim.SERVER)
            n_before, until = self._n_answered, time.monotonic() + PATIENCE_S
            while self._n_answered == n_before:
                if life.is_over or time.monotonic() > until:
                    said = f"it did not go on after: {broken and broken.how}"
                    self._tally.faults.append(f"{self._plan.folder.name}: {said}")
                    return
                self._work(life, MOMENT_S, Aim.SERVER)

    def _is_ready(self, life: Life) -> bool:
        until = time.monotonic() + PATIENCE_S
        while not life.is_over:
            heard = life.hear(until - time.monotonic())
            if heard == ("ready",):
                return True
            if heard is None and not life.is_over:
                break
        self._tally.faults.append(f"it did not start: see {self._plan.folder / 'log.txt'}")
        return False

    def _work(self, life: Life, length_s: float, aim: Aim) -> None:
        """Ask for so long, with several requests in flight; what was unanswered comes first."""
        until = time.monotonic() + length_s
        waiting = self._ledger.unanswered() if not self._in_flight else []
        self._chance.shuffle(waiting)
        width = self._chance.choice([1, 4, 16, 64])
        while not life.is_over and (left := until - time.monotonic()) > 0:
            while len(self._in_flight) < width and not life.is_over:
                if not self._send(life, waiting.pop() if waiting else self._next()):
                    break
            if aim is Aim.CHECKPOINT and self._chance.random() < 0.1:
                life.say("tidy")
            heard = life.hear(min(left, 0.002))
            while heard is not None:
                self._take(heard)
                heard = life.hear(0)

    def _next(self) -> Asked:
        again = self._ledger.repeated() if self._chance.random() < 0.05 else None
        return again or wishes.new(self._ledger)

    def _send(self, life: Life, one: Asked) -> bool:
        if one.times_sent and one.answered is None:
            self._ledger.n_again += 1
        self._ledger.sent(one)
        self._in_flight.add(one.request.id)
        # Now and then a platform delivers the same thing several times at once.
        for _ in range(3 if self._chance.random() < 0.03 else 1):
            if not life.say("ask", one.request):
                return False
        return True

    def _take(self, heard: tuple[object, ...]) -> None:
        if heard[0] == "answer":
            _, request_id, outcome, number = heard
            self._in_flight.discard(str(request_id))
            self._ledger.heard(str(request_id), str(outcome), number)  # type: ignore[arg-type]
            is_later = outcome == "later"
            self._n_answered += not is_later
            self._tally.later += is_later

    def _jump(self, life: Life, by_ms: int) -> None:
        self._plan = replace(self._plan, now_ms=self._plan.now_ms + by_ms)
        life.say("clock", self._plan.now_ms)

    def _until_midnight(self) -> int:
        """Return how long the running epoch of the reward still lasts."""
        return DAY_MS - self._plan.now_ms % DAY_MS

    def _end_well(self) -> None:
        """Have everything answered, closed and told, end cleanly, and count."""
        self._plan = replace(self._plan, failing=0.0, seed=self._chance.getrandbits(32))
        life = Life(self._plan)
        if not self._is_ready(life):
            life.kill()
            return
        if self._ground.is_served:
            self._survive(life, SURE_BREAKS)
        while len(self._ledger.asked) < ASKED_MIN and not life.is_over:
            self._work(life, MOMENT_S, Aim.WORK)
        for one in self._ledger.unanswered():
            self._send(life, one)
        while self._in_flight:
            self._take(self._hear(life))
        # Votes end, what passed is paid after its delay, then the epoch and the next one end.
        for token in range(6):
            self._jump(life, 60 * MINUTE_MS if token < 4 else self._until_midnight())
            life.say("settle", token)
            while self._hear(life) != ("settled", token):
                pass
        self._check(audit.after_restart(self._plan, self._ledger))
        self._check(audit.at_the_end(self._plan, self._ledger))
        life.terminate()
        last = life.remaining()
        code = life.join()
        if code != 0 or ("stopped",) not in last:
            self._tally.faults.append(f"it did not end cleanly: exit code {code}, {last}")
        wal = self._plan.folder / "folkmoot.db-wal"
        if wal.exists() and wal.stat().st_size:
            self._tally.faults.append("the write-ahead log was not folded in at the end")

    def _hear(self, life: Life) -> tuple[object, ...]:
        heard = life.hear(PATIENCE_S)
        if heard is None:
            raise Hung
        return heard

    def _check(self, faults: list[str]) -> None:
        told = [f"{self._plan.folder.name}: {one}" for one in faults]
        self._tally.faults += [one for one in told if one not in self._tally.faults]

    def _note_season(self) -> None:
        tally, ledger = self._tally, self._ledger
        self._check(ledger.faults)
        tally.asked += len(ledger.asked)
        tally.again += ledger.n_again
        tally.repeated += ledger.n_twice
        tally.closed += len([one for one in ledger.asked.values() if one.is_opening])
        tally.tips += len([one for one in ledger.asked.values() if one.what is What.TIP])
        n_paid, n_paydays = audit.n_paid(self._plan.url)
        tally.payments += n_paid
        tally.paydays += n_paydays
        tally.told_twice += audit.told_twice(self._plan.shown)
