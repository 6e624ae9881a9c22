"""Opening a vote: what may be opened, and what is copied for as long as it lasts."""

from collections.abc import Sequence
from datetime import timedelta

from core.community import goes_here, show_card
from core.kernel.call import Call
from core.kernel.canonical import digest
from core.kernel.command import Command
from core.kernel.errors import UserError
from core.kernel.text import CommandName
from core.kernel.view import View
from core.proposals import effects, face, rules, store, turns, verifying, views
from core.proposals.fields import content_key
from core.proposals.model import PROPOSAL_OPTIONS, Proposal, Rule, Running, Sort
from core.proposals.settings import (
    OPEN_PER_MEMBER,
    QUORUM,
    RESUBMIT_COOLDOWN,
    THRESHOLD,
    VOTING_PERIOD,
)


class CannotPost(UserError):
    """I cannot show a card here, because I lack: {missing}. Ask an admin to allow me that, or to
    choose another place with {command}."""


def open_proposal(
    call: Call,
    title: str,
    details: str,
    closes_in: timedelta | None,
    carried: Sequence[Command] = (),
) -> View:
    """Open a proposal under the rule that is set now; `carried` runs when it passes."""
    rule = Rule(
        method="single",
        quorum=call.settings[QUORUM],
        threshold=call.settings[THRESHOLD],
        is_secret=False,
    )
    period = closes_in or call.settings[VOTING_PERIOD]
    content = (title, details, PROPOSAL_OPTIONS)
    return open_vote(call, Sort.PROPOSAL, content, rule, period, carried)


def open_vote(
    call: Call,
    sort: Sort,
    content: tuple[str, str, tuple[str, ...]],
    rule: Rule,
    period: timedelta,
    carried: Sequence[Command] = (),
) -> View:
    """Open a vote on (title, details, options) under a rule, and show its card."""
    title, details, options = content
    rules.check_period(period)
    packed = effects.pack(carried)
    key = content_key(title, details, packed) if sort is Sort.PROPOSAL else None
    _check_may_open(call, key)
    new = Proposal(
        id=call.new_id("proposal"),
        community=call.community.id,
        number=store.next_number(call.tx, call.community.id),
        sort=sort,
        author=call.member.id,
        title=title,
        details=details,
        options=options,
        rule=rule,
        opened_at=call.now,
        closes_at=call.now + period,
        period=period,
        lot_key=call.lot("lot"),
        extensions=(),
        withdrawal=None,
        closed_at=None,
        closed_seq=None,
        result=None,
        running=Running(0, (0,) * len(options), None),
        effects=packed,
        effects_digest=digest(packed) if carried else None,
    )
    store.add(call.tx, new, key, call.head().seq + 1)
    call.fact("number", new.number)
    call.fact("rule", verifying.rule_facts(new))
    turns.schedule(call, new)
    show_card(call, "proposals", face.card, new.number)
    return views.opened(call, new.number)


def _check_may_open(call: Call, key: str | None) -> None:
    place = call.place
    if place is not None and place.missing and goes_here(call, "proposals"):
        missing = ", ".join(place.missing)
        raise CannotPost(missing=missing, command=CommandName("channel"))
    limit = call.settings[OPEN_PER_MEMBER]
    n = store.n_open(call.tx, call.community.id, call.member.id, call.now_ms)
    if n >= limit:
        raise rules.TooManyOpen(n=n, limit=limit)
    if key is None:
        return
    cooldown = call.settings[RESUBMIT_COOLDOWN]
    for same in store.same(call.tx, call.community.id, key):
        if same.ended_ms is None:
            raise rules.AlreadyOpen(number=same.number)
        again_at = rules.open_again_at(same.ended_ms, cooldown)
        if same.is_refused and call.now < again_at:
            raise rules.TooSoonAgain(number=same.number, at=again_at)
