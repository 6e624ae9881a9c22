"""A timelock as `folkmoot chain deploy-timelock` leaves it: roles one by one, nobody admin."""

import pytest

from bot.chain.deploy import Deployer, Wanted, faults, has_role, read_guardians
from bot.chain.inprocess import Evm
from bot.chain.timelock import ADMIN, CANCELLER, EXECUTOR, PROPOSER
from bot.trouble import Trouble
from core.execution.address import ZERO
from tests.chain.town import START

CEILING = 300 * 10**9


@pytest.fixture(scope="module")
def evm() -> Evm:
    return Evm(START)


def test_the_key_may_only_propose_and_guardians_only_cancel(evm: Evm) -> None:
    said: list[str] = []
    key, guardians = evm.key("a"), (evm.account(1), evm.account(2))
    at = Deployer(evm.node, key, CEILING, said.append).deploy(Wanted(3_600, guardians))
    who = {"key": key.address, "gus": guardians[0], "gia": guardians[1], "all": ZERO, "itself": at}
    roles = {"propose": PROPOSER, "cancel": CANCELLER, "execute": EXECUTOR, "admin": ADMIN}
    found = {
        (name, role)
        for name, address in who.items()
        for role, word in roles.items()
        if has_role(evm.node, at, word, address)
    }
    assert found == {
        ("key", "propose"),
        ("gus", "cancel"),
        ("gia", "cancel"),
        ("all", "execute"),
        ("itself", "admin"),
    }
    assert faults(evm.node, at, key.address) == []
    assert sum("granted" in line for line in said) == 4
    assert "renounced" in said[-1]


def test_what_was_interrupted_is_gone_on_with(evm: Evm) -> None:
    key = evm.key("b")
    wanted = Wanted(3_600, (evm.account(1),))
    half = Deployer(evm.node, key, CEILING, lambda _: None)
    at = half._create(wanted)
    said: list[str] = []
    assert Deployer(evm.node, key, CEILING, said.append).deploy(wanted, at) == at
    again: list[str] = []
    Deployer(evm.node, key, CEILING, again.append).deploy(wanted, at)
    assert sum("already so" in line for line in again) == 4


def test_another_delay_or_a_late_guardian_is_refused(evm: Evm) -> None:
    key = evm.key("c")
    deployer = Deployer(evm.node, key, CEILING, lambda _: None)
    at = deployer.deploy(Wanted(3_600, (evm.account(1),)))
    with pytest.raises(Trouble, match="has a delay of 3600 s"):
        deployer.deploy(Wanted(7_200, (evm.account(1),)), at)
    with pytest.raises(Trouble, match="no admin"):
        deployer.deploy(Wanted(3_600, (evm.account(2),)), at)
    with pytest.raises(Trouble, match="no contract"):
        deployer.deploy(Wanted(3_600, (evm.account(1),)), evm.account(5))


def test_a_proposer_of_the_constructor_could_also_cancel_and_that_is_told(evm: Evm) -> None:
    from bot.chain.artifacts import artifact

    key = evm.key("d")
    wrong = evm.deploy(artifact("TimelockController"), 3_600, [key.address], [], key.address)
    said = " ".join(faults(evm.node, wrong.address, key.address))
    assert "may also cancel" in said
    assert "is also admin" in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["0x12"], "is not 0x and 40 digits"),
        (["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"], "capitals that do not fit"),
        (["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"] * 2, "named twice"),
    ],
)
def test_a_guardian_that_is_mistyped_is_told(written: list[str], said: str) -> None:
    with pytest.raises(Trouble, match=said):
        read_guardians(written)
