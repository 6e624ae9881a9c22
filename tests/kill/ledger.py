"""What was asked and answered, as the parent knows it, whatever happened to the process."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.platforms import console
from bot.platforms.console.read import Speaker, asker_of
from core.kernel.request import Place, Request
from tests.kill.asked import Asked, What

# What a refusal can rightly be here: it came too late, there would be too much of it, or what it
# takes back was taken back or spent before.
FAIR = frozenset(
    {
        "Closed",
        "LastTick",
        "NotEnough",
        "AllGiven",
        "NoTips",
        "OverAllowance",
        "OverPairLimit",
        "OverPeriodLimit",
        "OverRequestLimit",
        "TooLateToUndo",
        "TooManyOpen",
        "TooManyTips",
        "UndoneBefore",
    }
)


@dataclass
class Ledger:
    """All requests of one season, and what is wrong with the answers so far."""

    chance: random.Random
    asked: dict[str, Asked] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    steps: Iterator[int] = field(default_factory=lambda: count(1))
    n_again: int = 0
    n_twice: int = 0

    def polls(self) -> list[Asked]:
        """Return the votes that may be open, the newest last."""
        return [
            one for one in self.asked.values() if one.is_opening and one.number and not one.is_over
        ]

    def openings_under_way(self) -> int:
        """Return how many openings wait for their answer."""
        return sum(one.is_opening for one in self.unanswered())

    def done(self, what: What, space: str) -> list[Asked]:
        """Return what was asked for and done in a space, the newest last."""
        return [
            one
            for one in self.asked.values()
            if one.what is what and one.space == space and one.outcome == "ok"
        ]

    def unanswered(self) -> list[Asked]:
        """Return what was sent and never answered."""
        return [one for one in self.asked.values() if one.times_sent and one.answered is None]

    def add(self, made: Asked) -> Asked:
        """Take something new that is to be asked."""
        self.asked[made.request.id] = made
        return made

    def repeated(self) -> Asked | None:
        """Return something answered before, as a platform that repeats itself would."""
        answered = [one for one in list(self.asked.values())[-60:] if one.answered is not None]
        if not answered:
            return None
        self.n_twice += 1
        return self.chance.choice(answered)

    def sent(self, one: Asked) -> None:
        """Note that a request was sent."""
        one.times_sent += 1
        if one.first_sent is None:
            one.first_sent = next(self.steps)

    def heard(self, request_id: str, outcome: str, number: int | None) -> None:
        """Note an answer; the same request always gets the same one."""
        one = self.asked[request_id]
        if outcome == "later":  # nobody promised anything: it will be sent again
            return
        if outcome != "ok" and (outcome not in FAIR or one.what is What.SETTING):
            self.faults.append(f"{request_id} ({one.what}) was answered with {outcome}")
        if one.answered is not None:
            if (outcome, number or 0) != (one.outcome, one.number):
                said = f"first {one.outcome} {one.number}, then {outcome} {number}"
                self.faults.append(f"{request_id} ({one.what}): {said}")
            return
        one.answered = next(self.steps)
        one.outcome = outcome
        one.number = number or 0
        if one.about is not None and outcome == "Closed":
            one.about.is_over = True

    def request(
        self,
        command: str,
        args: dict[str, Any],
        name: str,
        space: str,
        *,
        press: str | None = None,
        is_admin: bool = False,
    ) -> Request:
        """Return the next request, as the console would make it in a space."""
        place = Place(console.NAME, space, "square", space_name=space)
        asker = asker_of(Speaker(name, is_admin))
        return Request(self.next_id(), command, args, asker, place, press=press)

    def next_id(self) -> str:
        """Return the id of the next request."""
        return f"kill:{len(self.asked) + 1}"
