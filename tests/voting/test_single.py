"""This file is how single choice and approval count, and what they refuse."""

import pytest

from core.voting import METHODS, How, Lot
from core.voting.errors import Empty, Malformed, TooMany, Twice, UnknownOption

CITIES = ["Berlin", "Lisbon", "Porto"]


def test_an_option_is_named_by_text_or_number() -> None:
    single = METHODS["single"]
    assert single.read(" LISBON ", CITIES) == single.read("2", CITIES)
    assert single.write(single.read("2", CITIES), CITIES) == "Lisbon"


@pytest.mark.parametrize(
    ("written", "error", "says"),
    [
        ("", Empty, "Nothing is chosen"),
        ("Madrid", UnknownOption, 'There is no option "Madrid"'),
        ("Berlin, berlin", Twice, '"Berlin" is there twice'),
        ("1 2", TooMany, "You named 2 options; at most 1"),
    ],
)
def test_each_mistake_has_its_sentence(written: str, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        METHODS["single"].read(written, CITIES)


def test_a_tie_is_reported_and_the_lot_settles_it() -> None:
    single = METHODS["single"]
    rows = [(b"\1\0\0", 2), (b"\0\1\0", 2), (b"\0\0\1", 1)]
    running = single.count(rows, CITIES)
    assert running.winners == (0, 1)
    assert [tie.how for tie in running.ties] == [How.OPEN]
    closed = single.count(rows, CITIES, lot=Lot.of_rows(bytes(32), "7", rows))
    assert len(closed.winners) == 1
    assert closed.winners[0] in {0, 1}
    assert closed.ties[0].among == (0, 1)
    assert closed.ties[0].order[0] == closed.winners
    assert closed.lot_seed is not None


def test_a_damaged_stored_ballot_is_malformed() -> None:
    for packed in (b"", b"\1", b"\2\0\0", b"\1\1\0"):
        with pytest.raises(Malformed):
            METHODS["single"].unpack(packed, 3)
    for packed in (b"\2\0\0", b"\1\3\0", b"\1\1\0", b"\4\3\2"):
        with pytest.raises(Malformed):
            METHODS["stv"].unpack(packed, 3)


def test_no_ballots_choose_nothing() -> None:
    result = METHODS["single"].count([], CITIES)
    assert result.winners == ()
    assert result.sentences()[0].template == "Nobody has voted, so nothing is chosen."


def test_level_options_that_all_have_a_seat_are_no_tie() -> None:
    poll = METHODS["time-poll"]
    rows = [(b"\2\2\0", 2), (b"\0\1\2", 1)]
    assert poll.count(rows, CITIES, seats=2).ties == ()
    assert [tie.among for tie in poll.count(rows, CITIES).ties] == [(0, 1)]
