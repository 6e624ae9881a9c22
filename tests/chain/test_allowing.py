"""The signer's own walls: what its configuration does not have, it does not sign."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chain.allow import AllowedToken, AllowedTreasury, NotAllowed, check_order
from bot.chain.timelock import schedule_call
from core.execution import Order, Why
from tests.chain.test_tampering import DELAY_S, LOCK, ORDER, PAYEE, TOKEN
from tests.chain.town import Town

CAP, PER_DAY = 30 * 10**6, 50 * 10**6
HERE = AllowedTreasury(
    1, "main", ORDER.chain_id, LOCK, (AllowedToken("LEAF", TOKEN, 6, CAP, PER_DAY),)
)


def test_what_is_configured_is_allowed() -> None:
    check_order(ORDER, [HERE], [])
    check_order(replace(ORDER, amount=CAP), [HERE], [])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda order: replace(order, treasury="other"), Why.NOT_ALLOWED),
        (lambda order: replace(order, community=2), Why.NOT_ALLOWED),
        (lambda order: replace(order, chain_id=1), Why.NOT_ALLOWED),
        (lambda order: replace(order, timelock=PAYEE), Why.NOT_ALLOWED),
        (lambda order: replace(order, token=PAYEE), Why.UNKNOWN_TOKEN),
        (lambda order: replace(order, symbol="GOLD"), Why.UNKNOWN_TOKEN),
        (lambda order: replace(order, decimals=18), Why.DECIMALS_CHANGED),
        (lambda order: replace(order, to=LOCK), Why.NOT_ALLOWED),
        (lambda order: replace(order, to=TOKEN), Why.NOT_ALLOWED),
        (lambda order: replace(order, to="0x" + "0" * 40), Why.NOT_ALLOWED),
        (lambda order: replace(order, amount=0), Why.NOT_ALLOWED),
        (lambda order: replace(order, amount=CAP + 1), Why.OVER_CAP),
    ],
)
def test_anything_else_is_not(change: Callable[[Order], Order], why: Why) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_order(change(ORDER), [HERE], [])
    assert refused.value.why is why


def test_the_cap_of_a_day_counts_what_was_signed() -> None:
    def signed(amount: int, token: str = TOKEN) -> bytes:
        return schedule_call(replace(ORDER, amount=amount, token=token), DELAY_S)

    check_order(ORDER, [HERE], [signed(PER_DAY - ORDER.amount)])
    check_order(ORDER, [HERE], [signed(PER_DAY, PAYEE)])
    with pytest.raises(NotAllowed) as refused:
        check_order(ORDER, [HERE], [signed(PER_DAY - ORDER.amount), signed(1)])
    assert refused.value.why is Why.OVER_DAY_CAP


async def test_a_configuration_that_was_tightened_after_the_vote_is_what_counts(
    town: Town,
) -> None:
    """The books still have the old cap when the signer looks with the new one."""
    number, _ = town.decide("20")
    (treasury,) = town.settings.treasuries
    (token,) = treasury.tokens
    less = token.model_copy(update={"cap_text": "10"})
    tight = treasury.model_copy(update={"tokens": (less,)})
    town.settings = town.settings.model_copy(update={"treasuries": (tight,)})
    town.signer = town.hire()
    await town.turn(2)
    found = town.told(number)
    assert found is not None
    assert (found.failed_why, town.signed()) == (Why.OVER_CAP, 0)


async def test_a_key_short_of_gas_is_told(town: Town) -> None:
    rest = town.evm.node.funds(town.key.address) - 10**13
    nonce = town.evm.node.nonce(town.key.address)
    price = 2 * 10**9
    town.drain_key(nonce, rest - 21_000 * price, price)
    town.signer = town.hire()
    await town.turn(1)
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(2)
    assert "wei left" in " ".join(town.world.member("ana*").sees().split())
