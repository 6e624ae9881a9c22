"""A request to a treasury's pool: what is refused, what is voted on, what is checked again."""

import pytest

from core import execution
from core.execution import State
from core.execution.fields import NotAnAddress, WrongChecksum, ZeroAddress
from core.kernel import agenda
from core.ledger import NotEnough
from core.ledger.amounts import TooPrecise
from core.pools import onchain_rules, rules
from core.pools.fields import NoSuchPool
from tests.execution.twin import BEN, CY, NOTE, TIMELOCK, USDC, WETH, Twin, token, weth
from tests.execution.vault import POOL, ask, handed, has_wallet, passed, vault
from tests.world import World, due_request


def seen(text: str) -> str:
    return " ".join(text.split())


def state(world: World, number: int = 1) -> State:
    found = execution.operation(world.tx, 1, number)
    assert found is not None
    return found.state


def test_the_card_shows_everything_that_is_voted_on(world: World) -> None:
    vault(world)
    number = ask(world, more=f"address={BEN}")
    card = seen(world.card(number))
    for part in (BEN, TIMELOCK, USDC, "10 USDC", "for ben", "on the chain 31337", "1 day after"):
        assert part in card
    (effects,) = world.tx.one("select effects from proposal") or ()
    assert '"amount":"10000000"' in effects


def test_the_wallet_is_taken_where_no_address_is_named(world: World) -> None:
    twin = vault(world)
    world.member("cy").is_refused(f"/pool request {POOL} 10 @ana Tools", onchain_rules.NoWallet)
    has_wallet(twin, "ben")
    assert BEN in world.card(ask(world))
    assert CY in world.card(ask(world, what="Seeds", more=f"address={CY}"))


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (BEN.lower(), WrongChecksum),
        (BEN[:-1] + "f", WrongChecksum),
        ("ben.eth", NotAnAddress),
        ("0x" + "0" * 40, ZeroAddress),
        (USDC, onchain_rules.ToTheToken),
        (WETH, onchain_rules.ToTheToken),
        (TIMELOCK, onchain_rules.ToTheTreasury),
    ],
)
def test_an_address_that_cannot_be_paid_is_refused(world: World, address: str, error: type) -> None:
    twin = vault(world)
    twin.connects(token(), weth())
    world.member("cy").says("/propose Sing")
    world.member("ben").says("/propose Dance")
    line = f"/pool request {POOL} 10 @ben Tools address={address}"
    answer = world.member("cy").is_refused(line, error)
    assert "0x" in answer or error in {ZeroAddress, NotAnAddress}


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        ("500.000001", onchain_rules.OverCap),
        ("201", rules.OverRequestLimit),
        ("0.0000001", TooPrecise),
    ],
)
def test_too_much_is_refused(world: World, amount: str, error: type) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    world.member("cy").says("/propose Sing")
    world.member("cy").is_refused(f"/pool request {POOL} {amount} @ben Tools", error)


def test_more_than_the_treasury_holds_is_refused(world: World) -> None:
    twin = vault(world, amount=50)
    has_wallet(twin, "ben")
    world.member("ana*").says("/config set request_limit 100%")
    world.member("cy").says("/propose Sing")
    answer = world.member("cy").is_refused(f"/pool request {POOL} 51 @ben Tools", NotEnough)
    assert "There are 50 USDC, and this needs 51 USDC." in answer


def test_what_was_never_read_is_not_paid_from(world: World) -> None:
    twin = vault(world)
    twin.connects(token(), weth())
    has_wallet(twin, "ben")
    world.member("cy").says("/propose Sing")
    line = "/pool request main-WETH 1 @ben Tools"
    world.member("cy").is_refused(line, onchain_rules.NotReadYet)
    assert "not read yet" in seen(world.member("cy").says("/pool list"))


def test_only_a_pool_on_a_chain_pays_to_an_address(world: World) -> None:
    vault(world)
    ana = world.member("ana*")
    ana.says("/pool create garden EUR")
    ana.says("/pool fund garden 100 A gift")
    world.member("cy").says("/propose Sing")
    world.member("ben").says("/propose Dance")
    line = f"/pool request garden 5 @ben Tools address={BEN}"
    world.member("cy").is_refused(line, onchain_rules.AddressOffChain)


def test_the_books_have_nothing_to_do_with_a_treasury(world: World) -> None:
    vault(world)
    ana = world.member("ana*")
    for line in (
        f"/pool fund {POOL} 5 A gift",
        f"/pool settle {POOL} @ana 5 In cash",
        f"/rewards set {POOL} 5 week tips",
    ):
        answer = ana.is_refused(line, onchain_rules.OnChainPool)
        assert "/pool request" in answer
    for name in ("main-EUR", "MAIN-usdc", POOL, "main-"):
        ana.is_refused(f"/pool create {name} EUR", onchain_rules.TreasuryName)
    assert "holds EUR now" in ana.says("/pool create mainly EUR")


