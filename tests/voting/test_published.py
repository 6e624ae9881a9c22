"""This file is published elections, with their rounds and matrices."""

from fractions import Fraction

import pytest

from core.voting import How
from tests.voting.written import count, told

TENNESSEE = ["Memphis", "Nashville", "Chattanooga", "Knoxville"]
TENNESSEE_BALLOTS = {
    "Memphis > Nashville > Chattanooga > Knoxville": 42,
    "Nashville > Chattanooga > Knoxville > Memphis": 26,
    "Chattanooga > Knoxville > Nashville > Memphis": 15,
    "Knoxville > Chattanooga > Nashville > Memphis": 17,
}

# Schulze 2011, example 1
SCHULZE = ["A", "B", "C", "D", "E"]
SCHULZE_BALLOTS = {
    "A > C > B > E > D": 5,
    "A > D > E > C > B": 5,
    "B > E > D > A > C": 8,
    "C > A > B > E > D": 3,
    "C > A > E > B > D": 7,
    "C > B > A > D > E": 2,
    "D > C > E > B > A": 7,
    "E > B > A > D > C": 8,
}

# Burlington 2009, the three who were left after the first round (Gierzynski, Hamilton, Smith)
BURLINGTON = ["Kiss", "Montroll", "Wright"]
BURLINGTON_BALLOTS = {
    "Montroll > Kiss > Wright": 1332,
    "Montroll > Wright > Kiss": 767,
    "Montroll": 455,
    "Kiss > Montroll > Wright": 2043,
    "Kiss > Wright > Montroll": 371,
    "Kiss": 568,
    "Wright > Montroll > Kiss": 1513,
    "Wright > Kiss > Montroll": 495,
    "Wright": 1289,
}

# Alaska, August 2022, from the cast vote record (Graham-Squire and McCune); the last round is
# the state's official one
ALASKA = ["Begich", "Palin", "Peltola"]
ALASKA_BALLOTS = {
    "Begich": 11290,
    "Begich > Palin > Peltola": 27053,
    "Begich > Peltola > Palin": 15467,
    "Palin": 21272,
    "Palin > Begich > Peltola": 34049,
    "Palin > Peltola > Begich": 3652,
    "Peltola": 23747,
    "Peltola > Begich > Palin": 47407,
    "Peltola > Palin > Begich": 4645,
}


@pytest.mark.parametrize(
    ("method", "winner"),
    [
        ("instant-runoff", "Knoxville"),
        ("stv", "Knoxville"),
        ("schulze", "Nashville"),
        ("ranked-pairs", "Nashville"),
        ("copeland", "Nashville"),
        ("borda", "Nashville"),
    ],
)
def test_tennessee(method: str, winner: str) -> None:
    result = count(method, TENNESSEE, TENNESSEE_BALLOTS)
    assert [TENNESSEE[i] for i in result.winners] == [winner]
    assert result.condorcet_winner == TENNESSEE.index("Nashville")
    assert result.pairwise == (
        (0, 42, 42, 42),
        (58, 0, 68, 68),
        (58, 32, 0, 83),
        (58, 32, 17, 0),
    )
    if method == "borda":
        assert result.totals == (126, 194, 173, 107)


def test_tennessee_by_plurality_and_round_by_round() -> None:
    first = {text.split(" ")[0]: weight for text, weight in TENNESSEE_BALLOTS.items()}
    assert count("single", TENNESSEE, first).winners == (TENNESSEE.index("Memphis"),)
    result = count("instant-runoff", TENNESSEE, TENNESSEE_BALLOTS)
    assert [step.totals for step in result.rounds] == [
        (42, 26, 15, 17),
        (42, 26, None, 32),
        (42, None, None, 58),
    ]
    assert [step.moved for step in result.rounds[:2]] == [(0, 0, 0, 15), (0, 0, 0, 26)]


