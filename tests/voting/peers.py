"""This file is the comparison with independent libraries, and where their rules differ from ours.

The light ones run with every test; all of them with `python -m tests.voting.peers`, which needs
the extra `peers` and fails, rather than skips, where one is missing.
"""

import argparse
import contextlib
import importlib
import io
import random
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.voting import METHODS, Result

Row = tuple[bytes, int]
Winners = set[int]
Count = Callable[[list[Row], int, int], Winners | None]  # rows, options, seats; None: no answer

SEED = 20_240_501


@dataclass(frozen=True)
class Peer:
    """One library and method; `differs` says where its rule is another, which is left out."""

    package: str
    method: str
    count: Count
    differs: str
    is_complete: bool = False  # only rankings of all options, without equal ranks
    seats_most: int = 1
    is_light: bool = False
    shows: Callable[[Result], bool] = lambda _: False  # whether the difference can show, ties apart

    @property
    def name(self) -> str:
        return f"{self.package}:{self.method}"


def rankings(rows: Sequence[Row]) -> list[tuple[list[int], int]]:
    """Return strict rankings as lists of options, the best first."""
    ranked = []
    for marks, weight in rows:
        order = sorted((mark, option) for option, mark in enumerate(marks) if mark)
        ranked.append(([option for _, option in order], weight))
    return ranked


def pyrankvote_irv(rows: list[Row], n_options: int, seats: int) -> Winners | None:
    peer = importlib.import_module("pyrankvote")
    people = [peer.Candidate(str(i)) for i in range(n_options)]
    ballots = [
        peer.Ballot([people[i] for i in order])
        for order, weight in rankings(rows)
        for _ in range(weight)
    ]
    return {int(str(w)) for w in peer.instant_runoff_voting(people, ballots).get_winners()}


def stvpoll_scottish(rows: list[Row], n_options: int, seats: int) -> Winners | None:
    peer = importlib.import_module("stvpoll.scottish_stv")
    poll = peer.ScottishSTV(seats, map(str, range(n_options)), random_in_tiebreaks=False)
    for order, weight in rankings(rows):
        poll.add_ballot(map(str, order), weight)
    with contextlib.suppress(importlib.import_module("stvpoll.exceptions").IncompleteResult):
        elected = {int(option) for option in poll.calculate()}
        return elected if len(elected) == seats else None  # it met a tie
    return None


def starvote_star(rows: list[Row], n_options: int, seats: int) -> Winners | None:
    peer = importlib.import_module("starvote")
    ballots = [
        {str(option): mark for option, mark in enumerate(marks)}
        for marks, weight in rows
        for _ in range(weight)
    ]
    with contextlib.suppress(peer.UnbreakableTieError):
        return {int(option) for option in peer.star_voting(ballots, tiebreaker=None)}
    return None


def pref_voting(module: str, function: str) -> Count:
    def count(rows: list[Row], n_options: int, seats: int) -> Winners | None:
        profiles = importlib.import_module("pref_voting.profiles")
        orders = rankings(rows)
        profile = profiles.Profile([o for o, _ in orders], rcounts=[n for _, n in orders])
        return {int(i) for i in getattr(importlib.import_module(module), function)(profile)}

    return count


def votekit(election: str) -> Count:
    def count(rows: list[Row], n_options: int, seats: int) -> Winners | None:
        ballots = importlib.import_module("votekit.ballot")
        profiles = importlib.import_module("votekit.pref_profile")
        elections = importlib.import_module("votekit.elections")
        cast = tuple(
            ballots.RankBallot(ranking=tuple(frozenset({str(i)}) for i in order), weight=weight)
            for order, weight in rankings(rows)
        )
        names = tuple(str(i) for i in range(n_options))
        profile = profiles.RankProfile(ballots=cast, candidates=names)
        elected = getattr(elections, election)(profile).get_elected()
        return {int(i) for group in elected for i in group}

    return count


def abcvoting(rule: str, algorithm: str) -> Count:
    def count(rows: list[Row], n_options: int, seats: int) -> Winners | None:
        preferences = importlib.import_module("abcvoting.preferences")
        rules = importlib.import_module("abcvoting.abcrules")
        profile = preferences.Profile(n_options)
        for marks, weight in rows:
            for _ in range(weight):
                profile.add_voter([i for i, mark in enumerate(marks) if mark])
        found = getattr(rules, rule)(profile, seats, algorithm=algorithm, resolute=False)
        return set(found[0]) if len(found) == 1 else None

    return count


