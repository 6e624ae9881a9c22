"""This file is the properties that a method may claim; the tests hold each to what it claims."""

from enum import StrEnum


class Claim(StrEnum):
    """What never happens under a method that claims it."""

    UNANIMITY = "an option that every ballot puts alone on top does not lose"
    SCALE_FREE = "multiplying every weight by the same number changes no winner"
    MONOTONE = "more support for a winner, all else equal, does not make it lose"
    CONDORCET = "an option that beats every other head to head does not lose"
    CLONE_PROOF = "an option's twin, next to it on every ballot, does not change who wins"
    REVERSAL = "the sole winner does not win alone if every ballot is turned over"


COMMON = frozenset({Claim.UNANIMITY, Claim.SCALE_FREE, Claim.MONOTONE})
TOURNAMENT = COMMON | {Claim.CONDORCET, Claim.REVERSAL}
