"""What people of a season want next: votes and their ballots, or something with the books."""

from tests.kill import purses
from tests.kill.asked import Asked, What
from tests.kill.ledger import Ledger

VOTERS = tuple(f"voter{n}" for n in range(24))
OPENERS = tuple(f"opener{n}" for n in range(8))
SPACES = ("north", "south")
OPTIONS = ("Pizza", "Soup", "Rice", "Bread")
OPEN_AT_LEAST = 4
# How often something new is opened, and how often people turn to the books.
OPENING_PART = 0.05
BOOKS_PART = 0.35


def new(ledger: Ledger) -> Asked:
    """Return something new to ask."""
    return ledger.add(_prepared(ledger) or _drawn(ledger))


def _prepared(ledger: Ledger) -> Asked | None:
    for space in SPACES:
        if (step := purses.next_step(ledger, space)) is not None:
            return step
    return None


def _drawn(ledger: Ledger) -> Asked:
    chance = ledger.chance
    polls = ledger.polls()[-8:]
    roll = chance.random()
    is_wanting = len(polls) + ledger.openings_under_way() < OPEN_AT_LEAST
    if is_wanting or roll < OPENING_PART:
        return _opening(ledger)
    if not polls or roll < OPENING_PART + BOOKS_PART:
        return purses.wish(ledger, chance.choice(SPACES), VOTERS)
    return _ballot(ledger, chance.choice(polls))


def _opening(ledger: Ledger) -> Asked:
    chance = ledger.chance
    opener, space = chance.choice(OPENERS), chance.choice(SPACES)
    minutes = chance.randrange(1, 40)
    if chance.random() < 0.6 and purses.is_prepared(ledger, space):
        return purses.payment(ledger, space, opener, chance.choice(VOTERS), minutes)
    if chance.random() < 0.2:
        args = {"title": f"Plan {ledger.next_id()}", "closes_in": f"{minutes}m"}
        request = ledger.request("propose", args, opener, space)
        return Asked(request, What.OPENING, space, opener, is_proposal=True)
    is_many = chance.random() < 0.5
    args = {
        "question": f"Lunch {ledger.next_id()}?",
        "options": " | ".join(OPTIONS),
        "closes_in": f"{minutes}m",
        "multiple": str(is_many).lower(),
        "secret": str(chance.random() < 0.3).lower(),
    }
    request = ledger.request("poll", args, opener, space)
    return Asked(request, What.OPENING, space, opener, is_many=is_many)


def _ballot(ledger: Ledger, poll: Asked) -> Asked:
    chance = ledger.chance
    voter = chance.choice(VOTERS)
    n_options = 3 if poll.is_proposal else len(OPTIONS)
    # Most payments are wanted, or none would ever be paid.
    is_for = poll.what is What.PAYMENT and chance.random() < 0.8
    option = 0 if is_for else chance.randrange(n_options)
    # A press that toggles is the hardest to count once: twice is as good as never.
    name = "tick" if poll.is_many else "vote"
    press = f"{name}:{poll.number}:{'' if poll.is_many else '#'}{option + 1}"
    request = ledger.request("", {}, voter, poll.space, press=press)
    return Asked(request, What.BALLOT, poll.space, voter, about=poll, option=option)
