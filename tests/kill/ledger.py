"""What was asked and answered, as the parent knows it, whatever happened to the process."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from bot.platforms import console
from bot.platforms.console.read import Speaker, asker_of
from core.kernel.request import Place, Request

VOTERS = tuple(f"voter{n}" for n in range(24))
OPENERS = tuple(f"opener{n}" for n in range(8))
SPACES = ("north", "south")
OPTIONS = ("Pizza", "Soup", "Rice", "Bread")
# What a refusal can rightly be here: it came too late, or there would be too much of it.
FAIR = frozenset({"Closed", "LastTick", "TooManyOpen"})


@dataclass
class Asked:
    """One request, and all that is known of it. Times are steps of the parent's own count."""

    request: Request
    space: str
    voter: str
    option: int = 0
    poll: "Asked | None" = None
    is_many: bool = False
    is_proposal: bool = False
    first_sent: int | None = None
    answered: int | None = None
    outcome: str = ""
    number: int = 0
    times_sent: int = 0

    @property
    def is_opening(self) -> bool:
        return self.poll is None


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
        """Return the openings that were answered, the newest last."""
        return [one for one in self.asked.values() if one.is_opening and one.number]

    def unanswered(self) -> list[Asked]:
        """Return what was sent and never answered."""
        return [one for one in self.asked.values() if one.times_sent and one.answered is None]

    def new(self) -> Asked:
        """Return something new to ask."""
        polls = self.polls()[-8:]
        if len(polls) < 2 or self.chance.random() < 0.03:
            made = self._opening()
        else:
            made = self._ballot(self.chance.choice(polls))
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
        if outcome != "ok" and outcome not in FAIR:
            self.faults.append(f"{request_id} was answered with {outcome}")
        if one.answered is not None:
            if outcome != one.outcome:
                self.faults.append(f"{request_id}: first {one.outcome}, then {outcome}")
            return
        one.answered = next(self.steps)
        one.outcome = outcome
        if one.is_opening and number is not None:
            one.number = number

    def _opening(self) -> Asked:
        opener, space = self.chance.choice(OPENERS), self.chance.choice(SPACES)
        minutes = self.chance.randrange(1, 40)
        if self.chance.random() < 0.2:
            args = {"title": f"Plan {len(self.asked)}", "closes_in": f"{minutes}m"}
            request = self._request("propose", args, opener, space)
            return Asked(request, space, opener, is_proposal=True)
        is_many = self.chance.random() < 0.5
        args = {
            "question": f"Lunch {len(self.asked)}?",
            "options": " | ".join(OPTIONS),
            "closes_in": f"{minutes}m",
            "multiple": str(is_many).lower(),
            "secret": str(self.chance.random() < 0.3).lower(),
        }
        return Asked(self._request("poll", args, opener, space), space, opener, is_many=is_many)

    def _ballot(self, poll: Asked) -> Asked:
        voter = self.chance.choice(VOTERS)
        n_options = 3 if poll.is_proposal else len(OPTIONS)
        option = self.chance.randrange(n_options)
        # A press that toggles is the hardest to count once: twice is as good as never.
        name = "tick" if poll.is_many else "vote"
        press = f"{name}:{poll.number}:{'' if poll.is_many else '#'}{option + 1}"
        request = self._request("", {}, voter, poll.space, press)
        return Asked(request, poll.space, voter, option, poll)

    def _request(
        self, command: str, args: dict[str, str], name: str, space: str, press: str | None = None
    ) -> Request:
        place = Place(console.NAME, space, "square", space_name=space)
        request_id = f"kill:{len(self.asked) + 1}"
        return Request(request_id, command, args, asker_of(Speaker(name)), place, press=press)
