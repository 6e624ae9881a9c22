"""This file is the recount: what it reproduces, what it disputes, and what it refuses."""

import copy
import json
import re
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.voting import METHODS, Lot, commitment
from core.voting.decision import (
    Cast,
    Decision,
    FileError,
    Gates,
    NotADecision,
    OtherVersion,
    SameVoter,
    Stranger,
    parse,
    read,
)
from core.voting.export import file_of
from core.voting.recount import DISPUTED, REFUSED, REPRODUCED, main, recount
from tests.voting.elections import METHOD_IDS, elections, law

KEY = bytes(range(32))


def proposal(**changed: Any) -> dict[str, Any]:
    """Return the file of a proposal that four of five took part in, with its true result."""
    voters = {"ann": 1, "ben": 2, "cas": 1, "dan": 1, "eve": 3}
    options = ("for", "against", "abstain")
    written = {"ann": "for", "ben": "against", "cas": "for", "dan": "abstain"}
    single = METHODS["single"]
    ballots = tuple(
        Cast(single.pack(single.read(text, options)), voter, written=text)
        for voter, text in written.items()
    )
    rows = [(cast.packed, voters[cast.voter or ""]) for cast in ballots]
    result = single.count(rows, options, lot=Lot.of_rows(KEY, "12", rows))
    decision = Decision(
        decision="12",
        method="single",
        options=options,
        ballots=ballots,
        electorate=voters,
        gates=Gates(quorum=3, threshold=Fraction(1, 2)),
        commitment=commitment(KEY),
        key=KEY,
        result=result.facts(),
        turnout=4,
        passed=False,
    )
    return {**json.loads(json.dumps(file_of(decision))), **changed}


def differences(file: dict[str, Any]) -> list[str]:
    return [s.template.format_map(s.values) for s in recount(file).differences]


def test_a_true_result_is_reproduced() -> None:
    verdict = recount(proposal())
    assert verdict.is_reproduced
    assert (verdict.turnout, verdict.passed) == (4, False)
    assert verdict.result.totals == (2, 2, 1)


def test_of_a_proposal_the_gates_are_told_and_no_winner() -> None:
    told = [s.template.format_map(s.values) for s in recount(proposal()).sentences()]
    assert told[0] == "The proposal did not pass."
    assert not any("won" in sentence or "lot" in sentence for sentence in told)


def test_a_tie_that_went_by_lot_is_told_as_one() -> None:
    rows = [(b"\x01\x00", 1), (b"\x00\x01", 1)]
    result = METHODS["single"].count(rows, ("a", "b"), lot=Lot.of_rows(KEY, "12", rows))
    (first, *_) = result.sentences()
    assert first.template == "{winners} won; what was level went by lot."


def test_an_export_is_read_back() -> None:
    file = proposal()
    assert file_of(read(file)) == file


@pytest.mark.parametrize("name", METHOD_IDS)
@law
@given(data=st.data())
def test_every_methods_result_is_reproduced(name: str, data: st.DataObject) -> None:
    method = METHODS[name]
    election = data.draw(elections(method))
    lot = Lot.of_rows(KEY, "a", election.rows)
    result = election.count(method, lot=lot)
    decision = Decision(
        decision="a",
        method=name,
        options=election.options,
        seats=election.seats,
        limits={n: v if isinstance(v, int) else list(v) for n, v in election.limits.items()},
        ballots=tuple(Cast(packed, weight=weight) for packed, weight in election.rows),
        electorate=None,
        commitment=commitment(KEY),
        key=KEY,
        result=result.facts(),
    )
    text = json.dumps(file_of(decision), ensure_ascii=False)
    assert recount(parse(text)).differences == ()


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["result", "winners"], [0], '"winners": the file says [0], the recount gives [1]'),
        (["result", "totals"], [2, 3, 1], '"totals"'),
        (["result", "lot_seed"], "00", '"lot_seed"'),
        (["electorate", 0, "weight"], 2, '"totals"'),
        (["ballots", 0, "packed"], "000100", 'written "for", which is not what is stored'),
        (["outcome", "turnout"], 5, '"turnout": the file says 5, the recount gives 4'),
        (["outcome", "passed"], True, '"passed": the file says true, the recount gives false'),
        (["lot", "commitment"], "00", "key is not the one that was committed to"),
        (["lot", "key"], "00" * 32, "key is not the one that was committed to"),
        (["lot"], {}, "There is a tie, and the file holds no key for the lot"),
        (["decision"], "13", '"lot_seed"'),
    ],
)
def test_what_was_changed_is_disputed(path: list[Any], value: object, says: str) -> None:
    file = proposal()
    winner = recount(file).result.winners
    changed = copy.deepcopy(file)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    if path == ["result", "winners"]:
        place[path[-1]] = [1 - winner[0]]
        says = f'"winners": the file says [{1 - winner[0]}], the recount gives [{winner[0]}]'
    assert any(says in difference for difference in differences(changed))


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"format": "other"}, NotADecision, '"format" is not'),
        ({"version": 2}, OtherVersion, "of version 2; this program reads version 1"),
        ({"version": "1"}, NotADecision, '"version" of the file is not a whole number'),
        ({"method": "guess"}, NotADecision, 'there is no method "guess"'),
        ({"options": []}, NotADecision, "at least 1 options"),
        ({"options": ["for", "FOR", "x"]}, NotADecision, "twice among the options"),
        ({"seats": 0}, NotADecision, "at least one seat"),
        ({"limits": {"x": 1}}, NotADecision, 'no limit called "x"'),
        ({"limits": {"x": "1"}}, NotADecision, "not a whole number"),
        ({"cap": "3/2"}, NotADecision, "not from 0 to 1"),
        ({"cap": "-1"}, NotADecision, "not a fraction"),
        ({"cap": "1/0"}, NotADecision, "not from 0 to 1"),
        ({"ballots": {}}, NotADecision, '"ballots" of the file is not a list'),
        ({"ballots": [1]}, NotADecision, 'entry 1 of "ballots" is not an object'),
        ({"ballots": [{"voter": "ann"}]}, NotADecision, 'no "packed"'),
        ({"ballots": [{"voter": "ann", "packed": "x"}]}, NotADecision, "not hexadecimal"),
        ({"ballots": [{"packed": "010000"}]}, NotADecision, "a ballot has a voter"),
        ({"ballots": [{"voter": "zoe", "packed": "010000"}]}, Stranger, '"zoe" is in "ballots"'),
        ({"ballots": [{"voter": "ann", "packed": "010000"}] * 2}, SameVoter, '"ann"'),
        ({"electorate": [{"voter": "ann", "weight": 1}] * 2}, SameVoter, '"electorate" twice'),
        ({"electorate": [{"voter": "ann", "weight": -1}]}, NotADecision, "below zero"),
        ({"electorate": None}, NotADecision, "a ballot has a weight and no voter"),
        ({"recused": ["ann"]}, NotADecision, "recused and has a ballot"),
        ({"recused": ["eve", "eve"]}, SameVoter, '"recused"'),
        ({"delegations": [{"from": "zoe", "to": "ann"}]}, Stranger, '"delegations"'),
        ({"gates": {"threshold": "1/2", "for": "yes"}}, NotADecision, "does not exist"),
    ],
)
def test_what_cannot_be_recounted_is_refused(
    changed: dict[str, Any], error: type[FileError], says: str
) -> None:
    with pytest.raises(error, match=re.escape(says)):
        recount(proposal(**changed))


