"""The signer's order is made of the decision's bytes; whatever was changed is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import execution
from core.execution import OrderDiffers
from core.kernel import journal
from core.kernel.canonical import decode, digest, encode
from core.pools import is_paused_in, order_of
from tests.execution.twin import BEN, CHAIN_ID, CY, TIMELOCK, USDC
from tests.execution.vault import handed, has_wallet, passed, vault
from tests.world import World

ROW = {
    "treasury": "other", "chain_id": 1, "timelock": CY, "address": CY, "symbol": "DAI",
    "decimals": 18, "payee": CY, "amount": "10000001", "salt": "0x" + "0" * 64,
    "effects_digest": "0" * 64,
}  # fmt: skip


def started(world: World) -> int:
    has_wallet(vault(world), "ben")
    return handed(world)


@pytest.mark.both_databases
def test_an_order_says_what_was_voted_on(world: World) -> None:
    number = started(world)
    order = order_of(world.tx, 1, number)
    assert (order.to, order.amount, order.token, order.decimals) == (BEN, 10**7, USDC, 6)
    assert (order.treasury, order.chain_id, order.timelock) == ("main", CHAIN_ID, TIMELOCK)
    (kept,) = world.tx.one("select effects_digest from proposal") or ()
    assert order.effects_digest == kept


@pytest.mark.parametrize("column", ROW)
def test_a_changed_row_is_refused(world: World, column: str) -> None:
    number = started(world)
    world.tx.run(f"update chain_operation set {column} = ?", (ROW[column],))
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, number)


CHANGES: dict[str, Any] = {
    "treasury": "other", "chain_id": 1, "timelock": CY, "token": CY, "symbol": "DAI",
    "decimals": 18, "to": CY, "amount": "10000001",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("is_digest_changed", [False, True])
def test_changed_effects_are_refused(world: World, name: str, is_digest_changed: bool) -> None:
    """Also where their digest was changed with them: the row still has the one that was voted."""
    number = started(world)
    (effects,) = world.tx.one("select effects from proposal") or ()
    ((path, version, said),) = decode(effects)
    changed = encode([[path, version, {**said, name: CHANGES[name]}]])
    world.tx.run("update proposal set effects = ?", (changed,))
    if is_digest_changed:
        world.tx.run("update proposal set effects_digest = ?", (digest(changed),))
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, number)


def change_alike(world: World, **changes: Any) -> None:
    """Change what a vote carries, its digest and the operation, so that they fit each other."""
    (effects,) = world.tx.one("select effects from proposal") or ()
    ((path, version, said),) = decode(effects)
    changed = encode([[path, version, {**said, **changes}]])
    now = {"effects": changed, "effects_digest": digest(changed)}
    world.tx.run("update proposal set effects = ?, effects_digest = ?", tuple(now.values()))
    row = {"to": "payee", "token": "address"}
    kept = {row.get(name, name): value for name, value in changes.items()}
    kept["effects_digest"] = digest(changed)
    columns = ", ".join(f"{name} = ?" for name in kept)
    world.tx.run(f"update chain_operation set {columns}", tuple(kept.values()))


@pytest.mark.parametrize("name", CHANGES)
def test_rows_that_were_all_changed_alike_are_refused(world: World, name: str) -> None:
    """Only the journal's entry of the opening still says what it was."""
    number = started(world)
    change_alike(world, **{name: CHANGES[name]})
    with pytest.raises(OrderDiffers, match="something else than it was opened with"):
        order_of(world.tx, 1, number)


_LINE = """
select seq, at_ms, command, version, kind, member, request, args, facts
  from journal where community = 1 and seq = ?"""


def opening_of(world: World) -> tuple[int, str]:
    """Return where the journal has the opening, and its facts."""
    seq, facts = world.tx.one("select seq, facts from journal where command = 'pool request'") or ()
    return seq, facts


def change_journal(world: World, n_again: int = 0, **changes: Any) -> None:
    """Have the journal say what the rows say now; reckon the hashes of so many lines again."""
    (now,) = world.tx.one("select effects_digest from proposal") or ()
    seq, facts = opening_of(world)
    said = decode(facts)
    said["rule"]["effects"] = now
    changes = {"facts": encode(said), **changes}
    columns = ", ".join(f"{name} = ?" for name in changes)
    world.tx.run(f"update journal set {columns} where seq = ?", (*changes.values(), seq))
    reckon_again(world, seq, n_again)


def reckon_again(world: World, seq: int, n: int) -> None:
    """Write the hashes of some lines anew, so that each follows from the one before."""
    for at in range(seq, seq + n):
        (before,) = world.tx.one("select hash from journal where seq = ?", (at - 1,)) or ()
        row = world.tx.one(_LINE, (at,))
        assert row is not None
        again = journal.chain(bytes(before), 1, row)
        world.tx.run("update journal set hash = ? where seq = ?", (again, at))


