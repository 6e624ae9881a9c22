"""Pools: created and funded by admins, seen by all; whatever is written wrongly changes nothing."""

import pytest

from core.kernel.doubt import ConfirmedBefore
from core.kernel.errors import UserError
from core.kernel.reading import Missing, NotANumber, TooLarge, TooLong, TooSmall
from core.kernel.request import Place
from core.kernel.rights import AdminsOnly
from core.ledger.amounts import CommaAmount, NotAboveZero, NotAnAmount, TooMuch, TooPrecise
from core.pools import rules
from core.pools.fields import NoSuchPool
from core.pools.model import POOLS_MAX
from tests.asking import ask as ask_door
from tests.asking import refused, somebody
from tests.pools.garden import garden, holds
from tests.world import World


def test_an_admin_creates_and_funds_a_pool_and_all_see_it(world: World) -> None:
    ana, ben = world.member("ana*"), world.member("ben")
    assert "No pools yet" in ben.says("/pool list")
    assert "The pool garden holds EUR now." in ana.says("/pool create garden eur")
    assert "1.50 EUR came into the pool garden, says ana: Jar" in ana.says(
        "/pool fund garden 1.5 Jar"
    )
    assert "garden: 1.50 EUR free, 0 EUR reserved" in ben.says("/pool list")
    shown = ben.says("/pool show GARDEN")
    assert "Mon 2 Mar 2026, 09:00 UTC: 1.50 EUR in, by ana: Jar" in shown
    assert "1.50 EUR came into the pool garden" in "\n".join(world.public)


def test_only_admins_create_and_fund(world: World) -> None:
    garden(world)
    ben = world.member("ben")
    for line in ("/pool create roof EUR", "/pool fund garden 1 x", "/pool settle garden @ana 1 x"):
        ben.is_refused(line, AdminsOnly)


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        ("0", NotAboveZero),
        ("0.00", NotAboveZero),
        ("-1", NotAnAmount),
        ("1,5", CommaAmount),
        ("1.000,50", NotAnAmount),
        ("1,000,50", NotAnAmount),
        ("\u0661,\u0665", NotAnAmount),
        ("1.234", TooPrecise),
        ("1000000000000000000", TooMuch),
        ("9" * 400, TooMuch),
        ("\u0661\u0662", NotAnAmount),
        ("\uff11\uff12", NotAnAmount),
        ("²", NotAnAmount),
        ("1e3", NotAnAmount),
        ("1_000", NotAnAmount),
        (".5", NotAnAmount),
        ("five", NotAnAmount),
        ("NaN", NotAnAmount),
        ("+1", NotAnAmount),
    ],
)
@pytest.mark.parametrize(
    "line",
    ["/pool fund garden {} x", "/pool request garden {} @ben x", "/pool settle garden @ben {} x"],
)
def test_what_is_no_amount_is_refused(
    world: World, line: str, amount: str, error: type[UserError]
) -> None:
    garden(world)
    world.member("ben").says("/vote 1 for")
    world.member("ana*").says("/pool request garden 1 @ben Tools")
    answer = world.member("ana*").is_refused(line.format(amount), error)
    if error is CommaAmount:
        assert "1.5" in answer


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/pool create roof €", rules.NotAnAsset),
        ("/pool create roof 1EUR", rules.NotAnAsset),
        ("/pool create roof EURO_EURO_EU", rules.NotAnAsset),
        ("/pool create roof ABCDEFGHIJKLM", rules.NotAnAsset),
        ("/pool create roof \u0415UR", rules.NotAnAsset),
        ("/pool create roof points", rules.PointsAreNotMoney),
        ("/pool create roof Point", rules.PointsAreNotMoney),
        ("/pool create roof USD decimals=7", TooLarge),
        ("/pool create roof USD decimals=-1", TooSmall),
        ("/pool create roof USD decimals=two", NotANumber),
        ("/pool create roof EUR decimals=3", rules.OtherDecimals),
        ("/pool create Garden EUR", rules.PoolExists),
        ("/pool create 7 EUR", rules.NameIsNumber),
        ("/pool create #7 EUR", rules.NameIsNumber),
        ("/pool create roof", Missing),
        (f"/pool create {'x' * 41} EUR", TooLong),
        ("/pool fund roof 1 x", NoSuchPool),
        ("/pool fund garden 1", Missing),
        ("/pool show roof", NoSuchPool),
        ("/pool show 99", NoSuchPool),
        ("/pool show 999999999999999999999", NoSuchPool),
    ],
)
def test_what_is_no_pool_is_refused(world: World, line: str, error: type[UserError]) -> None:
    garden(world)
    world.member("ana*").is_refused(line, error)


def test_two_pools_share_an_asset_and_not_its_amount(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says('/pool create "the roof" EUR')
    ana.says('/pool fund "The Roof" 7 Coins')
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    assert "the roof: 7 EUR free" in ana.says("/pool list")


def test_an_asset_without_decimals_takes_whole_amounts(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/pool create seeds Seed decimals=0")
    ana.is_refused("/pool fund seeds 1.5 x", TooPrecise)
    assert "3 SEED came" in ana.says("/pool fund seeds 3 Bags")


def test_there_is_a_limit_on_pools(world: World) -> None:
    ana = world.member("ana*")
    for n in range(POOLS_MAX):
        ana.says(f"/pool create pool{n} EUR")
    ana.is_refused("/pool create more EUR", rules.TooManyPools)


def test_a_pool_of_another_community_is_not_here(world: World) -> None:
    garden(world)
    other = Place("room", "elsewhere", "room", space_name="Elsewhere")
    admin = somebody("ana", is_admin=True)
    ask_door(world, "help", place=other)
    with refused(world, NoSuchPool) as replies:
        for pool in ("1", "#1", "garden"):
            args = {"pool": pool, "amount": "1", "note": "x"}
            replies.append(ask_door(world, "pool fund", args, asker=admin, place=other))
            replies.append(ask_door(world, "pool show", {"pool": pool}, place=other))


def test_the_same_twice_in_a_minute_is_asked_back(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    assert "Nothing is done yet" in ana.says("/pool fund garden 100 A gift")
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    assert ana.reply is not None
    again = ana.reply.shown.codes[0]
    ana.says(again.removeprefix("#"))
    assert holds(world) == "free: 200 EUR, reserved: 0 EUR"
    ana.is_refused(again.removeprefix("#"), ConfirmedBefore)
    world.advance(seconds=61)
    ana.says("/pool fund garden 100 A gift")
    assert holds(world) == "free: 300 EUR, reserved: 0 EUR"


def test_pools_are_offered_while_typing(world: World) -> None:
    garden(world)
    option = world.house.commands["pool show"].declaration.by_name["pool"]
    assert option.domain is not None
    lookup = option.domain.suggest
    rows = world.tx.all(lookup.sql, (1,))  # type: ignore[union-attr]
    (offered,) = lookup.read(rows[0])  # type: ignore[union-attr]
    assert (offered.value, offered.label) == ("1", "garden (EUR)")
