"""Whatever is changed behind the bot's back is found, with its place."""

import hashlib
import io
from pathlib import Path

import pytest

from bot import verify
from tests.bot.votes import hold_votes
from tests.world import World

# What is tampered with, and words of the difference that must be told.
TAMPERED = {
    "a ballot": (
        "update ballot set choice = x'0100' where voter = 2 and proposal = 3",
        "vote #3: the ballot of member 2 is not the one that was cast",
    ),
    "a ballot in an open vote": (
        "update ballot set choice = x'0001' where proposal = 5",
        "vote #5: the ballot of member 2 is not the one that was cast",
    ),
    "a ballot in a secret vote": (
        "update ballot set choice = x'0100' where voter = 2 and proposal = 2",
        "vote #2: the ballot of member 2 is not the one that was cast",
    ),
    "a ballot's weight": (
        "update ballot set weight = 5 where voter = 2 and proposal = 1",
        "vote #1: a recount gives another result",
    ),
    "a ballot more": (
        "insert into ballot values (3, 99, x'010000', 1, 0)",
        "vote #3: the ballot of member 99 is not in the journal",
    ),
    "a ballot less": (
        "delete from ballot where proposal = 3 and voter = 2",
        "vote #3: the ballot of member 2 is not in the box",
    ),
    "a result": (
        'update proposal set result = replace(result, \'"passed"\', \'"failed"\') where number = 3',
        "vote #3: a recount gives another result",
    ),
    "a result that cannot be read": (
        "update proposal set result = '{' where number = 3",
        "community 1",
    ),
    "a title": (
        "update proposal set title = 'New pond' where number = 3",
        "vote #3: its title is not what was voted on",
    ),
    "an option": (
        """update proposal set options = '["Pizza","Stew"]' where number = 1""",
        "vote #1: its options is not what was voted on",
    ),
    "an end": (
        "update proposal set closes_ms = closes_ms - 1 where number = 3",
        "vote #3: its rule is not the one it opened with (closes_ms)",
    ),
    "an opening": (
        "update proposal set opened_seq = opened_seq + 1 where number = 3",
        "vote #3: it says that it was opened elsewhere in the journal",
    ),
    "an open end": (
        "update proposal set closes_ms = closes_ms + 1 where number = 5",
        "vote #5: its rule is not the one it opened with (closes_ms)",
    ),
    "an end on the agenda": (
        "update agenda set due_ms = due_ms + 1 where key = '1:close:5'",
        "vote #5: nothing will close it at its end",
    ),
    "an end less on the agenda": (
        "delete from agenda where key = '1:close:6'",
        "vote #6: nothing will close it at its end",
    ),
    "what ends on the agenda": (
        """update agenda set args = '{"proposal":4}' where key = '1:close:6'""",
        "vote #6: nothing will close it at its end",
    ),
    "a threshold": (
        "update proposal set threshold = '1/3' where number = 3",
        "vote #3: its rule is not the one it opened with (threshold)",
    ),
    "a lot's key": (
        "update proposal set lot_key = zeroblob(32) where number = 1",
        "vote #1: its rule is not the one it opened with (lot)",
    ),
    "an author": (
        "update proposal set author = 3 where number = 3",
        "vote #3: its author is not the member who opened it",
    ),
    "a running tally": (
        "update running set totals = '[0,1]' where proposal = 5",
        "vote #5: the running tally differs from the ballots",
    ),
    "a journal entry": (
        "update journal set at_ms = at_ms + 1 where seq = 4",
        "journal entry 4: it is not what was written",
    ),
    "a journal entry's facts": (
        "update journal set facts = '{}' where seq = 3",
        "journal entry 3: it is not what was written",
    ),
    "a journal entry that cannot be read": (
        "update journal set args = 'x' where seq = 3",
        "journal entry 3",
    ),
    "a journal entry less": (
        "delete from journal where seq = 4",
        "journal entry 5: entry 4 is missing",
    ),
    "a sealed value": (
        "update sealed set value = '\"Salad | Soup\"' where seq = 2 and field = 'options'",
        "journal entry 2, options: the sealed value is not what was sealed",
    ),
    "a sealed value less": (
        "delete from sealed where seq = 2 and field = 'options'",
        "journal entry 2, options: the sealed value is missing",
    ),
}  # fmt: skip


def told(world: World, head: str | None = None) -> tuple[int, str]:
    out = io.StringIO()
    status = verify.command(world.database, head, out)
    return status, out.getvalue()


def test_what_nobody_touched_fits(world: World) -> None:
    hold_votes(world)
    status, said = told(world)
    assert status == 0, said
    assert "votes: 6 checked, all fit" in said
    assert "journal entries: " in said
    assert said.endswith("Everything fits.\n")


@pytest.mark.parametrize("name", TAMPERED)
def test_what_somebody_changed_is_found_with_its_place(world: World, name: str) -> None:
    sql, words = TAMPERED[name]
    hold_votes(world)
    assert world.tx.change(sql) == 1
    status, said = told(world)
    assert status == 1
    assert words in said, said
    assert "DIFFERS community 1, " in said


def test_a_community_that_was_deleted_is_found(world: World) -> None:
    hold_votes(world)
    world.tx.run("pragma foreign_keys = off")  # as it is in any other program
    world.tx.run("delete from community")
    status, said = told(world)
    assert status == 1
    assert "DIFFERS community 1: its journal is here, and the community is not" in said


def test_a_vote_that_was_deleted_is_found(world: World) -> None:
    hold_votes(world)
    for table in ("ballot", "running"):
        world.tx.run(f"delete from {table} where proposal = 3")
    world.tx.run("delete from proposal where id = 3")
    status, said = told(world)
    assert status == 1
    assert "vote #3: the journal has it, the table does not" in said


def test_what_was_forgotten_on_demand_still_fits(world: World) -> None:
    hold_votes(world)
    world.member("ana").says("/forget me yes")
    status, said = told(world)
    assert status == 0, said


def test_a_head_is_found_with_its_entry_and_time(world: World) -> None:
    hold_votes(world)
    head = world.tx.all("select hash from journal where seq = 5")[0][0].hex()
    for written in (head, head.upper(), head[:12], f" {head[:20]}… "):
        status, said = told(world, written)
        assert status == 0, said
        assert "community 1 (the room), journal entry 5, 2026-03-02 09:00:00 UTC" in said
        assert "the chain is whole up to there" in said


def test_a_head_that_nobody_has_printed_is_a_difference(world: World) -> None:
    hold_votes(world)
    status, said = told(world, hashlib.sha256(b"").hexdigest())
    assert status == 1
    assert "no journal here has it" in said


def test_a_head_after_a_break_is_a_difference_and_one_before_is_not(world: World) -> None:
    hold_votes(world)
    heads = [row[0].hex() for row in world.tx.all("select hash from journal order by seq")]
    world.tx.run("update journal set kind = 'clock' where seq = 4")
    assert "the chain is broken at entry 4" in told(world, heads[6])[1]
    assert "the chain is whole up to there" in told(world, heads[2])[1]


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "0" * 65, "0" * 11, "entry 5"])
def test_what_cannot_be_a_head_is_refused(world: World, head: str) -> None:
    with pytest.raises(verify.BadHead, match="64 hexadecimal digits"):
        told(world, head)


def test_an_empty_database_has_nothing_to_verify(world: World) -> None:
    status, said = told(world)
    assert status == 0
    assert "no community yet" in said


def test_verifying_changes_nothing(world: World, tmp_path: Path) -> None:
    hold_votes(world)
    with world.unchanged():
        told(world)
