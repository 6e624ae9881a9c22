"""This file is liquid delegation: who votes for whom, through others, without a loss or a gain.

The idea: everybody without a ballot follows the own delegation, then that delegate's, and so on
for at most 10 steps, to somebody who cast a ballot. Who gets nowhere abstains: no delegation, a
recusal on the way, a cycle, too long a way. A delegate carries at most a share of the electorate;
what is above is cut pro rata. So counted + abstained + over the cap = electorate, in people and in
weight.

Ann voted; Ben delegates to Ann and Cas to Ben; Dan and Eve delegate to each other:

>>> ann, ben, cas, dan, eve = range(5)
>>> carried = carry([NOBODY, ann, ben, eve, dan], ballots=[ann], weights=[1, 1, 1, 1, 1])
>>> carried.ends, carried.carried_people[ann], carried.abstained_people
([0, 0, 0, -1, -1], 2, 2)

Reference: liquid democracy as in A. Kling et al., Voting Behaviour and Power in Online Democracy,
ICWSM 2015; the cap and the cut are this project's rule.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, cast

NOBODY = -1
DEPTH_MAX = 10  # a way that nobody can survey is no mandate
CAP = Fraction(1, 10)
CAP_PEOPLE_LEAST = 3  # in a small group a tenth would be nobody
FAST_FROM = 2_000  # members; below, numpy's fixed costs outweigh the loop
EXACT_IN_FLOAT = 2**53


@dataclass(frozen=True)
class Delegation:
    """One member's standing choice of a delegate, for one topic or (None) for everything."""

    giver: int
    receiver: int
    topic: str | None = None


class Cut(NamedTuple):
    """What the cap took from a delegate."""

    people: int
    weight: int


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Where everybody's weight went. Lists have an entry per member of the electorate."""

    ends: list[int]  # whose ballot counts for each: the own number, a delegate's, or NOBODY
    carried_people: list[int]  # per member who voted: those carried, before the cap
    counted_weight: list[int]  # per member who voted: the ballot's weight, after the cap
    cuts: dict[int, Cut]  # per delegate over the cap
    limit: int  # how many people a delegate may carry
    turnout: int  # people who voted or are carried within the cap
    abstained_people: int
    abstained_weight: int
    over_people: int
    over_weight: int


def narrowest(delegations: Iterable[Delegation], topic: str | None, n_members: int) -> list[int]:
    """Return each member's delegate for a topic: the topic's own, else the one for everything."""
    general, own = [NOBODY] * n_members, [NOBODY] * n_members
    for delegation in delegations:
        if delegation.topic is None:
            general[delegation.giver] = delegation.receiver
        elif delegation.topic == topic:
            own[delegation.giver] = delegation.receiver
    return [mine if mine != NOBODY else wide for mine, wide in zip(own, general, strict=True)]


def closes_cycle(delegates: Mapping[int, int], giver: int, receiver: int) -> bool:
    """Tell whether a new delegation would lead back to its giver.

    >>> closes_cycle({1: 2, 2: 3}, giver=3, receiver=1)
    True
    """
    seen, at = {giver}, receiver
    while at not in seen:
        seen.add(at)
        if at not in delegates:
            return False
        at = delegates[at]
    return at == giver


def limit_of(cap: Fraction, electorate: int) -> int:
    """Return how many people one delegate may carry."""
    return max(CAP_PEOPLE_LEAST, cap.numerator * electorate // cap.denominator)


def carry(
    delegates: Sequence[int],
    *,
    ballots: Iterable[int],
    weights: Sequence[int],
    recused: Iterable[int] = (),
    cap: Fraction = CAP,
) -> Carried:
    """Return where the weight of an electorate goes.

    `delegates` has an entry per member: the number of the delegate, or NOBODY; `ballots` are those
    who cast a ballot themselves, which goes before any delegation; `recused` neither vote nor pass
    on. Weights are whole numbers from zero up. What the cap leaves of a weight is rounded down.
    """
    size = len(delegates)
    if len(weights) != size:
        raise ValueError((len(weights), size))
    fast = _fast() if size >= FAST_FROM else None
    found = fast(delegates, ballots, recused, weights) if fast else None
    found = found or _gather(delegates, ballots, recused, weights)
    return _cut(found, weights, limit_of(cap, size))


class Gathered(NamedTuple):
    """Where everybody ends and what each ballot then holds, before the cap."""

    ends: list[int]
    carried_people: list[int]
    counted_weight: list[int]
    led: int  # people who end at a ballot, with those who cast one
    weight: int  # of the whole electorate


Gather = Callable[[Sequence[int], Iterable[int], Iterable[int], Sequence[int]], "Gathered | None"]


def _gather(
    delegates: Sequence[int],
    ballots: Iterable[int],
    recused: Iterable[int],
    weights: Sequence[int],
) -> Gathered:
    parents, out, voters = list(delegates), set(recused), set(ballots)
    if any(not 0 <= member < len(parents) for member in voters | out) or any(
        not NOBODY <= parent < len(parents) for parent in parents
    ):
        raise ValueError("a delegate or voter is outside the electorate")
    voters -= out
    for member in out:
        parents[member] = NOBODY
    ends = [_end(member, parents, voters) for member in range(len(parents))]
    people, weight = [0] * len(parents), [0] * len(parents)
    for member, end in enumerate(ends):
        if end != NOBODY:
            weight[end] += int(weights[member])
            people[end] += end != member
    led = sum(end != NOBODY for end in ends)
    return Gathered(ends, people, weight, led, int(sum(weights)))


def _end(member: int, parents: Sequence[int], voters: set[int]) -> int:
    at = member
    for _ in range(DEPTH_MAX):
        if at in voters or at == NOBODY:
            return at
        at = parents[at]
    return at if at in voters else NOBODY


def _fast() -> Gather | None:
    try:
        return cast("Gather", importlib.import_module("core.voting.fast_delegation").gather)
    except ModuleNotFoundError:  # numpy is optional
        return None


def _cut(found: Gathered, weights: Sequence[int], limit: int) -> Carried:
    """Cut what is over the cap, and add up."""
    led_weight = sum(found.counted_weight)
    cuts = dict[int, Cut]()
    if max(found.carried_people, default=0) > limit:
        for member, people in enumerate(found.carried_people):
            if people > limit:
                carried = found.counted_weight[member] - int(weights[member])
                cuts[member] = Cut(people - limit, carried - carried * limit // people)
                found.counted_weight[member] -= cuts[member].weight
    over_people = sum(cut.people for cut in cuts.values())
    return Carried(
        ends=found.ends,
        carried_people=found.carried_people,
        counted_weight=found.counted_weight,
        cuts=cuts,
        limit=limit,
        turnout=found.led - over_people,
        abstained_people=len(found.ends) - found.led,
        abstained_weight=found.weight - led_weight,
        over_people=over_people,
        over_weight=sum(cut.weight for cut in cuts.values()),
    )
