"""This file is the long run of malformed input: `python -m tests.voting.fuzz --inputs 1000000`.

What people write, what is stored, what is counted and what is recounted must end in a ballot, a
result or a sentence that says what is wrong; anything else ends the run with the input that did it.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from typing import Any

from core.voting import METHODS, Method, VotingError
from core.voting.decision import FileError, parse
from core.voting.recount import recount
from tests.voting.test_recount import proposal

OPTION_SETS = (
    ["A", "B", "C"],
    ["1", "2", "#x"],
    ["a, b", "a", "b"],
    [">", "= 1", "1"],
    ["Évora", "e\u0301vora 2", "ß"],
    ["yes", "no", "if need be"],
)
PIECES = [
    *"ABC123abc|,>=:#+- \t\n",
    "10",
    "-1",
    "1.5",
    "\u0660",
    "\u00b2",
    "é",
    "e\u0301",
    "\x00",
    "\ud800",
    "\u202e",
    "yes",
    "no",
    "if need be",
    "ß",
    "\U0001d7d9",
    "9" * 50,
]


def written(draw: random.Random) -> str:
    return "".join(draw.choices(PIECES, k=draw.randint(0, 12)))


def limits_of(method: Method) -> dict[str, Any]:
    return {
        name: [5, 3, 2] if limit.is_each else 7
        for name, limit in method.limits.items()
        if limit.is_required
    }


def reads(draw: random.Random) -> object:
    """Read a text; what is read must be written, stored and read back the same."""
    method, options = METHODS[draw.choice(NAMES)], draw.choice(OPTION_SETS)
    text = written(draw)
    try:
        ballot = method.read(text, options)
    except VotingError as error:
        return str(error)
    assert method.read(method.write(ballot, options), options) == ballot, (method.name, text)
    assert method.unpack(method.pack(ballot), len(options)) == ballot, (method.name, text)
    return ballot


def counts(draw: random.Random) -> object:
    """Count rows of any bytes."""
    method = METHODS[draw.choice(NAMES)]
    marks = [draw.choice((0, 0, 1, 1, 2, 3, 4, 5, 127, 255)) for _ in range(9)]
    rows = [
        (bytes(draw.choices(marks, k=draw.choice((3, 3, 3, 3, 0, 2, 4)))), draw.choice(WEIGHTS))
        for _ in range(draw.randint(0, 5))
    ]
    try:
        result = method.count(rows, OPTION_SETS[0], seats=draw.randint(0, 4), **limits_of(method))
    except VotingError as error:
        return str(error)
    assert result.n_ballots + result.invalid == len(rows), (method.name, rows)
    return [s.template.format_map(s.values) for s in result.sentences()], result.to_json()


def recounts(draw: random.Random) -> object:
    """Recount a file in which some bytes were changed, lost or doubled."""
    text = list(FILE)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(text))
        text[at : at + draw.randint(0, 3)] = draw.choice(("", "0", "1", '"', "{", "]", ",", "é"))
    try:
        return recount(parse("".join(text))).sentences()
    except FileError as error:
        return str(error)


NAMES = sorted(METHODS)
WEIGHTS = (0, 1, 1, 2, 3, 2**53, 10**30)
FILE = json.dumps(proposal(delegations=[{"from": "eve", "to": "ann"}]))
WAYS: Sequence[Callable[[random.Random], object]] = (reads, reads, counts, recounts)


def run(n_inputs: int, seed: int) -> None:
    """Try so many inputs; each has its own seed, so that one can be tried again alone."""
    for number in range(seed, seed + n_inputs):
        draw = random.Random(number)
        way = WAYS[number % len(WAYS)]
        try:
            way(draw)
        except Exception:
            sys.stderr.write(f"{way.__name__} with seed {number}\n")
            raise


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.voting.fuzz")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    run(chosen.inputs, chosen.seed)
    sys.stdout.write(f"{chosen.inputs} inputs, none crashed\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
