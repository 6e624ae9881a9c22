"""What one command of a batch leaves is what the next one sees, whatever was read before."""

import sqlite3
import threading
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from bot.database.checkpoints import COMMITS, LOG_BYTES, MOST_COMMITS, Checkpoints
from core.app import Reply
from core.kernel.call import Call
from core.kernel.request import Request
from core.proposals.rules import IsWithdrawn
from tests.asking import request, somebody
from tests.world import World


@pytest.fixture
def hall(world: World) -> World:
    """A world with a proposal of Ana's, on which she has voted."""
    ana = world.member("ana")
    ana.says("/propose Paint the hall")
    ana.says("/vote 1 for")
    return world


def vote(who: str, choice: str = "for") -> Request:
    """Return a ballot on the proposal."""
    return request("vote", {"proposal": "1", "choice": choice}, asker=somebody(who))


def together(world: World, *requests: Request) -> list[Reply]:
    """Run requests in one batch."""
    replies = [told.value for told in world.batch.run(list(requests))]
    assert not any(reply.is_bug for reply in replies)
    world.settle()
    return replies


def tally(world: World) -> tuple[Any, ...]:
    """Return the running tally as it is kept."""
    ((turnout, totals),) = world.tx.all("select turnout, totals from running")
    return turnout, totals


def test_each_ballot_adds_to_the_ones_before_it(hall: World) -> None:
    voters = [vote(f"p{n}", ("for", "against")[n % 2]) for n in range(7)]
    together(hall, *voters, vote("p0", "abstain"), vote("ana", "against"))
    assert tally(hall) == (8, "[3,4,1]")


def test_what_a_refused_command_read_is_not_kept(hall: World) -> None:
    replies = together(hall, vote("ben"), vote("cleo", "maybe"), vote("cleo"), vote("dan", "5"))
    assert [reply.error is None for reply in replies] == [True, False, True, False]
    assert tally(hall) == (3, "[3,0,0]")


def test_what_a_command_left_whose_answer_failed_is_not_kept(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = hall.app.present

    def fail_for_ana(call: Call, *rest: Any) -> Any:
        if call.actor.name == "ana":
            raise RuntimeError("it cannot be drawn")
        return present(call, *rest)

    monkeypatch.setattr(hall.app, "present", fail_for_ana)
    told = hall.batch.run([vote("ben"), vote("ana", "against"), vote("dan"), vote("eve")])
    assert [one.value.is_bug for one in told] == [False, True, False, False]
    assert tally(hall) == (4, "[4,0,0]")


def test_nobody_votes_on_what_was_withdrawn_a_moment_before(hall: World) -> None:
    take_back = request("withdraw", {"proposal": "1"}, asker=somebody("ana"))
    *_, late = together(hall, vote("ben"), take_back, vote("cleo"))
    assert isinstance(late.error, IsWithdrawn)
    assert tally(hall) == (2, "[2,0,0]")


def test_a_newcomer_who_asks_twice_at_once_is_one_member(hall: World) -> None:
    me = request("me", asker=somebody("eve"))
    *_, seen = together(hall, vote("eve"), vote("eve", "against"), vote("ben"), vote("cleo"), me)
    assert tally(hall) == (4, "[3,1,0]")
    assert "not taken part" not in str(seen.shown.view)
    assert hall.tx.all("select count(*) from member where name = 'eve'") == [(1,)]


def test_who_was_forgotten_a_moment_before_is_known_no_more(hall: World) -> None:
    together(hall, vote("eve"))
    forget = request("forget me", {"confirm": "yes"}, asker=somebody("eve"))
    me = request("me", asker=somebody("eve"))
    *_, seen = together(hall, vote("ben"), vote("cleo"), vote("dan"), vote("eve"), forget, me)
    assert "not taken part" in str(seen.shown.view)


def writing(path: Path) -> sqlite3.Connection:
    """Open a file with a write-ahead log."""
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("pragma journal_mode = wal")
    made.execute("create table one (n)")
    return made


@pytest.mark.sqlite_only
def test_a_log_that_has_grown_is_folded_beside_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    writer = writing(path)
    before = path.stat().st_size
    checkpoints = Checkpoints(path)
    for n in range(COMMITS):
        writer.execute("insert into one values (zeroblob(?))", (n + LOG_BYTES // COMMITS,))
        checkpoints.committed()
    for _ in range(6_000):  # a minute, should the machine be busy
        if path.stat().st_size > before:
            break
        sleep(0.01)
    folded = path.stat().st_size
    checkpoints.close()
    writer.close()
    assert folded > before


@pytest.mark.sqlite_only
def test_small_commits_are_folded_less_often(tmp_path: Path) -> None:
    """A fold costs the disk as much for a few pages as for many."""
    path = tmp_path / "a.db"
    writer = writing(path)
    writer.execute("insert into one values (zeroblob(?))", (LOG_BYTES,))
    writer.execute("pragma wal_checkpoint")
    folded, folds = threading.Semaphore(0), []

    class InTurn(Checkpoints):
        def committed(self) -> None:
            after = self._at
            super().committed()
            if self._commits == 0:
                assert folded.acquire(timeout=60)
                folds.append(after)

        def _fold(self, connection: sqlite3.Connection) -> None:
            super()._fold(connection)
            folded.release()

    checkpoints = InTurn(path)
    for _ in range(COMMITS + 2 * MOST_COMMITS):
        writer.execute("insert into one values (1)")
        checkpoints.committed()
    checkpoints.close()
    writer.close()
    assert folds == [COMMITS, MOST_COMMITS, MOST_COMMITS]
