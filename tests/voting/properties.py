"""This file is the properties that methods claim, each as a question about one election."""

from collections.abc import Callable, Iterator, Mapping

from core.voting import METHODS, Method, Result
from core.voting.claims import Claim
from tests.voting.elections import Election, bounds_of

SCALE = 3 * 10**17  # far above what a float holds exactly

Property = Callable[[Method, Election], bool]


def winners(result: Result) -> set[int]:
    return set(result.winners)


def worth(method: Method, packed: bytes) -> list[int]:
    if method.kind.widest.is_ranking:
        return [-mark if mark else -256 for mark in packed]
    return list(packed)


def unanimity(method: Method, election: Election) -> bool:
    """The option that is strictly on top of every ballot with weight wins."""
    tops = set()
    for packed, weight in election.rows:
        if weight:
            values = worth(method, packed)
            best = [i for i, value in enumerate(values) if value == max(values)]
            tops.add(best[0] if len(best) == 1 and any(packed) else None)
    if len(tops) != 1 or None in tops:
        return True
    return tops <= winners(election.count(method))


def scale_free(method: Method, election: Election) -> bool:
    """The winners of the election stay if all weights grow alike."""
    scaled = election.having([(packed, weight * SCALE) for packed, weight in election.rows])
    return scaled.count(method).winners == election.count(method).winners


def monotone(method: Method, election: Election) -> bool:
    """A winner that one ballot comes to support more still wins."""
    if election.seats > 1:
        return True
    before = election.count(method)
    if before.is_tied:
        return True
    for winner in before.winners:
        for at in range(len(election.rows)):
            for raised in _raised(method, election, at, winner):
                after = raised.count(method)
                if not after.is_tied and winner not in after.winners:
                    return False
    return True


def _raised(method: Method, election: Election, at: int, winner: int) -> Iterator[Election]:
    packed, weight = election.rows[at]
    given = list(packed)
    if not method.kind.widest.is_ranking:
        given[winner] += 1
        if bounds_of(method, len(given), election.limits).fault(given):
            return
    elif given[winner] == 1:
        return
    else:
        last = max(given) + 1
        rank = (given[winner] or last) - 1
        after = [(mark, i) for i, mark in enumerate(given) if i != winner and mark]
        ranks = [mark * 2 for mark in given]
        ranks[winner] = rank * 2 - 1
        assert len(after) == len([r for i, r in enumerate(ranks) if i != winner and r])
        dense = {rank: place for place, rank in enumerate(sorted({r for r in ranks if r}), 1)}
        given = [dense.get(rank, 0) for rank in ranks]
    rows = list(election.rows)
    rows[at] = (bytes(given), weight)
    yield election.having(rows)


def elects_condorcet(method: Method, election: Election) -> bool:
    """Who beats every other head to head is the only winner."""
    result = election.count(method)
    best = result.condorcet_winner
    return best is None or not result.winners or result.winners == (best,)


def clone_proof(method: Method, election: Election) -> bool:
    """A twin put right below an option on every ballot changes nothing but between the two."""
    before = election.count(method)
    if before.ties or election.seats > 1:
        return True
    for option in range(len(election.options)):
        rows = []
        for packed, weight in election.rows:
            mark = packed[option]
            shifted = [m + 1 if mark and m > mark else m for m in packed]
            rows.append((bytes([*shifted, mark + 1 if mark else 0]), weight))
        twin = len(election.options)
        twins = Election((*election.options, "Twin"), tuple(rows), 1, election.limits)
        after = twins.count(method)
        back = {option if i == twin else i for i in after.winners}
        if not after.ties and back != winners(before):
            return False
    return True


def reversal(method: Method, election: Election) -> bool:
    """The sole winner does not win alone when every ballot is turned over."""
    before = election.count(method)
    if len(before.winners) != 1 or len(election.options) < 2 or before.is_tied:
        return True
    rows = []
    for packed, weight in election.rows:
        ranks = [-(mark or 256) for mark in packed]
        dense = {rank: place for place, rank in enumerate(sorted(set(ranks)), 1)}
        turned = [dense[rank] for rank in ranks]
        rows.append((bytes(turned if len(set(turned)) > 1 else [0] * len(turned)), weight))
    after = election.having(rows).count(method)
    return after.is_tied or after.winners != before.winners


PROPERTIES: Mapping[Claim, Property] = {
    Claim.UNANIMITY: unanimity,
    Claim.SCALE_FREE: scale_free,
    Claim.MONOTONE: monotone,
    Claim.CONDORCET: elects_condorcet,
    Claim.CLONE_PROOF: clone_proof,
    Claim.REVERSAL: reversal,
}

RANKED_ONLY = {Claim.CONDORCET, Claim.CLONE_PROOF, Claim.REVERSAL}


def applies(claim: Claim, method: Method) -> bool:
    """Tell whether a property can be asked of a method at all."""
    return method.decides and (claim not in RANKED_ONLY or method.kind.widest.is_ranking)


CLAIMED = [
    (name, claim)
    for name, method in sorted(METHODS.items())
    for claim in Claim
    if claim in method.claims and applies(claim, method)
]
NOT_CLAIMED = [
    (name, claim)
    for name, method in sorted(METHODS.items())
    for claim in Claim
    if claim not in method.claims and applies(claim, method)
]
