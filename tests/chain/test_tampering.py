"""Bytes that are not what was voted on: the signer refuses them, whoever changed them."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chain.allow import NotTheOrder, Payload
from bot.chain.inprocess import CHAIN_ID
from bot.chain.sending import sign
from bot.chain.store import Purpose
from bot.chain.timelock import execute_call, schedule_call
from core.execution import Order, checksummed, salt_of
from core.kernel import audit
from core.kernel.canonical import decode, digest, encode
from core.kernel.journal import Head, chain
from core.kernel.tx import Tx
from tests.chain.town import Town

N = 500
DELAY_S = 172_800
LOCK, TOKEN, PAYEE = (checksummed(f"0x{n:040x}") for n in (0xA0000001, 0xB0000002, 0xC0000003))
ORDER = Order(
    community=1,
    proposal=7,
    treasury="main",
    chain_id=CHAIN_ID,
    timelock=LOCK,
    token=TOKEN,
    symbol="LEAF",
    decimals=6,
    to=PAYEE,
    amount=20 * 10**6,
    salt=salt_of("aa/7", CHAIN_ID, LOCK),
    effects_digest="0" * 64,
)

Change = Callable[[Payload, random.Random], Payload]


def payload_of(order: Order, purpose: Purpose) -> Payload:
    call = execute_call(order)
    if purpose is Purpose.SCHEDULE:
        call = schedule_call(order, DELAY_S)
    return Payload(CHAIN_ID, 3, order.timelock, 0, call, 400_000, 10**9, 10**6)


def other(address: str, lot: random.Random) -> str:
    return checksummed(f"0x{int(address, 16) ^ (1 << lot.randrange(160)):040x}")


def of_order(change: Callable[[Order, random.Random], Order]) -> Change:
    """Return a change of what the call says, in the call's own proper form."""

    def made(payload: Payload, lot: random.Random) -> Payload:
        is_schedule = len(payload.call) == len(schedule_call(ORDER, DELAY_S))
        order = change(ORDER, lot)
        call = schedule_call(order, DELAY_S) if is_schedule else execute_call(order)
        return replace(payload, call=call)

    return made


def value_in_call(payload: Payload, lot: random.Random) -> Payload:
    """Have the timelock send some of the chain's coin along: the word after the values' count."""
    at = payload.call.index(bytes.fromhex(TOKEN[2:])) + 20 + 32 + 31
    call = bytearray(payload.call)
    call[at] = lot.randrange(1, 256)
    return replace(payload, call=bytes(call))


def any_bit(payload: Payload, lot: random.Random) -> Payload:
    call = bytearray(payload.call)
    call[lot.randrange(len(call))] ^= 1 << lot.randrange(8)
    return replace(payload, call=bytes(call))


def selector(payload: Payload, lot: random.Random) -> Payload:
    """Call another function of the token: `approve`, or any."""
    paying = bytes.fromhex("a9059cbb")
    instead = lot.choice([bytes.fromhex("095ea7b3"), lot.randbytes(4)])
    return replace(payload, call=payload.call.replace(paying, instead, 1))


def operation(payload: Payload, lot: random.Random) -> Payload:
    """Call another function of the timelock: cancel, grantRole, updateDelay, or any."""
    known = ("c4d252f5", "2f2ff15d", "64d62353", "01d5062a", "134008d3")
    instead = lot.choice([*(bytes.fromhex(one) for one in known), lot.randbytes(4)])
    return replace(payload, call=instead + payload.call[4:])


CHANGES: dict[str, Change] = {
    "token": of_order(lambda order, lot: replace(order, token=other(order.token, lot))),
    "to": of_order(lambda order, lot: replace(order, to=other(order.to, lot))),
    "amount": of_order(lambda order, lot: replace(order, amount=order.amount + lot.randint(1, 99))),
    "salt": of_order(lambda order, lot: replace(order, salt="0x" + lot.randbytes(32).hex())),
    "value": lambda payload, lot: replace(payload, value=lot.randint(1, 10**18)),
    "value in the call": value_in_call,
    "selector": selector,
    "operation": operation,
    "chain id": lambda payload, lot: replace(payload, chain_id=lot.randint(1, 10**6)),
    "receiver": lambda payload, lot: replace(payload, to=other(payload.to, lot)),
    "more bytes": lambda payload, lot: replace(payload, call=payload.call + lot.randbytes(32)),
    "any bit": any_bit,
}


class NoPen:
    """A key that must not be asked."""

    address = PAYEE

    def sign(self, payload: Payload) -> None:
        raise AssertionError(f"signed {payload}")


@pytest.mark.parametrize("purpose", [Purpose.SCHEDULE, Purpose.EXECUTE])
def test_each_of_500_tampered_payloads_is_refused(purpose: Purpose) -> None:
    lot = random.Random(500)
    good = payload_of(ORDER, purpose)
    for n in range(N):
        name = list(CHANGES)[n % len(CHANGES)]
        bad = CHANGES[name](good, lot)
        assert bad != good, name
        with pytest.raises(NotTheOrder):
            sign(NoPen(), bad, ORDER, purpose, DELAY_S)  # type: ignore[arg-type]


def test_another_delay_than_the_timelocks_is_refused() -> None:
    hasty = replace(payload_of(ORDER, Purpose.SCHEDULE), call=schedule_call(ORDER, 0))
    with pytest.raises(NotTheOrder):
        sign(NoPen(), hasty, ORDER, Purpose.SCHEDULE, DELAY_S)  # type: ignore[arg-type]