def test_no_entry_is_ever_made(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = handed(world)
    twin.schedules(number)
    twin.pays(number)
    second = passed(world, what="Seeds")
    world.member("ana*").says(f"/stop {second} Not now")
    assert world.tx.all("select * from entry") == []
    assert world.tx.all("select * from balance") == []
    assert "Owed" not in world.member("ben").says("/me")


@pytest.mark.both_databases
def test_decided_payments_are_reserved_until_the_balance_shows_them(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = handed(world, "100")
    look = world.member("eve").says
    assert "free: 900 USDC reserved: 100 USDC" in seen(look(f"/pool show {POOL}"))
    twin.executes(number, block=150)
    twin.pays(number, block=150)
    assert "free: 900 USDC reserved: 100 USDC" in seen(look(f"/pool show {POOL}"))
    twin.reads(900 * 10**6, block=150)
    shown = seen(look(f"/pool show {POOL}"))
    assert "free: 900 USDC reserved: 0 USDC" in shown
    assert "on the chain: 900 USDC, as of block 150" in shown
    assert NOTE in shown
    assert "900 USDC free, 0 USDC reserved, on a chain as of block 150" in seen(look("/pool list"))


def test_requests_together_are_held_to_the_limit_of_a_period(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    for n, amount in enumerate(("200", "160", "128")):
        passed(world, amount, what=f"Tools {n}")
    line = f"/pool request {POOL} 100 @ben More"
    world.member("cy").is_refused(line, rules.OverPeriodLimit)


@pytest.mark.both_databases
def test_payments_of_a_day_are_held_to_the_day_s_cap(world: World) -> None:
    twin = vault(world, amount=100_000)
    has_wallet(twin, "ben")
    numbers = [ask(world, "400", what=f"Tools {n}") for n in range(3)]
    for number in numbers:
        world.member("dot").says(f"/vote {number} for")
    world.advance(days=3)
    card = seen(world.card(numbers[2]))
    assert (
        "Passed, not carried out: Payments from main-USDC may be at most 1000 USDC in 24 hours, "
        "and 200 USDC of that are left."
    ) in card
    ana = world.member("ana*")
    assert "still cannot be carried out" in ana.says(f"/retry {numbers[2]}")
    world.advance(days=1)
    assert "is carried out now" in ana.says(f"/retry {numbers[2]}")
    world.advance(days=1)
    assert [state(world, number) for number in numbers] == [State.ASKED] * 3


def test_more_than_a_day_s_cap_is_refused_at_once(world: World) -> None:
    twin = vault(world, amount=100_000)
    twin.connects(token(cap=str(10**12)))
    has_wallet(twin, "ben")
    world.member("cy").says("/propose Sing")
    line = f"/pool request {POOL} 1000.000001 @ben Tools"
    world.member("cy").is_refused(line, onchain_rules.OverDayCap)


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": [token(decimals=8)]},
        {"tokens": [token(address=WETH)]},
        {"timelock": CY},
        {"chain_id": 1},
    ],
)
def test_what_changed_since_the_vote_is_not_paid(world: World, change: dict[str, object]) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = ask(world)
    world.member("dot").says(f"/vote {number} for")
    twin.connects(**change)
    twin.reads(1_000 * 10**6)
    world.advance(days=3)
    card = seen(world.card(number))
    assert "Passed, not carried out: What is set up for main-USDC is no longer what was" in card
    assert execution.operations(world.tx, 1) == []


@pytest.mark.both_databases
def test_a_token_that_was_taken_out_is_not_paid_from(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = ask(world)
    world.member("dot").says(f"/vote {number} for")
    twin.connects(weth())
    world.advance(days=3)
    assert "main-USDC is not paid from any more" in seen(world.card(number))
    line = f"/pool request {POOL} 1 @ben More"
    world.member("cy").is_refused(line, onchain_rules.NotOffered)
    assert "took it out" in seen(world.member("cy").says(f"/pool show {POOL}"))
    twin.connects(token(), weth())
    assert "is carried out now" in world.member("ana*").says(f"/retry {number}")


@pytest.mark.both_databases
def test_a_token_of_eighteen_places_is_paid_exactly(world: World) -> None:
    twin = vault(world)
    twin.connects(token(), weth())
    twin.reads(20 * 10**18 + 1, symbol="WETH")
    world.member("cy").says(f"/pool request main-WETH 1.000001 @ben Tools address={BEN}")
    world.member("dot").says("/vote 1 for")
    world.advance(days=3)
    (one,) = execution.operations(world.tx, 1)
    assert one.amount == 1_000_001 * 10**12
    assert "1.000001 WETH" in seen(world.card(1))
    assert "20.000000000000000001 WETH" in seen(world.member("cy").says("/pool show main-WETH"))


def test_an_admin_stops_what_waits(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = passed(world)
    answer = world.member("ana*").says(f"/stop {number} Too dear")
    assert "10 USDC stay in the treasury" in seen(answer)
    card = seen(world.card(number))
    assert "ana stopped the payment of #1" in card
    assert "Too dear" in card
    world.advance(days=9)
    assert state(world) is State.STOPPED
    assert [one.row.subject for one in twin.work()] == ['["wallet.check",1]']


def test_the_clock_hands_it_over_at_the_instant_shown_once(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = passed(world)
    twin.work()
    assert "handed to the chain Fri 6 Mar 2026, 09:00 UTC unless" in seen(world.card(number))
    world.advance(days=1, milliseconds=-1)
    assert twin.work() == []
    world.advance(milliseconds=1)
    assert [one.row.subject for one in twin.work()] == [f'["chain.operation",{number}]']
    world.advance(days=30)
    assert twin.work() == []


@pytest.mark.both_databases
def test_a_hand_over_delivered_twice_is_one(world: World) -> None:
    has_wallet(vault(world), "ben")
    number = passed(world)
    (row,) = [one for one in world.tx.all(agenda.DUE, (2**60, 9)) if one[3] == "chain send"]
    world.advance(days=1)
    before = world.dump()
    world.ask(due_request(agenda.due_from(row)))
    # Nor under another id, as if the agenda had lost that it ran.
    key = f"1:chain:{number}"
    world.ask(due_request(agenda.due_from((key, row[1], row[2] + 1, *row[3:]))))
    assert world.dump() == before


def test_a_hand_over_before_its_time_is_a_bug_and_hands_nothing_over(world: World) -> None:
    has_wallet(vault(world), "ben")
    number = passed(world)
    (row,) = [one for one in world.tx.all(agenda.DUE, (2**60, 9)) if one[3] == "chain send"]
    (told,) = world.batch.run([due_request(agenda.due_from(row))])
    assert told.value.is_bug
    assert state(world, number) is State.WAITING


def test_a_payee_who_is_forgotten_is_not_paid(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    first, second = passed(world), ask(world, what="Seeds")
    world.member("dot").says(f"/vote {second} for")
    world.member("ben").says("/forget me yes")
    assert state(world, first) is State.STOPPED
    assert "asked to be forgotten" in seen(world.card(first))
    world.advance(days=3)
    assert "Passed, not carried out" in world.card(second)
    assert BEN not in repr(world.tx.all("select * from wallet"))


@pytest.mark.both_databases
def test_the_reason_of_who_is_forgotten_is_erased(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    number = passed(world)
    ana = world.member("ana*")
    ana.says(f"/stop {number} Too dear")
    ana.says("/forget me yes")
    assert "Too dear" not in world.card(number)
    assert "(erased)" in world.card(number)


def test_another_community_knows_nothing_of_a_treasury(world: World) -> None:
    vault(world)
    assert execution.treasuries(world.tx, 2) == []
    assert [one.community for one in execution.treasuries(world.tx)] == [1]


def test_a_pool_that_stands_in_the_way_is_told(world: World) -> None:
    ana = world.member("ana*")
    ana.says("/pool create main-USDC EUR")
    reply = Twin(world).connects()
    assert reply.error is not None
    assert "There is a pool main-USDC here already" in seen(str(reply.error.text.template)).replace(
        "{name}", POOL
    )
    assert execution.treasuries(world.tx) == []


@pytest.mark.both_databases
def test_what_is_configured_as_before_leaves_no_trace(world: World) -> None:
    twin = vault(world)
    before = world.dump()
    twin.connects()
    assert world.dump() == before
    twin.connects(guardian_note="Ask Gus.")
    assert "Ask Gus." in world.member("cy").says(f"/pool show {POOL}")


def test_a_new_treasury_is_posted(world: World) -> None:
    world.member("ana*").says("/channel treasury channel=#money")
    Twin(world).connects(token(), weth())
    assert "pools here now: main-USDC, main-WETH" in seen(world.public[-1])


def test_an_unknown_pool_is_told(world: World) -> None:
    vault(world)
    world.member("cy").says("/propose Sing")
    world.member("cy").is_refused("/pool request main-DAI 1 @ben Tools", NoSuchPool)
