"""A batch on a server that fails, is restarted or loses the answer: counted once, answered."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bot.database.address import read_address
from bot.database.lock import InUse
from bot.database.postgres_database import PostgresDatabase
from bot.engine import Engine
from bot.platforms.console.read import HERE
from bot.verify import checks
from core.kernel import outbox
from tests.bot.test_engine import is_ok
from tests.bot.twin import look, vote
from tests.databases.server import Server, execute
from tests.databases.stores import PostgresStore
from tests.databases.wire import Call, Wire
from tests.world import World

# Far above what anything takes here, also on a machine that does other things as well.
PATIENCE_S = 120
VOTERS = [f"v{n}" for n in range(8)]


class Hall:
    """A world with a poll, and a running engine whose wire can be cut."""

    def __init__(self, folder: Path, store: PostgresStore) -> None:
        self.world = World(folder, store=store)
        self.world.member("ana").says("/poll Lunch? Pizza | Soup closes_in=1h")
        assert isinstance(self.world.database, PostgresDatabase)
        self.url = self.world.database.address.url
        assert store.server is not None
        self.server = store.server
        self.wire = Wire(self.server.folder)
        self.engine = self.start()

    def start(self) -> Engine:
        """Start an engine on the wire."""
        name = read_address(self.url).words["dbname"]
        url = f"postgresql://folkmoot@/{name}?host={self.wire.folder}"
        engine = Engine(self.world.app, PostgresDatabase(read_address(url)).open())
        engine.start()
        return engine

    async def vote(self) -> None:
        """Have everybody vote at once; each is answered."""
        asked = [self.engine.ask(vote(f"r{name}", name)) for name in VOTERS]
        replies = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_S)
        assert [is_ok(one) for one in replies] == [True] * len(VOTERS)

    def check(self, *voters: str) -> None:
        """Check that each ballot is there once, in the books and in the journal."""
        found = execute(self.url, "select request from journal where command = 'vote'")
        assert sorted(str(one) for (one,) in found) == sorted(f"r{name}" for name in voters)
        assert execute(self.url, "select turnout from running") == [(len(voters),)]
        tx = PostgresDatabase(read_address(self.url)).read()
        faults = [one for _, part in checks(tx, self.world.house) for one in part.faults]
        tx.close()
        assert faults == []


@pytest.fixture(scope="module")
def own() -> Iterator[PostgresStore]:
    """A server of one's own, to be broken."""
    store = PostgresStore(Server())
    yield store
    store.close()


@pytest.fixture
async def hall(tmp_path: Path, own: PostgresStore) -> AsyncIterator[Hall]:
    """A hall on that server; its database is not laid again for others."""
    made = Hall(tmp_path, own)
    yield made
    await made.engine.stop()
    made.wire.close()


# Each fault happens once: what a sequence gave is not taken back.
_ONCE = """
create sequence weather;
create function strike() returns trigger language plpgsql as $$
begin
  if nextval('weather') = 1 then {what}; end if;
  return new;
end $$;
create {kind} trigger strike after insert on {table} {when}
  for each row execute function strike()"""
_RAISE = "raise exception 'as the test wants it' using errcode = '{code}'"
_END = "perform pg_terminate_backend(pg_backend_pid())"


def strike(hall: Hall, what: str, *, table: str = "ballot", is_at_commit: bool = False) -> None:
    """Have something happen once when a row is written, or when it is committed."""
    kind, when = ("constraint", "deferrable initially deferred") if is_at_commit else ("", "")
    execute(hall.url, _ONCE.format(what=what, kind=kind, when=when, table=table))


@pytest.mark.parametrize("table", ["ballot", "request"])
@pytest.mark.parametrize("is_at_commit", [False, True])
@pytest.mark.parametrize("code", ["40001", "40P01", "55P03", "57014", "53300"])
async def test_what_passes_is_tried_again(
    hall: Hall, code: str, table: str, *, is_at_commit: bool
) -> None:
    strike(hall, _RAISE.format(code=code), table=table, is_at_commit=is_at_commit)
    await hall.vote()
    assert execute(hall.url, "select last_value > 1 from weather") == [(True,)]
    hall.check(*VOTERS)


@pytest.mark.parametrize("is_at_commit", [False, True])
async def test_a_session_that_is_ended_in_the_middle_is_opened_again(
    hall: Hall, *, is_at_commit: bool
) -> None:
    strike(hall, _END, table="journal", is_at_commit=is_at_commit)
    await hall.vote()
    hall.check(*VOTERS)


