"""This file is the same ballots counted by other programs, in the same run."""

import importlib
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.counting.ours import marks, names
from benchmarks.counting.rows import Row, Taken, measure

SNAPSHOT = Path(__file__).with_name("snapshot.cjs")
SNAPSHOT_MODULES = "SNAPSHOT_NODE_MODULES"  # where @snapshot-labs/snapshot.js is installed


class Peer(NamedTuple):
    """A library: `ready` builds its ballots (not measured) and returns the count to measure."""

    package: str
    method: str
    most: int  # ballots, in a full run; a tenth of it otherwise
    ready: Callable[[Any, int], Callable[[], object]]

    def time(self, n_ballots: int, n_options: int) -> Row:
        what = f"{self.method}, tally"
        given = marks("scores" if self.method == "star" else "ranks", n_ballots, n_options)
        try:
            importlib.import_module(self.package)
        except ModuleNotFoundError:
            return Row(what, self.package, n_ballots, n_options, None, "not installed")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            taken = measure(self.ready(given, n_options))
        return Row(what, self.package, n_ballots, n_options, taken)


def orders(given: Any) -> list[list[int]]:
    """Return rankings as lists of options, the best first."""
    return [list(row) for row in given.argsort(axis=1).tolist()]


def pref_voting(module: str, function: str) -> Callable[[Any, int], Callable[[], object]]:
    def ready(given: Any, n_options: int) -> Callable[[], object]:
        profiles = importlib.import_module("pref_voting.profiles")
        count = getattr(importlib.import_module(f"pref_voting.{module}"), function)
        ballots = orders(given)
        return lambda: count(profiles.Profile(ballots, cmap=dict(enumerate(names(n_options)))))

    return ready


def votekit(election: str) -> Callable[[Any, int], Callable[[], object]]:
    def ready(given: Any, n_options: int) -> Callable[[], object]:
        ballot = importlib.import_module("votekit.ballot").RankBallot
        profile = importlib.import_module("votekit.pref_profile").RankProfile
        count = getattr(importlib.import_module("votekit.elections"), election)
        cast = tuple(
            ballot(ranking=tuple(frozenset({str(i)}) for i in order)) for order in orders(given)
        )
        people = tuple(map(str, range(n_options)))
        return lambda: count(profile(ballots=cast, candidates=people)).get_elected()

    return ready


def pyrankvote(given: Any, n_options: int) -> Callable[[], object]:
    peer = importlib.import_module("pyrankvote")
    people = [peer.Candidate(name) for name in names(n_options)]
    ballots = [peer.Ballot([people[i] for i in order]) for order in orders(given)]
    return lambda: peer.instant_runoff_voting(people, ballots)


def starvote(given: Any, n_options: int) -> Callable[[], object]:
    peer = importlib.import_module("starvote")
    ballots = [dict(zip(names(n_options), row, strict=True)) for row in given.tolist()]
    return lambda: peer.star_voting(ballots)


PEERS = (
    Peer("pref_voting", "schulze", 100_000, pref_voting("margin_based_methods", "beat_path")),
    Peer(
        "pref_voting", "instant-runoff", 100_000, pref_voting("iterative_methods", "instant_runoff")
    ),
    Peer("votekit", "schulze", 10_000, votekit("Schulze")),
    Peer("votekit", "instant-runoff", 10_000, votekit("IRV")),
    Peer("pyrankvote", "instant-runoff", 100_000, pyrankvote),
    Peer("starvote", "star", 100_000, starvote),
)


def snapshot(n_ballots: int, n_options: int) -> Iterator[Row]:
    """Measure the tally of snapshot.js, where node and the package are there."""
    modules, node = os.environ.get(SNAPSHOT_MODULES), shutil.which("node")
    for method, kind, ballot in (
        ("single", "single-choice", "one"),
        ("approval", "approval", "some"),
        ("instant-runoff", "ranked-choice", "ranks"),
    ):
        what, who = f"{method}, tally", "snapshot.js"
        if not modules or not node:
            note = f"not measured: needs node, and {SNAPSHOT_MODULES}"
            yield Row(what, who, n_ballots, n_options, None, note)
            continue
        given = marks(ballot, n_ballots, n_options)
        votes = orders(given) if ballot == "ranks" else [row.nonzero()[0].tolist() for row in given]
        asked = json.dumps({"kind": kind, "options": names(n_options), "votes": votes})
        done = subprocess.run(
            [node, str(SNAPSHOT)],
            input=asked,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "NODE_PATH": modules},
        )
        yield Row(what, who, n_ballots, n_options, Taken(*json.loads(done.stdout)))
