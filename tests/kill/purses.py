"""What people of a season want with the books: thanks, a purse, payments, a daily reward."""

from collections.abc import Sequence
from typing import Any

from bot.platforms import console
from core.kernel.clock import from_ms
from core.kernel.request import AccountRef
from tests.kill.asked import Asked, What
from tests.kill.ledger import Ledger

ADMIN = "warden"
POOL = "jar"
MILLI = 1_000
CENT = 100
# Shared out each day, in cents.
BUDGET = 1_000
DELAY_MS = 5 * 60_000
# By whose measure each space shares out; the audit reckons the first one again.
BY_TIPS, BY_BOTH = "north", "south"
# Of 24 people nobody should be refused more often than now and then.
PREPARED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("config set", {"setting": "payment_delay", "value": "5m"}),
    ("config set", {"setting": "quorum", "value": "1"}),
    ("config set", {"setting": "request_limit", "value": "50%"}),
    ("config set", {"setting": "request_period_limit", "value": "100% per 30d"}),
    ("config set", {"setting": "reward_limit", "value": "100%"}),
    ("config set", {"setting": "tip_allowance", "value": "400"}),
    ("config set", {"setting": "tips_per_day", "value": "60"}),
    ("config set", {"setting": "open_per_member", "value": "10"}),
    ("pool create", {"name": POOL, "asset": "EUR"}),
    ("pool fund", {"pool": POOL, "amount": "40", "note": "to begin with"}),
    ("rewards set", {"pool": POOL, "amount": "10", "every": "day", "by": "tips"}),
)


def next_step(ledger: Ledger, space: str) -> Asked | None:
    """Return the next thing that an admin prepares, once the one before it is answered."""
    steps = [one for one in ledger.asked.values() if _is_step(one, space)]
    if len(steps) == len(PREPARED) or (steps and steps[-1].answered is None):
        return None
    command, args = PREPARED[len(steps)]
    if command == "rewards set":
        args = {**args, "by": "tips" if space == BY_TIPS else "both"}
    what = What.FUND if command == "pool fund" else What.SETTING
    amount = 40 * CENT if what is What.FUND else 0
    request = ledger.request(command, args, ADMIN, space, is_admin=True)
    return Asked(request, what, space, ADMIN, amount=amount)


def is_prepared(ledger: Ledger, space: str) -> bool:
    """Whether the purse of a space stands."""
    return len(ledger.done(What.FUND, space)) > 0


def wish(ledger: Ledger, space: str, people: Sequence[str]) -> Asked:
    """Return something that somebody wants with the books."""
    chance = ledger.chance
    roll = chance.random()
    tips, funds = ledger.done(What.TIP, space)[-20:], ledger.done(What.FUND, space)[1:]
    if roll < 0.1 and is_prepared(ledger, space):
        return _fund(ledger, space)
    if roll < 0.2 and tips:
        return _undo(ledger, chance.choice(tips))
    if roll < 0.28 and (found := [*tips, *funds[-3:]]):
        return _reverse(ledger, chance.choice(found))
    giver, to = chance.sample(people, 2)
    return _tip(ledger, space, giver, to)


def payment(ledger: Ledger, space: str, opener: str, to: str, minutes: int) -> Asked:
    """Return a request to the purse."""
    cents = ledger.chance.randrange(1, 4 * CENT)
    args = {
        "pool": POOL,
        "amount": f"{cents // CENT}.{cents % CENT:02}",
        "to": _known(to),
        "purpose": f"Tools {ledger.next_id()}",
        "closes_in": f"{minutes}m",
    }
    request = ledger.request("pool request", args, opener, space)
    return Asked(request, What.PAYMENT, space, opener, is_proposal=True, to=to, amount=cents)


def _is_step(one: Asked, space: str) -> bool:
    is_first_fund = one.what is What.FUND and one.request.args["note"] == "to begin with"
    return one.space == space and (one.what is What.SETTING or is_first_fund)


def _fund(ledger: Ledger, space: str) -> Asked:
    whole = ledger.chance.randrange(1, 12)
    args = {"pool": POOL, "amount": str(whole), "note": f"cakes {ledger.next_id()}"}
    request = ledger.request("pool fund", args, ADMIN, space, is_admin=True)
    return Asked(request, What.FUND, space, ADMIN, amount=whole * CENT)


def _tip(ledger: Ledger, space: str, giver: str, to: str) -> Asked:
    points = ledger.chance.randrange(1, 20)
    # Exactly the same again within a minute would be asked back.
    args = {"to": _known(to), "points": str(points), "reason": f"help {ledger.next_id()}"}
    request = ledger.request("tip", args, giver, space)
    return Asked(request, What.TIP, space, giver, to=to, amount=points * MILLI)


def _undo(ledger: Ledger, tip: Asked) -> Asked:
    request = ledger.request("undo", {"entry": str(tip.number)}, tip.by, tip.space)
    return Asked(request, What.UNDO, tip.space, tip.by, about=tip)


def _reverse(ledger: Ledger, of: Asked) -> Asked:
    args = {"entry": str(of.number), "reason": "a slip of the hand"}
    request = ledger.request("reverse", args, ADMIN, of.space, is_admin=True)
    return Asked(request, What.REVERSE, of.space, ADMIN, about=of)


def _known(name: str) -> AccountRef:
    return AccountRef(console.NAME, name, name, joined_at=from_ms(0))