@pytest.mark.parametrize("n_again", [0, 1])
def test_a_journal_that_was_changed_with_them_is_refused(world: World, n_again: int) -> None:
    """Its hash is wrong then, or the entry after it does not follow from it any more."""
    number = started(world)
    change_alike(world, amount="10000001")
    change_journal(world, n_again)
    with pytest.raises(OrderDiffers, match="the opening of #1 was changed"):
        order_of(world.tx, 1, number)


@pytest.mark.parametrize("facts", ["x", "[]", '["rule"]', '{"number":1,"rule":{}}', "{", ""])
def test_an_opening_that_says_nothing_is_refused_also_where_its_hash_fits(
    world: World, facts: str
) -> None:
    number = started(world)
    rewrite(world, facts)
    with pytest.raises(OrderDiffers, match="the opening of #1 was changed"):
        order_of(world.tx, 1, number)


def rewrite(world: World, facts: str) -> None:
    """Have the opening say something else, and reckon its hash and the next one's again."""
    seq, _ = opening_of(world)
    world.tx.run("update journal set facts = ? where seq = ?", (facts, seq))
    reckon_again(world, seq, 2)


@pytest.mark.both_databases
def test_an_opening_that_nobody_can_find_is_refused(world: World) -> None:
    number = started(world)
    seq, _ = opening_of(world)
    for instead in (0, 1, seq - 1, seq + 1, 10**6):
        world.tx.run("update proposal set opened_seq = ?", (instead,))
        with pytest.raises(OrderDiffers, match="the opening of #1 was changed"):
            order_of(world.tx, 1, number)
    world.tx.run("update proposal set opened_seq = ?", (seq,))
    assert order_of(world.tx, 1, number)
    world.tx.run("delete from journal where seq = ?", (seq + 1,))
    with pytest.raises(OrderDiffers, match="the opening of #1 was changed"):
        order_of(world.tx, 1, number)


@pytest.mark.both_databases
def test_the_opening_of_another_vote_does_not_stand_for_it(world: World) -> None:
    """Two requests of the same payment: what was opened as one is not decided as the other."""
    has_wallet(vault(world), "ben")
    first, second = handed(world), handed(world, what="Seeds")
    (seq,) = world.tx.one("select opened_seq from proposal where number = ?", (first,)) or ()
    world.tx.run("update proposal set opened_seq = ? where number = ?", (seq, second))
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, second)
    assert order_of(world.tx, 1, first).proposal == first


@given(at=st.integers(0, 2_000), bit=st.integers(0, 6))
def test_any_changed_letter_of_the_effects_is_refused(
    handed_over: tuple[World, int], at: int, bit: int
) -> None:
    world, number = handed_over
    (effects,) = world.tx.one("select effects from proposal") or ()
    place = at % len(effects)
    changed = effects[:place] + chr(ord(effects[place]) ^ (1 << bit)) + effects[place + 1 :]
    world.tx.savepoint()
    world.tx.run("update proposal set effects = ?", (changed,))
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, number)
    world.tx.undo()


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, int]:
    """A world with a payment that was handed over."""
    world = World(tmp_path_factory.mktemp("orders"))
    number = started(world)
    world.tx.begin()
    return world, number


def test_other_effects_are_no_order(world: World) -> None:
    number = started(world)
    for effects in ("[]", '[["pay",1,{}]]', '[["chain pay",1,{}]]', "[1,2]", "{}", "x"):
        world.tx.run(
            "update proposal set effects = ?, effects_digest = ?", (effects, digest(effects))
        )
        with pytest.raises(OrderDiffers):
            order_of(world.tx, 1, number)


@pytest.mark.parametrize("column", ["closed_ms", "carried"])
def test_what_was_not_decided_is_no_order(world: World, column: str) -> None:
    """A row that a hand put beside an open vote is not paid."""
    number = started(world)
    world.tx.run(f"update proposal set {column} = null where number = ?", (number,))
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, number)


def test_what_waits_or_is_over_is_no_order(world: World) -> None:
    twin = vault(world)
    has_wallet(twin, "ben")
    first = passed(world)
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 1, first)
    world.member("ana*").says(f"/stop {first} x")
    second, third = handed(world, what="Seeds"), handed(world, what="Soil")
    twin.vetoes(second)
    twin.pays(third)
    for number in (first, second, third, 99):
        with pytest.raises(OrderDiffers):
            order_of(world.tx, 1, number)
    with pytest.raises(OrderDiffers):
        order_of(world.tx, 2, third)


@pytest.mark.both_databases
def test_the_signer_sees_whether_payments_are_paused(world: World) -> None:
    twin = vault(world)
    assert not is_paused_in(world.tx, 1)
    world.member("ana*").says("/pause payments")
    assert not is_paused_in(world.tx, 1)
    twin.asks("chain frozen", why="x")
    assert is_paused_in(world.tx, 1)
    assert execution.open_operations(world.tx) == []