def test_a_file_that_is_cut_off_anywhere_is_refused() -> None:
    text = json.dumps(proposal())
    for end in range(0, len(text), 7):
        with pytest.raises(FileError):
            recount(parse(text[:end]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "null",
        "NaN",
        '{"a": 1.5}',
        '{"a": Infinity}',
        '{"a":1,"a":1}',
        "[" * 10**6,
        "9" * 10_000,
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(FileError):
        recount(parse(text))


def test_a_name_that_is_there_twice_is_refused() -> None:
    text = json.dumps(proposal()).replace('"seats": 1', '"seats": 1, "seats": 1')
    with pytest.raises(NotADecision, match="twice in one object"):
        recount(parse(text))


@law
@given(data=st.data())
def test_a_damaged_file_is_recounted_or_refused_but_never_crashes(data: st.DataObject) -> None:
    file = proposal(delegations=[{"from": "eve", "to": "ann"}])
    junk: list[Any] = [None, 0, -1, 10**40, "", "x", "1/2", [], {}, [[]], True, ["ann"]]
    place: Any = file
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(st.sampled_from(junk))
            break
        place = place[key]
    with suppress(FileError):
        recount(parse(json.dumps(file)))


def test_a_result_that_is_nested_too_deeply_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotADecision, match="nested too deeply"):
        recount(proposal(result={"winners": deep}))


def test_a_stored_ballot_that_cannot_be_read_is_counted_as_invalid() -> None:
    file = proposal(outcome={}, result=None)
    file["ballots"][0]["packed"] = "ff0000"
    verdict = recount(file)
    assert (verdict.result.invalid, verdict.turnout) == (1, 3)


def test_delegations_are_counted_again() -> None:
    file = proposal(delegations=[{"from": "eve", "to": "ann"}], result=None, outcome={})
    verdict = recount(file)
    assert verdict.result.totals == (5, 2, 1)
    assert (verdict.turnout, verdict.passed) == (5, True)


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(proposal()), "utf-8")
    assert main([str(path)]) == REPRODUCED
    assert "The recount reproduces the result of the file." in capsys.readouterr().out
    path.write_text(json.dumps(proposal(outcome={"turnout": 9})), "utf-8")
    assert main([str(path)]) == DISPUTED
    path.write_bytes(b"\xff\xfe")
    assert main([str(path)]) == REFUSED
    assert main([str(tmp_path / "nothing.json")]) == REFUSED
    assert main([]) == REFUSED


def test_a_recount_runs_on_python_alone(tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(proposal()), "utf-8")
    command = [sys.executable, "-I", "-S", "-c", ISOLATED, str(Path.cwd()), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == REPRODUCED, done.stderr


ISOLATED = """
import sys
sys.path.insert(0, sys.argv[1])
from core.voting.recount import main
known = set(sys.stdlib_module_names) | {"core", "__main__"}
strange = {name.partition(".")[0] for name in sys.modules} - known
assert not strange, strange
assert {name for name in sys.modules if name.startswith("core.")} <= {
    name for name in sys.modules if name.startswith("core.voting")
}
raise SystemExit(main(sys.argv[2:]))
"""
