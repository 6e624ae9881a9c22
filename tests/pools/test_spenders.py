"""Two hundred who spend from one pool at once never take more than it holds."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.engine import Engine
from core.app import Reply
from core.kernel import agenda
from core.kernel.request import Request
from tests.asking import request, somebody
from tests.laws.test_purses import books, check
from tests.pools.garden import garden, holds
from tests.world import World, due_request

SPENDERS = 200


@contextmanager
def running(world: World) -> Iterator[Engine]:
    engine = Engine(world.app, world.database.open())
    engine.start()
    yield engine


async def ask_all(world: World, requests: list[Request]) -> list[Reply]:
    """Ask all at once, from the outside as a platform does."""
    with running(world) as engine:
        replies = await asyncio.gather(*(engine.ask(one) for one in requests))
        await engine.stop()
    assert not any(reply.is_bug or reply.is_unavailable for reply in replies)
    return list(replies)


def due(world: World) -> list[Request]:
    rows = world.tx.all(agenda.DUE, (2**60, 10_000))
    found = [due_request(agenda.due_from(row)) for row in rows]
    return [one for one in found if one.command != "proposal remind"]


@pytest.fixture
def crowd(world: World) -> World:
    """Two hundred open requests of 1 EUR each to a pool of 70, each with a vote for it."""
    garden(world, "70")
    ana = world.member("ana*")
    ana.says("/config set request_limit 100%")
    ana.says("/config set request_period_limit 100% per 30d")
    for n in range(SPENDERS):
        who = world.member(f"p{n}")
        args = {"pool": "garden", "amount": "1", "purpose": f"Tool {n}"}
        world.batch.run(
            [
                request("pool request", {**args, "to": "&1"}, asker=somebody(who.speaker.name)),
                request("vote", {"proposal": f"{n + 1}", "choice": "for"}, asker=somebody("dot")),
            ]
        )
    return world


async def test_two_hundred_requests_that_pass_at_once_share_what_there_is(crowd: World) -> None:
    crowd.clock.set(crowd.clock.now().replace(day=6))
    closes = due(crowd)
    assert len(closes) == SPENDERS
    await ask_all(crowd, closes)
    assert holds(crowd) == "free: 0 EUR, reserved: 70 EUR"
    assert len(crowd.tx.all("select 1 from payment")) == 70
    failed = [row for row in crowd.tx.all("select carried from proposal") if "NotEnough" in row[0]]
    assert len(failed) == SPENDERS - 70
    check(crowd)
    # Each payment comes due, is delivered twice, and an admin stops every third meanwhile.
    crowd.clock.set(crowd.clock.now().replace(day=8))
    payouts = [one for one in due(crowd) if one.command == "pool payout"]
    admin = somebody("ana", is_admin=True)
    stops = [
        request("stop", {"proposal": str(one.args["proposal"]), "reason": "x"}, asker=admin)
        for one in payouts[::3]
    ]
    await ask_all(crowd, [*payouts[:40], *stops, *payouts, *payouts[::-1]])
    check(crowd)
    by_book = {book: n for (book, *_), n in books(crowd).items()}
    assert by_book["member"] + by_book["pool"] == 7_000
    assert by_book["reserved"] == 0
    owed = len(crowd.tx.all("select 1 from payment where paid_ms is not null"))
    assert by_book["member"] == owed * 100


async def test_two_hundred_who_settle_at_once_pay_no_more_than_is_owed(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/config set request_limit 100%")
    world.member("cy").says("/pool request garden 50 @ben Tools")
    world.member("cy").says("/vote 1 for")
    world.advance(days=4)
    (ben,) = world.tx.one("select member from payment") or ()
    args = {"pool": "garden", "member": f"&{ben}", "amount": "1"}
    asked = [
        request(
            "pool settle", {**args, "note": f"Coin {n}"}, asker=somebody(f"a{n}", is_admin=True)
        )
        for n in range(SPENDERS)
    ]
    replies = await ask_all(world, asked)
    assert sum(reply.error is None for reply in replies) == 50
    assert "Owed" not in world.member("ben").says("/me")
    check(world)
