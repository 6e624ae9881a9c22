"""A store in trouble: locked, full, read-only, failing at a commit. Nothing is lost or doubled."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.batch import TRIES_MAX, Batch, Item, Told
from bot.clock import due_request
from bot.database.sqlite import SqliteTx
from core.app import Reply
from core.kernel import agenda
from core.kernel.clock import to_ms
from core.kernel.errors import Unavailable
from core.kernel.unit import Unit
from tests.bot.twin import Weather, counted, look, open_twin, turnout, vote
from tests.world import World


class Store:
    """A world with a poll, and a batch of its own on a connection with weather."""

    def __init__(self, world: World) -> None:
        world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
        self.world = world
        self.tx: SqliteTx
        self.weather: Weather
        self.tx, self.weather = open_twin(world.path)
        self.batch = Batch(world.app, self.tx)

    def ask(self, *items: Item) -> list[Told]:
        return self.batch.run(items)

    def outsider(self) -> sqlite3.Connection:
        return sqlite3.connect(self.world.path, isolation_level=None)


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    made = Store(world)
    yield made
    made.tx.close()


def is_ok(told: Told) -> bool:
    return isinstance(told.value, Reply) and told.value.error is None and not told.value.is_bug


def is_later(told: Told) -> bool:
    return isinstance(told.error, Unavailable)


def test_a_lock_that_stays_is_told_and_nothing_counts_until_it_is_asked_again(store: Store) -> None:
    store.tx.run("pragma busy_timeout = 1")
    votes = [vote(f"r{n}", f"voter{n}") for n in range(30)]
    with closing(store.outsider()) as other, store.world.unchanged():
        other.execute("begin immediate")
        told = store.ask(*votes)
        other.execute("rollback")
    assert all(is_later(one) for one in told)
    assert counted(store.world) == []
    assert all(is_ok(one) for one in store.ask(*votes))
    assert turnout(store.world) == 30


def test_a_lock_that_stays_is_not_waited_for_once_more_by_each_request(store: Store) -> None:
    store.tx.run("pragma busy_timeout = 1")
    with closing(store.outsider()) as other:
        other.execute("begin immediate")
        store.ask(*(vote(f"r{n}", f"voter{n}") for n in range(30)))
    assert store.weather.done.count("begin immediate") == TRIES_MAX


def test_reading_goes_on_while_the_store_is_locked(store: Store) -> None:
    store.tx.run("pragma busy_timeout = 1")
    with closing(store.outsider()) as other:
        other.execute("begin immediate")
        reading, voting = store.ask(look("r1"), vote("r2", "ben"))
    assert is_ok(reading)
    assert is_later(voting)
    (again,) = store.ask(vote("r2", "ben"))
    assert is_ok(again)


def test_a_full_disk_refuses_ballots_and_not_readers(store: Store) -> None:
    pages = store.tx.one("pragma page_count")
    assert pages is not None
    store.tx.run(f"pragma max_page_count = {pages[0]}")
    votes = [vote(f"r{n}", f"voter{n}") for n in range(300)]
    told = store.ask(*votes, look("r-look"))
    assert is_ok(told[-1])
    refused = [one for one, answer in zip(votes, told, strict=False) if is_later(answer)]
    assert refused
    assert turnout(store.world) == len(votes) - len(refused)
    store.tx.run("pragma max_page_count = 1000000")
    assert all(is_ok(one) for one in store.ask(*votes))
    assert sorted(counted(store.world)) == sorted(one.id for one in votes)


def test_a_file_that_cannot_be_written_is_still_read(store: Store) -> None:
    with closing(store.world.database.read()) as read_only, store.world.unchanged():
        reading, voting = Batch(store.world.app, read_only).run([look("r1"), vote("r2", "ben")])
    assert is_ok(reading)
    assert is_later(voting)
    assert is_ok(store.ask(vote("r2", "ben"))[0])
    assert counted(store.world) == ["r2"]


def test_a_commit_that_failed_is_run_again(store: Store) -> None:
    store.weather.fails_before.append("commit")
    told = store.ask(*(vote(f"r{n}", f"voter{n}") for n in range(3)))
    assert all(is_ok(one) for one in told)
    assert counted(store.world) == ["r0", "r1", "r2"]


@pytest.mark.parametrize("code", ["SQLITE_IOERR", "SQLITE_BUSY"])
def test_a_commit_whose_answer_was_lost_counts_once(store: Store, code: str) -> None:
    store.weather.code = code
    store.weather.fails_after.append("commit")
    told = store.ask(*(vote(f"r{n}", f"voter{n}") for n in range(3)))
    assert all(is_ok(one) for one in told)
    assert counted(store.world) == ["r0", "r1", "r2"]


def test_a_toggle_whose_commit_was_lost_is_not_toggled_back(store: Store) -> None:
    store.world.member("ana").says("/poll Days? Mon | Tue multiple=true closes_in=1h")
    press = vote("r1", "ben")
    press = type(press)("r1", "", {}, press.asker, press.place, press="tick:2:1")
    store.weather.fails_after.append("commit")
    assert is_ok(store.ask(press)[0])
    assert turnout(store.world, 2) == 1


def test_one_that_fails_in_a_batch_of_many_takes_nothing_along(store: Store) -> None:
    def fails(unit: Unit) -> None:
        unit.tx.run("delete from ballot")
        raise ValueError("as the test wants it")

    bad: list[Item] = [vote("bad1", "eve", "Bread"), vote("bad2", "eve", number=77), fails]
    good = [vote(f"r{n}", f"voter{n}") for n in range(40)]
    told = store.ask(*good[:20], *bad, *good[20:])
    assert [is_ok(one) for one in told] == [True] * 20 + [False] * 3 + [True] * 20
    assert isinstance(told[22].error, ValueError)
    assert counted(store.world) == [one.id for one in good]


def forbid(store: Store, request_id: str) -> None:
    """Have the database refuse a journal line, which is sent at the end of a batch."""
    with closing(store.outsider()) as other:
        other.execute(
            "create trigger forbidden before insert on journal "
            f"when new.request = '{request_id}' begin select raise(abort, 'no'); end"
        )


def test_a_line_that_the_store_refuses_is_a_bug_of_its_own_request_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    forbid(store, "r7")
    told = store.ask(*(vote(f"r{n}", f"voter{n}") for n in range(12)))
    assert [n for n, one in enumerate(told) if not is_ok(one)] == [7]
    assert told[7].value.is_bug
    assert "bug (ref" in caplog.text
    assert turnout(store.world) == 11
    assert "r7" not in counted(store.world)


def test_a_due_row_that_the_store_refuses_is_put_off(store: Store) -> None:
    world = store.world
    world.clock.set(world.clock.now().replace(hour=12))
    (row,) = [
        agenda.due_from(one)
        for one in world.tx.all(agenda.DUE, (to_ms(world.clock.now()), 9))
        if one[0].endswith("close:1")
    ]
    forbid(store, row.request_id)
    (told,) = store.ask(due_request(row))
    assert told.value.is_bug
    assert world.tx.one("select tries from agenda where key = ?", (row.key,)) == (1,)
    world.tx.run("drop trigger forbidden")
    assert is_ok(store.ask(due_request(row))[0])
    assert world.tx.one("select closed_ms from proposal") != (None,)


def test_the_same_request_in_one_batch_and_in_the_next_counts_once(store: Store) -> None:
    told = store.ask(*[vote("r1", "ben")] * 4, vote("r2", "ben", "Soup"), vote("r1", "ben"))
    told += store.ask(*[vote("r1", "ben")] * 3)
    assert all(is_ok(one) for one in told)
    assert counted(store.world) == ["r1", "r2"]
    assert "Soup" in store.world.member("ben").says("/me")
