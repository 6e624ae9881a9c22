"""An export is whole, safe to open, keeps secrets, and can be counted again by anybody."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot import export
from bot.sheets import cell
from core.voting.recount import recount
from tests.bot.votes import hold_votes
from tests.world import World


def exported(world: World, folder: Path, community: str | None = None) -> str:
    out = io.StringIO()
    assert export.command(world.database, folder, community, out) == 0
    return out.getvalue()


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / f"community-1/{name}.json").read_text())
    with (folder / f"community-1/{name}.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [list(row) for row in table] == [list(row) for row in found]
    for row, item in zip(table, found, strict=True):
        assert row == {key: cell(value) for key, value in item.items()}
    return found


def test_all_that_a_community_has_is_written_as_csv_and_json(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    said = exported(world, tmp_path / "out")
    for count in ("community 1 (the room): members 3,", " votes 6,", " ballots 11,"):
        assert count in said
    votes = rows(tmp_path / "out", "votes")
    assert votes[2]["title"] == "=Roof()"
    assert votes[2]["outcome"] == "passed"
    assert votes[2]["opened"] == "2026-03-02T09:00:00.000Z"
    assert rows(tmp_path / "out", "members")[0]["name"] == "ana"
    quorum = {"setting": "quorum", "value": "3", "chosen": False}
    assert quorum in rows(tmp_path / "out", "settings")
    assert rows(tmp_path / "out", "journal")[0]["command"] == "found"
    ballots = rows(tmp_path / "out", "ballots")
    assert {"vote": 3, "member": 1, "choice": "for"}.items() <= ballots[5].items()
    about = json.loads((tmp_path / "out/community-1/community.json").read_text())
    assert about["name"] == "the room"


def test_every_tip_is_a_row_those_taken_back_too(world: World, tmp_path: Path) -> None:
    ana, ben, cy = (world.member(name) for name in ("ana*", "ben", "cy"))
    ben.says("/tip @cy 5 =1+1 great roofs")
    ben.says("/tip @ana 3 the door")
    ben.says("/undo")
    cy.says("/tip @ben 7 the floor, and more")
    ana.says("/reverse 4 it was no floor")
    world.advance(minutes=5)
    ana.says("/tip @cy 2 the window")
    ana.says("/forget me yes")
    assert " tips 4," in exported(world, tmp_path / "out")
    tips = rows(tmp_path / "out", "tips")
    names = {1: "ben", 2: "cy", 3: ""}
    assert {row["member"]: row["name"] for row in rows(tmp_path / "out", "members")} == names
    at, later = "2026-03-02T09:00:00.000Z", "2026-03-02T09:05:00.000Z"
    assert [tuple(row.values()) for row in tips] == [
        (1, at, 1, 2, 5, "=1+1 great roofs", None, None),
        (2, at, 1, 3, 3, "the door", 3, None),
        (4, at, 2, 1, 7, "the floor, and more", None, 5),
        (6, later, 3, 2, 2, "", None, None),
    ]
    table = (tmp_path / "out/community-1/tips.csv").read_text()
    assert f"1,{at},1,2,5,'=1+1 great roofs,,\n" in table
    assert f'4,{at},2,1,7,"the floor, and more",,5\n' in table


def test_every_tip_stands_in_the_books(world: World, tmp_path: Path) -> None:
    ana, ben = world.member("ana*"), world.member("ben")
    ben.says("/tip @ana 3 the door")
    ben.says("/undo")
    ana.says("/tip @ben 4 the roof")
    exported(world, tmp_path / "out")
    books = {row["entry"]: row for row in rows(tmp_path / "out", "books")}
    assert books[1]["at"] == "2026-03-02T09:00:00.000Z"
    for tip in rows(tmp_path / "out", "tips"):
        moved = books.pop(tip["entry"])
        assert (moved["amount"], moved["note"]) == (f"{tip['points']}", tip["reason"])
        if tip["undone_by"] is not None:
            assert books.pop(tip["undone_by"])["undoes"] == tip["entry"]
    assert books == {}


def test_a_secret_vote_tells_nothing_before_and_nobody_after_its_close(
    world: World, tmp_path: Path
) -> None:
    hold_votes(world)
    exported(world, tmp_path / "out")
    ballots = rows(tmp_path / "out", "ballots")
    assert not [row for row in ballots if row["vote"] == 6]
    closed = [row for row in ballots if row["vote"] == 2]
    assert [(row["member"], row["cast"], row["choice"]) for row in closed] == [
        (None, None, "Ben"), (None, None, "Ben"), (None, None, "Ana"),
    ]  # fmt: skip
    assert rows(tmp_path / "out", "votes")[5]["totals"] == ""
    decision = (tmp_path / "out/community-1/decisions/2.json").read_text()
    assert "voter" not in decision
    assert "electorate" not in decision
    assert not (tmp_path / "out/community-1/decisions/6.json").exists()


def test_every_closed_vote_is_reproduced_by_the_recount(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    world.member("ana").says("/propose Tie closes_in=1h")
    world.member("ana").says("/vote 7 for")
    world.member("ben").says("/vote 7 against")
    world.member("ben").says("/poll Nobody? Yes | No closes_in=1h")
    world.advance(days=2)
    exported(world, tmp_path / "out")
    files = sorted((tmp_path / "out/community-1/decisions").iterdir())
    assert [path.stem for path in files] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    for path in files:
        verdict = recount(json.loads(path.read_text()))
        assert verdict.is_reproduced, (path.name, verdict.differences)


@pytest.mark.parametrize("name", ["1", "2", "3", "4"])
def test_what_was_erased_is_still_reproduced(world: World, tmp_path: Path, name: str) -> None:
    hold_votes(world)
    for person in ("ana", "ben", "cy"):
        world.member(person).says("/forget me yes")
    exported(world, tmp_path / "out")
    found = json.loads((tmp_path / f"out/community-1/decisions/{name}.json").read_text())
    assert recount(found).is_reproduced
    assert {row["name"] for row in rows(tmp_path / "out", "members")} == {""}
    assert {row["accounts"] for row in rows(tmp_path / "out", "members")} == {""}


def test_a_result_that_was_changed_is_disputed_by_the_recount(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    world.tx.run("update proposal set result = replace(result, '[3,0,0]', '[3,1,0]')")
    exported(world, tmp_path / "out")
    found = json.loads((tmp_path / "out/community-1/decisions/3.json").read_text())
    assert not recount(found).is_reproduced


def test_a_ballot_that_cannot_be_read_is_exported_without_words(
    world: World, tmp_path: Path
) -> None:
    hold_votes(world)
    world.tx.run("update ballot set choice = x'ff' where proposal = 3 and voter = 1")
    exported(world, tmp_path / "out")
    found = [row for row in rows(tmp_path / "out", "ballots") if row["vote"] == 3]
    assert [row["choice"] for row in found] == [None, "for", "for"]
    decision = json.loads((tmp_path / "out/community-1/decisions/3.json").read_text())
    assert not recount(decision).is_reproduced


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}1+1").startswith("'")
    assert cell("a" + start) == "a" + start
    assert cell(-5) == "-5"


def test_a_hostile_title_reaches_the_spreadsheet_as_text(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    exported(world, tmp_path / "out")
    assert "'=Roof()" in (tmp_path / "out/community-1/votes.csv").read_text()
    assert '"=Roof()"' in (tmp_path / "out/community-1/votes.json").read_text()


def test_an_export_fills_an_empty_folder_and_no_other(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    folder = tmp_path / "out"
    folder.mkdir()
    exported(world, folder)
    before = sorted(folder.rglob("*"))
    with pytest.raises(export.ExportError, match="not empty"):
        exported(world, folder)
    assert sorted(folder.rglob("*")) == before


def test_an_export_that_breaks_off_leaves_nothing(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    world.tx.run("update proposal set options = 'x' where number = 4")
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(export.ExportError, match="verify"):
        exported(world, place / "out")
    assert not list(place.iterdir())


@pytest.mark.parametrize("wanted", ["1", "the room", " The ROOM ", "room", "room:local"])
def test_a_community_is_found_by_what_people_call_it(
    world: World, tmp_path: Path, wanted: str
) -> None:
    hold_votes(world)
    assert "community 1" in exported(world, tmp_path / "out", wanted)


@pytest.mark.parametrize("wanted", ["2", "", "discord:1", "nobody", "9" * 40, "\u0661"])
def test_an_unknown_community_is_refused_with_those_that_are_known(
    world: World, tmp_path: Path, wanted: str
) -> None:
    hold_votes(world)
    with pytest.raises(export.ExportError, match="there are: 1 the room"):
        exported(world, tmp_path / "out", wanted)
    assert not (tmp_path / "out").exists()
