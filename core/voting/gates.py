"""This file is the two gates of a proposal: quorum counts people, the threshold compares weight."""

from fractions import Fraction

HALF = Fraction(1, 2)


def threshold_met(for_weight: int, against_weight: int, threshold: Fraction) -> bool:
    """Tell whether enough of the weight for or against is for; abstentions are outside.

    One half means strictly more than half; any other fraction means at least that share.
    Nobody for and nobody against is never a pass, whatever the threshold.

    >>> threshold_met(2, 2, Fraction(1, 2)), threshold_met(2, 1, Fraction(2, 3))
    (False, True)
    """
    if not 0 <= threshold <= 1:
        raise ValueError(threshold)
    if for_weight < 0 or against_weight < 0:
        raise ValueError((for_weight, against_weight))
    cast = for_weight + against_weight
    if cast == 0:
        return False
    have, need = threshold.denominator * for_weight, threshold.numerator * cast
    return have > need if threshold == HALF else have >= need


def quorum_met(turnout_people: int, quorum: int) -> bool:
    """Tell whether enough people took part; abstaining is taking part.

    >>> quorum_met(3, 3), quorum_met(2, 3)
    (True, False)
    """
    return turnout_people >= quorum


def quorum_of(share: Fraction, electorate: int) -> int:
    """Return the least number of people that makes up a share of an electorate, rounded up.

    >>> quorum_of(Fraction(1, 10), 31)
    4
    """
    return -(-share.numerator * electorate // share.denominator)