# Each is a hand in the database, after the vote and before the signer looks.
ROWS = (
    "update chain_operation set payee = '0x00000000000000000000000000000000DeaDBeef'",
    "update chain_operation set amount = '99000000'",
    "update chain_operation set address = timelock",
    "update chain_operation set salt = '0x' || replace(hex(zeroblob(32)), '0', '1')",
    "update chain_operation set effects_digest = replace(effects_digest, 'a', 'b') || 'c'",
    "update proposal set effects = replace(effects, '20000000', '90000000')",
    "update proposal set effects_digest = replace(effects_digest, 'a', 'b') || 'c'",
)


@pytest.mark.parametrize("sql", ROWS)
async def test_a_hand_in_the_database_ends_in_a_refusal(town: Town, sql: str) -> None:
    number, _ = town.decide("20")
    town.world.tx.run(sql)
    await town.turn(2)
    assert town.state(number) == "failed"
    assert "not what was voted on" in town.world.card(number) or town.signed() == 0
    assert town.signed() == 0


def change_alike(town: Town) -> None:
    """Have the vote carry more, with its digest, the operation and all that they say in accord."""
    tx = town.world.tx
    ((effects,),) = tx.all("select effects from proposal")
    more = effects.replace("20000000", "90000000")
    assert more != effects
    tx.run("update proposal set effects = ?, effects_digest = ?", (more, digest(more)))
    tx.run("update chain_operation set amount = '90000000', effects_digest = ?", (digest(more),))


@pytest.mark.both_databases
async def test_a_hand_that_changes_everything_alike_is_found_by_the_journal(town: Town) -> None:
    number, payee = town.decide("20")
    change_alike(town)
    await town.turn(2)
    assert (town.state(number), town.signed()) == ("failed", 0)
    told = " ".join(town.world.member("ana*").sees().split())
    assert "What the database has of a payment is not what was voted on" in told
    assert f"#{number} carries something else than it was opened with" in told
    town.world.member("ana*").says(f"/retry {number}")
    town.wait(hours=99)
    await town.turn(3)
    assert (town.state(number), town.signed(), town.balance(payee)) == ("failed", 0, 0)


_LINE = """
select seq, at_ms, command, version, kind, member, request, args, facts
  from journal where community = ? and seq = ?"""


def change_journal(town: Town, n_again: int) -> None:
    """Have the opening say what the rows say now; reckon the hashes of so many lines again."""
    tx, community = town.world.tx, town.community
    ((seq, facts, now),) = tx.all(
        "select j.seq, facts, effects_digest from journal j, proposal where command='pool request'"
    )
    said = decode(facts)
    said["rule"]["effects"] = now
    tx.run("update journal set facts = ? where seq = ?", (encode(said), seq))
    for at in range(seq, seq + n_again):
        ((before,),) = tx.all("select hash from journal where seq = ?", (at - 1,))
        (line,) = tx.all(_LINE, (community, at))
        again = chain(bytes(before), community, line)
        tx.run("update journal set hash = ? where seq = ?", (again, at))


@pytest.mark.both_databases
@pytest.mark.parametrize("n_again", [2, 3])
async def test_a_journal_that_was_rewritten_in_part_is_found_before_anything_is_signed(
    town: Town, n_again: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The opening fits both its neighbours then; further on something does not."""
    monkeypatch.setattr(audit, "PAGE", 2)
    number, payee = town.decide("20")
    change_alike(town)
    change_journal(town, n_again)
    await town.turn(2)
    assert (town.state(number), town.signed(), town.balance(payee)) == ("failed", 0, 0)
    told = " ".join(town.world.member("ana*").sees().split())
    assert f"#{number}: the journal was changed after the opening of the vote" in told


@pytest.mark.parametrize("change", ["request = x'00'", "hash = 'x'", "seq = seq + 1000"])
async def test_any_damage_after_the_opening_stops_this_payment_and_no_round(
    town: Town, change: str
) -> None:
    number, _ = town.decide("20")
    last = "select max(seq) from journal where command = 'vote'"
    town.world.tx.run(f"update journal set {change} where seq = ({last})")
    await town.turn(2)
    assert (town.state(number), town.signed()) == ("failed", 0)


async def test_the_journal_is_followed_once_for_each_payment(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = []

    def follow(tx: Tx, community: int, since: Head) -> Head | None:
        followed.append(since.seq)
        return real(tx, community, since)

    real = audit.follow
    monkeypatch.setattr(audit, "follow", follow)
    number, payee = town.decide("20")
    await town.turn(2)
    n = len(followed)
    town.wait(hours=49)
    await town.turn(4)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    assert len(followed) == n > 1


async def test_a_hand_that_comes_after_the_schedule_stops_the_execution(town: Town) -> None:
    """What was sent may still be mined, so admins are told, and nothing more is signed."""
    number, payee = town.decide("20")
    await town.turn(2)
    assert town.state(number) == "scheduled"
    change_alike(town)
    town.wait(hours=49)
    await town.turn(3)
    assert (town.state(number), town.signed("execute"), town.balance(payee)) == ("scheduled", 0, 0)
    told = " ".join(town.world.member("ana*").sees().split())
    assert f"#{number}: it was sent before. #{number} carries something else" in told