def test_schulze_example_one() -> None:
    result = count("schulze", SCHULZE, SCHULZE_BALLOTS)
    assert result.pairwise == (
        (0, 20, 26, 30, 22),
        (25, 0, 16, 33, 18),
        (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14),
        (23, 27, 21, 31, 0),
    )
    assert result.figures["paths"] == (
        (0, 28, 28, 30, 24),
        (25, 0, 28, 33, 24),
        (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24),
        (25, 28, 28, 31, 0),
    )
    assert "".join(SCHULZE[i] for place in result.order for i in place) == "EACBD"
    assert result.condorcet_winner is None


def test_ranked_pairs_lock_schulzes_example_without_a_cycle() -> None:
    result = count("ranked-pairs", SCHULZE, SCHULZE_BALLOTS)
    # 33 B>D, 31 E>D, 30 A>D, 29 C>B, 28 D>C (a cycle: C>B>D), 27 E>B, 26 A>C, 25 B>A (a cycle:
    # A>C>B), 24 C>E, 23 E>A (a cycle: A>C>E)
    assert "".join(SCHULZE[i] for place in result.order for i in place) == "ACEBD"
    assert result.figures["set_aside"] == ((3, 2), (1, 0), (4, 0))
    assert not result.ties


def test_burlington_2009() -> None:
    result = count("instant-runoff", BURLINGTON, BURLINGTON_BALLOTS)
    assert [step.totals for step in result.rounds] == [(2982, 2554, 3297), (4314, None, 4064)]
    assert result.rounds[0].moved == (1332, 0, 767)
    assert result.exhausted == 455
    assert result.pairwise == ((0, 3477, 4314), (4067, 0, 4597), (4064, 3668, 0))
    assert result.winners == (0,)
    assert "Montroll beats every other option head to head, and did not win." in told(result)
    for method in ("schulze", "ranked-pairs", "copeland"):
        assert count(method, BURLINGTON, BURLINGTON_BALLOTS).winners == (1,)


def test_alaska_2022() -> None:
    result = count("instant-runoff", ALASKA, ALASKA_BALLOTS)
    assert [step.totals for step in result.rounds] == [
        (53810, 58973, 75799),
        (None, 86026, 91266),
    ]
    assert result.exhausted == 11290
    assert result.winners == (ALASKA.index("Peltola"),)
    assert result.pairwise == ((0, 101217, 87859), (63618, 0, 86026), (79451, 91266, 0))
    assert result.condorcet_winner == ALASKA.index("Begich")
    assert told(result)[4:8] == [
        "Begich went out in round 1 with 53810.",
        "27053 of the votes of Begich went to Palin.",
        "15467 of the votes of Begich went to Peltola.",
        "11290 of the votes of Begich had no further choice.",
    ]


# The Green Party's steering committee of 2005, counted by the Scottish rules in the reference
# results of the Droop program: 13 people, 4 seats, 94 ballots, written by number.
COMMITTEE = """
7 8 9 11 12|7 8 9 11 12|13 7 5 4 2 1|5 13 2 7 4 1|13 4 1 2|4 2 13 1 3|4 13 2 7
7 8 12 1 13 9 2 4 11 5|1 13 3 4 7 5 2|4 1 13 7 3 5 2|4 1 13 7 3 5 2
1 4 13 2 7 5 3 9 8 12 11|7 1 8 9 13 3 2 4 12 5 11|7 8 9 11 12
7 1 8 9 13 3 2 4 12 5 11|7 8 9 11 12|7 8 9 11 12|7 8 9 11 12|5 1 13 3 2 4 7
7 8 9 3 12 2 13 5 1 4|3 13 1 2|3 13 1 2|4 7 13 5|4 5 13 3 2 1|7 8 9 11 12
7 9 8 12 11 2 13|7 8 9 11 12|7 8 9 11 12|4 3 13 1|4 3 13 1|13 3 4 1 7 2 5
3 13 4 1 7 2 5|13 3 4 1 2 5 7|13 1 4 2 5 3 7|13 4 3 1 2 5|3 13 1 4 2 7 5|4 3 13 8
4 3 13 1|1 4 13 7|1 4 13 7|7 3 4 13 1 5|9 11 8 7|7 8 9 11 12|13 3 5 2|4 5 2 3 13
13 5 2 4 1 3 7|13 5 2 1 7 3 8|7 8 9 12 11|7 8 4 9 12|13 4 7 2 8|4 13 2 7 1 8
7 8 11 9 12|8 4 7 11 13 9|7 4 2 13|13 1 7 4|4 1 2 13 9 5|1 4 13 5 3 2
7 5 4 8 11 2 13 1 3 9 12|4 8 7 5 13 2 1 3 9|3 4 7 2 12 13 8 1 5|7 8 9 11 12
7 8 11 9|7 8 11 9|7 8 9 11 12|7 8 9 11 12|7 8 9 11 12|13 2 4 7 5 1|7 8 9 11 12
7 8 9 11|7 8 9 11 12|2 7 8 12 13 11 1 5 9|4 7 8 2|4 13 5 2 1 3|13 4 7 3 1 5 8 2 9
4 3 13 1 7|13 4 1 3|4 1 13 3 2 7 8|2 4 13 5|2 3 4 1 13 7|3 1 4 13|4 3 1 2 11
3 1 4 13 2 7|4 1 2 8 3|4 1 5 13 2 3|4 1 5 13 2 3|7 8 9 11 12|7 8 9 11 12
13 7 3 2 5 4 1|13 5 7 2 4 1|7 8 9 11 12|1 13 3 7 2 4 5|13 1 2 7 4 5 3|13 1 2 7 4 5 3
3 1 4 2 13 7 9 5 8
"""