def somebody_waits(url: str) -> None:
    """Come back when a session waits for another one's lock."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if execute(url, "select 1 from pg_stat_activity where wait_event_type = 'Lock'"):
            return
        time.sleep(0.02)  # another process has no event for us
    raise AssertionError


async def test_a_deadlock_ends_and_everybody_is_answered(hall: Hall) -> None:
    (voter,) = execute(hall.url, "select id from member")[0]
    other = psycopg.connect(hall.url)
    other.execute("set deadlock_timeout = '30s'")
    other.execute("update running set turnout = turnout")
    asking = asyncio.create_task(hall.engine.ask(vote("rana", "ana")))
    await asyncio.to_thread(somebody_waits, hall.url)

    def cross() -> None:
        # The engine holds this ballot's key and waits for the tally, which we hold.
        other.execute(f"insert into ballot values (1, {voter}, '', 1, 0) on conflict do nothing")
        other.rollback()

    crossing = threading.Thread(target=cross)
    crossing.start()
    assert is_ok(await asyncio.wait_for(asking, PATIENCE_S))
    crossing.join()
    other.close()
    hall.check("ana")


def answer_is_lost(call: Call, said: bytes) -> None:
    """The commit is made; nobody hears of it."""
    call.send(said)


def commit_is_lost(call: Call, said: bytes) -> None:
    """The commit never reaches the server."""


def commit_is_late(call: Call, said: bytes) -> None:
    """The bot is cut off first, and is back before the server gets its old commit."""
    call.cut()
    time.sleep(0.5)  # long enough for the bot to be back; it waits for its old self's lock
    call.send(said)


@pytest.mark.parametrize("fate", [answer_is_lost, commit_is_lost, commit_is_late])
async def test_a_cut_in_the_middle_of_a_commit_counts_nobody_twice(
    hall: Hall, fate: Callable[[Call, bytes], None]
) -> None:
    hall.wire.at_commit.append(fate)
    await hall.vote()
    assert hall.wire.at_commit == []
    hall.check(*VOTERS)


@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
async def test_a_restart_in_the_middle_of_a_commit_counts_nobody_twice(
    hall: Hall, how: signal.Signals, *, is_sent: bool
) -> None:
    def restart(call: Call, said: bytes) -> None:
        if is_sent:
            call.send(said)
        hall.server.stop(how)
        hall.server.start()

    hall.wire.at_commit.append(restart)
    await hall.vote()
    assert hall.wire.at_commit == []
    hall.check(*VOTERS)


async def test_readers_go_on_after_a_restart(hall: Hall) -> None:
    readers = PostgresDatabase(read_address(hall.url)).readers()
    await readers.open()
    both = [readers.all("select name from community") for _ in range(9)]
    assert len(await asyncio.gather(*both)) == 9
    hall.server.stop()
    hall.server.start()
    assert await readers.all("select sum(turnout) from running") == [(0,)]
    await readers.close()


async def test_a_server_that_stays_away_is_said_to_be_away(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.postgres.PATIENCE_S", 0.1)
    hall.server.stop()
    replies = await asyncio.gather(
        *(hall.engine.ask(vote(f"x{n}", "ben")) for n in range(9)), hall.engine.ask(look("l"))
    )
    assert all(one.is_unavailable for one in replies)
    hall.server.start()
    await hall.vote()
    hall.check(*VOTERS)


async def test_two_processes_on_one_database_lose_nothing(hall: Hall) -> None:
    """The lock of the community is tried, waited for, and never the only guard."""
    second = hall.start()
    engines = [hall.engine, second]
    names = [f"v{n}" for n in range(150)]
    asked = [engines[n % 2].ask(vote(f"r{name}", name)) for n, name in enumerate(names)]
    replies = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_S)
    assert all(is_ok(one) for one in replies)
    again = [engines[n % 2].ask(vote(f"r{name}", name)) for n, name in enumerate(names, 1)]
    assert all(is_ok(one) for one in await asyncio.gather(*again))
    hall.check(*names)
    await second.stop()


async def test_two_processes_never_lease_the_same_row(hall: Hall) -> None:
    database = PostgresDatabase(read_address(hall.url))
    first, second = database.open(), database.open()
    letter = outbox.Letter("k", outbox.Kind.CARD, "nowhere", 1, None, "[]")
    outbox.put(first, letter, 0)
    first.begin()
    second.begin()
    assert [row.key for row in outbox.claim(first, "nowhere", 1)] == ["k"]
    late = asyncio.create_task(asyncio.to_thread(outbox.claim, second, "nowhere", 1))
    await asyncio.to_thread(somebody_waits, hall.url)
    first.commit()
    assert await late == []
    second.rollback()
    first.close()
    second.close()


async def test_one_community_does_not_wait_for_another_s_lock(hall: Hall) -> None:
    other = PostgresDatabase(read_address(hall.url)).open()
    other.begin()
    assert other.lock("community:1")
    waiting = asyncio.create_task(hall.engine.ask(vote("rben", "ben")))
    await asyncio.sleep(0.05)
    elsewhere = replace(look("elsewhere"), place=replace(HERE, space="elsewhere"))
    assert is_ok(await asyncio.wait_for(hall.engine.ask(elsewhere), PATIENCE_S))
    assert not waiting.done()
    other.rollback()
    assert is_ok(await asyncio.wait_for(waiting, PATIENCE_S))
    other.close()
    hall.check("ben")


def test_only_one_process_works_on_a_database(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.database.postgres.LOCK_MS", 50)
    first, second = (PostgresDatabase(read_address(hall.url)) for _ in range(2))
    first.lock().take()
    tx = first.open()
    with pytest.raises(InUse):
        second.lock().take()
    tx.close()
    # The server may take a moment to notice.
    monkeypatch.setattr("bot.database.postgres.LOCK_MS", PATIENCE_S * 1_000)
    second.lock().take()
