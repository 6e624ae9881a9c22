"""The journal: every command that changed something, in order, texts sealed, the head on cards."""

import hashlib
import json

import pytest

from core.kernel import audit
from core.kernel.audit import broken_at, check_journal, find_heads
from core.kernel.canonical import decode
from core.kernel.journal import GENESIS, chain, seal
from tests.asking import request, somebody
from tests.world import World


@pytest.fixture
def hall(world: World) -> World:
    world.member("ana").says("/propose Paint the hall\nIn blue")
    world.member("ben").says("/vote 1 for")
    world.member("ben").says("/vote 1 nothing")
    world.member("ben").says("/proposals")
    return world


def test_only_what_changed_something_is_written(hall: World) -> None:
    assert [row[0] for row in hall.tx.all("select command from journal order by seq")] == [
        "found",
        "propose",
        "vote",
    ]


def test_texts_stand_in_it_as_digests_with_a_salt(hall: World) -> None:
    ((args,),) = hall.tx.all("select args from journal where command = 'propose'")
    assert "Paint" not in args
    salt, value = hall.tx.all("select salt, value from sealed where field = 'title'")[0]
    assert decode(args)["title"] == {"sealed": seal(salt, "Paint the hall")}
    plain = f'["{salt.hex()}","Paint the hall"]'
    assert seal(salt, "Paint the hall") == hashlib.sha256(plain.encode()).hexdigest()
    assert decode(value) == "Paint the hall"


def test_every_salt_is_its_own(hall: World) -> None:
    hall.member("cy").says("/vote 1 for")
    salts = [row[0] for row in hall.tx.all("select salt from sealed")]
    assert len(set(salts)) == len(salts)
    assert all(len(salt) == 16 for salt in salts)


def test_anybody_can_compute_the_chain_again(hall: World) -> None:
    before = bytes(32)
    for *line, hashed in hall.tx.all(
        "select seq, at_ms, command, version, kind, member, request, args, facts, hash"
        " from journal order by seq"
    ):
        text = json.dumps([before.hex(), 1, *line], ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).digest()
        assert before == hashed


def test_communities_have_chains_of_their_own(hall: World) -> None:
    assert chain(GENESIS, 1, ("x",)) != chain(GENESIS, 2, ("x",))
    assert chain(GENESIS, 1, ("x",)) != chain(chain(GENESIS, 1, ("y",)), 1, ("x",))


def test_a_head_that_was_written_down_is_found_and_checked(hall: World) -> None:
    (head,) = (row[0] for row in hall.tx.all("select hash from journal where seq = 2"))
    ((community, seq, _, whole),) = find_heads(hall.tx, head.hex()[:12])
    assert (community, seq, whole) == (1, 2, head)
    assert broken_at(hall.tx, 1, 3) is None
    hall.tx.run("update journal set at_ms = at_ms + 1 where seq = 2")
    assert broken_at(hall.tx, 1, 1) is None
    assert broken_at(hall.tx, 1, 3) == 2
    assert [fault.where for fault in check_journal(hall.tx, 1).faults] == [
        "community 1, journal entry 2"
    ] * 1 + [f"community 1, journal entry 2, {name}" for name in ("details", "title")]


def test_even_a_space_more_is_found(hall: World) -> None:
    hall.tx.run("update journal set args = replace(args, ':', ': ') where seq = 3")
    assert check_journal(hall.tx, 1).faults


def test_a_name_that_is_written_in_another_way_is_found_though_the_chain_is_whole(
    hall: World,
) -> None:
    """Else a fact could be hidden from whoever looks for its name in the texts."""
    columns = "seq, at_ms, command, version, kind, member, request, args, facts"
    *line, facts = hall.tx.all(f"select {columns} from journal where seq = 3")[0]
    (before,) = hall.tx.all("select hash from journal where seq = 2")[0]
    hidden = facts.replace('"ballot"', '"\\u0062allot"')
    assert decode(hidden) == decode(facts)
    forged = (hidden, chain(before, 1, (*line, hidden)))
    hall.tx.run("update journal set facts = ?, hash = ? where seq = 3", forged)
    assert broken_at(hall.tx, 1, 3) is None
    assert [fault.where for fault in check_journal(hall.tx, 1).faults] == [
        "community 1, journal entry 3"
    ]


def test_what_seals_a_value_that_no_entry_sealed_is_found_wherever_it_stands(hall: World) -> None:
    forged = "insert into sealed (community, seq, field, salt, value, member, is_text) "
    for seq in (-1, 1, 9):
        hall.tx.run(f"{forged} values (1, ?, 'note', ?, '1', 1, 1)", (seq, bytes(16)))
    assert [fault.where for fault in check_journal(hall.tx, 1).faults] == [
        f"community 1, journal entry {seq}, note" for seq in (-1, 1, 9)
    ]


def test_facts_and_seals_are_found_past_the_first_page(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    monkeypatch.setattr(audit, "ASKED_MAX", 2)
    for at in range(5):
        hall.member(f"p{at}").says("/vote 1 for")
    checked = check_journal(hall.tx, 1)
    assert (checked.n, checked.faults) == (8, ())
    votes = list(audit.saying(hall.tx, 1, ("ballot",)))
    assert [one.seq for one in votes] == [3, 4, 5, 6, 7, 8]
    assert [one.seq for one in audit.saying(hall.tx, 1, ("rule",), ("found", "vote"))] == [
        *range(1, 9)
    ]
    sealed = audit.secrets(hall.tx, 1, (one.seq for one in votes))
    assert sorted(sealed) == [(one.seq, "choice") for one in votes]


@pytest.mark.sqlite_only  # a column of PostgreSQL takes one type of value
@pytest.mark.parametrize("page", [2, 3, 50])
def test_a_hash_that_is_no_bytes_is_one_difference(
    hall: World, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(audit, "PAGE", page)
    hall.member("cy").says("/vote 1 for")
    hall.tx.run("update journal set hash = 'x' where seq = 2")
    assert [fault.where for fault in check_journal(hall.tx, 1).faults] == [
        "community 1, journal entry 2"
    ]


@pytest.mark.sqlite_only  # a column of PostgreSQL takes one type of value
def test_a_sealed_value_that_is_no_text_is_one_difference(hall: World) -> None:
    hall.tx.run("update sealed set value = cast(value as blob) where field = 'title'")
    assert [fault.where for fault in check_journal(hall.tx, 1).faults] == [
        "community 1, journal entry 2, title"
    ]


def test_the_platform_s_words_on_rights_are_written_down(hall: World) -> None:
    hall.member("ana*").says("/config set quorum 2")
    ((facts,),) = hall.tx.all("select facts from journal where command = 'config set'")
    assert decode(facts)["admin"] is True


def test_a_batch_gives_each_line_its_place(hall: World) -> None:
    hall.batch.run(
        [
            request("vote", {"proposal": "1", "choice": "for"}, asker=somebody(f"p{at}"))
            for at in range(9)
        ]
    )
    assert check_journal(hall.tx, 1).n == 12
    assert check_journal(hall.tx, 1).faults == ()