STAGES = """
6 3 8 22 2 0 33 1 1 0 0 0 18
6.84848 3.42424 8.42424 22 2.42424 0 19 12.45448 1.42424 0 0 0 18
7.803 3.5606 9.2424 19 2.69696 0 19 12.7272 1.42424 0 0 0 18.54544
7.803 3.5606 9.2424 19 2.69696 - 19 12.7272 1.42424 - - - 18.54544
7.803 3.5606 9.2424 19 2.69696 - 19 14.15144 - - - - 18.54544
8.803 3.69696 9.2424 19 - - 19 14.57568 - - - - 19.6818
9.01084 3.9536 9.45496 19 - - 19 14.57568 - - - - 19
9.36448 - 10.59132 19 - - 19 15.61032 - - - - 19
- - 16.62204 19 - - 19 16.59988 - - - - 19
- - 18.59172 19 - - 19 - - - - - 19
"""


def test_a_committee_by_the_scottish_rules_stage_by_stage() -> None:
    ballots: dict[str, int] = {}
    for text in COMMITTEE.replace("\n", "|").strip("|").split("|"):
        ballots[text] = ballots.get(text, 0) + 1
    assert sum(ballots.values()) == 94
    people = [f"Candidate {i}" for i in range(1, 14)]
    result = count("stv", people, ballots, seats=4)
    expected = [
        tuple(None if votes == "-" else Fraction(votes) for votes in line.split())
        for line in STAGES.strip().splitlines()
    ]
    assert [step.totals for step in result.rounds] == expected
    assert result.figures["quota"] == 19
    assert [i + 1 for i in result.winners] == [7, 4, 13, 3]
    assert result.exhausted == Fraction("18.40828")
    assert not result.is_tied


def test_pollux_and_helen_by_the_scottish_rules() -> None:
    ballots = {"Castor > Pollux": 4, "Helen": 2}
    result = count("stv", ["Castor", "Pollux", "Helen"], ballots, seats=2)
    assert [step.totals for step in result.rounds] == [(4, 0, 2), (3, 1, 2), (3, None, 2)]
    assert result.winners == (0, 2)


def test_star_scoring_tie_of_three_by_head_to_head() -> None:
    # A, B and C have 10 each and D 4; A beats both others, B beats C: A and B go to the runoff
    ballots = {"A 5, B 4, C 3": 1, "A 3, C 5, B 2, D 4": 1, "B 4, A 2, C 2": 1}
    result = count("star", ["A", "B", "C", "D"], ballots)
    assert result.totals == (10, 10, 10, 4)
    assert [tie.how for tie in result.ties] == [How.RULE]
    assert sorted(result.figures["finalists"]) == [0, 1]  # type: ignore[arg-type,type-var]
    assert result.winners == (0,)