PEERS = (
    Peer(
        "pyrankvote",
        "instant-runoff",
        pyrankvote_irv,
        "level at the bottom: it looks at second choices, we at earlier rounds",
        is_light=True,
    ),
    Peer(
        "stvpoll",
        "stv",
        stvpoll_scottish,
        "a surplus also goes to who was elected at the same stage, which the Scottish order leaves"
        " out; and it rounds transfer values to the nearest 1e-5, where the order truncates (in"
        " elections of this size far below a vote)",
        seats_most=3,
        is_light=True,
        shows=lambda result: any(len(step.elected) > 1 for step in result.rounds[:-1]),
    ),
    Peer(
        "starvote",
        "star",
        starvote_star,
        "three or more level in the scoring round: it adds up preferences, we drop who loses most",
        is_light=True,
    ),
    *(
        Peer(
            "pref_voting",
            method,
            pref_voting(f"pref_voting.{module}", function),
            "margins, where we take winning votes: the same if all rank all",
            is_complete=True,
        )
        for method, module, function in (
            ("schulze", "margin_based_methods", "beat_path"),
            ("ranked-pairs", "margin_based_methods", "ranked_pairs"),
            ("borda", "scoring_methods", "borda"),
            ("instant-runoff", "iterative_methods", "instant_runoff"),
        )
    ),
    Peer(
        "pref_voting",
        "copeland",
        pref_voting("pref_voting.c1_methods", "copeland"),
        "level ones stay level, where we look at the total margin",
        is_complete=True,
    ),
    Peer("votekit", "instant-runoff", votekit("IRV"), "level ones go by chance"),
    Peer("votekit", "schulze", votekit("Schulze"), "margins, as above", is_complete=True),
    Peer(
        "abcvoting",
        "pav",
        abcvoting("compute_seqpav", "standard"),
        "level ones: all outcomes",
        seats_most=3,
    ),
    Peer(
        "abcvoting",
        "equal-shares",
        abcvoting("compute_equal_shares", "standard-fractions"),
        "level ones: all outcomes",
        seats_most=3,
    ),
)


def election(peer: Peer, draw: random.Random) -> tuple[list[Row], int, int]:
    """Draw ballots of the kind that the method takes."""
    n_options = draw.randint(2, 6)
    seats = min(n_options, draw.randint(1, peer.seats_most))
    bounds = METHODS[peer.method].kind.widest
    rows = []
    for _ in range(draw.randint(3, 25)):
        if bounds.is_ranking:
            n_ranked = n_options if peer.is_complete else draw.randint(1, n_options)
            marks = [0] * n_options
            for rank, option in enumerate(draw.sample(range(n_options), n_ranked), 1):
                marks[option] = rank
        else:
            marks = [draw.randint(0, bounds.top) for _ in range(n_options)]
            marks[draw.randrange(n_options)] = 1
        rows.append((bytes(marks), draw.randint(1, 9)))
    return rows, n_options, seats


def is_left_out(peer: Peer, result: Result) -> bool:
    """Tell whether a stated difference of the rules can show: a tie, or too few are wanted."""
    too_few = len(result.winners) < min(result.seats, len(result.options))
    return bool(result.ties) or too_few or peer.shows(result)


def compare(peer: Peer, n_elections: int) -> tuple[int, list[str]]:
    """Return how many elections were compared, and every difference that no rule explains."""
    draw, compared, differences = random.Random(SEED), 0, list[str]()
    for _ in range(n_elections):
        rows, n_options, seats = election(peer, draw)
        options = [f"Option {i}" for i in range(n_options)]
        ours = METHODS[peer.method].count(rows, options, seats=seats)
        if is_left_out(peer, ours):
            continue
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, not ours
            theirs = peer.count(rows, n_options, seats)
        if theirs is None:
            continue
        compared += 1
        if theirs != set(ours.winners):
            differences.append(f"{peer.name}: {rows} x {seats}: {theirs}, we {ours.winners}")
    return compared, differences


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.voting.peers")
    parser.add_argument("--elections", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    failed = 0
    for peer in PEERS:
        compared, differences = compare(peer, chosen.elections)
        failed += len(differences) + (compared == 0)
        sys.stdout.write(f"{peer.name:32} {compared:6} alike but {len(differences)}\n")
        sys.stdout.write("".join(f"  {difference}\n" for difference in differences[:3]))
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
