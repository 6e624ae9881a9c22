"""This file is quorum, threshold and the lot's hashes."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction

import pytest

from core.voting import Lot, ballot_digest, commitment, quorum_met, quorum_of, threshold_met
from core.voting.lot import canonical, digest


@pytest.mark.parametrize(
    ("for_weight", "against", "threshold", "is_met"),
    [
        (0, 0, Fraction(1, 2), False),
        (0, 0, Fraction(0), False),
        (1, 1, Fraction(1, 2), False),
        (2, 1, Fraction(1, 2), True),
        (2, 1, Fraction(2, 3), True),
        (199, 100, Fraction(2, 3), False),
        (3, 1, Fraction(3, 4), True),
        (1, 0, Fraction(1), True),
        (10**30, 1, Fraction(1), False),
        (10**30 + 1, 10**30, Fraction(1, 2), True),
        (10**30, 10**30, Fraction(1, 2), False),
    ],
)
def test_half_is_strictly_more_and_any_other_share_at_least(
    for_weight: int, against: int, threshold: Fraction, is_met: bool
) -> None:
    assert threshold_met(for_weight, against, threshold) is is_met


def test_a_threshold_without_sense_is_refused() -> None:
    for wrong in (Fraction(-1), Fraction(3, 2)):
        with pytest.raises(ValueError, match=str(wrong)):
            threshold_met(1, 1, wrong)
    with pytest.raises(ValueError, match="-1"):
        threshold_met(-1, 1, Fraction(1, 2))


def test_quorum_counts_people_and_rounds_up() -> None:
    assert quorum_met(3, 3)
    assert not quorum_met(2, 3)
    assert [quorum_of(Fraction(1, 3), size) for size in (0, 1, 3, 4)] == [0, 1, 1, 2]


def test_every_hash_is_of_a_canonical_json_array() -> None:
    assert canonical(["é", b"\x01", 10**30, ["a b"]]) == '["é","01",1' + "0" * 30 + ',["a b"]]'
    assert commitment(b"\xab") == hashlib.sha256(b'["ab"]').digest()
    assert ballot_digest(b"\1\0", 7) == digest(b"\1\0", 7)


def test_the_seed_holds_key_decision_and_sorted_ballots() -> None:
    one, two = ballot_digest(b"\1\0", 1), ballot_digest(b"\0\1", 1)
    first, last = sorted([one, two])
    text = f'["6b","12",["{first.hex()}","{last.hex()}"]]'
    for digests in ([one, two], [two, one]):
        assert Lot(b"k", "12", digests).seed == hashlib.sha256(text.encode()).digest()


def test_an_option_is_drawn_by_its_composed_text() -> None:
    lot = Lot(b"k", "12", [])
    seed = lot.seed
    expected = sorted(range(3), key=lambda i: digest(seed, ["\u00e9", "b", "c"][i]))
    assert lot.order(["e\u0301", "b", "c"]) == tuple(expected)


def test_the_ballots_are_hashed_only_when_the_lot_is_needed() -> None:
    read = []

    def digests() -> Iterator[bytes]:
        read.append(1)
        yield ballot_digest(b"\1\0", 1)

    lot = Lot(b"k", "12", digests())
    assert not read
    assert lot.order(["a", "b"])
    assert read
